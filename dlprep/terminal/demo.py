"""`dlprep demo`: run demonstrations with progress and print their reports."""

import json
import os
import sys
from pathlib import Path

import click

from dlprep.lab.printable import printable
from dlprep.lab.report import Report
from dlprep.lab.worker import Worker
from dlprep.quiz.bank import BankError, Question
from dlprep.quiz.words import many
from dlprep.terminal.echo import echo


def run(
    questions: list[Question],
    seed: int,
    aa: bool,
    svg: Path | None,
    plain: bool,
    as_json: bool,
) -> int:
    """Run the demonstrations and print what they measured.

    Returns:
        The exit code: 0 when every claim holds (in an A/A run: when at least one claim of each
        demonstration fails, as it must), else 1.
    """
    reports = []
    with Worker() as worker:
        for number, question in enumerate(questions, 1):
            report = measure(worker, question, f"{number}/{len(questions)}", seed=seed, aa=aa)
            reports.append((question, report))
            if report and svg:
                write_figures(report, svg)
            if len(questions) > 1 and not as_json:
                echo(line(question, report))
    if as_json:
        rows = [report and report.to_dict() for _, report in reports]
        echo(json.dumps(rows if len(questions) > 1 else rows[0], indent=2))
    elif len(questions) > 1:
        echo(totals([report for _, report in reports], aa))
    elif reports[0][1]:
        from dlprep.terminal.report import show

        show(reports[0][1], plain)
    return int(not all(report and report.holds != aa for _, report in reports))


def measure(worker: Worker, question: Question, place: str, **settings) -> Report | None:
    """Run one demonstration in the worker; `None` when it failed, which is said."""
    try:
        job = worker.demo(question, **settings)
    except BankError as error:
        echo(f"{question.id}: {error}", err=True)
        return None
    waiting = "" if worker.ready else " (Keras is still loading)"
    status(f"{place} {question.id}{waiting}")
    try:
        for event in job:
            progress(f"{place} {question.id}: {event.label}", event.done, event.total)
    finally:
        status("")
    if job.failure:
        echo(f"{question.id}: {job.failure.reason}\n{job.failure.output}".rstrip(), err=True)
        return None
    return job.result


def progress(label: str, done: int, total: int | None) -> None:
    """Show how far something is."""
    status(f"{label} {done}/{total}" if total else f"{label} {done}")


def status(text: str) -> None:
    """Show one line of progress on a terminal; the empty text wipes it."""
    if sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
        click.echo(f"\r\x1b[2K{printable(text)[:79]}", err=True, nl=False)


def write_figures(report: Report, folder: Path) -> None:
    """Write each figure of a report as `<id>-<number>.svg`."""
    from dlprep.lab.figures.svg import draw
    from dlprep.quiz import whole

    folder.mkdir(parents=True, exist_ok=True)
    for number, figure in enumerate(report.figures, 1):
        # Windows has no colon in a file's name.
        name = f"{report.question.replace(':', '--')}-{number}.svg"
        whole.write(folder / name, draw(figure).encode())


def line(question: Question, report: Report | None) -> str:
    """Return a demonstration's line in the table of many."""
    if report is None:
        return f"{question.id:42} did not finish"
    failed = sum(not claim.holds for claim in report.claims)
    claims = many(len(report.claims), "claim")
    verdict = f"{failed} of {claims} {'fails' if failed == 1 else 'fail'}"
    if not failed:
        verdict = f"{claims} {'holds' if len(report.claims) == 1 else 'hold'}"
    return f"{question.id:42} {report.seconds:6.2f} s  {verdict}"


def totals(reports: list[Report | None], aa: bool) -> str:
    """Return the closing line of many runs."""
    seconds = sorted(report.seconds for report in reports if report)
    good = sum(report is not None and report.holds != aa for report in reports)
    what = "demonstrations lose a claim without the mechanism" if aa else "demonstrations hold"
    if not seconds:
        return f"{good} of {len(reports)} {what}"
    median = seconds[len(seconds) // 2]
    return f"{good} of {len(reports)} {what}; median {median:.2f} s, slowest {seconds[-1]:.2f} s"
