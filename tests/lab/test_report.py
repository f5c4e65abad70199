"""A report survives JSON unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlprep.lab.report import Claim, Figure, Report, Value

WORDS = st.text(max_size=8)
NUMBERS = st.none() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = NUMBERS | st.booleans() | WORDS
ROWS = st.lists(st.lists(NUMBERS, max_size=3), max_size=3)
DATA = st.dictionaries(WORDS, ROWS | SCALARS | st.dictionaries(WORDS, ROWS, max_size=2), max_size=3)


def rows(part, *fields):
    return st.lists(st.builds(part, *fields), max_size=3)


REPORTS = st.builds(
    Report,
    question=WORDS,
    seed=st.integers(min_value=0),
    aa=st.booleans(),
    claims=rows(Claim, WORDS, st.booleans(), SCALARS, SCALARS),
    values=rows(Value, WORDS, SCALARS, WORDS),
    answer=SCALARS,
    figures=rows(Figure, WORDS, WORDS, DATA),
    seconds=st.floats(min_value=0, allow_infinity=False),
    versions=st.dictionaries(WORDS, WORDS, max_size=2),
    device=WORDS,
    cpu=st.floats(min_value=0, allow_infinity=False),
)


@given(REPORTS)
def test_json_round_trip(report):
    assert Report.from_json(report.to_json()) == report
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report


@given(REPORTS)
def test_json_holds_exactly_the_fields(report):
    fields = "question seed aa claims values answer figures seconds versions device cpu"
    assert list(json.loads(report.to_json())) == fields.split()


def test_a_number_that_is_not_finite_cannot_slip_in():
    with pytest.raises(ValueError, match="JSON"):
        Report("q", 0, False, answer=float("nan")).to_json()
