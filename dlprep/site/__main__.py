"""`python -m dlprep.site`: run every demonstration and write the generated pages."""

import shutil
import sys
from pathlib import Path

import click

from dlprep.lab.report import Report
from dlprep.lab.worker import Worker
from dlprep.quiz.bank import Bank
from dlprep.site import components, questions


def measure(bank: Bank, worker: Worker) -> dict[str, Report]:
    """Run each demonstration once; a failed one or a false claim ends the build."""
    reports = {}
    for number, question in enumerate(bank, 1):
        click.echo(f"{number}/{len(bank)} {question.id}", err=True)
        job = worker.demo(question).wait()
        if job.failure:
            sys.exit(f"{question.demo}: {job.failure.reason}; mend the demonstration first")
        reports[question.id] = job.result
        if not reports[question.id].holds:
            sys.exit(f"{question.demo}: a claim does not hold; run `dlprep demo {question.id}`")
    return reports


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
        sys.exit("\n".join(map(str, bank.problems)))
    with Worker() as worker:
        reports = measure(bank, worker)
    out = docs / "generated"
    shutil.rmtree(out, ignore_errors=True)
    questions.write(bank, reports, out / "questions")
    components.write(bank, out / "components")


if __name__ == "__main__":
    main()
