"""The parts of a formula."""

from dataclasses import dataclass


class LatexError(ValueError):
    """A slip in a formula; `position` is counted in characters from its start."""

    def __init__(self, position: int, text: str):
        super().__init__(text)
        self.position = position


class Unreadable(ValueError):
    """The formula uses something that has no faithful form in a line of text."""


@dataclass(frozen=True)
class Symbol:
    """One sign; `role` says how it stands beside its neighbours.

    The roles are those of the tables in `symbols`, and `number`, `word`, `space`. `spaced` tells
    whether the source has a blank before the sign.
    """

    text: str
    role: str
    spaced: bool = False


@dataclass(frozen=True)
class Fraction:
    """One row over another."""

    over: tuple
    under: tuple


@dataclass(frozen=True)
class Root:
    """A root; the `index` of a square root is an empty row."""

    index: tuple
    radicand: tuple


@dataclass(frozen=True)
class Script:
    """A base with primes, a lower and an upper row; a row that is not there is `None`."""

    base: object
    primes: str = ""
    lower: tuple | None = None
    upper: tuple | None = None


@dataclass(frozen=True)
class Fenced:
    """A row between delimiters."""

    opener: str
    body: tuple
    closer: str


@dataclass(frozen=True)
class Table:
    """Rows of cells; `kind` is `lines`, `cases` or `matrix`."""

    kind: str
    rows: tuple


def role(node: object) -> str:
    """Return the role of a sign, "" for any other node."""
    return node.role if isinstance(node, Symbol) else ""
