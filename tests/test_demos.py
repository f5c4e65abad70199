"""Every demonstration: its claims hold on seeds 0, 1 and 2, and its A/A run proves the contrast."""

import pytest

from dlprep.lab import lab
from dlprep.lab.report import Report
from dlprep.lab.run import load
from dlprep.quiz.bank import Bank

BANK = Bank.load()
QUESTIONS = pytest.mark.parametrize("question", BANK, ids=lambda q: f"{q.chapter}/{q.id}")


def measure(question, **settings):
    return lab.run(load(question.demo), question.id, **settings)


@QUESTIONS
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_claims_hold_and_the_key_is_what_was_measured(question, seed):
    report = measure(question, seed=seed)
    assert report.claims
    assert [claim for claim in report.claims if not claim.holds] == []
    assert Report.from_json(report.to_json()) == report
    if question.kind == "predict":
        assert [report.answer] == [o.text for o in question.body.options if o.correct]
    if question.kind == "numeric":
        assert isinstance(report.answer, int | float)


@QUESTIONS
def test_a_claim_fails_without_the_mechanism(question):
    assert not measure(question, aa=True).holds
