"""LaTeX in Markdown becomes text in Unicode that cannot be read in another way.

Two-dimensional layout becomes brackets: a fraction of sums `(a + b)/(c + d)`, a script without
raised signs `x^(a/b)`. A formula without a faithful line of text stays LaTeX.
"""

import re

_SPANS = re.compile(
    r"""
    (?P<fence> ^[ ]*(?P<marks>`{3,}|~{3,})[^\n]*\n.*?(?:^[ ]*(?P=marks)[`~]*[ ]*$|\Z) )
    | (?P<code> (?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`) )
    | (?P<escape> \\\$ )
    | \$\$ (?P<display> .+? ) \$\$
    | \$ (?P<inline> (?=\S) (?: \\. | [^$\\\n] | \n(?!\s*\n) )+? (?<=\S) ) \$ (?!\d)
    """,
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


def readable(latex: str) -> str | None:
    """Return a formula as text, or `None` when it has no faithful form.

    Args:
        latex: the formula without its dollar signs.

    Example:
        >>> readable(r"\\frac{a+b}{2c} \\le \\sqrt{x_{t-1}}")
        '(a + b)/(2c) ≤ √xₜ₋₁'
    """
    from dlprep.terminal.mathematics.latex import parse
    from dlprep.terminal.mathematics.line import lines
    from dlprep.terminal.mathematics.tree import Unreadable

    try:
        return lines(parse(latex)) or None
    except (Unreadable, RecursionError):
        return None


def text(markdown: str) -> str:
    """Return Markdown with every formula outside code readable; unreadable ones keep their dollars.

    Args:
        markdown: text with formulas between `$` or `$$`.
    """
    return "".join(part for _, part in spans(markdown))


def spans(markdown: str) -> list[tuple[str, str]]:
    """Split Markdown into pairs of a kind and its text.

    The kinds are `text`, `code` (with its backticks), `math` and `display`; formulas are readable
    already.
    """
    parts, at = [], 0
    for match in _SPANS.finditer(markdown):
        parts += [("text", markdown[at : match.start()]), _span(match)]
        at = match.end()
    return [part for part in (*parts, ("text", markdown[at:])) if part[1]]


def _span(match: re.Match) -> tuple[str, str]:
    if match["fence"] or match["code"]:
        return "code", match.group()
    if match["escape"]:
        return "text", "$"
    if match["display"]:
        return "display", readable(match["display"]) or match.group()
    return "math", readable(match["inline"]) or match.group()
