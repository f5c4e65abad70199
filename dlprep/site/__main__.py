"""`python -m dlprep.site`: run what was not measured yet and write the generated pages."""

import shutil
import sys
from functools import partial
from pathlib import Path

import click

from dlprep.lab.printable import printable
from dlprep.lab.report import Report
from dlprep.lab.store import Store
from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank, Question
from dlprep.site import components, coverage, questions


def measure(bank: Bank, worker: Worker, store: Store) -> dict[str, Report]:
    """Return a report of each demonstration; a failed one or a false claim ends the build."""
    reports = {}
    for number, question in enumerate(bank, 1):
        click.echo(printable(f"{number}/{len(bank)} {question.id}"), err=True)
        run_it = partial(run, question, worker)
        report = store.get(question.id, question.demo, run_it, draw=question.drawn)
        if not report.holds:
            sys.exit(printable(f"{question.demo}: a claim does not hold"))
        reports[question.id] = report
    return reports


def run(question: Question, worker: Worker) -> Report:
    """Run a demonstration; if it fails the build ends."""
    job = worker.demo(question).wait()
    if job.failure:
        sys.exit(printable(f"{question.demo}: {job.failure.reason}; mend it first"))
    return job.result


@click.command()
@click.option(
    "--docs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default="docs",
    show_default=True,
    help="Folder of the hand-written pages; the pages go to its folder `generated`.",
)
def main(docs: Path) -> None:
    """Write the generated pages of the site, then build it with `mkdocs build --strict`."""
    bank = Bank.load()
    if bank.problems:
        sys.exit(printable("\n".join(map(str, bank.problems))))
    with Worker() as worker:
        reports = measure(bank, worker, Store())
    out = docs / "generated"
    shutil.rmtree(out, ignore_errors=True)
    questions.write(bank, reports, out / "questions")
    coverage.write(bank, out / "questions")
    components.write(bank, out / "components")


if __name__ == "__main__":
    main()
