"""The site is built from stored reports; what is not stored is run in the worker."""

import pytest

from dlprep.lab.report import Claim, Report
from dlprep.lab.store import Store
from dlprep.quiz.bank import Bank
from dlprep.site.__main__ import measure


class Job:
    """A job that has ended."""

    def __init__(self, question, holds):
        self.result = Report(question, 0, False, [Claim("measured", holds)])
        self.failure = None

    def wait(self):
        return self


class Worker:
    """A worker that counts its jobs and runs none."""

    def __init__(self, holds=True):
        self.jobs, self.holds = 0, holds

    def demo(self, question):
        self.jobs += 1
        return Job(question.id, self.holds)


def test_no_demonstration_runs_twice(tmp_path):
    bank, worker = Bank.load(), Worker()
    reports = measure(bank, worker, Store(tmp_path))
    assert list(reports) == [question.id for question in bank]
    assert measure(bank, worker, Store(tmp_path)) == reports
    assert worker.jobs == len(bank)


def test_a_claim_that_does_not_hold_ends_the_build(tmp_path):
    with pytest.raises(SystemExit, match="a claim does not hold"):
        measure(Bank.load(), Worker(holds=False), Store(tmp_path))
