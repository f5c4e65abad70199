"""The Markdown of a question: prompt, options, answer, key points, derivation."""

import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SECTIONS = ("Answer", "Key points", "In depth")
_HEADING = re.compile(r"##[ \t]+(.*?)[ \t]*#*$")
_FENCE = re.compile(r"\s*(`{3,}(?=[^`]*$)|~{3,})(.*)$")
_OPTION = re.compile(r"- \[([ xX])\][ \t]+(\S.*)$")
_ITEM = re.compile(r"[-*+][ \t]+(.*)$")
_RED_FLAG = re.compile(r"red flag:\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Option:
    """One answer to choose: Markdown text, why it is right or wrong, its line in the file."""

    text: str
    reason: str
    correct: bool
    line: int


@dataclass(frozen=True)
class Body:
    """A question below its front matter; all texts are Markdown with LaTeX."""

    prompt: str
    options: tuple[Option, ...]
    answer: str
    key_points: tuple[str, ...]
    red_flags: tuple[str, ...]
    in_depth: str


@dataclass(frozen=True)
class Line:
    """A line of the body: number in the file, text, and the line of its fence's opening or 0."""

    number: int
    text: str
    fence: int = 0


@dataclass(frozen=True)
class Section:
    """A `##` heading with the lines below it; the prompt is the section without a title."""

    title: str
    number: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The Markdown below the heading."""
        return "\n".join(line.text for line in self.lines).strip("\n").rstrip()


def parse(text: str) -> Body:
    """Return the parts of a question's Markdown.

    Args:
        text: the whole file, front matter included.
    """
    prompt, *named = sections(lines(text))
    named = {section.title.casefold(): section for section in reversed(named)}
    answer, points, depth = (named.get(title.casefold()) for title in SECTIONS)
    options, rest = split_options(prompt.lines)
    items = key_points(points.lines) if points else []
    return Body(
        prompt=Section("", 0, tuple(rest)).text,
        options=tuple(options),
        answer=answer.text if answer else "",
        key_points=tuple(item for item in items if not is_red_flag(item)),
        red_flags=tuple(_RED_FLAG.sub("", item, 1) for item in items if is_red_flag(item)),
        in_depth=depth.text if depth else "",
    )


def lines(text: str) -> Iterator[Line]:
    """Yield the lines below the front matter; a fence's own two lines count as inside it."""
    rows = text.split("\n")
    end = next((i for i, row in enumerate(rows[1:], 1) if row.rstrip() == "---"), 0)
    fence, mark = 0, ""
    for number, row in enumerate(rows[end + 1 :], end + 2):
        if fence:
            yield Line(number, row, fence)
            if closes(row, mark):
                fence = 0
        else:
            opening = _FENCE.match(row)
            fence, mark = (number, opening[1]) if opening else (0, "")
            yield Line(number, row, fence)


def closes(row: str, mark: str) -> bool:
    """Return whether a line ends the code that a fence such as ```` ``` ```` began."""
    fence = _FENCE.match(row)
    return bool(fence) and fence[1].startswith(mark) and not fence[2].strip()


def sections(body: Iterable[Line]) -> list[Section]:
    """Return the prompt and then one section per `##` heading outside fenced code."""
    found = [("", 0, [])]
    for line in body:
        heading = None if line.fence else _HEADING.match(line.text)
        if heading:
            found.append((heading[1], line.number, []))
        else:
            found[-1][2].append(line)
    return [Section(title, number, tuple(rows)) for title, number, rows in found]


def split_options(prompt: Iterable[Line]) -> tuple[list[Option], list[Line]]:
    """Return the options of the prompt, and its other lines."""
    found: list[tuple[re.Match, int, list[str]]] = []
    rest = []
    inside = False
    for line in prompt:
        option = None if line.fence else _OPTION.match(line.text)
        if option:
            found.append((option, line.number, []))
            inside = True
            continue
        inside = inside and (line.text[:1] in " \t")
        (found[-1][2].append(line.text) if inside else rest.append(line))
    options = [
        Option(mark[2].rstrip(), _dedent(reason), mark[1] != " ", number)
        for mark, number, reason in found
    ]
    return options, rest


def key_points(rows: Iterable[Line]) -> list[str]:
    """Return the items of a list; lines below an item belong to it."""
    items: list[str] = []
    for line in rows:
        if is_item(line):
            items.append(_ITEM.match(line.text)[1].strip())
        elif items and line.text.strip():
            items[-1] += " " + line.text.strip()
    return items


def is_item(line: Line) -> bool:
    """Return whether a line begins an item of a list."""
    return not line.fence and bool(_ITEM.match(line.text))


def is_red_flag(item: str) -> bool:
    """Return whether a key point is one that loses the interview."""
    return bool(_RED_FLAG.match(item))


def _dedent(reason: list[str]) -> str:
    return textwrap.dedent("\n".join(row.expandtabs(4) for row in reason)).strip("\n").rstrip()
