"""Bars with their numbers beside them, readable at any width."""

from typing import NamedTuple

from dlprep.terminal.layout import cells, wrap
from dlprep.terminal.view import View

BAR, GAP = 10, 7
"""Columns of a bar and of its number; they leave room for the facts at 40 columns."""


class Row(NamedTuple):
    """A bar, the number it shows, what it is of, and what else there is to say."""

    share: float
    number: str
    name: str
    facts: str


def share(found: float | None, name: str, facts: str) -> Row:
    """Return the row of a share, or of what is not known."""
    return Row(found or 0.0, "   -" if found is None else f"{found:>4.0%}", name, facts)


def chart(view: View, rows: list[Row]) -> None:
    """Write a line for each bar, or two where one of them would be too long for it."""
    room = view.width - BAR - GAP
    whole = [f"{row.name}: {row.facts}" if row.facts else row.name for row in rows]
    roomy = all(cells(text) <= room for text in whole)
    for row, text in zip(rows, whole, strict=True):
        full = round(row.share * BAR)
        margin = f"{'#' * full}{'.' * (BAR - full)} {row.number}  "
        if not roomy:
            view.say(row.name)
        shown = view.spell(text if roomy else row.facts)
        for line in wrap((("", shown),), view.width, margin, " " * len(margin)):
            view.line(line)
