"""Read a question's Markdown into blocks of styled text, formulas made readable."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dlprep.terminal import mathematics

Spans = tuple[tuple[str, str], ...]
"""Pairs of a style (`""`, `bold`, `italic`, `code`, `math`) and a text."""

_FENCE = re.compile(r"( *)(`{3,}|~{3,}) *([\w+-]*)")
_ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)]) +(.*)")
_HEADING = re.compile(r"#{1,6} +(.*?) *#*$")
_ROW = re.compile(r" *\|(.*)\| *$")
_DIVIDER = re.compile(r"[ :|-]+$")
_MARKS = re.compile(
    r"""
    (?<![\w*]) \*\* (?=\S) (?P<bold> .+? ) (?<=\S) \*\* (?![\w*])
    | (?<![\w*]) \* (?=\S) (?P<star> .+? ) (?<=\S) \* (?![\w*])
    | (?<!\w) _ (?=\S) (?P<line> .+? ) (?<=\S) _ (?!\w)
    | \[ (?P<label> [^\]\[]+ ) \] \( (?P<address> [^()\s]+ ) \)
    """,
    re.VERBOSE | re.DOTALL,
)
_KEPT = 0xE000
_PLACES = re.compile("[\ue000-\uf8ff]")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


class Block(NamedTuple):
    """A piece of a page.

    Attributes:
        kind: `paragraph`, `heading`, `item`, `quote`, `code`, `display` or `table`.
        spans: the styled text of the first four kinds.
        text: what is kept line by line: code or a formula; for code the language is `marker`.
        depth: how far it is indented, from 0.
        marker: the sign of an item, or the language of code.
        rows: the cells of a table, its header first.
    """

    kind: str
    spans: Spans = ()
    text: str = ""
    depth: int = 0
    marker: str = ""
    rows: tuple[tuple[Spans, ...], ...] = ()


def blocks(markdown: str) -> list[Block]:
    """Return the blocks of a Markdown text, in order."""
    reader = _Blocks(markdown.expandtabs(4).split("\n"))
    return list(reader.read())


def spans(markdown: str) -> Spans:
    """Return the styled text of one paragraph; what is marked as code or formula stays whole."""
    kept: list[tuple[str, str]] = []

    def keep(style: str, text: str) -> str:
        kept.append((style, text))
        return chr(_KEPT + len(kept) - 1)

    parts = []
    for kind, part in mathematics.spans(_PLACES.sub("\ufffd", markdown)):
        if kind == "text":
            parts.append(_ESCAPE.sub(lambda match: keep("", match[1]), part))
        elif kind == "code":
            ticks = len(part) - len(part.lstrip("`"))
            inside = part[ticks:-ticks]
            parts.append(keep("code", inside.strip() or inside))
        else:
            parts.append(keep("math", " ".join(part.split("\n"))))
    return tuple(_merged(_marked("".join(parts), "", kept)))


class _Blocks:
    """Go through the lines; a paragraph, item or quote gathers lines until something ends it."""

    def __init__(self, lines: list[str]):
        self.lines, self.at = lines, 0
        self.kind, self.depth, self.marker = "paragraph", 0, ""
        self.gathered: list[str] = []

    def read(self) -> Iterator[Block]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if fence := _FENCE.match(line):
                yield from self.flush()
                yield self.code(fence)
            elif not line.strip():
                yield from self.flush()
            elif heading := _HEADING.match(line):
                yield from self.flush()
                yield Block("heading", spans(heading[1]))
            elif _ROW.match(line) and not self.gathered:
                yield self.table(line)
            elif item := _ITEM.match(line):
                yield from self.flush()
                self.begin("item", item[3], len(item[1]) // 2, item[2])
            elif line.startswith(">") and not self.gathered:
                self.begin("quote", line[1:], 0)
            elif self.gathered:
                self.gathered.append(line.lstrip("> " if self.kind == "quote" else " "))
            else:
                self.begin("paragraph", line, (len(line) - len(line.lstrip())) // 2)
        yield from self.flush()

    def begin(self, kind: str, text: str, depth: int, marker: str = "") -> None:
        self.kind, self.depth, self.marker = kind, min(depth, 4), marker
        self.gathered = [text.strip()]

    def flush(self) -> Iterator[Block]:
        text, self.gathered = "\n".join(self.gathered), []
        kind, marker = self.kind, self.marker
        for display, part in _apart(text):
            if display:
                yield Block("display", text=part.strip("\n"), depth=self.depth)
            elif part.strip():
                yield Block(kind, spans(part.strip()), depth=self.depth, marker=marker)
            kind, marker = "paragraph" if kind == "item" else kind, ""

    def code(self, fence: re.Match) -> Block:
        inside = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if line.strip().startswith(fence[2]) and not line.strip().strip(fence[2][0]):
                break
            shift = min(len(fence[1]), len(line) - len(line.lstrip(" ")))
            inside.append(line[shift:])
        return Block("code", text="\n".join(inside), depth=len(fence[1]) // 2, marker=fence[3])

    def table(self, line: str) -> Block:
        rows = [line]
        while self.at < len(self.lines) and _ROW.match(self.lines[self.at]):
            rows.append(self.lines[self.at])
            self.at += 1
        filled = [row for row in rows if not _DIVIDER.match(row)]
        return Block("table", rows=tuple(map(_cells, filled)))


def _cells(row: str) -> tuple[Spans, ...]:
    return tuple(spans(cell.strip()) for cell in re.split(r"(?<!\\)\|", _ROW.match(row)[1]))


def _apart(text: str) -> Iterator[tuple[bool, str]]:
    """Split a paragraph where formulas stand on lines of their own."""
    at = 0
    for match in re.finditer(r"(?<!\\)\$\$(.+?)\$\$", text, re.DOTALL):
        yield False, text[at : match.start()]
        yield True, mathematics.readable(match[1]) or match[0]
        at = match.end()
    yield False, text[at:]


def _marked(text: str, style: str, kept: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    at = 0
    for match in _MARKS.finditer(text):
        yield from _restored(text[at : match.start()], style, kept)
        if match["label"]:
            yield from _marked(match["label"], style, kept)
            yield from _restored(f" ({match['address']})", style, kept)
        elif match["bold"]:
            yield from _marked(match["bold"], "bold", kept)
        else:
            yield from _marked(match["star"] or match["line"], style or "italic", kept)
        at = match.end()
    yield from _restored(text[at:], style, kept)


def _restored(text: str, style: str, kept: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for part in re.split(f"({_PLACES.pattern})", text):
        if len(part) == 1 and _PLACES.match(part):
            found = kept[ord(part) - _KEPT]
            yield found[0] or style, found[1]
        elif part:
            yield style, part


def _merged(parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    last: tuple[str, str] | None = None
    for style, text in parts:
        if last and last[0] == style and style not in ("code", "math"):
            last = (style, last[1] + text)
            continue
        if last:
            yield last
        last = (style, text)
    if last:
        yield last
