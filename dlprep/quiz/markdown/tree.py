"""What a Markdown text consists of."""

from dataclasses import dataclass
from typing import NamedTuple


class Run(NamedTuple):
    """Neighbouring letters of one look.

    Attributes:
        kind: `text`, `code`, or `math` (LaTeX without its dollars).
        text: The letters.
        bold: Whether they stand between two stars.
        italic: Whether they stand between single ones.
        link: The address they lead to, or "".
    """

    kind: str
    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Block:
    """A piece of a page.

    Attributes:
        kind: `paragraph`, `heading`, `list`, `item`, `quote`, `code`, `display` or `table`.
        runs: The letters of a paragraph or heading.
        text: Code, or the LaTeX of a formula on lines of its own.
        info: The language of code, the level of a heading, the marker of an item (`-`, `2.`),
            `tight` for a list without empty lines.
        children: What a list, an item or a quote holds.
        rows: The cells of a table, its header first.
    """

    kind: str
    runs: Runs = ()
    text: str = ""
    info: str = ""
    children: tuple["Block", ...] = ()
    rows: tuple[tuple[Runs, ...], ...] = ()


def words(blocks: tuple[Block, ...]) -> list[str]:
    """Return the words of blocks; a formula is one."""
    found = []
    for block in blocks:
        rows = (block.runs, *(cell for row in block.rows for cell in row))
        texts = ["".join("x" if run.kind == "math" else run.text for run in runs) for runs in rows]
        texts.append("x" if block.kind == "display" else block.text)
        found += [word for text in texts for word in text.split()]
        found += words(block.children)
    return found
