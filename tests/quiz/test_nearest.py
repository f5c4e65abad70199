"""A name that nothing has is answered with the nearest one."""

import pytest

from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.nearest import nearest, unknown
from dlprep.quiz.new import create

IDS = ["adam-first-steps", "adam-bias-correction", "why-clip", *(f"other-{n}" for n in range(50))]


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("adam-first-step", "adam-first-steps"),
        ("ADAM-FIRST-STEPS", "adam-first-steps"),
        ("04_optimizers/adam-first-steps", "adam-first-steps"),
        ("questions/04_optimizers/adam-first-steps.md", "adam-first-steps"),
        ("adam_first steps", "adam-first-steps"),
        ("bias", "adam-bias-correction"),
        ("clip", "why-clip"),
    ],
)
def test_the_nearest_is_named(name, first):
    assert nearest(name, IDS)[0] == first
    assert f"did you mean {first}" in unknown("question", name, IDS)


def test_where_none_is_near_the_way_to_all_is_named():
    assert (
        unknown("tag", "zzz", IDS) == "no tag 'zzz' in the bank: `dlprep list` shows what there is"
    )
    assert unknown("tag", "zzz", ["a", "b"]) == "no tag 'zzz' in the bank: there are a, b"
    assert unknown("tag", "zzz", []) == "no tag 'zzz' in the bank: there are none"


def test_a_new_question_is_told_the_nearest_chapter(folder):
    folder.add("04_optimizers/good-one")
    with pytest.raises(BankError, match="did you mean 04_optimizers. A new one is named NN_name"):
        create(folder.path, "4_optimiser/why", "choice")


def test_filters_that_fit_no_question_together_are_refused(folder):
    folder.add("04_optimizers/good-one", kind="choice")
    folder.add("05_losses/good-two", kind="recall")
    bank = Bank.load(folder.path)
    with pytest.raises(BankError, match="all of this: chapter 05_losses, kind choice; leave"):
        bank.filter(chapter="5", kind="choice")
