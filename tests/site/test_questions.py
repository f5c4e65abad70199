"""The page of a question shows all that its file and its experiment hold."""

import json
from dataclasses import replace

import pytest

from dlprep.quiz.bank import Bank
from dlprep.site import html, questions

BANK = Bank.load()
TITLE = "What does `relu` do to $x^2$, and **why**?"


@pytest.mark.parametrize("kind", ["recall", "choice", "numeric", "predict", "code"])
def test_a_page_holds_everything(kind, report):
    question = next(question for question in BANK if question.kind == kind)
    page = questions.page(question, report, BANK, None, None)
    body = question.body
    for text in [body.prompt, body.answer, body.in_depth, *(o.reason for o in body.options)]:
        assert html.text(text, lambda address: questions.reached(address, BANK)) in page
    lines = [question.title, *body.key_points, *body.red_flags, *question.hints, *question.sources]
    for text in [*lines, *(option.text for option in body.options)]:
        assert html.line(text) in page
    assert html.code(question.demo.read_text("utf-8")) in page
    assert '<td>a | b grows like <span class="math">x^2</span></td><td>1.235</td>' in page
    assert f'<img src="{question.id}-1.svg" alt="Two bars"/>' in page


def test_the_title_is_written_for_the_page_and_for_the_tab(report):
    question = replace(BANK["adam-first-steps"], title=TITLE)
    page = questions.page(question, report, BANK, None, None)
    assert f"---\ntitle: {json.dumps('What does relu do to x², and why?')}\n---" in page
    title = 'What does <code>relu</code> do to <span class="math">x^2</span>, and '
    assert f"<h1>{title}<strong>why</strong>?</h1>" in page


@pytest.mark.parametrize(
    ("address", "leads"),
    [
        ("adam-first-steps.md", "../04_optimizers/adam-first-steps.html"),
        ("../adam-first-steps.md#answer", "../04_optimizers/adam-first-steps.html#answer"),
        ("https://x.org/a.md", "https://x.org/a.md"),
    ],
)  # fmt: skip
def test_a_link_to_a_question_leads_to_its_page(address, leads):
    assert questions.reached(address, BANK) == leads


def test_the_navigation_names_every_chapter():
    from pathlib import Path

    navigation = (Path(__file__).parents[2] / "mkdocs.yml").read_text("utf-8")
    for chapter in {question.chapter for question in BANK}:
        assert f"generated/questions/{chapter}/index.md" in navigation
