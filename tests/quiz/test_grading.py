"""Each kind is graded by one pure function, and the rating follows from the grade."""

import json
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlprep.quiz import grading
from dlprep.quiz.body import Option
from dlprep.quiz.numbers import NumberError

ONE = [Option("a", "", False, 1), Option("b", "", True, 2), Option("c", "", False, 3)]
TWO = [Option("a", "", True, 1), Option("b", "", False, 2), Option("c", "", True, 3)]
POINTS = ["one", "two", "three", "four"]
FLAGS = ["nonsense"]
TOLERANCE = {"relative": 0.01}


@pytest.mark.parametrize(
    ("result", "helped", "seconds", "expected"),
    [
        ("right", False, 10, "good"),
        ("right", False, 120, "good"),
        ("right", False, 120.1, "hard"),
        ("right", True, 10, "hard"),
        ("partly", False, 10, "hard"),
        ("wrong", False, 10, "again"),
        ("gave up", True, 1000, "again"),
        ("unmarked", False, 10, None),
    ],
)
def test_the_rating_follows_from_result_help_and_time(result, helped, seconds, expected):
    assert grading.rating(result, helped, seconds, minutes=1)[0] == expected


@pytest.mark.parametrize(
    ("helped", "seconds", "failed", "reason"),
    [
        (False, 120, 1, None),
        (True, 1, 0, "because of a hint"),
        (False, 121, 0, "over twice the time"),
        (False, 1, 3, "after 3 failed tries"),
        (True, 121, 2, "because of a hint and over twice the time and after 2 failed tries"),
    ],
)
def test_a_rating_has_its_reason(helped, seconds, failed, reason):
    rated = grading.rating("right", helped, seconds, 1, failed)
    assert rated == ("hard" if reason else "good", reason)


def test_what_the_result_alone_decides_needs_no_reason():
    for result, rating in (("partly", "hard"), ("wrong", "again"), ("gave up", "again")):
        assert grading.rating(result, True, 999, 1, 5) == (rating, None)


@pytest.mark.parametrize(("count", "words"), [(1, "1 property holds."), (2, "2 properties hold.")])
def test_properties_are_counted_in_words(count, words):
    result = {"passed": True, "properties": ["p"] * count, "failed": None, "error": None}
    assert grading.code(result).remarks == (words,)


@pytest.mark.parametrize(
    ("ticked", "result"),
    [
        ([0, 1, 2, 3], "right"),
        ([0, 1, 3], "right"),
        ([3, 0], "partly"),
        ([2], "wrong"),
        ([], "wrong"),
    ],
)
def test_the_share_of_key_points_decides(ticked, result):
    assert grading.recall(POINTS, FLAGS, ticked).result == result


def test_missed_points_are_named():
    assert grading.recall(POINTS, FLAGS, [1, 2]).detail["missed"] == ["one", "four"]


def test_a_red_flag_is_wrong_whatever_is_ticked():
    grade = grading.recall(POINTS, FLAGS, [0, 1, 2, 3], [0])
    assert grade.result == "wrong"
    assert "nonsense" in grade.remarks[0]


def test_a_free_text_alone_is_left_to_the_user():
    assert grading.recall(POINTS, FLAGS, None).result == "unmarked"
    assert grading.recall(POINTS, FLAGS, None, [0]).result == "wrong"


@pytest.mark.parametrize(
    ("options", "chosen", "result", "misconceptions"),
    [
        (ONE, [1], "right", []),
        (ONE, [0], "wrong", ["a"]),
        (ONE, [0, 1], "wrong", ["a"]),
        (TWO, [2, 0], "right", []),
        (TWO, [0], "wrong", []),
        (TWO, [0, 1, 2], "wrong", ["b"]),
    ],
)
def test_a_choice_has_to_match_exactly(options, chosen, result, misconceptions):
    grade = grading.choice(options, chosen)
    assert (grade.result, grade.detail["misconceptions"]) == (result, misconceptions)
    assert bool(grade.remarks) == (result == "wrong")


def test_an_index_outside_the_list_is_refused():
    for call in (
        lambda: grading.choice(ONE, [3]),
        lambda: grading.choice(ONE, [-1]),
        lambda: grading.predict(ONE, 3, "b"),
        lambda: grading.recall(POINTS, FLAGS, [4]),
        lambda: grading.recall(POINTS, FLAGS, [], [1]),
    ):
        with pytest.raises(IndexError, match="expected 0 to"):
            call()


def test_choosing_nothing_is_no_answer():
    with pytest.raises(ValueError, match="choose at least one"):
        grading.choice(ONE, [])


def test_the_experiment_decides_a_prediction():
    assert grading.predict(ONE, 1, "b").result == "right"
    assert grading.predict(ONE, 0, "b").detail["misconceptions"] == ["a"]
    contradicted = grading.predict(ONE, 0, " a ")
    assert contradicted.result == "right"
    assert "contradicts" in contradicted.remarks[0]


@pytest.mark.parametrize("outcome", [None, "d", 3])
def test_without_an_outcome_the_file_decides_and_says_so(outcome):
    right, wrong = grading.predict(ONE, 1, outcome), grading.predict(ONE, 2, outcome)
    assert (right.result, wrong.result) == ("right", "wrong")
    assert "file decides" in right.remarks[0]


@pytest.mark.parametrize(
    ("text", "key", "tolerance", "result"),
    [
        ("0.25", 0.25, TOLERANCE, "right"),
        ("1/4", 0.2524, TOLERANCE, "right"),
        ("1/4", 0.2526, TOLERANCE, "wrong"),
        ("-1/4", -0.2524, TOLERANCE, "right"),
        ("0.2", 0.25, {"absolute": 0.051}, "right"),
        ("0.2", 0.25, {"absolute": 0.049}, "wrong"),
        ("0.2", 0.25, {"absolute": 0.01, "relative": 0.3}, "right"),
        ("0", 0, TOLERANCE, "right"),
        ("1", 0, TOLERANCE, "wrong"),
        ("2**20", 1_048_576, {"relative": 1e-12}, "right"),
    ],
)
def test_a_number_within_tolerance_is_right(text, key, tolerance, result):
    assert grading.numeric(text, key, tolerance).result == result


@pytest.mark.parametrize("key", [None, "inf", math.inf, True])
def test_without_a_key_only_the_user_can_tell(key):
    assert grading.numeric("1", key, TOLERANCE).result == "unmarked"


def test_text_that_is_no_number_is_no_answer():
    with pytest.raises(NumberError):
        grading.numeric("many", 1.0, TOLERANCE)


SLIPS = {
    7e3: "10^3",
    7e-1: "10^-1",
    700: "percentage where a fraction",
    0.07: "fraction where a percentage",
    14: "factor of 2 too much",
    3.5: "factor of 2 is missing",
    7 / math.log(2): "log2 where ln",
    7 * math.log(2): "ln where log2",
    7 / math.log(10): "log10 where ln",
    7 * math.log(10): "ln where log10",
    7 * math.log2(10): "log2 where log10",
    7 * math.log10(2): "log10 where log2",
    1 / 7: "reciprocal",
    -7: "The sign is wrong",
}


@pytest.mark.parametrize("value", SLIPS)
def test_a_slip_is_named(value):
    (slip,) = grading.slips(value, 7, TOLERANCE)
    assert SLIPS[value] in slip


def test_a_wrong_sign_is_named_beside_another_slip():
    assert len(grading.slips(-14, 7, TOLERANCE)) == 2


@pytest.mark.parametrize(
    ("value", "key"),
    [(7.5, 7), (0, 7), (7, 0), (-8, 7), (1e308, 3e-308), (1.0, 5e-324), (1.0, 1.7e308)],
)
def test_any_other_number_is_no_known_slip(value, key):
    assert grading.slips(value, key, TOLERANCE) == []


def test_a_wide_tolerance_does_not_make_everything_a_slip():
    assert grading.slips(8.4, 7, {"absolute": 1.0}) == []
    assert grading.slips(12, 7, {"relative": 0.5}) == []


NUMBERS = st.floats(1e-9, 1e9) | st.floats(-1e9, -1e-9)


@settings(deadline=None)
@given(NUMBERS, st.floats(1e-6, 0.05), st.floats(-0.99, 0.99))
def test_tolerance_is_relative_to_the_key(key, relative, share):
    value = key * (1 + relative * share)
    assert grading.numeric(repr(value), key, {"relative": relative}).result == "right"
    value = key * (1 + relative * (2 + share))
    assert grading.numeric(repr(value), key, {"relative": relative}).result == "wrong"


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_every_grade_survives_json(value, key):
    assume(value != key)
    grade = grading.numeric(repr(value), key, TOLERANCE)
    assert json.loads(json.dumps(grade.detail)) == grade.detail


def test_an_exercise_is_right_when_all_properties_hold():
    result = {"passed": True, "properties": ["rows sum to one"], "failed": None, "error": None}
    assert grading.code(result).result == "right"


@pytest.mark.parametrize(
    ("failed", "error", "remark"),
    [
        ({"text": "rows sum to one"}, None, "rows sum to one"),
        (None, "took too long", "took too long"),
    ],
)
def test_a_failed_try_says_what_failed(failed, error, remark):
    result = {"passed": False, "properties": ["a"], "failed": failed, "error": error}
    grade = grading.code(result)
    assert grade.result == "wrong"
    assert remark in grade.remarks[0]
