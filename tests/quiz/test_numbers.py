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
    "50% / 2": 0.25,
    "50%**2": 0.25,
    "2 + 50% - 1/4": 2.25,
    "7-7": 0,
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
    "pi-e": math.pi - math.e,
    "−3": -3,
    "1.5×2": 3,
    "(2)×3": 6,
    "5×10": 50,
    "5×10³": 5000,
    "5·10³": 5000,
    "5x10^3": 5000,
    "2·0.5": 1,
    "72 parameters": 72,
    "112 px": 112,
    "112px": 112,
    "3 ms": 0.003 * 1000,
    "0.2 nats/character": 0.2,
    "16 GB": 16,
    "1/3 px": 1 / 3,
    "7B": 7e9,
    "7 B parameters": 7e9,
    "1.2M": 1.2e6,
    "3 million": 3e6,
    "40k": 4e4,
    "10x": 10,
    "10× faster": 10,
    "63 percent": 0.63,
    "63 per cent": 0.63,
    "63%": 0.63,
    "100% - 3%": 0.97,
    "~2000": 2000,
    "≈0.63": 0.63,
    "= 0.63": 0.63,
    "about 0.63": 0.63,
    "2¹¹": 2048,
    "2⁻¹": 0.5,
    "10⁻³": 0.001,
    "-2²": -4,
    "√2": math.sqrt(2),
    "1/√2": math.sqrt(0.5),
    "√2/2": math.sqrt(0.5),
    "√√16": 2,
    "log₂(8)": 3,
    "½": 0.5,
    "1½": 1.5,
    "2 ⅓": 7 / 3,
    "-1¾": -1.75,
    "2k²": 4e6,
    "7 billions": 7e9,
    "5 hundred": 500,
    "7Bparams": 7e9,
    "5 mN": 5,
    "9 - 11": -2,
    "11-9": 2,
    "223//2": 111,
    "floor(223/2)+1": 112,
    "⌈223/2⌉": 112,
    "2 048": 2048,
    "2\u202f048,5": 2048.5,
    "12'000": 12000,
    "1.000,5": 1000.5,
    "1,000.5": 1000.5,
    "1,000,000": 1e6,
    "1.000.000,25": 1000000.25,
    "1,5": 1.5,
    "0,0625": 0.0625,
    "–5": -5,
    "6÷4": 1.5,
    "2\u00a0* 3": 6,
    "((((1))))": 1,
    "1" + "+1" * 60: 61,
}

REFUSED = {
    "": "nothing was typed",
    "   ": "nothing was typed",
    "1,000": "write 1.000 or 1000",
    "0,125": "write 0.125 or 125",
    "2 * 1,000": "write 2 * 1.000 or 2 * 1000",
    "1.5.3": "mixes points and commas",
    "12,34,567": "mixes points and commas",
    "1,000.000,5": "mixes points and commas",
    "0·63": "write 0.63 or 0*63",
    "2·10": "write 2.10 or 2*10",
    "9–11": "write 9 or 11 or 9 - 11",
    "9 — 11": "a range",
    "9 to 11": "a range",
    "9..11": "a range",
    "112×112": "write 112*112",
    "3 × 224 × 224": "may be a shape",
    "112x112": "may be a shape",
    "0x10": "did not expect 'x10'",
    "1/3%": "write 1/(3%) or (1/3)%",
    "2**3%": "write 2**(3%) or (2**3)%",
    "2³%": "may belong",
    "1/2 million": "write 1/(2 million) or (1/2)million",
    "5m": "write 5 or 5e6",
    "7b": "write 7 or 7e9",
    "2√2": "write 2*√2",
    "10~20": "write 10 or 20",
    "3*3=9": "cannot read '='",
    "5 about 6": "did not expect",
    "2¹⁻": "cannot read",
    "9-11": "write 9 or 11 or 9 - 11",
    "2-3x": "write 2 or 3x",
    "5%-10%": "write 5% or 10%",
    "log(8,2)": "write log(8.2)",
    "1 1/2": "did not expect '1' in",
    "3.141 592": "did not expect '592'",
    "5 e-3": "write 5*e-3 or 5e-3",
    "0.(3)": "did not expect '('",
    "0.333...": "cannot read '.'",
    "4 096 × 4 096": "may be a shape",
    "1e-400": "too small",
    "1kk": "did not expect 'kk'",
    "5±1": "cannot read '±'",
    "5 nan": "did not expect 'nan'",
    "3 px + 4 px": "did not expect 'px'",
    "١": "cannot read",
    "two": "did not expect 'two'",
    "1 2": "did not expect '2'",
    "2pi": "write 2*pi",
    "1+": "nothing stands where a number was expected",
    "(1": "write (1)",
    "1)": "did not expect ')'",
    "sqrt 2": "write sqrt(2)",
    "sqrt(-1)": "no real value",
    "(-8)**(1/3)": "no real value",
    "log(0)": "no real value",
    "1/0": "a division by zero",
    "0**-1": "no real value",
    "1e999": "too large",
    "1e308*10": "too large",
    "1e999-1e999": "too large",
    "9**9**9": "too large",
    "exp(1000)": "too large",
    "__import__('os')": "cannot read '_'",
    "1;2": "cannot read ';'",
    "1if 1else 2": "did not expect",
    "nan": "did not expect 'nan'",
    "(" * 50 + "1" + ")" * 50: "too many levels",
    "-" * 150 + "1": "too many levels",
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


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: repr(text[:20]))
def test_what_a_refusal_tells_to_write_is_read(text):
    with pytest.raises(NumberError) as caught:
        read(text)
    for reading in (
        str(caught.value).rpartition("; write ")[2].removeprefix("a number such as ").split(" or ")
    ):
        for one in reading.split(", "):
            assert math.isfinite(read(one))


HIGH = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
UNITS = st.sampled_from(["", " parameters", " px", "px", " nats", " bits/s", " ms", " Einheiten"])
FRONTS = st.sampled_from(["", "~", "≈", "=", "= ", "about "])
SCALES = st.sampled_from(
    [("%", 1e-2), (" percent", 1e-2), ("k", 1e3), ("M", 1e6), (" million", 1e6), ("B", 1e9)]
    + [(" billion", 1e9), ("T", 1e12), ("x", 1), ("", 1)]
)


@st.composite
def written(draw):
    """Return a number as somebody may write it, and what is meant."""
    whole, digits = draw(st.integers(0, 10**9)), draw(st.integers(1, 9999))
    kind = draw(st.sampled_from(["plain", "power", "root", "grouped", "decimal", "exponent"]))
    if kind == "plain":
        return str(whole), whole
    if kind == "power":
        base, power = draw(st.integers(2, 12)), draw(st.integers(-9, 9))
        return f"{base}{str(power).translate(HIGH)}", base**power
    if kind == "root":
        return f"√{digits}", math.sqrt(digits)
    if kind == "exponent":
        power = draw(st.integers(-9, 9))
        times = draw(st.sampled_from(["×", " × ", "·", "*", "x"]))
        return f"{digits}{times}10{str(power).translate(HIGH)}", digits * 10.0**power
    point, comma = draw(st.sampled_from([".,", ",.", ". ", ", ", ".'", "._"]))
    grouped = f"{whole:,}".replace(",", comma)
    lone = grouped.count(",") == 1
    if kind == "decimal" or lone or comma == "." and grouped.count(".") == 1:
        return f"{grouped}{point}{digits:04d}", whole + digits / 1e4
    return grouped, whole


@settings(deadline=None, max_examples=300)
@given(FRONTS, st.sampled_from(["", "-", "−", "+"]), written(), SCALES, UNITS)
def test_forms_that_people_write_have_their_meaning(front, sign, number, scale, unit):
    text, value = number
    suffix, factor = scale
    if any(high in text for high in "⁰¹²³⁴⁵⁶⁷⁸⁹") and suffix:
        suffix, factor = "", 1
    value = -value * factor if sign in ("-", "−") else value * factor
    unit = unit if not suffix or suffix in "%x" or unit.startswith(" ") else ""
    unit = f" {unit.strip()}" if unit and suffix.isalpha() else unit
    assert read(f"{front}{sign}{text}{suffix}{unit}") == pytest.approx(value, rel=1e-12)


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
        st.tuples(inner, st.sampled_from([" + ", " - ", "*", "/", "**"]), inner).map("".join)
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
