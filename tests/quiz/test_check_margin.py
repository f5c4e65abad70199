"""What a claim expects is read, compared, and held to a margin."""

import math

import pytest

from dlprep.quiz.check.margin import LEAST, Equal, Interval, fits, margin, read

READ = [
    ("< 0.5", Interval(-math.inf, 0.5, False)),
    ("<= 2", Interval(-math.inf, 2.0, True)),
    ("> 1e-3", Interval(1e-3, math.inf, False)),
    (">= -3", Interval(-3.0, math.inf, True)),
    (">=3.5E+2 ", Interval(350.0, math.inf, True)),
    ("0.4 to 0.6", Interval(0.4, 0.6, True)),
    ("-1e-3 to .5", Interval(-1e-3, 0.5, True)),
    ("2.5", Equal(2.5)),
    (7, Equal(7)),
    (True, Equal(True)),
    ("ValueError", Equal("ValueError")),
    ("nan", Equal("nan")),
    ("0.6 to 0.4", None),
    ("1 to 1", None),
    ("< 1e999", None),
    ("0 to 1e999", None),
]

WORDS = ["above 1e-3", "> 10 times", "< 0.1 %", "8 to 12 times", "1 within 0.01", "< 1,000", "> x"]


@pytest.mark.parametrize(("text", "wanted"), READ)
def test_what_is_expected_is_read(text, wanted):
    assert read(text) == wanted


@pytest.mark.parametrize("text", WORDS)
def test_other_words_are_only_words(text):
    assert read(text) == Equal(text)


FITS = [
    (0.4, "0.4 to 0.6", True),
    (0.61, "0.4 to 0.6", False),
    (0.5, "< 0.5", False),
    (0.5, "<= 0.5", True),
    (3, ">= 3", True),
    (3, "> 3", False),
    (-2, "< -1", True),
    (1000, 1001, False),
    (3.00001, 3, True),
    (3.0001, 3, False),
    (1e-17, 0, False),
    (0.0, 0, True),
    ("ValueError", "ValueError", True),
    ("ValueError", "TypeError", False),
    ("nan", "nan", True),
    ("inf", "> 3", False),
    (True, True, True),
    (True, "> 0", False),
]


@pytest.mark.parametrize(("measured", "expected", "fitting"), FITS)
def test_measured_and_expected_are_compared(measured, expected, fitting):
    assert fits(measured, read(expected)) is fitting


FACTORS = [
    # measured, expected, margin
    (0.25, "< 0.5", 2),
    (1.5, "> 1", 1.5),
    (30, ">= 10", 3),
    (10, ">= 10", 1),
    (0, "< 0.5", math.inf),
    (5, 5, math.inf),
    (2, "1 to 8", 2),
    (6, "1 to 8", 8 / 6),
]


@pytest.mark.parametrize(("measured", "expected", "room"), FACTORS)
def test_a_positive_quantity_has_the_factor_to_its_threshold(measured, expected, room):
    # A control far away leaves a range its factors.
    assert margin(measured, read(expected), control=1e6) == pytest.approx(room)


SHARES = [
    (0.95, "> 0.9", 2),
    (0.8, "< 0.9", 2),
    (0.52, "< 0.62", 0.48 / 0.38),
    (0.1, "< 0.35", 3.5),
    (0.6, "> 0.4", 1.5),
    (0.99, "> 0.5", 50),
    (1.0, "> 0.9", math.inf),
    (1.0 + 1e-7, "> 0.9", math.inf),
    (1.0, ">= 1", 1),
    (0.5, "0.25 to 0.75", 2),
]


@pytest.mark.parametrize(("measured", "expected", "room"), SHARES)
def test_a_share_has_the_factor_of_what_is_missing_to_1(measured, expected, room):
    assert margin(measured, read(expected), control=1e6, share=True) == pytest.approx(room)


GAPS = [
    # measured, expected, control: the distance is a quarter of the gap
    (-2, "< -1", 2),
    (-5, "< -1", 11),
    (0.5, "> 0", -1.5),
    (-0.5, "< 0.5", 3.5),
    (0.5, "0 to 4", -1.5),
]


@pytest.mark.parametrize(("measured", "expected", "control"), GAPS)
def test_elsewhere_a_quarter_of_the_gap_to_the_control_is_the_least(measured, expected, control):
    assert margin(measured, read(expected), control) == pytest.approx(LEAST)
    assert margin(measured, read(expected), control * 1.1) < LEAST


def test_a_control_within_the_range_leaves_half_of_its_width():
    inside = margin(0.0, read("-1 to 1"), control=0.1)
    assert inside == margin(0.0, read("-1 to 1"), control=None) == pytest.approx(4 * LEAST)
    assert margin(-0.75, read("-1 to 1"), control=-0.75) == pytest.approx(LEAST)


def test_a_control_beyond_the_threshold_leaves_the_spread_over_the_seeds():
    assert margin(0.5, read("> 0"), control=0.5, spread=2.0) == pytest.approx(LEAST)
    assert margin(0.5, read("> 0"), control=0.5) == math.inf
    assert margin(0, read(">= 0"), control=0) == 0
