"""Pages of the questions: prompt and options to try, answer, what the experiment measured."""

import os
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from dlprep.lab.figures import svg, text
from dlprep.lab.report import Figure, Report
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.exercise import stub
from dlprep.site.markdown import cell, fence, table


def write(bank: Bank, reports: Mapping[str, Report], out: Path) -> None:
    """Write one page per question, one per chapter and one over all."""
    chapters = {name: list(group) for name, group in groupby(bank, key=lambda q: q.chapter)}
    out.mkdir(parents=True)
    (out / "index.md").write_text(overview(chapters, reports), "utf-8")
    for chapter, group in chapters.items():
        (out / chapter).mkdir()
        (out / chapter / "index.md").write_text(chapter_page(chapter, group), "utf-8")
    ordered = list(bank)
    for before, question, after in zip(
        [None, *ordered], ordered, [*ordered[1:], None], strict=False
    ):
        folder = out / question.chapter
        report = reports[question.id]
        for number, figure in enumerate(report.figures, 1):
            (folder / f"{question.id}-{number}.svg").write_text(svg.draw(figure), "utf-8")
        path = folder / f"{question.id}.md"
        path.write_text(page(question, report, bank, before, after), "utf-8")


def heading(chapter: str) -> str:
    """Return a chapter's name for people: `04_optimizers` -> `4 · Optimizers`."""
    number, name = chapter.split("_", 1)
    return f"{int(number)} · {name.replace('_', ' ').capitalize()}"


def overview(chapters: Mapping[str, list[Question]], reports: Mapping[str, Report]) -> str:
    """Return the page over all questions."""
    claims = sum(len(report.claims) for report in reports.values())
    parts = [
        "# Questions",
        f"{len(reports)} questions in {len(chapters)} chapters. Each answer was run: "
        f"{claims} claims were measured while these pages were written, and every one held. "
        "The same experiments run on your machine with `dlprep demo ID`.",
    ]
    for chapter, group in chapters.items():
        parts += [f"## [{heading(chapter)}]({chapter}/index.md)", listing(group, f"{chapter}/")]
    return "\n\n".join(parts) + "\n"


def chapter_page(chapter: str, group: list[Question]) -> str:
    """Return the page of one chapter."""
    return f"# {heading(chapter)}\n\n{listing(group)}\n"


def listing(group: Iterable[Question], folder: str = "") -> str:
    """Return a table of questions with links."""
    rows = [["Question", "Level", "Kind", "Minutes"]]
    for question in group:
        link = f"[{cell(question.title)}]({folder}{question.id}.md)"
        rows.append([link, question.level, question.kind, f"{question.minutes:g}"])
    return table(rows)


def page(
    question: Question,
    report: Report,
    bank: Bank,
    before: Question | None,
    after: Question | None,
) -> str:
    """Return the page of one question."""
    body = question.body
    facts = [question.level, question.kind, f"about {question.minutes:g} min", *question.tags]
    parts = [f"# {question.title}", "*" + " · ".join(facts) + "*", body.prompt]
    parts += ask(question, report)
    parts += ["## Answer", body.answer, "## Key points"]
    parts.append("\n".join(f"- {point}" for point in body.key_points))
    if body.red_flags:
        parts.append("\n".join(f"- **Red flag:** {flag}" for flag in body.red_flags))
    parts += measured(question, report)
    if body.in_depth:
        parts += ["## In depth", body.in_depth]
    parts += ["## The experiment", fence(question.demo.read_text("utf-8"))]
    parts += [f"Run it: `dlprep demo {question.id}`; without the mechanism: add `--aa`."]
    parts += references(question, bank)
    parts.append(neighbours(question, before, after))
    return "\n\n".join(part for part in parts if part) + "\n"


def ask(question: Question, report: Report) -> list[str]:
    """Return what the reader tries before the answer: options, the number or the exercise."""
    hints = [closed(f"Hint {number}", hint) for number, hint in enumerate(question.hints, 1)]
    if question.kind == "numeric":
        accepted = ", ".join(f"{name} {size:g}" for name, size in question.tolerance.items())
        key = f"**{report.answer:.6g}** (tolerance: {accepted})"
        return [*hints, closed("The number", key)]
    if question.kind == "code":
        solution = fence(question.exercise.read_text("utf-8"))
        return [fence(stub(question.exercise)), *hints, closed("Solution and its tests", solution)]
    options = [
        closed(option.text, f"**{'Right' if option.correct else 'Wrong'}.** {option.reason}")
        for option in question.body.options
    ]
    if not options:
        return hints
    return [
        *hints,
        "Choose, then open your choice to see what speaks for it or against it.",
        *options,
    ]


def closed(summary: str, content: str) -> str:
    """Return a block that opens on a click or Enter."""
    return (
        f'<details class="option" markdown="1">\n<summary markdown="span">{summary}</summary>\n\n'
        f"{content}\n\n</details>"
    )


def measured(question: Question, report: Report) -> list[str]:
    """Return the section with claims, values and figures of one run."""
    claims = [["Claim", "Measured", "Expected", "Holds"]]
    claims += [
        [cell(claim.text), shown(claim.measured), shown(claim.expected), "yes"]
        for claim in report.claims
    ]
    parts = ["## Measured", table(claims)]
    if report.values:
        rows = [["Value", "Number", "Unit"]]
        rows += [[cell(v.name), shown(v.number), cell(v.unit)] for v in report.values]
        parts.append(table(rows))
    for number, figure in enumerate(report.figures, 1):
        parts += [picture(question, figure, number)]
    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    return [*parts, f"*Seed {report.seed}, {report.seconds:.2f} s on {report.device}; {versions}.*"]


def picture(question: Question, figure: Figure, number: int) -> str:
    """Return a figure and, closed, its numbers."""
    rows = [[cell(entry) for entry in row] for row in text.table(figure)]
    alternative = re.sub(r"[\[\]]", "", figure.title)
    return (
        f'<figure class="measured" markdown="1">\n\n'
        f"![{alternative}]({question.id}-{number}.svg)\n\n</figure>\n\n"
        + closed("The numbers of this figure", table(rows))
    )


def shown(value) -> str:
    """Return a measured value as people read it."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return cell(str(value))


def references(question: Question, bank: Bank) -> list[str]:
    """Return sources, components and follow-up questions."""
    parts = ["## Sources", "\n".join(f"- {source}" for source in question.sources)]
    if question.components:
        links = (component_link(name) for name in question.components)
        parts += ["## Components used", "\n".join(f"- {link}" for link in links)]
    if question.follow_ups:
        links = []
        for name in question.follow_ups:
            other = bank[name]
            links.append(f"- [{other.title}](../{other.chapter}/{other.id}.md)")
        parts += ["## An interviewer goes on", "\n".join(links)]
    return parts


def component_link(name: str) -> str:
    """Return a link to a component's place on its family's page."""
    family, *rest = name.split(".")
    if family == "reference" or not rest:
        return f"`dlprep.{name}`"
    return f"[`dlprep.{name}`](../../components/{family}.md#{rest[-1]})"


def neighbours(question: Question, before: Question | None, after: Question | None) -> str:
    """Return the links to the previous and the next question."""
    links = []
    for word, other in (("Previous", before), ("Next", after)):
        if other:
            target = os.path.relpath(f"{other.chapter}/{other.id}.md", question.chapter)
            links.append(f"{word}: [{other.title}]({target})")
    return "---\n\n" + " · ".join(links) if links else ""
