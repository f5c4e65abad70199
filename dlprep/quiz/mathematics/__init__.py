"""The LaTeX of a formula: one grammar for linter, terminal and site.

What it takes, KaTeX draws on the site and a line of Unicode says in a terminal: two-dimensional
layout becomes brackets, a fraction of sums `(a + b)/(c + d)`, a script without raised signs
`x^(a/b)`, so that the text cannot be read in another way.
"""

from dlprep.quiz.mathematics.latex import parse
from dlprep.quiz.mathematics.line import lines
from dlprep.quiz.mathematics.tree import LatexError, Unreadable

__all__ = ["LatexError", "readable", "written"]


def written(latex: str) -> str:
    """Return a formula as text.

    Args:
        latex: The formula without its dollar signs.

    Raises:
        LatexError: A slip, or something that has no faithful form in a line of text.

    Example:
        >>> written(r"\\frac{a+b}{2c} \\le \\sqrt{x_{t-1}}")
        '(a + b)/(2c) ≤ √xₜ₋₁'
    """
    nodes = parse(latex)
    try:
        text = lines(nodes)
    except Unreadable as error:
        slip = f"no form in a line of text for {error}: write it in another way"
        raise LatexError(0, slip) from None
    if not text.strip():
        raise LatexError(0, "an empty formula: write it, or delete the dollars")
    return text


def readable(latex: str) -> str | None:
    """Return a formula as text, or `None` when it has no faithful form."""
    try:
        return written(latex)
    except LatexError:
        return None
