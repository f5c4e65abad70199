"""Formulas are recognised, and a slip is named where it is."""

import time

import pytest

from dlprep.quiz.check.latex import LatexError, recognise

GOOD = r"""
\frac{1}{2}
\frac12
\sqrt x + \sqrt[3]{x} + \sqrt[n[1]]{x}
x_i^2 + x^{2}_{i} + x'^2 + f''(x) + {}^2 + ^\top
\left(\frac{a}{b}\right)^2
\left\{ x \middle| y \right.
\left\lVert x \right\rVert_2 = \|x\|
\begin{pmatrix} a & b \\ c & d \end{pmatrix}
\begin{cases} x & x > 0 \\ 0 & \text{otherwise, $x \le 0$} \end{cases}
\begin{aligned} a &= b \\[2pt] &= c \end{aligned}
\begin{array}{c|c} a & b \end{array}
\operatorname*{arg\,max}_{\theta} \; \mathbb{E}_{x \sim p}[\log p_\theta(x)]
\underbrace{a + b}_{\text{two terms}}
\sum_{i=1}^n \prod\limits_j x_{ij}
\hat{m}_t = \frac{m_t}{1 - \beta_1^t}
\big| x \big| \Bigl( y \Bigr)
50\% \quad a\_b \# \& \{ \}
\xrightarrow[a]{b}
x^\frac{1}{2}
a \not\in B, \mathbf x, \underset{x}{\arg\min}
""".strip().split("\n")

BAD = [
    (r"\fracc{1}{2}", 0, r"unknown command \fracc: did you mean \frac?"),
    (r"x + \zzz", 4, r"unknown command \zzz"),
    (r"\frac{1}", 8, r"\frac needs 2 arguments: write \frac{…}{…}"),
    (r"\frac{1}^2", 8, r"\frac needs 2 arguments"),
    (r"\sqrt", 5, r"\sqrt needs 1 argument"),
    (r"{\frac{1}}", 9, r"\frac needs 2 arguments"),
    ("x^", 2, "^ has nothing behind it"),
    ("x_}", 2, "_ has nothing behind it"),
    ("x^^2", 2, "^ has nothing behind it"),
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
    (r"\begin{array} a \end{array}", 14, "needs its columns"),
    (r"\text", 5, r"\text needs a text in braces"),
    (r"\text{a {b}", 5, "{ is never closed"),
    (r"\sqrt[3{x}", 5, r"the [ of \sqrt is never closed"),
    ("50%", 2, "a bare %"),
    ("a # b", 2, "a bare #"),
    ("\\", 0, "a backslash at the end"),
]

DEEP = ["{", r"\frac", r"\left(", r"\sqrt", r"\begin{cases}", "^{", "x_{", r"\sqrt[", r"\hat{"]


@pytest.mark.parametrize("formula", GOOD)
def test_a_good_formula_passes(formula):
    recognise(formula)


@pytest.mark.parametrize(("formula", "position", "said"), BAD)
def test_a_slip_is_named_at_its_place(formula, position, said):
    with pytest.raises(LatexError) as caught:
        recognise(formula)
    assert said in str(caught.value)
    assert caught.value.position == position


@pytest.mark.parametrize("piece", DEEP)
def test_deep_nesting_is_a_message(piece):
    with pytest.raises(LatexError):
        recognise(piece * 20_000)


def test_a_long_formula_takes_no_time():
    start = time.process_time()
    recognise(r"x_{i}^{2} + \frac{a}{b} \cdot " * 2000 + "x")
    assert time.process_time() - start < 5
