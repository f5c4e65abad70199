"""Lay blocks out in lines of a width; a line is a list of pairs of a style and a text."""

import re
from collections.abc import Callable, Iterable, Iterator

from dlprep.quiz.markdown import Block, Runs, blocks
from dlprep.quiz.mathematics import readable
from dlprep.terminal import highlight

Line = list[tuple[str, str]]
Spans = tuple[tuple[str, str], ...]
"""Pairs of a style (`""`, `bold`, `italic`, `code`, `math`) and a text."""
WHOLE = 30
"""Code and formulas up to this width are not broken at their blanks."""
FAR = " " * 4
"""How far code and formulas on lines of their own are indented."""


def lines(
    markdown: str,
    width: int,
    indent: int = 0,
    ticks: bool = False,
    spell: Callable[[str], str] = str,
) -> list[Line]:
    """Return the lines of a Markdown text, blank ones between its blocks.

    Args:
        markdown: Text as in a question's file.
        width: The widest line.
        indent: Blanks before every line.
        ticks: Whether code within a sentence keeps its backticks.
        spell: Puts what the terminal can show in place of a text.
    """
    return _Page(width, ticks, spell).stack(blocks(markdown), " " * indent, " " * indent)


def spans(runs: Runs, ticks: bool = False, spell: Callable[[str], str] = str) -> Spans:
    """Return the styled text of one paragraph; `ticks` and `spell` as for `lines`."""
    found = []
    for at, run in enumerate(runs, 1):
        found.append(_span(run.kind, run.text, run.bold, run.italic, ticks))
        after = runs[at].link if at < len(runs) else ""
        if run.link and run.link != after and run.link != run.text:
            found.append((found[-1][0] if run.kind == "text" else "", f" ({run.link})"))
    return tuple((style, spell(text)) for style, text in found)


def _span(kind: str, text: str, bold: bool, italic: bool, ticks: bool) -> tuple[str, str]:
    if kind == "code":
        return "code", f"`{text}`" if ticks else text
    if kind == "math":
        return "math", readable(text) or f"${' '.join(text.split())}$"
    return "bold" if bold else "italic" if italic else "", text


class _Page:
    """Lay out blocks; `first` stands before a block's first line, `rest` before the others."""

    def __init__(self, width: int, ticks: bool, spell: Callable[[str], str]):
        self.width, self.ticks, self.spell = width, ticks, spell

    def stack(self, found: Iterable[Block], first: str, rest: str, tight: bool = False) -> list:
        rows: list[Line] = []
        for block in found:
            if rows and not (tight and block.kind == "list"):
                rows.append([])
            rows += self.block(block, rest if rows else first, rest)
        return rows

    def block(self, block: Block, first: str, rest: str) -> list[Line]:
        match block.kind:
            case "list":
                return self.items(block, first, rest)
            case "quote":
                return self.stack(block.children, first + "  ", rest + "  ")
            case "code":
                return code(self.spell(block.text), self.width, block.info, rest + FAR)
            case "display":
                return self.display(block.text, rest + FAR)
            case "table":
                rows = [tuple(self.spans(cell) for cell in row) for row in block.rows]
                return _table(rows, self.width, rest)
        found = self.spans(block.runs)
        if block.kind == "heading":
            found = tuple(("bold", text) for _, text in found)
        return wrap(found, self.width, first, rest)

    def items(self, block: Block, first: str, rest: str) -> list[Line]:
        rows: list[Line] = []
        tight, words = block.info == "tight", True
        for item in block.children:
            if rows and not (tight and words):
                rows.append([])
            marker = f"{rest if rows else first}{item.info} "
            hanging = rest + " " * (len(item.info) + 1)
            starts = item.children and item.children[0].kind in ("paragraph", "heading", "list")
            rows += [] if starts else [[("", marker.rstrip())]]
            rows += self.stack(item.children, marker if starts else hanging, hanging, tight)
            words = not item.children or item.children[-1].kind in ("paragraph", "list")
        return rows

    def display(self, latex: str, margin: str) -> list[Line]:
        text = self.spell(readable(latex) or f"$$ {' '.join(latex.split())} $$")
        found: list[Line] = []
        for row in text.split("\n"):
            if len(margin) + cells(row) <= self.width:
                found.append([("", margin), ("math", row)])
            else:
                lead = margin + " " * (len(row) - len(row.lstrip()))
                found += wrap((("math", row),), self.width, lead, lead + "  ")
        return found

    def spans(self, runs: Runs) -> Spans:
        return spans(runs, self.ticks, self.spell)


def wrap(found: Spans, width: int, first: str = "", rest: str = "") -> list[Line]:
    """Break styled text into lines that begin with `first`, from the second on with `rest`."""
    rows: list[Line] = [[("", first)]]
    room = width - cells(first)
    start = True
    for word in _fitting(found, max(1, width - max(cells(first), cells(rest)))):
        size = sum(cells(text) for _, text in word)
        if not start and size + 1 > room:
            rows.append([("", rest)])
            room, start = width - cells(rest), True
        if not start:
            same = rows[-1][-1][0] == word[0][0]
            rows[-1].append((word[0][0] if same else "", " "))
        rows[-1] += word
        room -= size + (not start)
        start = False
    return [_joined(row) for row in rows]


def cells(text: str) -> int:
    """Return how many columns a terminal takes for `text`."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _joined(line: Line) -> Line:
    """Make one pair of neighbours of one style."""
    found: Line = []
    for style, text in line:
        if found and found[-1][0] == style:
            found[-1] = (style, found[-1][1] + text)
        elif text:
            found.append((style, text))
    return found


def code(source: str, width: int, language: str = "python", margin: str = FAR) -> list[Line]:
    """Return the lines of a program, Python's with its colours."""
    if language in ("python", "py"):
        rows = highlight.lines(source)
    else:
        rows = [[("", row)] if row else [] for row in source.split("\n")]
    return [line for row in rows for line in fold(row, width, margin)]


def fold(row: Line, width: int, margin: str = "") -> list[Line]:
    """Return a line as it is behind a margin; what is too wide goes on below, further right.

    It is broken at its blanks; those within it stay as they are.
    """
    whole = [("", margin), *row] if row else []
    if _size(tuple(whole)) <= width:
        return [whole]
    text = "".join(part for _, part in row)
    lead = margin + " " * min(len(text) - len(text.lstrip()), width // 2)
    found: list[Line] = [[("", lead)]]
    for word in _words_and_blanks(row, max(8, width - cells(lead) - len(FAR))):
        if _size(tuple(found[-1])) + _size(tuple(word)) > width and len(found[-1]) > 1:
            if found[-1][-1][1].isspace():
                found[-1].pop()
            found.append([("", lead + FAR)])
        if len(found[-1]) > 1 or not word[0][1].isspace():
            found[-1] += word
    return [_joined(line) for line in found]


def _words_and_blanks(row: Line, room: int) -> Iterator[Line]:
    """Yield words and what stands between them by turns; too wide a word in pieces."""
    word: Line = []
    for style, text in row:
        for part in re.split(r"(\s+)", text):
            if part.isspace():
                yield from _pieces(word, room) if word else ()
                yield [(style, part)]
                word = []
            elif part:
                word.append((style, part))
    yield from _pieces(word, room) if word else ()


def _table(rows: list[tuple[Spans, ...]], width: int, margin: str) -> list[Line]:
    """Align the columns; a table that is too wide becomes one line per cell."""
    sizes = [max(map(_size, column)) for column in zip(*rows, strict=True)]
    if len(margin) + sum(sizes) + 2 * (len(sizes) - 1) > width:
        return _list(rows, width, margin)
    found = []
    for row in rows:
        line: Line = [("", margin)]
        for cell, size in zip(row, sizes, strict=True):
            line += [*cell, ("", " " * (size - _size(cell) + 2))]
        found.append(line[:-1])
    return found


def _list(rows: list[tuple[Spans, ...]], width: int, margin: str) -> list[Line]:
    header, *body = rows
    found = []
    for row in body or [((),) * len(header)]:
        for head, cell in zip(header, row, strict=True):
            named = (*head, ("", ": "), *cell) if head and cell else (*head, *cell)
            found += wrap(named, width, margin, margin + "  ")
        found.append([])
    return found[:-1]


def _size(found: Spans) -> int:
    return sum(cells(text) for _, text in found)


def _fitting(found: Spans, room: int) -> Iterator[Line]:
    """Yield words, and what is wider than `room` in pieces."""
    for word in _words(found, min(WHOLE, room)):
        if _size(tuple(word)) <= room:
            yield word
        else:
            yield from _pieces(word, room)


def _pieces(word: Line, room: int) -> Iterator[Line]:
    from rich.cells import chop_cells

    piece: Line = []
    for style, text in word:
        for part in chop_cells(text, room):
            if piece and _size(tuple(piece)) + cells(part) > room:
                yield piece
                piece = []
            piece.append((style, part))
    yield piece


def _words(found: Spans, longest: int) -> Iterator[Line]:
    """Yield what stands between two blanks; it may have several styles."""
    word: Line = []
    for style, text in found:
        whole = style in ("code", "math") and cells(text) <= longest
        for part in [text] if whole else re.split(r"(\s+)", text):
            if not part.isspace():
                word += [(style, part)] if part else []
            elif word:
                yield word
                word = []
    if word:
        yield word
