"""Every demonstration: its claims hold on seeds 0, 1 and 2, and its A/A run proves the contrast."""

import pytest
from dlprep.lab.run import load
from dlprep.quiz.bank import Bank

from dlprep.lab import lab
from dlprep.lab.report import Report

BANK = Bank.load()
QUESTIONS = pytest.mark.parametrize("question", BANK, ids=lambda q: f"{q.chapter}/{q.id}")


def measure(question, **settings):
    return lab.run(load(question.demo), question.id, **settings)


@QUESTIONS
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_claims_hold(question, seed):
    report = measure(question, seed=seed)
    assert report.claims
    assert [claim for claim in report.claims if not claim.holds] == []
    assert Report.from_json(report.to_json()) == report


@QUESTIONS
def test_a_claim_fails_without_the_mechanism(question):
    assert not measure(question, aa=True).holds


@pytest.mark.parametrize(
    "question", [q for q in BANK if q.kind == "predict"], ids=lambda q: f"{q.chapter}/{q.id}"
)
def test_the_key_is_what_the_experiment_finds(question):
    key = [option.text for option in question.body.options if option.correct]
    assert [measure(question).answer] == key


@pytest.mark.parametrize(
    "question", [q for q in BANK if q.kind == "numeric"], ids=lambda q: f"{q.chapter}/{q.id}"
)
def test_a_number_is_handed_over(question):
    assert isinstance(measure(question).answer, int | float)
