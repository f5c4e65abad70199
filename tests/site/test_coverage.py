"""The page of coverage says what has a question, which one, and what is open."""

from dataclasses import replace

import pytest

from dlprep.quiz.bank import Bank, questions_dir
from dlprep.quiz.coverage import Group, load
from dlprep.site import coverage, html

BANK = Bank.load()
GROUP = Group("notes", "Notes & more", {"notes/1.1": "First", "notes/1.2": "Second <b>"})


@pytest.fixture
def pair():
    first = replace(BANK["adam-first-steps"], covers=("notes/1.1",), asked=1.5)
    second = replace(BANK["stable-softmax"], covers=("notes/1.1",), asked=0.5)
    return [first, second]


def test_a_part_is_linked_to_its_questions_or_open(pair):
    page = coverage.page(pair, [GROUP])
    links = "<br/>".join(
        f'<a href="{q.chapter}/{q.id}.html">{html.line(q.title)}</a>' for q in pair
    )
    assert f"<td><code>notes/1.1</code></td><td>First</td><td>{links}</td>" in page
    assert "<td><code>notes/1.2</code></td><td>Second &lt;b&gt;</td><td>open</td>" in page
    assert "<td>Notes &amp; more</td><td>2</td><td>1</td><td>1</td>" in page


def test_the_weight_is_shared_out_over_the_kinds(pair):
    rows = coverage.weights(pair)
    assert ["predict", "1", "1.5", "75%"] in rows
    assert ["produced: numeric, code, recall", "1", "0.5", "25%"] in rows
    assert ["chosen: choice, predict", "1", "1.5", "75%"] in rows


def test_a_bank_without_weights_has_a_page():
    assert ["code", "0", "0", "0%"] in coverage.weights([])


def test_the_page_of_the_bank_names_every_part():
    groups = load(questions_dir())
    page = coverage.page(BANK, groups)
    for group in groups:
        for name in group.parts:
            assert f"<code>{name}</code>" in page
