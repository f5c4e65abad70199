"""Pair the bars of a row: two of them are a fence, a lone one is the sign for "given"."""

from dataclasses import replace

from dlprep.quiz.mathematics.tree import Fenced, LatexError, Script, Symbol, role


def pair_bars(nodes: list, at: int) -> tuple:
    """Return the row with its bars paired.

    Args:
        nodes: The row.
        at: Where in the source it ends.

    Raises:
        LatexError: The bars do not pair.
    """
    for glyph in "|‖":
        count = sum(_bar(node) == glyph for node in nodes)
        if count == 1:
            nodes = [_given(node, glyph) for node in nodes]
        if count % 2 and any(_bar(node) == glyph for node in nodes):
            raise LatexError(at, rf"the bars {glyph} do not pair: write \lvert … \rvert, or \mid")
        nodes = _fences(nodes, glyph, at)
    return tuple(nodes)


def _bar(node: object) -> str:
    sign = node.base if isinstance(node, Script) else node
    return sign.text if role(sign) == "bar" else ""


def _given(node: object, glyph: str) -> object:
    return Symbol(glyph, "relation") if role(node) == "bar" and node.text == glyph else node


def _fences(nodes: list, glyph: str, at: int) -> list:
    found: list = []
    opened = None
    for node in nodes:
        if _bar(node) != glyph:
            found.append(node)
        elif opened is None:
            if isinstance(node, Script):
                raise LatexError(at, "an opening bar with scripts: write them behind the last bar")
            opened = len(found)
        else:
            fence = Fenced(glyph, tuple(found[opened:]), glyph)
            found[opened:] = [replace(node, base=fence) if isinstance(node, Script) else fence]
            opened = None
    return found
