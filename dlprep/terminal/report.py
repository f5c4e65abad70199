"""Show the report of a demonstration: claims, values, figures, and where it was measured."""

from dlprep.lab.report import Claim, Report
from dlprep.lab.text import number, render
from dlprep.terminal.layout import cells
from dlprep.terminal.view import View, open_view

HEIGHT = 16


def show(report: Report, plain: bool) -> None:
    """Print a report as it suits the terminal.

    Args:
        report: what a demonstration measured.
        plain: words only, also on a terminal.
    """
    print_report(open_view(plain, asks=False), report)


def print_report(view: View, report: Report) -> None:
    """Print a report in a view."""
    view.heading("What the experiment measured")
    if not view.styled:
        print(render(report, width=view.width))
        return
    for claim in report.claims:
        _claim(view, claim)
    _values(view, report)
    _figures(view, report)
    view.blank()
    view.say(" · ".join(_circumstances(report)), "dim")


def _claim(view: View, claim: Claim) -> None:
    verdict, style = ("holds", "good") if claim.holds else ("FAILS", "bad")
    view.item(f"  {verdict}  ", claim.text, style)
    facts = {"measured": claim.measured, "expected": claim.expected}
    words = [f"{name} {number(value, 6)}" for name, value in facts.items() if value is not None]
    if words:
        view.say(", ".join(words), "dim", indent=9)


def _values(view: View, report: Report) -> None:
    if report.values or report.answer is not None:
        view.blank()
    room = min(view.width // 2, max((cells(value.name) for value in report.values), default=0))
    for value in report.values:
        words = f"{number(value.number, 6)} {value.unit}".rstrip()
        view.line([("", f"  {value.name:<{room}}  "), ("bold", words)])
    if report.answer is not None:
        view.item("  The answer is: ", number(report.answer, 6))


def _figures(view: View, report: Report) -> None:
    from dlprep.lab.plot import draw

    for figure in report.figures:
        view.blank()
        print(draw(figure, view.width, HEIGHT, color=True))


def _circumstances(report: Report) -> list[str]:
    backends = ("tensorflow", "jax", "torch")
    names = [name for name in ("keras", *backends) if name in report.versions]
    arms = ["A/A run: every treatment got the control's arguments"] if report.aa else []
    return [*arms, f"seed {report.seed}", f"{report.seconds:.1f} s", report.device,
            *(f"{name} {report.versions[name]}" for name in names)]  # fmt: skip
