"""What was answered, as JSON lines: export, import, merge, and a new beginning."""

import json
import os
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from dlprep.quiz import event, schedule, whole
from dlprep.quiz.event import Event
from dlprep.quiz.history import History

FORMAT, VERSION = "dlprep progress", 1


class ProgressError(Exception):
    """A file that cannot be read or written; the message says why and what to do."""


def lines(events: Sequence[Event]) -> bytes:
    """Return events as JSON lines, below one that says what they are and how many."""
    head = {"format": FORMAT, "version": VERSION, "events": len(events)}
    rows = [dict(zip(event.NAMES, _row(one), strict=True)) | {"data": one.data} for one in events]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in (head, *rows)).encode()


def export(events: Sequence[Event], path: Path) -> None:
    """Write events to a file, which is there whole or as it was before.

    Raises:
        ProgressError: It cannot be written.
    """
    path = Path(os.path.realpath(path))
    try:
        if path.exists() and not path.is_file():
            raise OSError("a folder, a pipe or a device is there; - is the standard output")
        whole.write(path, lines(events))
    except OSError as error:
        reason = error.strerror or error
        raise ProgressError(f"{path} cannot be written: {reason}. Choose another file.") from error


def read(name: str, content: bytes) -> list[Event]:
    """Return the events of an export.

    Args:
        name: What the file is called in messages.
        content: All of it.

    Raises:
        ProgressError: It is no export, of a newer program, cut off, or a line is no event.
    """
    rows = content.splitlines()
    head = _object(rows[0]) if rows else {}
    if head.get("format") != FORMAT:
        raise ProgressError(
            f"{name} is no progress: its first line should be that of `dlprep progress export`."
        )
    if head.get("version") != VERSION:
        raise ProgressError(
            f"{name} was written by a newer dlprep (format {head.get('version')!r:.20}, this one"
            f" reads {VERSION}). Update dlprep."
        )
    if len(rows) - 1 != head.get("events"):
        raise ProgressError(
            f"{name} has {len(rows) - 1} events where its first line says"
            f" {head.get('events')!r:.20}: it was cut off or changed. Export it again."
        )
    found: dict[str, Event] = {}
    for number, row in enumerate(rows[1:], 2):
        try:
            one = _event(number, row)
            if found.setdefault(one.uid, one)[1:] != one[1:]:
                raise ValueError("another line has its uid")
        except (ValueError, RecursionError) as error:
            raise ProgressError(
                f"{name}:{number}: no event, {error}. Export it again; nothing was changed."
            ) from error
    return list(found.values())


def merge(history: History, theirs: Sequence[Event]) -> int:
    """Add the events of another history that are not known yet, and return how many.

    The result does not depend on which of two histories is merged into the other. Each machine's
    events keep their order; where copies of a history went on apart, the days decide.

    Raises:
        ProgressError: An event differs from the one of that name here.
        HistoryError: The history cannot be read or written; nothing was changed.
    """
    ours = history.events()
    known = {one.uid: one for one in ours}
    for one in theirs:
        if one.uid in known and known[one.uid][1:] != one[1:]:
            raise ProgressError(
                f"The event {one.uid:.40} differs from the one in {history.path}: one of them was"
                " changed. Nothing was merged; export that history again."
            )
    here, there = _by_machine(ours), _by_machine(theirs)
    woven = {name: _woven(here.get(name, []), there.get(name, [])) for name in {**here, **there}}
    new = [one for one in theirs if one.uid not in known]
    if any(_names(woven[name][: len(chain)]) != _names(chain) for name, chain in here.items()):
        rows = [_row(one) for chain in woven.values() for one in chain]
        history.write(rows, instead=ours[-1].id)
    elif new:
        history.write(map(_row, new))
    return len(new)


def replace(history: History, ours: Sequence[Event], theirs: Iterable[Event]) -> None:
    """Put events in place of all that the history has, unless something came after `ours`."""
    history.write(map(_row, theirs), instead=ours[-1].id if ours else 0)


def standing(history: History, questions: Collection[str] | None) -> list[schedule.Answer]:
    """Return the answers to some questions, or to all, that stand."""
    return schedule.answers(history.events(kinds=schedule.KINDS, questions=questions))


def reset(history: History, answers: Iterable[schedule.Answer], at: datetime) -> None:
    """Undo answers, all or none; what is undone stays so whatever is merged later."""
    history.write(
        history.row("undo", one.question, {"of": one.uid}, at=at, session="reset")
        for one in answers
    )


def backup(history: History, events: Sequence[Event], at: datetime) -> Path:
    """Write events to a new file in the folder of backups beside the history, and return it."""
    name = f"progress-{at:%Y%m%d-%H%M%S}-{os.urandom(3).hex()}.jsonl"
    path = history.path.with_name("backups") / name
    export(events, path)
    return path


def _row(one: Event) -> tuple:
    instant = f"{one.at.replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
    text = json.dumps(one.data, ensure_ascii=False)
    return (
        *(one.uid, instant, one.day.isoformat(), one.session),
        *(one.kind, one.question, text, one.machine),
    )


def _object(row: bytes) -> dict:
    try:
        found = json.loads(row)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _event(number: int, row: bytes) -> Event:
    found = _object(row)
    if found.keys() != set(event.NAMES):
        raise ValueError(f"the line is no object of {', '.join(event.NAMES)}")
    if not isinstance(found["data"], dict):
        raise ValueError("its data is no object")
    found["data"] = json.dumps(found["data"], ensure_ascii=False, allow_nan=False)
    values = tuple(found[name] for name in event.NAMES)
    one = event.read(number, values)
    if _row(one)[:3] != values[:3]:
        raise ValueError(f"its time is {found['at']:.40}, its day {found['day']:.40}")
    if not one.uid or not one.kind:
        raise ValueError("it has no name or no kind")
    "".join(value for value in values if value).encode()
    return one


def _by_machine(events: Iterable[Event]) -> dict[str, list[Event]]:
    found: dict[str, list[Event]] = {}
    for one in events:
        found.setdefault(one.machine, []).append(one)
    return found


def _names(events: Iterable[Event]) -> list[str]:
    return [one.uid for one in events]


def _woven(mine: Sequence[Event], yours: Sequence[Event]) -> list[Event]:
    """Return the events of one machine in two histories, the same whichever comes first.

    What both have keeps its place in both. Between that, the earlier day comes first.
    """
    here, there = set(_names(mine)), set(_names(yours))
    found: dict[str, Event] = {}
    left, right = list(mine[::-1]), list(yours[::-1])
    while left and right:
        one, other = left[-1], right[-1]
        if one.uid in found:
            chain = left
        elif other.uid in found:
            chain = right
        elif (one.uid in there) != (other.uid in here):
            chain = right if one.uid in there else left
        else:
            chain = min(left, right, key=lambda chain: (chain[-1].day, chain[-1].at, chain[-1].uid))
        one = chain.pop()
        found.setdefault(one.uid, one)
    return list(found.values()) + [one for one in left[::-1] + right[::-1] if one.uid not in found]
