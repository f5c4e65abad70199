"""The page of a question shows all that its file and its experiment hold."""

import pytest

from dlprep.lab.report import Claim, Figure, Report, Value
from dlprep.quiz.bank import Bank
from dlprep.site import markdown, questions

REPORT = Report(
    "any",
    0,
    False,
    [Claim("a | b grows", True, 1.23456789, "> 1")],
    [Value("rate", 0.5, "1/s")],
    0.5,
    [Figure("bars", "Two bars", {"heights": {"a": 1.0, "b": 2.0}, "y_label": "", "log_y": False})],
    0.1,
    {"python": "3.11"},
    "CPU",
)
BANK = Bank.load()


@pytest.mark.parametrize("kind", ["recall", "choice", "numeric", "predict", "code"])
def test_a_page_holds_everything(kind):
    question = next(question for question in BANK if question.kind == kind)
    page = questions.page(question, REPORT, BANK, None, None)
    body = question.body
    parts = [question.title, body.prompt, body.answer, *body.key_points, *body.red_flags]
    parts += [text for option in body.options for text in (option.text, option.reason)]
    parts += [*question.hints, *question.sources, question.demo.read_text("utf-8").rstrip()]
    for part in parts:
        assert part in page
    assert "| a \\| b grows | 1.235 | > 1 | yes |" in page
    assert "| rate | 0.5 | 1/s |" in page
    assert f"![Two bars]({question.id}-1.svg)" in page


def test_a_table_cell_cannot_break_out():
    assert markdown.table([["a"], [markdown.cell("x | y\nz")]]).endswith("| x \\| y z |")


def test_the_navigation_names_every_chapter():
    from pathlib import Path

    navigation = (Path(__file__).parents[2] / "mkdocs.yml").read_text("utf-8")
    for chapter in {question.chapter for question in BANK}:
        assert f"generated/questions/{chapter}/index.md" in navigation
