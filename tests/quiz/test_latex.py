"""Formulas are recognised, and a slip is named where it is."""

import time

import pytest

from dlprep.quiz.mathematics import LatexError, written

GOOD = r"""
\frac{1}{2}
\frac12
\sqrt x + \sqrt[3]{x} + \sqrt[n]{x}
x_i^2 + x^{2}_{i} + x'^2 + f''(x) + x^\top + x_\text{a}
\left(\frac{a}{b}\right)^2
\left\{ x \mid y \right\}
\left\lVert x \right\rVert_2 = \|x\|
\begin{pmatrix} a & b \\ c & d \end{pmatrix}
\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}
\begin{aligned} a &= b \\[2pt] &= c \end{aligned}
\operatorname*{arg\,max}_{\theta} \; \mathbb{E}_{x \sim p}[\log p_\theta(x)]
\sum_{i=1}^n \prod\limits_j x_{ij}
\hat{m}_t = \frac{m_t}{1 - \beta_1^t}
\big| x \big| \Bigl( y \Bigr)
50\% \quad a\_b \# \& \{ \}
\overline{x^2} + \overrightarrow{h}_t + \hat\imath
x^\frac{1}{2}
a \notin B, \mathbf x, x *_{\mathrm{depth}} D
""".strip().split("\n")

BAD = [
    (r"\fracc{1}{2}", 0, r"unknown command \fracc: did you mean \frac?"),
    (r"x + \zzz", 4, r"unknown command \zzz"),
    (r"\frac{1}", 8, r"\frac has nothing behind it: write \frac{…}"),
    (r"\frac{1}^2", 8, r"\frac needs an argument in braces"),
    (r"\sqrt", 5, r"\sqrt has nothing behind it"),
    (r"{\frac{1}}", 9, r"\frac has nothing behind it"),
    ("x^", 2, "^ has nothing behind it"),
    ("x_}", 2, "_ has nothing behind it"),
    ("x^^2", 2, "^ needs an argument in braces"),
    ("x^2^3", 3, "a second superscript"),
    ("x^2'", 3, "a second superscript"),
    ("x_1^2_3", 5, "a second subscript"),
    (r"(\left( x", 1, r"\left has no \right"),
    (r"\left( {x \right)", 7, "{ is never closed"),
    (r"x \right)", 2, r"\right closes nothing"),
    (r"\left x \right)", 6, r"\left needs a delimiter"),
    (r"\left( x \right", 15, r"\right needs a delimiter"),
    (r"\big x", 5, r"\big needs a delimiter"),
    ("{x", 0, "{ is never closed"),
    ("x}", 1, "} closes nothing"),
    ("a & b", 2, "& stands outside"),
    (r"\begin{cases} {a & b} \end{cases}", 17, "& stands outside"),
    (r"\begin{case} a \end{case}", 0, "unknown environment case"),
    (r"\begin{cases} a \end{aligned}", 16, r"\end{aligned} closes \begin{cases}"),
    (r"\begin{cases} a", 0, r"\begin{cases} is never closed"),
    (r"a \end{cases}", 2, r"\end closes nothing"),
    (r"\begin cases", 0, r"\begin needs the name"),
    (r"\begin{align} a \end{align}", 0, "unknown environment align: write one of aligned"),
    (r"\text", 0, r"\text needs plain words in braces"),
    (r"\text{a {b}", 0, r"\text needs plain words in braces"),
    (r"\text{é}", 0, r"\text needs plain words in braces"),
    (r"\sqrt[3{x}", 5, r"\sqrt[…] takes letters and digits"),
    (r"\frac x \sqrt{x}", 8, r"\frac needs an argument in braces"),
    (r"x^\hat{y}", 2, "^ needs an argument in braces"),
    (r"x_\max", 2, "_ needs an argument in braces"),
    (r"\hat{x'}", 0, r"\hat stands over one letter"),
    (r"\hat{x^2}", 0, r"\hat stands over one letter"),
    (r"x\limits_i", 1, r"\limits stands behind \sum"),
    (r"x'_2'", 4, "a second superscript"),
    (r"a \\ b", 2, r"\\ stands outside"),
    (r"\begin{cases} a \\ [b] \end{cases}", 19, r"[ behind \\ belongs to it"),
    (r"\operatorname{arg max}", 0, r"blanks in \operatorname are not shown"),
    ("α", 0, "a bare α"),
    ("^2", 0, "^ has nothing before it"),
    ("2 3", 0, "no form in a line of text for two numbers side by side"),
    ("50%", 2, "a bare %"),
    ("a # b", 2, "a bare #"),
    ("\\", 0, "a backslash at the end"),
]

DEEP = ["{", r"\frac", r"\left(", r"\sqrt", r"\begin{cases}", "^{", "x_{", r"\sqrt[", r"\hat{"]


@pytest.mark.parametrize("formula", GOOD)
def test_a_good_formula_passes(formula):
    written(formula)


@pytest.mark.parametrize(("formula", "position", "said"), BAD)
def test_a_slip_is_named_at_its_place(formula, position, said):
    with pytest.raises(LatexError) as caught:
        written(formula)
    assert said in str(caught.value)
    assert caught.value.position == position


@pytest.mark.parametrize("piece", DEEP)
def test_deep_nesting_is_a_message(piece):
    with pytest.raises(LatexError):
        written(piece * 20_000)


def test_a_long_formula_takes_no_time():
    start = time.process_time()
    written(r"x_{i}^{2} + \frac{a}{b} \cdot " * 2000 + "x")
    assert time.process_time() - start < 5
