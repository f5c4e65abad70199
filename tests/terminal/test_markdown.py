"""Markdown becomes blocks of styled text, and blocks become lines of a width."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz.bank import Bank
from dlprep.quiz.markdown import blocks, runs
from dlprep.terminal import highlight, layout


def spans(markdown):
    return layout.spans(runs(markdown))


PAGE = """\
A paragraph with **bold *and* `code`**, *stress*,
`x_1 * 2` and $x_1$.

1. First item that is long enough to be wrapped
   at the width of the test
2. Second

- outer
  - inner

> a quote

$$
\\frac{a}{b}
$$

```python
def f(x):

    return x  # same
```

| name | value |
|---|---:|
| `a` | $x^2$ |
"""


def text_of(markdown, width=40, **settings):
    rows = layout.lines(markdown, width, **settings)
    return "\n".join("".join(text for _, text in row) for row in rows)


def test_a_page_in_lines():
    assert (
        text_of(PAGE)
        == """\
A paragraph with bold and code, stress,
x_1 * 2 and x₁.

1. First item that is long enough to be
   wrapped at the width of the test
2. Second

- outer
  - inner

  a quote

    a/b

    def f(x):

        return x  # same

name  value
a     x²"""
    )


def test_spans_carry_their_style():
    assert spans("**bold** *it* _it_ `a*b*` $x^2$") == (
        ("bold", "bold"), ("", " "), ("italic", "it"), ("", " "), ("italic", "it"), ("", " "),
        ("code", "a*b*"), ("", " "), ("math", "x²"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "text", ["2 * 3 * 4", "snake_case_name", "2**10 and 3**2", "a * b", "1 < 2 & 3 > 2"]
)
def test_arithmetic_and_names_are_not_emphasis(text):
    assert spans(text) == (("", text),)


def test_escapes_lose_their_backslash():
    assert spans(r"\*not stressed\* costs \$3") == (("", "*not stressed* costs $3"),)


def test_a_link_shows_its_address():
    assert text_of("see [the paper](https://x.org/1)") == "see the paper (https://x.org/1)"
    assert text_of("see <https://x.org/1>") == "see https://x.org/1"


def test_backticks_are_kept_where_style_is_not_painted():
    assert text_of("use `clipnorm` or **not**", ticks=True) == "use `clipnorm` or not"


def test_short_code_and_formulas_are_not_broken():
    assert text_of("the rule is `a = b + c` here", 20) == "the rule is\na = b + c here"


def test_code_too_wide_goes_on_below_at_a_blank():
    source = "def f(x):\n    return first_part(x)  + second_part(x)  # sum\n\n" + "y" * 40
    assert text_of(f"```\n{source}\n```", 30) == (
        "    def f(x):\n        return first_part(x)\n            + second_part(x)\n"
        "            # sum\n\n" + "    " + "y" * 22 + "\n        " + "y" * 18
    )


@given(st.text("ab (),=é漢\n", max_size=80), st.integers(20, 60))
@settings(deadline=None)
def test_no_letter_of_code_is_lost_and_none_is_beyond_the_width(source, width):
    rows = layout.code(source, width, "text")
    text = ["".join(part for _, part in row).rstrip() for row in rows]
    assert "".join("".join(text).split()) == "".join(source.split())
    assert all(layout.cells(row) <= width for row in text)


def test_a_formula_in_lines_of_its_own_keeps_them():
    source = "so\n$$\\begin{aligned} a &= b \\\\ &= c \\end{aligned}$$\nthen"
    assert text_of(source) == "so\n\n    a = b\n      = c\n\nthen"


def test_a_table_too_wide_becomes_a_list():
    table = "| name | what it does |\n|---|---|\n| clip | it shortens the step |"
    assert text_of(table, 24) == "name: clip\nwhat it does: it\n  shortens the step"


def test_wide_and_combining_signs_count_by_columns():
    assert [layout.cells(text) for text in ("abc", "ŷ", "ŷ", "漢字", "𝐱")] == [3, 1, 1, 4, 1]
    emoji = (
        "\U0001f469\u200d\U0001f4bb",
        "\u2764\ufe0f",
        "\U0001f1e9\U0001f1ea",
        "\U0001f44d\U0001f3fd",
    )
    assert [layout.cells(text) for text in emoji] == [2, 2, 2, 2]


def test_code_in_an_item_belongs_to_it():
    (bullets,) = blocks("- item\n\n  ```\n  x\n  ```\n")
    assert [block.kind for block in bullets.children[0].children] == ["paragraph", "code"]


def test_python_is_coloured():
    styled = dict(
        (text, style) for style, text in highlight.segments('def f():  # "no"\n  "s" 1.5\nclass A')
    )
    assert styled["def"] == styled["class"] == "keyword"
    assert styled["f"] == styled["A"] == "defined"
    assert styled['# "no"'] == "comment" and styled['"s"'] == "string" and styled["1.5"] == "number"


@given(st.text(alphabet="ab '\"#\\\n\t=1.:(){}", max_size=60))
def test_colour_changes_no_letter(code):
    assert "".join(text for _, text in highlight.segments(code)) == code


@given(st.text(alphabet="ab*_`$[]()|-> \n#1.\\{}^", max_size=80), st.integers(20, 60))
def test_any_markdown_can_be_laid_out(markdown, width):
    layout.lines(markdown, width)


@given(st.lists(st.text("abc", min_size=1, max_size=9), max_size=30), st.integers(10, 40))
def test_words_survive_wrapping_within_the_width(words, width):
    rows = text_of(" ".join(words), width).split("\n")
    assert " ".join(rows).split() == words
    assert all(len(row) <= width for row in rows)


@pytest.mark.parametrize("ticks", [False, True], ids=["rich", "plain"])
@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_question_keeps_within_the_width(width, ticks):
    for question in Bank.load():
        body = question.body
        lines = [question.title, *question.hints, *question.sources, *body.key_points]
        reasons = [option.reason for option in body.options]
        for text in (body.prompt, body.answer, body.in_depth, *reasons, *lines):
            for line in layout.lines(text, width, indent=5, ticks=ticks):
                words = "".join(part for _, part in line)
                assert layout.cells(words) <= width, question.id


@given(st.text("ab*`$|- \n1.{}^_[]()>é漢", max_size=200), st.integers(30, 60))
@settings(deadline=None)
def test_no_line_but_code_is_wider_than_the_width(markdown, width):
    found = blocks(markdown)
    if all(block.kind != "code" and not block.children for block in found):
        rows = layout.lines(markdown, width)
        assert all(layout.cells("".join(t for _, t in row)) <= width for row in rows)


def test_a_long_word_is_broken_and_a_long_formula_at_its_blanks():
    assert text_of("x" * 90, 40).split("\n") == ["x" * 40, "x" * 40, "x" * 10]
    formula = " + ".join("abcdefghijklmn")
    assert text_of(f"$$ {formula} $$", 40) == (
        "    a + b + c + d + e + f + g + h + i +\n      j + k + l + m + n"
    )


def test_a_header_without_rows_is_shown():
    assert text_of("| a | b |\n|---|---|") == "a  b"
    assert text_of(f"| {'a' * 30} | {'b' * 30} |\n|---|---|", 40) == f"{'a' * 30}\n{'b' * 30}"
