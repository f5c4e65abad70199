"""The rules of markdown-it that the bank uses, and those of our own for formulas and tables."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline, backtick
from markdown_it.rules_inline.state_inline import Delimiter
from markdown_it.token import Token

BLOCKS = ["code", "fence", "blockquote", "hr", "list", "heading", "html_block"]
INLINE = ["text", "newline", "escape", "backticks", "link", "autolink", "html_inline", "entity"]
INTERRUPTS = {"alt": ["paragraph", "blockquote", "list"]}
_CONTROL = dict.fromkeys([*range(32), *range(127, 160)], "\ufffd") | {9: "\t", 10: "\n"}
_FORMULA = re.compile(r"\$(?![\s$])((?:\\.|[^$`\\])+)(?<!\s)\$(?![\d$])", re.DOTALL)
_DIVIDER = re.compile(r"\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*")


@cache
def parser() -> MarkdownIt:
    """Return the one parser of the bank's Markdown."""
    markdown = MarkdownIt("zero", {"html": True, "maxNesting": 20})
    markdown.enable([*BLOCKS, *INLINE, "balance_pairs", "emphasis", "fragments_join"])
    markdown.disable("text_join")
    markdown.block.ruler.before("code", "display", _display, INTERRUPTS)
    markdown.block.ruler.after("display", "table", _table, INTERRUPTS)
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.inline.ruler.at("backticks", _code)
    markdown.inline.ruler.before("escape", "formula", _formula)
    markdown.inline.ruler.push("pipe", _pipe)
    markdown.inline.add_terminator_char("|")
    return markdown


def normal(text: str) -> str:
    """Return text whose lines end in "\\n", without control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROL)


def tokens(text: str) -> list[Token]:
    """Return the blocks of a text; the `children` of `inline` tokens are its letters."""
    return parser().parse(normal(text))


def outline(text: str) -> list[Token]:
    """Return the blocks of a text without looking into their lines."""
    found: list[Token] = []
    parser().block.parse(normal(text), parser(), {}, found)
    return found


def letters(text: str) -> list[Token]:
    """Return the tokens of a text that is one line, whatever it begins with."""
    return parser().parseInline(normal(text).strip())[0].children or []


def _row(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _ends(state: StateBlock, number: int, end: int) -> bool:
    return number >= end or state.isEmpty(number) or state.sCount[number] < state.blkIndent


def _display(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a formula between `$$` at the start of a line and `$$` at the end of one."""
    row = _row(state, start)
    if state.is_code_block(start) or not row.startswith("$$"):
        return False
    number, rows, row = start, [], row[2:]
    while "$$" not in row:
        rows.append(row)
        number += 1
        if _ends(state, number, end):
            return False
        row = _row(state, number)
    last, _, behind = row.partition("$$")
    formula = "\n".join([*rows, last])
    if behind.strip() or not formula.strip():
        return False
    if not silent:
        token = state.push("display", "", 0)
        token.content, token.map = formula, [start, number + 1]
        state.line = number + 1
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take rows that begin and end with a pipe, the second of them dashes."""
    if state.is_code_block(start) or _ends(state, start + 1, end):
        return False
    first, divider = _row(state, start), _row(state, start + 1)
    if not first.startswith("|") or not _DIVIDER.fullmatch(divider) or _DIVIDER.fullmatch(first):
        return False
    header = cells(first)
    if len(header) != divider.count("|") - 1:
        return False
    if silent:
        return True
    state.push("table_open", "table", 1).map = [start, start + 2]
    _push_row(state, start, header)
    number = start + 2
    while not _ends(state, number, end) and (row := cells(_row(state, number))):
        _push_row(state, number, row)
        number += 1
    state.push("table_close", "table", -1)
    state.line = number
    return True


def _push_row(state: StateBlock, number: int, row: list[str]) -> None:
    state.push("tr_open", "tr", 1).map = [number, number + 1]
    for cell in row:
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = cell, [number, number + 1], []
    state.push("tr_close", "tr", -1)


def cells(row: str) -> list[str]:
    """Return the cells of a row, none if it does not begin and end with a pipe.

    A pipe in code or in a formula separates nothing.
    """
    row = row.rstrip()
    if not (row.startswith("|") and row.endswith("|")):
        return []
    found: dict = {"pipes": []}
    parser().inline.parse(row, parser(), found, [])
    pipes = found["pipes"]
    if len(row) < 2 or pipes[-1] != len(row) - 1:
        return []
    return [row[a + 1 : b].strip() for a, b in zip(pipes, pipes[1:], strict=False)]


def _pipe(state: StateInline, silent: bool) -> bool:
    if not silent and state.src[state.pos] == "|" and "pipes" in state.env:
        state.env["pipes"].append(state.pos)
    return False


def _formula(state: StateInline, silent: bool) -> bool:
    found = state.src[state.pos] == "$" and _FORMULA.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("formula", "", 0).content = found[1]
    state.pos = found.end()
    return True


def _code(state: StateInline, silent: bool) -> bool:
    """Take code and note how many lines it goes through."""
    start = state.pos
    found = backtick(state, silent)
    if found and not silent and state.tokens and state.tokens[-1].type == "code_inline":
        state.tokens[-1].meta["lines"] = state.src.count("\n", start, state.pos)
    return found


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Take stars or underscores as marks only at the edge of a word: `2**10` has none."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, False)
    for _ in range(run.length):
        state.push("text", "", 0).content = marker
        at = len(state.tokens) - 1
        state.delimiters.append(
            Delimiter(ord(marker), run.length, at, -1, run.can_open, run.can_close)
        )
    state.pos += run.length
    return True
