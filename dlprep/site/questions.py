"""Pages of the questions: prompt and options to try, answer, what the experiment measured."""

import json
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

from dlprep.lab.figures import svg, text
from dlprep.lab.report import Figure, Report
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.exercise import stub
from dlprep.site import html
from dlprep.site.html import closed, escaped, line, link, piece, words


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
        name = link(line(question.title), f"{folder}{question.id}.html")
        rows.append([name, question.level, question.kind, f"{question.minutes:g}"])
    return piece(html.table(rows))


def page(
    question: Question,
    report: Report,
    bank: Bank,
    before: Question | None,
    after: Question | None,
) -> str:
    """Return the page of one question."""

    def text(markdown: str) -> str:
        return html.text(markdown, lambda address: reached(address, bank))

    body = question.body
    facts = [question.level, question.kind, f"about {question.minutes:g} min", *question.tags]
    title = f"<h1>{line(question.title)}</h1><p><em>{escaped(' · '.join(facts))}</em></p>"
    parts = [
        f"---\ntitle: {json.dumps(words(question.title))}\n---",
        piece(title + text(body.prompt)),
        piece("".join(ask(question, report, text))),
        *("## Answer", piece(text(body.answer)), "## Key points"),
        piece(html.bullets([line(point) for point in body.key_points]) + flags(body.red_flags)),
        *("## Measured", piece("".join(measured(question, report)), "measured")),
    ]
    if body.in_depth:
        parts += ["## In depth", piece(text(body.in_depth))]
    command = f"dlprep demo {question.id}"
    parts += ["## The experiment", piece(html.code(question.demo.read_text("utf-8")))]
    parts += [f"Run it: `{command}`; without the mechanism: add `--aa`."]
    parts += [*references(question, bank), neighbours(before, after)]
    return "\n\n".join(part for part in parts if part) + "\n"


def reached(address: str, bank: Bank) -> str:
    """Return where a link in a question leads from its page."""
    target, _, place = address.partition("#")
    stem = target.rpartition("/")[2].removesuffix(".md")
    if not target.endswith(".md") or stem not in bank:
        return address
    return beside(bank[stem]) + f"#{place}" * bool(place)


def beside(other: Question) -> str:
    """Return the address of a question's page from another one's."""
    return f"../{other.chapter}/{other.id}.html"


def ask(question: Question, report: Report, text: html.Address) -> list[str]:
    """Return what the reader tries before the answer: options, the number or the exercise."""
    hints = [
        closed(f"Hint {number}", f"<p>{line(question.fill(hint))}</p>")
        for number, hint in enumerate(question.hints, 1)
    ]
    if question.kind == "numeric":
        accepted = ", ".join(f"{name} {size:g}" for name, size in question.tolerance.items())
        key = f"<p><strong>{report.answer:.6g}</strong> (tolerance: {accepted})</p>"
        return [*hints, closed("The number", key)]
    if question.kind == "code":
        solution = html.code(question.exercise.read_text("utf-8"))
        given = html.code(stub(question.exercise))
        return [given, *hints, closed("Solution and its tests", solution)]
    if not question.body.options:
        return hints
    told = "<p>Choose, then open your choice to see what speaks for it or against it.</p>"
    verdicts = ("<p><strong>Wrong.</strong></p>", "<p><strong>Right.</strong></p>")
    options = [
        closed(line(option.text), verdicts[option.correct] + text(option.reason))
        for option in question.body.options
    ]
    return [*hints, told, *options]


def flags(red_flags: tuple[str, ...]) -> str:
    """Return the list of what loses the interview."""
    if not red_flags:
        return ""
    return html.bullets([f"<strong>Red flag:</strong> {line(flag)}" for flag in red_flags])


def measured(question: Question, report: Report) -> list[str]:
    """Return claims, values and figures of one run."""
    claims = [["Claim", "Measured", "Expected", "Holds"]]
    claims += [
        [line(claim.text), shown(claim.measured), shown(claim.expected), "yes"]
        for claim in report.claims
    ]
    parts = [html.table(claims)]
    if report.values:
        rows = [["Value", "Number", "Unit"]]
        rows += [[escaped(v.name), shown(v.number), escaped(v.unit)] for v in report.values]
        parts.append(html.table(rows))
    for number, figure in enumerate(report.figures, 1):
        parts += [picture(question, figure, number)]
    versions = ", ".join(f"{name} {version}" for name, version in report.versions.items())
    run = f"Seed {report.seed}, {report.seconds:.2f} s on {report.device}; {versions}."
    return [*parts, f"<p><em>{escaped(run)}</em></p>"]


def picture(question: Question, figure: Figure, number: int) -> str:
    """Return a figure and, closed, its numbers."""
    rows = [[escaped(entry) for entry in row] for row in text.table(figure)]
    image = f'<img src="{question.id}-{number}.svg" alt="{escaped(figure.title)}"/>'
    numbers = closed("The numbers of this figure", html.table(rows))
    return f'<figure class="measured">{image}</figure>{numbers}'


def shown(value) -> str:
    """Return a measured value as people read it."""
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else escaped(value)


def references(question: Question, bank: Bank) -> list[str]:
    """Return sources, components and follow-up questions."""
    parts = ["## Sources", piece(html.bullets([line(source) for source in question.sources]))]
    if question.components:
        links = [component_link(name) for name in question.components]
        parts += ["## Components used", piece(html.bullets(links))]
    if question.follow_ups:
        others = [bank[name] for name in question.follow_ups]
        links = [link(line(other.title), beside(other)) for other in others]
        parts += ["## An interviewer goes on", piece(html.bullets(links))]
    return parts


def component_link(name: str) -> str:
    """Return a link to a component's place on its family's page."""
    family, *rest = name.split(".")
    shown = f"<code>dlprep.{escaped(name)}</code>"
    if family == "reference" or not rest:
        return shown
    return link(shown, f"../../components/{family}.html#{rest[-1]}")


def neighbours(before: Question | None, after: Question | None) -> str:
    """Return the links to the previous and the next question."""
    links = [
        f"{word}: {link(line(other.title), beside(other))}"
        for word, other in (("Previous", before), ("Next", after))
        if other
    ]
    return piece(f"<hr/><p>{' · '.join(links)}</p>") if links else ""
