"""Faults on purpose, and what is lost by each; `tests/benchmarks/faults.py` prints a table of all.

A program is killed inside a system call that writes, by `strace`: at the first such call, at the
second, and so on, until one run survives. It is killed before the call does its work.
"""

import itertools
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History, HistoryError

HERE = Path(__file__).parent
BANK = HERE / "terminal" / "bank"
DLPREP = [sys.executable, "-m", "dlprep"]
CALLS = ("write", "pwrite64", "rename", "unlink", "rmdir", "mkdir", "ftruncate", "fsync",
         "fdatasync", "chmod")  # fmt: skip
SESSION = """
import sys
from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session
bank = Bank.load(sys.argv[2])
with History.open(sys.argv[1]) as history:
    for number in range(int(sys.argv[3])):
        session = Session(bank, history, Filters(cram=number > 0))
        while session.next():
            print(session.give_up().event, flush=True)
"""


@dataclass(frozen=True)
class Row:
    """A fault: what it is, how often it was tried, and what was lost each time."""

    fault: str
    tries: int
    lost: tuple[str, ...] = ()


@cache
def can_kill_in_calls() -> bool:
    """Tell whether this machine lets a program be killed in a system call."""
    if shutil.which("strace") is None:
        return False
    done = subprocess.run(["strace", "-qq", "-e", "trace=none", "true"], capture_output=True)
    return done.returncode == 0


def surroundings(home: Path) -> dict:
    """Return an environment whose data and caches are in a folder."""
    own = {"XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    return {**os.environ, **own, "TERM": "dumb", "PYTHONDONTWRITEBYTECODE": "1"}


def calls_of(command: list[str], home: Path) -> list[tuple[str, int]]:
    """Run a command and return its calls that write: the name of each, and its number of that."""
    log = home.parent / "calls.txt"
    trace = ["strace", "-qq", "-o", str(log), "-e", f"trace={','.join(CALLS)}"]
    run([*trace, *command], home)
    names = re.findall(r"^(\w+)\(", log.read_text("utf-8", "replace"), re.MULTILINE)
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append((name, seen[name]))
    return found


def kill_in(call: tuple[str, int], command: list[str], home: Path) -> tuple[bool, str]:
    """Run a command that is killed in one of its calls; return whether it was, and what it said."""
    name, number = call
    inject = f"inject={name}:signal=SIGKILL:when={number}"
    trace = ["strace", "-qq", "-o", os.devnull, "-e", f"trace={name}", "-e", inject]
    done = run([*trace, *command], home)
    return done.returncode == -signal.SIGKILL, done.stdout


def run(command: list[str], home: Path, **more) -> subprocess.CompletedProcess:
    """Run a command in a home of its own, without input."""
    where = {"cwd": HERE.parent, "env": surroundings(home), "stdin": subprocess.DEVNULL}
    return subprocess.run(command, **where, capture_output=True, text=True, **more)


def kills_of_a_session(folder: Path, tries: int, rounds: int) -> Row:
    """Kill a session that answers questions, spread over its calls that write."""
    home, lost = folder / "home", []
    path = home / "history.db"
    command = [sys.executable, "-c", SESSION, str(path), str(BANK), str(rounds)]
    home.mkdir(parents=True)
    points = calls_of(command, home)
    # What is killed in the call that says so was not acknowledged.
    points = [point for point in points if point[0] != "write"]
    step = max(1.0, len(points) / tries)
    chosen = [points[int(place * step)] for place in range(min(tries, len(points)))]
    tries = 0
    for point in chosen:
        shutil.rmtree(home)
        home.mkdir()
        killed, said = kill_in(point, command, home)
        tries += killed
        kept = [event.uid for event in events_of(path)]
        lost += [f"{point}: {uid}" for uid in said.split() if uid not in kept]
    return Row("kill -9 of a session at a call that writes", tries, tuple(lost))


def events_of(path: Path) -> list:
    """Return the events of a history, which need not be there."""
    if not path.exists():
        return []
    with History.open(path) as history:
        return history.events()


@dataclass(frozen=True)
class Command:
    """A command that writes, what is there before, and what its outcome is.

    Attributes:
        words: The command; `HOME` stands for the folder.
        state: Returns what is to be the old or the new, never half.
        prepare: Makes what is there before, beside a history of some answers.
    """

    words: tuple[str, ...]
    state: Callable[[Path], object]
    prepare: Callable[[Path], None] = lambda home: None


def _file(name: str) -> Callable[[Path], object]:
    return lambda home: (home / name).read_bytes() if (home / name).exists() else None


def _events(home: Path) -> object:
    found = events_of(home / "data" / "dlprep" / "history.db")
    return [(event.kind, event.question, event.session, str(event.data)) for event in found]


def _said(*words: str) -> Callable[[Path], object]:
    def state(home: Path) -> object:
        done = run([*DLPREP, *(word.replace("HOME", str(home)) for word in words)], home)
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout, done.returncode

    return state


def _question(home: Path) -> object:
    files = sorted(path.name for path in (home / "mine").rglob("new-one*"))
    return files if "new-one.md" in files else "none"


def _figures(home: Path) -> object:
    texts = [path.read_text("utf-8") for path in (home / "figures").glob("*.svg")]
    return all(text.rstrip().endswith("</svg>") for text in texts)


def _draft(home: Path) -> object:
    """Return whether what the user wrote is anywhere, and no file is there in part."""
    texts = [path.read_text("utf-8") for path in (home / "code").glob("[!.]*.py")]
    return "mine = 1\n" in texts, all(t == "mine = 1\n" or "raise NotImpl" in t for t in texts)


def _more(home: Path) -> None:
    """Write an export with events of another machine."""
    run([*DLPREP, "progress", "export", str(home / "more"), "--yes"], home)
    head, *lines = (home / "more").read_text("utf-8").splitlines()
    old = json.loads(lines[-1])
    for number in range(40):
        lines.append(json.dumps({**old, "uid": f"{number:032x}"}))
    head = json.dumps({**json.loads(head), "events": len(lines)})
    (home / "more").write_text("\n".join([head, *lines]) + "\n", "utf-8")


def _write(name: str, text: str) -> Callable[[Path], None]:
    def prepare(home: Path) -> None:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, "utf-8")

    return prepare


def _pack(home: Path) -> None:
    run([*DLPREP, "new", "01_basics/one", "--bank", str(home / "vision")], home)


def _added(home: Path) -> None:
    _pack(home)
    run([*DLPREP, "pack", "add", str(home / "vision")], home)


def _page(home: Path) -> None:
    run([*DLPREP, "interview", "--bank", str(BANK)], home)


OF_BANK = ("--bank", str(BANK))
COMMANDS = {
    "progress export": Command(("progress", "export", "HOME/out", "--yes"), _file("out"),
                               _write("out", "old")),
    "progress merge": Command(("progress", "merge", "HOME/more"), _events, _more),
    "progress import": Command(("progress", "import", "HOME/more", "--yes"), _events, _more),
    "progress reset": Command(("progress", "reset", "--all", "--yes"), _events),
    "export anki": Command(("export", "anki", *OF_BANK, "--out", "HOME/out"), _file("out"),
                           _write("out", "old")),
    "export json": Command(("export", "json", *OF_BANK, "--out", "HOME/out"), _file("out"),
                           _write("out", "old")),
    "report of an interview": Command(
        ("interview", "--report", *OF_BANK, "--html", "HOME/out"), _file("out"), _page),
    "new": Command(("new", "01_basics/new-one", "--bank", "HOME/mine"), _question),
    "file of an exercise": Command(
        ("code", "write-double", *OF_BANK, "--folder", "HOME/code"), _draft,
        _write("code/write_double.py", "mine = 1\n")),
    "figures of a demonstration": Command(
        ("demo", "even-numbers", *OF_BANK, "--svg", "HOME/figures"), _figures),
    "pack add": Command(("pack", "add", "HOME/vision"), _said("pack", "list", "--json"), _pack),
    "pack trust": Command(("pack", "trust", "vision", "--yes"), _said("pack", "list", "--json"),
                          _added),
    "pack remove": Command(("pack", "remove", "vision", "--yes"), _said("pack", "list"), _added),
    "settings": Command(("plan", "--date", "2027-01-15", "--minutes", "20"), _events),
    "kept front matter and schedule": Command(
        ("list", *OF_BANK), _said("list", *OF_BANK, "--json")),
    "search index": Command(
        ("search", "zero", *OF_BANK), _said("search", "zero", *OF_BANK, "--json")),
}  # fmt: skip


SAME = ("file of an exercise", "figures of a demonstration", "kept front matter and schedule",
        "search index")  # fmt: skip
"""Commands after which the state is what it was: nothing lost, every file whole."""


def prepared(folder: Path, command: Command) -> Path:
    """Return a folder with a history of some answers and what the command needs."""
    home = folder / "before"
    path = home / "data" / "dlprep" / "history.db"
    path.parent.mkdir(parents=True)
    run([sys.executable, "-c", SESSION, str(path), str(BANK), "3"], home)
    command.prepare(home)
    return home


def kills_of_a_command(folder: Path, name: str, most: int = 1000) -> Row:
    """Kill a command in its calls that write; the state is the old one or the new.

    Args:
        folder: Where all happens.
        name: Of `COMMANDS`.
        most: At most so many calls, spread over all.
    """
    command, lost = COMMANDS[name], []
    before, home = prepared(folder, command), folder / "home"
    words = [*DLPREP, *(word.replace("HOME", str(home)) for word in command.words)]

    def fresh() -> None:
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(before, home)

    fresh()
    states = [command.state(home)]
    fresh()
    points = calls_of(words, home)
    states.append(command.state(home))
    assert (states[0] == states[1]) == (name in SAME), f"{name}: {states}"
    points, tries = points[:: max(1, len(points) // most)], 0
    for point in points:
        fresh()
        tries += kill_in(point, words, home)[0]
        try:
            if command.state(home) not in states:
                lost.append(f"{point}: neither old nor new")
        except (HistoryError, AssertionError, OSError) as error:
            lost.append(f"{point}: {error}")
    return Row(f"kill -9 in {name}", tries, tuple(lost))


def writers_at_once(folder: Path, sessions: int, answers: int) -> Row:
    """Let programs write to one history at once; every event is there, in order."""
    path, writer = folder / "history.db", HERE / "quiz" / "writer.py"
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"session{number}" for number in range(sessions)]
    command = [sys.executable, str(writer), str(path)]
    running = [
        subprocess.Popen([*command, name, str(answers)], stdout=subprocess.DEVNULL)
        for name in names
    ]
    codes = [one.wait() for one in running]
    found = {name: [] for name in names}
    for event in events_of(path):
        found[event.session].append(event.data["number"])
    lost = [f"{name} ended with {code}" for name, code in zip(names, codes, strict=True) if code]
    lost += [f"{n}: {len(got)}" for n, got in found.items() if got != list(range(answers))]
    return Row(f"{sessions} programs writing at once", sessions * answers, tuple(lost))


def sessions_at_once(folder: Path, sessions: int) -> Row:
    """Let sessions share the whole bank; every question is asked once, every answer is there."""
    path, bank = folder / "history.db", str(Bank.load().folder)
    folder.mkdir(parents=True)
    command = [sys.executable, "-c", SESSION, str(path), bank, "1"]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(sessions)
    ]
    said = [one.communicate()[0].split() for one in running]
    events = events_of(path)
    kept = {event.uid for event in events}
    first = Counter(event.question for event in events if not event.data.get("again"))
    lost = [uid for uids in said for uid in uids if uid not in kept]
    lost += [f"{name} was asked {times} times" for name, times in first.items() if times > 1]
    lost += [f"{one.args} ended with {one.returncode}" for one in running if one.returncode]
    return Row(f"{sessions} sessions at once", sum(map(len, said)), tuple(lost))


FULL = (0, 64, 4096, 20_000)
"""Bytes that a file may have on a disk that is nearly full."""


def full_disk(folder: Path, name: str) -> Row:
    """Let no file grow: the old state stays or the new one is there, and one sentence says why."""
    import resource

    command, lost = COMMANDS[name], []
    before, home = prepared(folder, command), folder / "home"
    words = [*DLPREP, *(word.replace("HOME", str(home)) for word in command.words)]
    shutil.copytree(before, home)
    states = [command.state(home)]
    run(words, home)
    states.append(command.state(home))
    for size in FULL:
        shutil.rmtree(home)
        shutil.copytree(before, home)
        limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (size, size))
        done = run(words, home, preexec_fn=limit)
        state = command.state(home)
        if "Traceback" in done.stderr or state not in states:
            lost.append(f"{size} bytes: {done.stderr[-300:] or 'neither old nor new'}")
        elif state != states[1] and done.returncode != 1:
            lost.append(f"{size} bytes: exit code {done.returncode} and not done")
        elif done.returncode and not (done.stderr or done.stdout).strip():
            lost.append(f"{size} bytes: exit code {done.returncode}, and no word of why")
    return Row(f"disk full in {name}", len(FULL), tuple(lost))


STORES = {
    "history": "data/dlprep/history.db",
    "kept schedule": "data/dlprep/history.db.cards",
    "kept front matter": "cache/dlprep/fronts/*.json",
    "search index": "cache/dlprep/search/*",
}
LISTED, SOUGHT = ("list", *OF_BANK, "--json"), ("search", "zero", *OF_BANK, "--json")


def flips(folder: Path, name: str, tries: int) -> Row:
    """Turn one bit of a store over: there is a message, or the right answer; never a traceback."""
    lost, chance = [], random.Random(name)
    before, home = prepared(folder, Command((), _events)), folder / "home"
    words = SOUGHT if name == "search index" else LISTED
    run([*DLPREP, *words], before)
    right = run([*DLPREP, *words], before).stdout
    paths = [path.relative_to(before) for path in before.glob(STORES[name])]
    assert paths, f"no store {STORES[name]} in {sorted(before.rglob('*'))}"
    for _ in range(tries):
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(before, home)
        path = home / chance.choice(paths)
        content = bytearray(path.read_bytes())
        place = chance.randrange(len(content))
        content[place] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        done = run([*DLPREP, *words], home)
        if "Traceback" in done.stderr or "Traceback" in done.stdout:
            lost.append(f"byte {place}: {done.stderr[-300:]}")
        elif done.stdout != right and (done.returncode == 0 or not done.stderr):
            lost.append(f"byte {place}: another answer, and no word of it")
    return Row(f"a bit of the {name} turned over", tries, tuple(lost))


def every_row(folder: Path):
    """Yield the rows of the whole table."""
    numbers = itertools.count()

    def place() -> Path:
        return folder / str(next(numbers))

    if can_kill_in_calls():
        yield kills_of_a_session(place(), 500, 20)
        for name in COMMANDS:
            yield kills_of_a_command(place(), name)
    for sessions in (2, 4):
        yield writers_at_once(place(), sessions, 1000)
        yield sessions_at_once(place(), sessions)
    for name in COMMANDS:
        yield full_disk(place(), name)
    for name in STORES:
        yield flips(place(), name, 200)
