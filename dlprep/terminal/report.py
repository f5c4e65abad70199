"""Show the report of a demonstration: claims, values, figures, and where it was measured."""

from collections.abc import Sequence

from dlprep.lab.figures.text import number, picture_in_words
from dlprep.lab.report import Claim, Report
from dlprep.terminal.spelled import fits
from dlprep.terminal.streams import open_view
from dlprep.terminal.view import View

HEIGHT = 16
BLOCKS = "█┤⣿"
"""What figures are drawn with; where it cannot be shown, words say the same."""


def show(report: Report, plain: bool) -> None:
    """Print a report as it suits the terminal.

    Args:
        report: What a demonstration measured.
        plain: Words only, also on a terminal.
    """
    print_report(open_view(plain, asks=False), report)


def print_report(view: View, report: Report, numbered: Sequence[Claim] = ()) -> None:
    """Print a report in a view; the views differ in how they draw a figure, in nothing else.

    Args:
        view: Where it is printed.
        report: What was measured; claims that fail come last, next to what follows.
        numbered: The claims in another order, to be chosen by number.
    """
    view.heading("What the experiment measured")
    for place, claim in enumerate(numbered, 1):
        _claim(view, claim, f"{place}. ")
    if not numbered:
        for claim in sorted(report.claims, key=lambda claim: not claim.holds):
            _claim(view, claim)
    _values(view, report)
    _figures(view, report)
    view.blank()
    view.say(" · ".join(_circumstances(report)), "dim")


def _claim(view: View, claim: Claim, place: str = "") -> None:
    verdict, style = ("holds", "good") if claim.holds else ("FAILS", "bad")
    view.item(f"  {place}{verdict}  ", claim.text, style)
    facts = {"measured": claim.measured, "expected": claim.expected}
    words = [f"{name} {number(value, 6)}" for name, value in facts.items() if value is not None]
    if words:
        view.say(", ".join(words), "dim", indent=9 + len(place))


def _values(view: View, report: Report) -> None:
    if report.values or report.answer is not None:
        view.blank()
    for value in report.values:
        view.say(f"{value.name}: {number(value.number, 6)} {value.unit}".rstrip(), indent=2)
    if report.answer is not None:
        view.item("  The answer is: ", number(report.answer, 6))


def _figures(view: View, report: Report) -> None:
    for figure in report.figures:
        view.blank()
        if view.styled and fits(BLOCKS, view.encoding):
            from dlprep.lab.figures.plot import draw

            for row in draw(figure, view.width, HEIGHT, color=True).split("\n"):
                view.write(row)
        else:
            view.verbatim(picture_in_words(figure, view.width))


def _circumstances(report: Report) -> list[str]:
    arms = ["A/A run: every treatment got the control's arguments"] if report.aa else []
    versions = (f"{name} {version}" for name, version in report.versions.items())
    drawn = (f"{name} {number(value, 6)}" for name, value in report.draw.items())
    return [
        report.question,
        *arms,
        f"seed {report.seed}",
        *drawn,
        f"{report.seconds:.1f} s",
        report.device,
        *versions,
    ]
