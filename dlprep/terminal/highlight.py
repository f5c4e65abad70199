"""Colour Python code: enough of the language for a question's listing, at no cost to the start."""

import re
from collections.abc import Iterator
from keyword import kwlist

_TOKEN = re.compile(
    r"""
    (?P<comment> \#[^\n]* )
    | (?P<string> [rbfuRBFU]{0,2} (?: \"{3}.*?\"{3} | '{3}.*?'{3}
        | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*' ) )
    | (?P<number> \b \d[\d_]* (?:\.\d*)? (?:[eE][+-]?\d+)? \b )
    | (?P<name> [^\W\d]\w* )
    """,
    re.VERBOSE | re.DOTALL,
)
KEYWORDS = frozenset(kwlist)


def segments(code: str) -> Iterator[tuple[str, str]]:
    """Yield pairs of a style and a text which together are `code`.

    The styles are `keyword`, `string`, `number`, `comment`, `defined` (the name behind `def` or
    `class`) and `""`.
    """
    at, before = 0, ""
    for match in _TOKEN.finditer(code):
        if match.start() > at:
            yield "", code[at : match.start()]
        style, text = match.lastgroup, match.group()
        if style == "name":
            style = "keyword" if text in KEYWORDS else ""
            style = "defined" if before in ("def", "class") else style
        yield style, text
        at, before = match.end(), text
    if code[at:]:
        yield "", code[at:]


def lines(code: str) -> list[list[tuple[str, str]]]:
    """Return the styled pairs of each line of `code`."""
    rows: list[list[tuple[str, str]]] = [[]]
    for style, text in segments(code):
        for number, part in enumerate(text.split("\n")):
            if number:
                rows.append([])
            if part:
                rows[-1].append((style, part))
    return rows
