"""What is wrong with claims, and their margins: reports are made here, no program runs."""

import pytest

from dlprep.lab.report import Claim, Report
from dlprep.quiz.check.claims import faults, margins
from dlprep.quiz.check.margin import LEAST


def reports(*claims, aa=(), seeds=(0,)):
    """Return the same claims for every seed, and an A/A run whose first claim fails."""
    runs = [Report("q", seed, False, list(claims)) for seed in seeds]
    return runs, Report("q", 0, True, [Claim("a", False, 3), *aa])


FORM = [
    (Claim("a", True), 'the claim "a" has no measured and expected: hand it to lab.claim'),
    (Claim("a", True, 3), "has no expected: hand it to lab.claim"),
    (Claim("a", True, None, "< 3"), "has no measured: hand it to lab.claim"),
    (Claim("a", True, 3, "below 4"), "the expected 'below 4' of the claim \"a\" cannot be read"),
    (Claim("a", True, 3, "5 to 4"), 'cannot be read: write "< 0.5", ">= 3", a range "0.4 to 0.6"'),
    (Claim("a", True, "many", "> 4"), "the expected '> 4'"),
    (Claim("a", True, "nan", "< 3"), 'measured nan on seed 0: measure something finite, or expect'),
    (Claim("a", True, "inf", "nan"), "measured inf on seed 0"),
    (Claim("a", True, 5, "< 3"), "says on seed 0 that it holds, but by its numbers it fails"
     " (measured 5, expected < 3): let holds be that very comparison"),
    (Claim("a", False, 2, "< 3"), "says on seed 0 that it fails, but by its numbers it holds"),
    (Claim("a", True, "b", "c"), "by its numbers it fails"),
    (Claim("a", True, 1.7, "> 1.2", True), "has share=True, but measured 1.7 on seed 0: a share"),
    (Claim("a", True, -1.1, "< 0", True), "lies between -1 and 1; leave share=True out"),
    (Claim("a", True, 0.475, "< 0.5"), "has a margin of 1.05 (measured 0.475 on seed 0, expected"
     " < 0.5, in the A/A run 3), at least 1.1 is needed: choose a threshold or an effect with more"
     " room; authors keep 1.3"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "said"), FORM, ids=lambda value: str(value)[:60])
def test_a_fault_is_one_message(claim, said):
    (found,) = faults(*reports(claim, seeds=(0, 1)))
    assert found[0] == "a"
    assert said in found[1]


GOOD = [
    Claim("a", True, 0.3, "< 0.5"),
    Claim("a", True, "nan", "nan"),
    Claim("a", True, "ValueError", "ValueError"),
    Claim("a", True, True, True),
    Claim("a", True, 210, 210),
    Claim("a", True, 1.0000001, "> 0.9", True),
    Claim("a", True, -0.9, "< 0.5", True),
    Claim("a", True, 1.0, f"< {LEAST}"),
]


@pytest.mark.parametrize("claim", GOOD, ids=str)
def test_what_is_right_is_silent(claim):
    assert list(faults(*reports(claim, seeds=(0, 1)))) == []


def test_a_failure_is_told_for_every_seed():
    found = list(faults(*reports(Claim("a", False, 5, "< 3"), seeds=(0, 3))))
    told = "fails on seed {} (measured 5, expected < 3): give it margin, or correct it"
    assert found == [("a", f'the claim "a" {told.format(seed)}') for seed in (0, 3)]


def test_the_worst_seed_gives_the_margin():
    runs = [Report("q", seed, False, [Claim("a", True, number, "< 1")])
            for seed, number in ((0, 0.5), (1, 0.8), (2, 0.1))]  # fmt: skip
    (worst,) = margins(runs, reports()[1])
    assert (worst.room, worst.seed, worst.claim.measured) == (1.25, 1, 0.8)
    assert str(worst) == (
        "    1.25  a (measured 0.8 on seed 1, expected < 1, in the A/A run 3)  under 1.3"
    )


def test_a_share_that_is_not_called_one_is_named():
    ((_, fault),) = faults(*reports(Claim("a", True, 0.98, "> 0.9")))
    assert fault.endswith("a share, an accuracy or a correlation, say share=True")
    assert list(faults(*reports(Claim("a", True, 0.98, "> 0.9", True)))) == []


def test_a_margin_is_not_rounded_up():
    ((_, fault),) = faults(*reports(Claim("a", True, 4.551, "< 5")))
    assert "a margin of 1.09 (measured 4.551 on seed 0" in fault


def test_the_gap_is_that_to_the_same_claim_in_the_aa_run():
    claims = Claim("a", True, 3, 3), Claim("b", True, -3.0, "< -2")
    near, far = (reports(*claims, aa=[Claim("b", False, control)]) for control in (0.0, 3.0))
    assert list(faults(*near)) == []
    ((text, fault),) = faults(*far)
    assert text == "b" and "has a margin of 0.73" in fault


def test_the_first_claim_fails_in_the_aa_run():
    claims = Claim("a", True, 3, "> 2"), Claim("b", True, 5, "> 2")
    runs = [Report("q", 0, False, list(claims))]
    ((text, fault),) = faults(runs, Report("q", 0, True, [claims[0], Claim("b", False, 1, "> 2")]))
    assert text == "a"
    assert fault.startswith('the first claim, "a", holds in the A/A run too (seed 0): the first')
    assert fault.endswith('begin with "b", which fails')
    ((_, fault),) = faults(runs, Report("q", 0, True, list(claims)))
    assert fault.endswith("let it say what the treatment alone brings about")
