"""Lay blocks out in lines of a width; a line is a list of pairs of a style and a text."""

import re
from collections.abc import Iterable, Iterator

from dlprep.terminal import highlight
from dlprep.terminal.markdown import Block, Spans, blocks

Line = list[tuple[str, str]]
WHOLE = 30
"""Code and formulas up to this width are not broken at their blanks."""


def lines(markdown: str, width: int, indent: int = 0, ticks: bool = False) -> list[Line]:
    """Return the lines of a Markdown text, blank ones between its blocks.

    Args:
        markdown: text as in a question's file.
        width: the widest line, unless code, a formula or a word is wider.
        indent: blanks before every line.
        ticks: whether code within a sentence keeps its backticks.
    """
    found: list[Line] = []
    last = None
    for block in blocks(markdown):
        if ticks:
            rows = tuple(tuple(map(ticked, row)) for row in block.rows)
            block = block._replace(spans=ticked(block.spans), rows=rows)
        if last and not _in_one_list(last, block):
            found.append([])
        found += _block(block, width, indent)
        last = block
    return found


def wrap(spans: Spans, width: int, first: str = "", rest: str = "") -> list[Line]:
    """Break styled text into lines that begin with `first`, from the second on with `rest`."""
    found: list[Line] = [[("", first)]]
    room = width - cells(first)
    start = True
    for word in _words(spans):
        size = sum(cells(text) for _, text in word)
        if not start and size + 1 > room:
            found.append([("", rest)])
            room, start = width - cells(rest), True
        if not start:
            same = found[-1][-1][0] == word[0][0]
            found[-1].append((word[0][0] if same else "", " "))
        found[-1] += word
        room -= size + (not start)
        start = False
    return [_joined(line) for line in found]


def _joined(line: Line) -> Line:
    """Make one pair of neighbours of one style."""
    found: Line = []
    for style, text in line:
        if found and found[-1][0] == style:
            found[-1] = (style, found[-1][1] + text)
        elif text:
            found.append((style, text))
    return found


def ticked(spans: Spans) -> Spans:
    """Return the spans with backticks around code."""
    return tuple((style, f"`{text}`" if style == "code" else text) for style, text in spans)


def cells(text: str) -> int:
    """Return how many columns a terminal takes for `text`."""
    if text.isascii():
        return len(text)
    import unicodedata

    wide = sum(unicodedata.east_asian_width(sign) in "WF" for sign in text)
    return len(text) + wide - sum(unicodedata.category(sign) in ("Mn", "Me", "Cf") for sign in text)


def _in_one_list(one: Block, other: Block) -> bool:
    alike = one.marker[:-1].isdigit() == other.marker[:-1].isdigit()
    return one.kind == other.kind == "item" and (alike or one.depth != other.depth)


def _block(block: Block, width: int, indent: int) -> list[Line]:
    margin = " " * (indent + 2 * block.depth)
    if block.kind == "code":
        return _code(block, margin + " " * 4)
    if block.kind == "display":
        return [[("", margin + " " * 4), ("math", row)] for row in block.text.split("\n")]
    if block.kind == "table":
        return _table(block, width, margin)
    if block.kind == "item":
        return wrap(
            block.spans, width, f"{margin}{block.marker} ", margin + " " * (len(block.marker) + 1)
        )
    if block.kind == "heading":
        return wrap(tuple(("bold", text) for _, text in block.spans), width, margin, margin)
    if block.kind == "quote":
        margin += "  "
    return wrap(block.spans, width, margin, margin)


def _code(block: Block, margin: str) -> list[Line]:
    if block.marker in ("python", "py"):
        rows = highlight.lines(block.text)
    else:
        rows = [[("", row)] for row in block.text.split("\n")]
    return [[("", margin), *row] if row and row[0][1] else [] for row in rows]


def _table(block: Block, width: int, margin: str) -> list[Line]:
    """Align the columns; a table that is too wide becomes one line per cell."""
    columns = max(len(row) for row in block.rows)
    rows = [(*row, *((),) * (columns - len(row))) for row in block.rows]
    sizes = [max(_size(row[i]) for row in rows) for i in range(columns)]
    if len(margin) + sum(sizes) + 2 * (columns - 1) > width:
        return _list(rows, width, margin)
    found = []
    for row in rows:
        line: Line = [("", margin)]
        for cell, size in zip(row, sizes, strict=True):
            line += [*cell, ("", " " * (size - _size(cell) + 2))]
        found.append(line[:-1])
    return found


def _list(rows: list[tuple[Spans, ...]], width: int, margin: str) -> list[Line]:
    found = []
    for row in rows[1:]:
        for head, cell in zip(rows[0], row, strict=True):
            named = (*head, ("", ": "), *cell) if head else cell
            found += wrap(named, width, margin, margin + "  ")
        found.append([])
    return found[:-1]


def _size(spans: Spans) -> int:
    return sum(cells(text) for _, text in spans)


def _words(spans: Iterable[tuple[str, str]]) -> Iterator[Line]:
    """Yield what stands between two blanks; it may have several styles."""
    word: Line = []
    for style, text in spans:
        whole = style in ("code", "math") and cells(text) <= WHOLE
        for part in [text] if whole else re.split(r"(\s+)", text):
            if not part.isspace():
                word += [(style, part)] if part else []
            elif word:
                yield word
                word = []
    if word:
        yield word
