"""What the grammar of formulas takes, the site's KaTeX draws; what that refuses, it refuses."""

import ast
import re
from pathlib import Path
from random import Random

import pytest

from dlprep.quiz.bank import Bank
from dlprep.quiz.markdown import grammar
from dlprep.quiz.mathematics import readable, symbols

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
DRAW = """formulas => formulas.map(([latex, displayMode]) => {
    try {
        katex.renderToString(latex, {displayMode, throwOnError: true, strict: "error"});
        return null;
    } catch (error) { return error.message; }
})"""

NAMES = sorted(symbols.COMMANDS)
SIGNS = [*"ab12xW", *"+-=<>,.;:!/*", r"\alpha ", r"\cdot ", r"\le ", r"\log ", r"\sum ", r"\, "]
ODD = [*"~\"@?`%#&$éα–'^_", r"\limits ", r"\\", r"\hline ", r"\not ", r"\tag{1}"]
PAIRS = ["()", "[]", ("|", "|"), (r"\{", r"\}"), (r"\langle ", r"\rangle "), (r"\|", r"\|")]
WORD = "ab c.,-'%_1(+=<"


class Formulas:
    """A source of formulas; one seed gives the same ones."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.choice = self.random.choice

    def row(self, depth: int = 3) -> str:
        return "".join(self.atom(depth) for _ in range(self.random.randint(1, 3)))

    def argument(self, depth: int) -> str:
        group = "{" + self.row(depth - 1) + "}"
        return self.choice([group, group, self.choice("abx12"), " " + self.atom(depth - 1)])

    def atom(self, depth: int) -> str:
        kinds = [self.sign, self.named, self.quotient, self.root, self.scripts]
        kinds += [self.pair, self.sized, self.table, self.dressed, self.words]
        return self.choice(kinds if depth > 0 else kinds[:2])(depth)

    def sign(self, depth: int) -> str:
        return self.choice(SIGNS if self.random.random() < 0.9 else ODD)

    def named(self, depth: int) -> str:
        return self.choice(NAMES) + self.choice([" ", "{a}", "{a}{b}"])

    def quotient(self, depth: int) -> str:
        return rf"\frac{self.argument(depth)}{self.argument(depth)}"

    def root(self, depth: int) -> str:
        index = self.choice(["", "", "[3]", f"[{self.row(0)}]"])
        return rf"\sqrt{index}{self.argument(depth)}"

    def scripts(self, depth: int) -> str:
        marks = self.choice(["^", "_", "'", "_^", "^_", "'^", "'_", "^'", "^^"])
        raised = (m if m == "'" else m + self.argument(depth) for m in marks)
        return self.atom(depth - 1) + "".join(raised)

    def pair(self, depth: int) -> str:
        left, right = self.choice(PAIRS)
        sized = self.choice([("", ""), (r"\left", r"\right"), (r"\big", r"\Bigr")])
        return sized[0] + left + self.row(depth - 1) + sized[1] + right

    def sized(self, depth: int) -> str:
        return self.choice(sorted(symbols.SIZES)) + self.choice([*"()[]|/.<a", r"\|", r"\{"])

    def table(self, depth: int) -> str:
        name = self.choice([*symbols.TABLES, "align", "array", "split"])
        cells = " & ".join(self.row(depth - 1) for _ in range(self.random.randint(1, 3)))
        spread = self.choice([r" \\ ", r"\\[2pt]", r"\\[a]", r"\\*"])
        return rf"\begin{{{name}}}{cells}{spread}{self.row(depth - 1)}\end{{{name}}}"

    def dressed(self, depth: int) -> str:
        names = [*symbols.ACCENTS, *symbols.STYLES]
        return self.choice(names) + self.argument(depth)

    def words(self, depth: int) -> str:
        text = "".join(self.choice(WORD) for _ in range(self.random.randint(1, 4)))
        return self.choice(sorted(symbols.WORDS)) + "{" + text + "}"

    def whole(self) -> str:
        """Return a formula that the grammar takes."""
        return next(latex for latex in iter(self.row, None) if readable(latex) is not None)

    def mutated(self) -> str:
        """Return such a formula with one to three signs deleted, replaced or put in."""
        signs = list(self.whole())
        for _ in range(self.random.randint(1, 3)):
            at = self.random.randrange(len(signs) + 1)
            signs[at : at + self.choice([0, 1])] = self.choice([*"{}^_\\&$ []|'", *NAMES, ""])
        return "".join(signs)


@pytest.fixture(scope="module")
def katex(browser):
    """Return a function from formulas and whether they stand alone to errors or `None`."""
    page = browser.new_page()
    page.add_script_tag(path=ROOT / "docs" / "assets" / "katex" / "katex.min.js")
    yield lambda formulas: page.evaluate(DRAW, formulas)
    page.close()


def formulas_of(markdown):
    """Yield the formulas of a text and whether each has lines of its own."""
    for token in grammar.tokens(markdown):
        if token.type == "display":
            yield token.content, True
        for child in token.children or []:
            if child.type == "formula":
                yield child.content, False


def bank_texts():
    for question in Bank.load():
        body = question.body
        yield from (question.title, *question.hints, *question.sources)
        yield from (body.prompt, body.answer, body.in_depth, *body.key_points, *body.red_flags)
        yield from (text for option in body.options for text in (option.text, option.reason))


def docstrings():
    for path in (ROOT / "dlprep").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
                yield from re.split(r"\n(?=[A-Z][\w ]*:\n)", ast.get_docstring(node) or "")


@pytest.mark.parametrize("texts", [bank_texts, docstrings])
def test_every_formula_is_taken_and_drawn(katex, texts):
    found = [formula for text in texts() for formula in formulas_of(text)]
    errors = katex(found)
    assert [(f, e) for f, e in zip(found, errors, strict=True) if e] == []
    assert [latex for latex, _ in found if readable(latex) is None] == []
    assert len(found) > 100


@pytest.mark.parametrize("kind", [Formulas.row, Formulas.whole, Formulas.mutated])
def test_what_the_grammar_takes_is_drawn_and_what_is_not_drawn_it_refuses(katex, kind):
    source = Formulas(seed=1)
    sources = [kind(source) for _ in range(4000)]
    formulas = [(latex, display) for latex in sources for display in (False, True)]
    errors = katex(formulas)
    taken = {latex: readable(latex) is not None for latex in sources}
    wrong = [(f, e) for f, e in zip(formulas, errors, strict=True) if e and taken[f[0]]]
    assert wrong == []
    assert sum(taken.values()) > 400
    assert kind is Formulas.whole or sum(map(bool, errors)) > 500
