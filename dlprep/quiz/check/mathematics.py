"""Find the formulas of a Markdown text and name the slips in them."""

import re
from collections.abc import Iterator, Sequence

from dlprep.quiz.body import Line
from dlprep.quiz.check.latex import LatexError, recognise

_CODE = re.compile(r"(?<![`\\])(`++)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_DOLLARS = re.compile(r"\\.|\$\$?", re.DOTALL)
_COMMAND = re.compile(r"\\[A-Za-z]{2,}")
_BREAK = re.compile(r"\n\s*\n|\n[-*+] ")

Fault = tuple[int, str]


def faults(rows: Sequence[Line]) -> Iterator[Fault]:
    """Yield `(line, fault)` for the formulas in consecutive lines of Markdown."""
    text = without_code(rows)
    prose = list(text)
    paired = True
    for start, end, width, fault in _formulas(text):
        prose[start:end] = " " * (end - start)
        paired = paired and not fault
        if fault:
            yield _line(rows, text, start), fault
            continue
        try:
            recognise(text[start + width : end - width])
        except LatexError as error:
            yield _line(rows, text, start + width + error.position), str(error)
    for command in _COMMAND.finditer("".join(prose) if paired else ""):
        where = _line(rows, text, command.start())
        yield where, f"{command[0]} stands outside a formula: put it between $ and $"


def without_code(rows: Sequence[Line]) -> str:
    """Return the lines as one text of the same length with fenced and inline code blanked."""
    text = "\n".join(" " * len(row.text) if row.fence else row.text for row in rows)
    return _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), text)


def without_formulas(text: str) -> str:
    """Return the text with every formula replaced by one word."""
    parts, last = [], 0
    for start, end, _, fault in _formulas(text):
        if not fault:
            parts += [text[last:start], "formula"]
            last = end
    return "".join(parts) + text[last:]


def _formulas(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Yield start, end, width of the dollars, and what is wrong with them ("" if nothing)."""
    opened = None
    for mark in _DOLLARS.finditer(text):
        if mark[0][0] == "\\":
            continue
        if opened is None:
            opened = mark
            continue
        inner = text[opened.end() : mark.start()]
        if opened[0] == "$" and _BREAK.search(inner):
            yield opened.start(), opened.end(), 1, _LONELY
            opened = mark
            continue
        yield opened.start(), mark.end(), len(mark[0]), _wrong_dollars(opened[0], inner, mark[0])
        opened = None
    if opened:
        yield opened.start(), opened.end(), len(opened[0]), _LONELY


_LONELY = r"a $ without its partner: close the formula, or write \$ for the sign"


def _wrong_dollars(opening: str, inner: str, closing: str) -> str:
    if opening != closing:
        return f"{opening} is closed by {closing}: use the same on both sides"
    if not inner.strip():
        return "an empty formula: write it, or delete the dollars"
    if opening == "$" and inner != inner.strip():
        return "a space inside $…$ at its edge: delete it, or the page shows dollars"
    if re.search(r"\n\s*\n", inner):
        return "an empty line inside $$…$$: delete it"
    return ""


def _line(rows: Sequence[Line], text: str, position: int) -> int:
    return rows[0].number + text.count("\n", 0, position)
