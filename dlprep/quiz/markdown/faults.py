"""What a Markdown text holds that the bank does not use, or that was meant otherwise."""

import re
from collections.abc import Callable, Iterator

from markdown_it.token import Token

from dlprep.quiz.markdown import grammar
from dlprep.quiz.reading import CONTROL

Fault = tuple[int, str]
Judge = Callable[[str], str | None]
"""Return what is wrong with the address of a link, or `None`."""

DEEPEST = 4
_OUTSIDE = {
    "html_block": r"raw HTML: write Markdown, or \< for the sign",
    "html_inline": r"raw HTML: write Markdown, code in backticks, or \< for the sign",
    "hr": "a rule: a heading parts a text; dashes or stars are written in backticks",
    "code_block": "an indent of 4 blanks makes code: take it back, or fence the code with ```",
    "hardbreak": "blanks or a backslash break this line: delete them, or begin a paragraph",
}
_LINK, _OTHER = "\x01", "\x00"
_SLIPS = [
    (
        re.compile(r"^ {0,3}\[[^\]\n]+\]:|\[\^[^\]\n]+\]|\][ \n]?\[[^\]\n]*\]", re.MULTILINE),
        "a footnote or reference: write [text](https://…), or brackets of code in backticks",
    ),
    (
        re.compile(r"^[ \t]*(\||:?-+:?[ \t]*\|[ :|-]*$)", re.MULTILINE),
        "not read as a table: begin and end each row with |, the second one being |---|---|",
    ),
    (
        re.compile(r"^ {0,3}#+(?=[^#\s])", re.MULTILINE),
        "not a heading: begin the line with `{} ` and a word",
    ),
    (re.compile(r"\]\("), "not read as a link: write [text](https://…), no blank in the address"),
    (re.compile(r"^[ \t]*=+[ \t]*$", re.MULTILINE), "a heading underlined: write `### ` before it"),
    (
        re.compile(r"\$\$"),
        "$$ opens or closes no formula: give $$ … $$ lines of its own, without an empty one",
    ),
    (
        re.compile(r"\$[ \t][^$]*\$|\$[^$]*[ \t]\$"),
        "a space inside $…$ at its edge: delete it, or the page shows dollars",
    ),
    (re.compile(r"\$"), r"a $ without its partner: close the formula, or write \$ for the sign"),
    (re.compile("`"), "a backtick without its partner: close the code, or write \\`"),
    (
        re.compile(r"\*\*|(?<!\S)\*(?=\w)|(?<=[\w.,)])\*(?!\S)"),
        r"a * without its partner: close it at a word's edge, or write \* or code in backticks",
    ),
    (re.compile(r"\\[A-Za-z]{2,}"), "{} stands outside a formula: put it between $ and $"),
    (re.compile(f"!{_LINK}"), "an image: the demonstration draws figures; write a link"),
]


def faults(text: str, link: Judge = lambda address: None, inside: bool = False) -> Iterator[Fault]:
    """Yield `(line, fault)` for what a text of several blocks holds; lines count from 1.

    Args:
        text: The Markdown.
        link: Judges the address of a link.
        inside: Whether the text is part of a list, where no heading may be.
    """
    rows = grammar.normal(text).split("\n")
    depth = int(inside)
    for token in grammar.tokens(text):
        depth += token.nesting * token.type.startswith(("list_item", "blockquote"))
        line = (token.map or [0])[0] + 1
        if token.type in _OUTSIDE:
            yield line, _OUTSIDE[token.type]
        elif token.nesting > 0 and depth > DEEPEST and token.type.startswith(("list_i", "block")):
            yield line, f"nested more than {DEEPEST} deep: flatten the list"
        elif token.type == "heading_open" and depth:
            yield line, "a heading inside a list or quote: delete it, or begin it at the margin"
        elif token.type == "heading_open" and token.tag == "h1":
            yield line, "a heading of the first level: the title is in the front matter"
        elif token.type == "heading_open" and not rows[line - 1].strip("# \t"):
            yield line, "a heading without words: write them, or delete the line"
        elif token.type == "fence" and not _closed(token, rows):
            yield line, f"this code is never closed: add a line {token.markup} below it"
        elif token.type == "display":
            yield from _formula(token.content, line)
        elif token.type == "inline":
            yield from _letters(token.children or [], line, link)
    yield from _ragged(text)


def faults_of_line(text: str, link: Judge = lambda address: None) -> Iterator[Fault]:
    """Yield `(line, fault)` for what a text that is one line holds."""
    yield from _letters(grammar.letters(text), 1, link)


def _closed(fence: Token, rows: list[str]) -> bool:
    first, end = fence.map
    last = rows[end - 1].lstrip(" \t>").rstrip()
    return end - first > 1 and last.startswith(fence.markup) and not last.strip(fence.markup[0])


def _ragged(text: str) -> Iterator[Fault]:
    """Yield a fault for each row of a table that has more or fewer cells than its header."""
    columns = cells = 0
    for token in grammar.outline(text):
        if token.type == "table_open":
            columns = 0
        elif token.type == "tr_open":
            cells, line = 0, token.map[0] + 1
        elif token.type == "inline":
            cells += 1
        elif token.type == "tr_close":
            columns = columns or cells
            if cells != columns:
                yield line, rf"{cells} cells below a header of {columns}: for the sign | write \|"


def _letters(children: list[Token], line: int, link: Judge) -> Iterator[Fault]:
    """Yield what is wrong within a paragraph: slips of formulas, and the first one of its text."""
    prose: list[str] = []
    here = line
    for token in children:
        if token.type in _OUTSIDE:
            yield here, _OUTSIDE[token.type]
        elif token.type == "formula":
            yield from _formula(token.content, here)
        elif token.type == "strong_open" and token.markup == "__":
            yield here, "__ makes bold: write **…**, or a name with underscores in backticks"
        elif token.type == "link_open":
            begin = len(prose) + 1
            if wrong := _address(str(token.attrs["href"]), link):
                yield here, wrong
        elif token.type == "link_close" and not "".join(prose[begin:]).strip():
            yield here, "a link without words: write [text](https://…)"
        elif token.type == "text_special" and (odd := CONTROL.search(token.content)):
            yield here, f"the control character U+{ord(odd[0]):04X} shows nothing: delete it"
        prose.append(_prose(token))
        here += prose[-1].count("\n")
    text = "".join(prose)
    for slip, fault in _SLIPS:
        if found := slip.search(text):
            yield line + text.count("\n", 0, found.start()), fault.format(found[0])
            return


def _address(address: str, link: Judge) -> str | None:
    return link(address) if address else "a link without an address: write [text](https://…)"


def _prose(token: Token) -> str:
    """Return a token as the source has it; one sign stands for what is marked or escaped."""
    match token.type:
        case "text" | "html_inline":
            return token.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "text_special":
            return token.content if token.content == token.markup else _OTHER
        case "link_open":
            return _LINK
    return _OTHER + "\n" * (token.content.count("\n") + token.meta.get("lines", 0))


def _formula(latex: str, line: int) -> Iterator[Fault]:
    from dlprep.quiz.mathematics import LatexError, written

    try:
        written(latex)
    except LatexError as error:
        yield line + latex.count("\n", 0, error.position), str(error)
