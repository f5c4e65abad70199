"""Rules for the front matter of a question that reading it does not enforce."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches

from dlprep.quiz import front_matter
from dlprep.quiz.check import components
from dlprep.quiz.markdown.faults import faults_of_line
from dlprep.quiz.reading import SLUG

SEEDS = (
    "Deep Learning Fundamentals Handbook",
    "Okoli, Deep Learning notes",
    "Mountassir, Deep Learning Basics",
    "PrudviKrishna, Introduction to Deep Learning slides",
)

Fault = tuple[int, str]


def faults(
    text: str, id: str, ids: Collection[str], parts: Collection[str] | None = None
) -> Iterator[Fault]:
    """Yield `(line, fault)` for the keys and values of a question's front matter.

    Args:
        text: The lines between the two `---`.
        id: The question's own id.
        ids: All ids of the bank.
        parts: What can be covered, or `None` where the bank has no list of it.
    """
    try:
        mapping = front_matter.load(text)
    except front_matter.FrontMatterError:
        return
    values, _ = front_matter.parse(text)
    found = [
        *_keys(text, mapping),
        *_missing(mapping, parts),
        *((key, fault) for key, fault in _values(values, id, ids)),
        *(("covers", fault) for fault in _covers(values.get("covers"), parts)),
    ]
    yield from ((_line(text, key), fault) for key, fault in found)
    for key in ("title", "hints", "sources"):
        for part in _as_tuple(values.get(key, ())):
            yield from ((_line(text, key), fault) for _, fault in faults_of_line(part))


def _line(text: str, key: object) -> int:
    return front_matter.line_of(text, str(key))


def _keys(text: str, mapping: dict) -> Iterator[tuple[object, str]]:
    known = list(front_matter.FIELDS)
    for key in mapping:
        if key not in known:
            close = get_close_matches(str(key), known, 1)
            hint = f"did you mean {close[0]}?" if close else f"the keys are {', '.join(known)}"
            yield key, f"unknown key {key!r}: {hint}"
    rows = [row.partition(":")[0] for row in text.split("\n")]
    for key in known:
        if rows.count(key) > 1:
            yield key, f"{key} stands here twice: keep one"


def _missing(mapping: dict, parts: Collection[str] | None) -> Iterator[tuple[str, str]]:
    needed = ["tags", "sources"]
    if parts is not None:
        needed.append("covers")
    if mapping.get("kind") != "recall":
        needed.append("hints")
    for key in needed:
        if key not in mapping:
            yield "kind", f"{key} is missing: add a line `{key}: […]`"
    if "asked" not in mapping:
        yield "kind", "asked is missing: add a line `asked: …`, how often interviews ask it"
    if "tolerance" in mapping and mapping.get("kind") != "numeric":
        yield "tolerance", "tolerance is for kind numeric alone: delete the line"
    if "draw" in mapping and mapping.get("kind") != "numeric":
        yield "draw", "draw is for kind numeric alone: delete the line"


def _values(values: dict, id: str, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    hints = values.get("hints")
    if hints is not None and len(hints) not in range(values.get("kind") != "recall", 4):
        yield "hints", f"{len(hints)} hints: write 1 to 3, from a nudge to nearly there"
    for tag in values.get("tags", ()):
        if not SLUG.fullmatch(tag):
            yield "tags", f"tag {tag!r}: write small words with hyphens, such as weight-decay"
    for name in values.get("draw", ()):
        if f"{{{name}}}" in values.get("title", ""):
            yield (
                "title",
                f"{{{name}}} is drawn anew each time: let the prompt show it, not the title",
            )
    if values.get("tags") == ():
        yield "tags", "no tag: add at least one"
    sources = values.get("sources")
    if sources is not None and all(source.startswith(SEEDS) for source in sources):
        yield "sources", "no source beside the seed texts: add a paper or a documentation page"
    for name in values.get("components", ()):
        if not components.exists(name):
            close = components.similar(name)
            hint = f"did you mean {' or '.join(close)}?" if close else "drop it, or write it"
            yield "components", f"dlprep has no {name}: {hint}"
    yield from _follow_ups(values.get("follow_ups", ()), id, ids)


def _follow_ups(names: tuple[str, ...], id: str, ids: Collection[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name == id:
            yield "follow_ups", f"{name} is this question itself: delete it"
        elif name not in ids:
            yield "follow_ups", f"follow-up {name} does not exist: {did_you_mean(name, ids)}"
        elif names.count(name) > 1:
            yield "follow_ups", f"{name} is listed twice: keep one"


def _covers(covers: tuple[str, ...] | None, parts: Collection[str] | None) -> Iterator[str]:
    if covers == ():
        yield "covers nothing: name at least one part of coverage.yml"
    for name in covers or ():
        if covers.count(name) > 1:
            yield f"{name} is listed twice: keep one"
        elif parts is not None and name not in parts:
            close = get_close_matches(name, parts, 1, 0.4)
            hint = f"did you mean {close[0]}?" if close else "coverage.yml lists the names"
            yield f"nothing called {name} can be covered: {hint}"


def did_you_mean(name: str, ids: Collection[str]) -> str:
    """Return the end of a message about an id that does not exist."""
    close = get_close_matches(name, ids, 1)
    return f"did you mean {close[0]}?" if close else "delete it, or write that question"


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
