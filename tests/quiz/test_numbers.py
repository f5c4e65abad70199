"""Numbers are read as people type them, and nothing else is."""

import math
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz.numbers import NumberError, read

READ = {
    "1e-3": 0.001,
    "1E5": 1e5,
    " 1/8 ": 0.125,
    "2**10": 1024,
    "2^10": 1024,
    "2**3**2": 512,
    "-2**2": -4,
    "2**-1": 0.5,
    "(-2)**2": 4,
    "0.5%": 0.005,
    "50% * 4": 2,
    "1_000": 1000,
    ".5": 0.5,
    "5.": 5,
    "1/2/2": 0.25,
    "7-2-1": 4,
    "+3": 3,
    "--3": 3,
    "sqrt(2)": math.sqrt(2),
    "√(4)": 2,
    "log(2)": math.log(2),
    "ln(2)": math.log(2),
    "log2(8)": 3,
    "log10(0.01)": -2,
    "exp(-1)": math.exp(-1),
    "2*PI": 2 * math.pi,
    "e**2": math.e**2,
    "−3": -3,
    "2×3": 6,
    "6÷4": 1.5,
    "2\u00a0* 3": 6,
    "((((1))))": 1,
    "1" + "+1" * 60: 61,
}

REFUSED = {
    "": "nothing was typed",
    "   ": "nothing was typed",
    "1,5": "write 1.5 or 15",
    "1,000": "write 1.000 or 1000",
    "two": "did not expect 'two'",
    "1 2": "did not expect '2'",
    "2pi": "did not expect 'pi'",
    "3 ms": "did not expect 'ms'",
    "1+": "ends where a number was expected",
    "(1": "add )",
    "1)": "did not expect ')'",
    "sqrt 2": "write sqrt(2)",
    "sqrt(-1)": "has no real value",
    "(-8)**(1/3)": "has no real value",
    "log(0)": "has no real value",
    "1/0": "divides by zero",
    "0**-1": "has no real value",
    "1e999": "too large",
    "1e308*10": "too large",
    "1e999-1e999": "too large",
    "9**9**9": "too large",
    "exp(1000)": "too large",
    "__import__('os')": "cannot read '_'",
    "1;2": "cannot read ';'",
    "1if 1else 2": "did not expect",
    "nan": "did not expect 'nan'",
    "(" * 50 + "1" + ")" * 50: "nested too deeply",
    "-" * 150 + "1": "nested too deeply",
    "1" * 201: "at most 200",
}


@pytest.mark.parametrize("text", READ, ids=repr)
def test_a_number_is_read(text):
    assert read(text) == pytest.approx(READ[text], rel=1e-15)


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:20]))
def test_a_refusal_says_why(text):
    with pytest.raises(NumberError) as caught:
        read(text)
    assert REFUSED[text] in str(caught.value)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_prints_is_read_back(number):
    assert read(repr(number)) == number


@settings(deadline=None)
@given(st.text(alphabet="0123456789.+-*/^%()_ e,piloqrtnx½²", max_size=60) | st.text(max_size=60))
def test_any_text_is_a_finite_number_or_refused_at_once(text):
    begun = time.perf_counter()
    try:
        assert math.isfinite(read(text))
    except NumberError as error:
        assert str(error)
    assert time.perf_counter() - begun < 1


# Floats only: an integer would let Python compute 9**9**9 to the last digit.
LEAVES = st.integers(0, 99).map("{}.0".format) | st.sampled_from(["0.5", "1e-2", "pi", "e"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: (
        st.tuples(inner, st.sampled_from([" + ", "-", "*", "/", "**"]), inner).map("".join)
        | inner.map("({})".format)
        | inner.map("-{}".format)
        | inner.map("exp({})".format)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(EXPRESSIONS)
def test_precedence_is_pythons(text):
    names = {"pi": math.pi, "e": math.e, "exp": math.exp, "__builtins__": {}}
    try:
        python = eval(text, names)
    except (ArithmeticError, ValueError):
        python = None
    if not isinstance(python, float) or not math.isfinite(python):
        return
    assert read(text) == pytest.approx(python, rel=1e-12, abs=1e-300)
