"""The page of coverage: which parts of the documents have questions and which are open."""

from collections import defaultdict
from pathlib import Path

from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.coverage import Group, load
from dlprep.quiz.front_matter import KINDS
from dlprep.site import html
from dlprep.site.html import escaped, line, link, piece

PRODUCED = ("numeric", "code", "recall")
"""Kinds whose answer is produced; that of the others is chosen."""


def write(bank: Bank, out: Path) -> None:
    """Write the page of a bank that lists what can be covered."""
    (out / "coverage.md").write_text(page(bank, load(bank.folder) or []), "utf-8")


def page(bank: Bank, groups: list[Group]) -> str:
    """Return the page: counts, the weight of the kinds, then every part with its questions."""
    covering = defaultdict(list)
    for question in bank:
        for name in question.covers:
            covering[name].append(question)
    parts = [
        "# Coverage",
        f"What {len(bank)} questions answer of the documents that the bank began with. A part is "
        "covered when a question answers what it teaches as its main point or a good share of it. "
        "Questions name the parts in their front matter, as `covers`.",
        piece(html.table(counts(groups, covering))),
        "## What is asked, by kind",
        "The weight of a question, `asked`, says how often interviews ask it.",
        piece(html.table(weights(bank))),
    ]
    for group in groups:
        parts += [f"## {escaped(group.title)}", piece(html.table(listing(group, covering)))]
    return "\n\n".join(parts) + "\n"


def counts(groups: list[Group], covering: dict[str, list[Question]]) -> list[list[str]]:
    """Return the rows that count covered and open parts."""
    rows = [["", "Parts", "Covered", "Open"]]
    for group in groups:
        covered = sum(name in covering for name in group.parts)
        sizes = (len(group.parts), covered, len(group.parts) - covered)
        rows.append([escaped(group.title), *map(str, sizes)])
    return rows


def weights(bank: Bank) -> list[list[str]]:
    """Return the rows that share out the weight `asked` over the kinds."""
    chosen = tuple(kind for kind in KINDS if kind not in PRODUCED)
    total = sum(question.asked for question in bank)
    rows = [["Kind", "Questions", "Asked", "Share"]]
    for name, kinds in (
        *((kind, (kind,)) for kind in (*PRODUCED, *chosen)),
        (f"produced: {', '.join(PRODUCED)}", PRODUCED),
        (f"chosen: {', '.join(chosen)}", chosen),
    ):
        group = [question for question in bank if question.kind in kinds]
        asked = sum(question.asked for question in group)
        share = asked / total if total else 0
        rows.append([name, str(len(group)), f"{asked:g}", f"{share:.0%}"])
    return rows


def listing(group: Group, covering: dict[str, list[Question]]) -> list[list[str]]:
    """Return the rows of one group, each part with links to its questions."""
    rows = [["Name", "Part", "Questions"]]
    for name, title in group.parts.items():
        links = [link(line(q.title), f"{q.chapter}/{q.id}.html") for q in covering.get(name, ())]
        rows.append(
            [f"<code>{escaped(name)}</code>", escaped(title), "<br/>".join(links) or "open"]
        )
    return rows
