"""A report survives JSON unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab.figures import FIGURES, USUAL

from dlprep.lab.report import Claim, Report, Value

WORDS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=8)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = st.none() | st.integers(-(10**308), 10**308) | FLOATS
SCALARS = NUMBERS | st.booleans() | WORDS


def rows(part, *fields):
    return st.lists(st.builds(part, *fields), max_size=3)


REPORTS = st.builds(
    Report,
    question=WORDS,
    seed=st.integers(0, 10**300),
    aa=st.booleans(),
    claims=rows(Claim, WORDS, st.booleans(), SCALARS, SCALARS),
    values=rows(Value, WORDS, SCALARS, WORDS),
    answer=SCALARS,
    figures=st.lists(st.sampled_from(list(FIGURES.values())), max_size=2),
    seconds=st.floats(min_value=0, allow_infinity=False),
    versions=st.dictionaries(WORDS, WORDS, max_size=2),
    device=WORDS,
    cpu=st.floats(min_value=0, allow_infinity=False),
    draw=st.dictionaries(WORDS, st.integers(1, 99), max_size=2),
)


@given(REPORTS)
def test_json_round_trip(report):
    assert Report.from_json(report.to_json()) == report
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report


@given(REPORTS)
def test_json_holds_exactly_the_fields(report):
    fields = "question seed aa claims values answer figures seconds versions device cpu draw"
    assert list(json.loads(report.to_json())) == fields.split()


def test_a_number_that_is_not_finite_cannot_slip_in():
    with pytest.raises(ValueError, match="JSON"):
        Report("q", 0, False, answer=float("nan")).to_json()


def record(**changes):
    """Return a report as a dictionary, with some of its entries changed."""
    claims = [Claim("it holds", True, 0.5, "< 1")]
    values = [Value("loss", 1.5, "nats")]
    report = Report("q", 0, False, claims, values, "left", list(USUAL.values()))
    return {**report.to_dict(), **changes}


def figure(kind, **changes):
    return [{"kind": kind, "title": "t", "data": {**USUAL[kind].data, **changes}}]


CLAIM = {"text": "a", "holds": True, "measured": 1, "expected": None, "share": False}
VALUE = {"name": "a", "number": 1, "unit": ""}
WRONG = {
    "no dictionary": [],
    "a key too many": record(more=1),
    "no number": record(seed="0"),
    "a truth value": record(seed=True),
    "a negative seed": record(seed=-1),
    "a fraction of a seed": record(seed=0.5),
    "no text": record(question=None),
    "an escape": record(question="a\x1b[2Jb"),
    "a bell in a claim": record(claims=[{**CLAIM, "text": "\x07"}]),
    "a surrogate": record(device="\udc80"),
    "a turn of direction": record(answer="\u202e"),
    "half a claim": record(claims=[{"text": "a", "holds": True}]),
    "a claim that is a list": record(claims=[["a", True]]),
    "a claim of a claim": record(claims=[{**CLAIM, "measured": CLAIM}]),
    "nobody knows": record(claims=[{**CLAIM, "holds": None}]),
    "claims by name": record(claims={"a": CLAIM}),
    "too many claims": record(claims=[CLAIM] * 1001),
    "a long text": record(values=[{**VALUE, "name": "a" * 10**5}]),
    "no answer": record(answer=float("nan")),
    "endless": record(seconds=float("inf")),
    "backwards": record(cpu=-1),
    "a draw of words": record(draw={"width": "wide"}),
    "too large": record(values=[{**VALUE, "number": 10**400}]),
    "a version of none": record(versions={"keras": 3}),
    "an unknown kind": record(figures=[{"kind": "pie", "title": "t", "data": {}}]),
    "no kind": record(figures=[{"kind": [], "title": "t", "data": {}}]),
    "no data": record(figures=[{"kind": "bars", "title": "t", "data": None}]),
    "nothing to draw": record(figures=[None]),
    "a figure with more": record(figures=figure("bars", more=1)),
    "a bar of words": record(figures=figure("bars", heights={"a": "high"})),
    "a bar that is no number": record(figures=figure("bars", heights={"a": float("nan")})),
    "an endless bar": record(figures=figure("bars", heights={"a": float("-inf")})),
    "an escape in a name": record(figures=figure("bars", heights={"\x1b[31m": 1})),
    "a short series": record(figures=figure("lines", x=[1, 2], series={"a": [1]})),
    "a scale of words": record(figures=figure("lines", log_x="yes")),
    "odd rows": record(figures=figure("heatmap", matrix=[[1, 2], [3]])),
    "too few ticks": record(figures=figure("heatmap", x_ticks=["a", "b", "c"])),
    "an odd picture": record(figures=figure("images", images={"a": [[1], [2, 3]]})),
    "a picture of words": record(figures=figure("images", images={"a": [["x"]]})),
    "a bin too many": record(figures=figure("histogram", counts={"a": [1, 2, 3]})),
    "a negative count": record(figures=figure("histogram", counts={"a": [-1, 1]})),
    "edges that fall": record(figures=figure("histogram", edges=[2.0, 1.0, 0.0])),
    "no edge": record(figures=figure("histogram", edges=[], counts={})),
    "too much": record(figures=figure("images", images={"a": [[0] * 10**6] * 2})),
    "a number drawn that is a truth value": record(draw={"width": True}),
}
WIDE = [[1, 2, 3], [4, 5, 6]]
RIGHT = {
    "the longest text": record(question="a" * 10_000),
    "the most claims": record(claims=[CLAIM] * 1000),
    "zeros": record(seed=0, seconds=0, cpu=0),
    "a truth value was measured": record(claims=[{**CLAIM, "measured": True, "expected": False}]),
    "no matrix": record(figures=figure("heatmap", matrix=[], x_ticks=[], y_ticks=[])),
    "no names": record(figures=figure("heatmap", matrix=WIDE, x_ticks=[], y_ticks=[])),
    "names": record(figures=figure("heatmap", matrix=WIDE, x_ticks=["a"] * 3, y_ticks=["b"] * 2)),
    "a gap": record(figures=figure("lines", x=[1, None], series={"a": [None, 2.5]})),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_just_a_report_comes_in(name):
    assert Report.from_dict(RIGHT[name]).to_dict() == RIGHT[name]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_report_does_not_come_in(name):
    with pytest.raises(ValueError, match="has to be|lacks or has too much"):
        Report.from_dict(WRONG[name])
    with pytest.raises(ValueError):
        Report.from_json(json.dumps(WRONG[name]))


def test_a_missing_key_is_named():
    short = record()
    del short["device"]
    with pytest.raises(ValueError, match="the report lacks or has too much: 'device'"):
        Report.from_dict(short)


@pytest.mark.parametrize("text", ["", "{", "[" * 10**5, "null", "3", '{"a": NaN}'])
def test_text_that_is_no_report_does_not_come_in(text):
    with pytest.raises(ValueError):
        Report.from_json(text)


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part),
    max_leaves=8,
)


@given(ANY, st.sampled_from(sorted(record())))
def test_whatever_comes_in_is_a_report_or_a_value_error(value, name):
    try:
        report = Report.from_dict(record(**{name: value}))
    except ValueError:
        return
    assert Report.from_json(report.to_json()) == report
