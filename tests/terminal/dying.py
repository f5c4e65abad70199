"""Run a command again and again; each time it is killed one line later inside what writes.

`dying.py FOLDER COMMAND…` prints after each run whether the history in FOLDER is the old one or the
new one, and what the file `out` there is; the last run survives.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from dlprep.cli import cli
from dlprep.quiz import progress, tables, whole
from dlprep.quiz.history import History

WRITERS = {module.__file__ for module in (whole, tables)}
folder, command = Path(sys.argv[1]), sys.argv[2:]
data, before = folder / "data", folder / "before"
os.environ["XDG_DATA_HOME"] = str(data)


def die(after):
    """Kill this process when so many lines that write, or are called to, have been run."""
    left = [after]

    def trace(frame, what, _):
        code = frame.f_code
        below = frame.f_back is not None and frame.f_back.f_code.co_filename == whole.__file__
        writes = code.co_filename in WRITERS and code is not tables.statements.__code__
        if not writes and not below and code is not History.write.__code__:
            return None
        if what == "line":
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    sys.settrace(trace)


def state():
    """Return the names of the events, the file, and the backups that hold all there was."""
    with History.open(data / "dlprep" / "history.db") as opened:
        uids = [one.uid for one in opened.events()]
    out = folder / "data" / "out"
    backups = sorted((data / "dlprep" / "backups").glob("*.jsonl"))
    kept = [[one.uid for one in progress.read("b", file.read_bytes())] for file in backups]
    return uids, out.read_bytes() if out.exists() else None, kept


shutil.copytree(data, before)
old, after, found = state(), 0, []
while not found or found[-1][0]:
    shutil.rmtree(data)
    shutil.copytree(before, data)
    if not (child := os.fork()):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        die(after)
        cli(command, standalone_mode=False)
        os._exit(0)
    found.append((os.waitpid(child, 0)[1], state()))
    after += 1
new = found[-1][1]
for status, (uids, out, kept) in found:
    events = "old" if uids == old[0] else "new" if len(uids) == len(new[0]) else "half"
    file = "old" if out == old[1] else "new" if out == new[1] else "half"
    safe = "kept" if old[0] in kept else "not kept"
    print(events, file, safe, "killed" if status else "alive", sep=",")
