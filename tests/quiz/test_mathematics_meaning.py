"""Random formulas keep their value: tree -> LaTeX -> text -> value, under every plausible reading.

A reader may take `a/b c` as a/(b c) or as (a/b) c, and `√x y` as √(x y) or as (√x) y. The parser
below reads the text in all these ways, and every way must give the value of the tree, so a text
that allows two readings fails.
"""

import cmath
import re
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dlprep.quiz.mathematics import readable

NUMBERS = ("2", "3", "7", "0.5")
VARIABLES = ("a", "b", "q", "x", r"\theta", "x_{1}", "y_{t-1}", "q_{b}", "y_{i,j}", r"\hat{y}_{1}")
FUNCTIONS = {"log": cmath.log, "exp": cmath.exp, "tanh": cmath.tanh}
OPERATIONS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "·": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def value_of(name: str) -> complex:
    """Return a value for a variable or number, far from every branch cut's coincidences."""
    seed = sum(ord(letter) * 31**i for i, letter in enumerate(name))
    return complex((1 + seed % 97 / 61) * (-1) ** seed, 0.3 + seed % 89 / 127)


leaves = st.one_of(
    st.sampled_from(NUMBERS).map(lambda name: ("number", name)),
    st.sampled_from(VARIABLES).map(lambda name: ("variable", name)),
)
trees = st.recursive(
    leaves,
    lambda tree: st.one_of(
        st.tuples(st.sampled_from(("+", "-", "·", " ", "/", "^")), tree, tree),
        st.tuples(st.sampled_from(("neg", "sqrt", "cbrt")), tree),
        st.tuples(st.sampled_from(("call", "bare")), st.sampled_from(sorted(FUNCTIONS)), tree),
    ),
    max_leaves=8,
)


def evaluate(tree: tuple) -> complex:
    """Return the value, or refuse a tree whose values are too large or too small to compare."""
    kind, *parts = tree
    if kind in ("number", "variable"):
        return value_of(plain_name(parts[0]))
    try:
        value = apply(kind, parts)
    except (ArithmeticError, ValueError):
        value = 0
    assume(1e-4 < abs(value) < 1e4)
    return value


def apply(kind: str, parts: list) -> complex:
    if kind in ("call", "bare"):
        return FUNCTIONS[parts[0]](evaluate(parts[1]))
    values = [evaluate(part) for part in parts]
    if kind == "^":
        return values[0] ** values[1]
    if len(values) == 1:
        return {"neg": lambda v: -v, "sqrt": cmath.sqrt, "cbrt": cube_root}[kind](values[0])
    return OPERATIONS["·" if kind == " " else kind](*values)


def cube_root(value: complex) -> complex:
    return value ** (1 / 3)


def plain_name(latex: str) -> str:
    return latex.replace(r"\theta", "θ").replace(r"\hat{y}", "ŷ")


def latex_of(tree: tuple, level: int = 0) -> str:
    """Write a tree; `level` 1 is a term of a sum, 2 a factor, 3 the base of a power."""
    kind, *parts = tree
    if kind in ("number", "variable"):
        return parts[0]
    if kind == "/":
        return rf"\frac{{{latex_of(parts[0])}}}{{{latex_of(parts[1])}}}"
    if kind in ("sqrt", "cbrt"):
        return rf"\sqrt{'[3]' if kind == 'cbrt' else ''}{{{latex_of(parts[0])}}}"
    if kind == "^":
        base = latex_of(parts[0], 4 if parts[0][0] == "^" else 3)
        return bracketed(f"{base}^{{{latex_of(parts[1])}}}", level > 3)
    if kind == "bare" and parts[1][0] in ("number", "variable", "/", "sqrt", "cbrt"):
        return bracketed(rf"\{parts[0]} {latex_of(parts[1])}", level > 1)
    if kind in ("call", "bare"):
        return bracketed(rf"\{parts[0]}\left({latex_of(parts[1])}\right)", level > 2)
    if kind == "neg":
        return bracketed(f"-{latex_of(parts[0], 2)}", level > 0)
    left = latex_of(parts[0], 1 if kind in "+-" else 2)
    right = latex_of(parts[1], 2)
    if kind in "+-":
        return bracketed(f"{left} {kind} {right}", level > 0 and (kind == "-" or level > 1))
    numbers = left[-1].isdigit() and right[0].isdigit()
    sign = r" \cdot " if kind == "·" or numbers else "" if left[-1] in "})" else " "
    return bracketed(left + sign + right, level > 2)


def bracketed(text: str, needed: bool) -> str:
    return rf"\left({text}\right)" if needed else text


RAISED = "[⁰¹²³⁴-⁹⁺⁻⁽⁾ᵃᵇˣʸ]+"
TOKEN = re.compile(
    rf"log|exp|tanh|\d+(?:\.\d+)?|{RAISED}|[+\-·/^()√]"
    r"|[a-zθŷ](?:[₀-₉₊₋ₐ-ₜᵢⱼ]+|_[a-z]|_\([a-z,]+\))?"
)


class Reader:
    """Read a text; see the module's docstring for `tight` and `reaching`."""

    def __init__(self, text: str, tight: bool, reaching: bool):
        rest = TOKEN.sub("", text).strip()
        assert not rest, f"{rest!r} in {text!r}"
        self.tokens, self.at = TOKEN.findall(text), 0
        self.tight, self.reaching = tight, reaching

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def sum(self) -> complex:
        total = self.term()
        while self.peek() in ("+", "-"):
            total = OPERATIONS[self.take()](total, self.term())
        return total

    def term(self) -> complex:
        if self.peek() == "-":
            self.take()
            return -self.term()
        product = self.chain()
        while self.peek() and self.peek() not in ("+", "-", ")"):
            sign = self.take() if self.peek() in ("·", "/") else "·"
            product = OPERATIONS[sign](product, self.chain())
        return product

    def chain(self) -> complex:
        product = self.factor()
        while self.tight and self.peek() and self.peek() not in "+-·/)":
            product *= self.factor()
        return product

    def factor(self) -> complex:
        if self.peek() in FUNCTIONS:
            function = FUNCTIONS[self.take()]
            return function(self.argument(self.term if self.reaching else self.factor))
        root = {"√": cmath.sqrt, "³": cube_root}.get(self.peek())
        if not root:
            return self.powers(self.atom())
        if self.take() == "³":
            assert self.take() == "√"
        return self.powers(root(self.argument(self.term if self.reaching else self.atom)))

    def argument(self, reach) -> complex:
        return self.atom() if self.peek() == "(" else reach()

    def powers(self, base: complex) -> complex:
        if self.peek() == "^":
            self.take()
            return base ** self.atom()
        if re.fullmatch(RAISED, self.peek()):
            inside = unicodedata.normalize("NFKC", self.take()).replace("\u2212", "-")
            return base ** Reader(inside, self.tight, self.reaching).sum()
        return base

    def atom(self) -> complex:
        token = self.take()
        if token == "(":
            inside = self.sum()
            assert self.take() == ")"
            return inside
        assert token[0].isalnum(), f"{token} is no value"
        name = unicodedata.normalize("NFKC", token[1:]).replace("\u2212", "-").strip("_()")
        return value_of(token[0] + (f"_{{{name}}}" if token[0].isalpha() and name else token[1:]))


@pytest.mark.parametrize("tight", (False, True))
@pytest.mark.parametrize("reaching", (False, True))
@given(tree=trees)
@settings(max_examples=400, deadline=None)
def test_the_text_has_the_value_of_the_formula(tree, tight, reaching):
    expected = evaluate(tree)
    text = readable(latex_of(tree))
    assert text is not None, latex_of(tree)
    got = Reader(text, tight, reaching).sum()
    assert cmath.isclose(got, expected, rel_tol=1e-6), f"{latex_of(tree)} -> {text}"


def test_the_readings_tell_an_ambiguous_text():
    values = {Reader("a/b x", tight, False).sum() for tight in (False, True)}
    assert len(values) == 2
    values = {Reader("√a x", False, reaching).sum() for reaching in (False, True)}
    assert len(values) == 2
