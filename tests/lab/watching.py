"""Look at processes from outside."""

import subprocess
import time


def alive(pid):
    """Whether a process runs; one that waits to be collected does not."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def eventually(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return holds


def gone(pids):
    return eventually(lambda: not any(alive(pid) for pid in pids))


def call(worker, function, limits=None, **arguments):
    return worker.submit(f"lab.targets:{function}", limits=limits, **arguments).wait()


def descendants(pid, word=""):
    """Return the processes that a process has started, directly or not, and run this word."""
    listing = subprocess.run(
        ["ps", "-eww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    found = [str(pid)]
    for ancestor in found:
        found += [child for child, parent, *_ in rows if parent == ancestor]
    return [int(child) for child, _, *args in rows if child in found[1:] and word in args[0]]
