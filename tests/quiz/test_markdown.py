"""One reader of Markdown: what it takes for what, what it refuses, and how long it takes."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz import body
from dlprep.quiz.markdown import blocks, runs
from dlprep.quiz.markdown.faults import faults, faults_of_line
from dlprep.quiz.mathematics import readable
from dlprep.terminal import layout

KINDS = {
    "so\n$$\na\n+ b\n$$\nthen": ["paragraph", "display", "paragraph"],
    "$$a$$\n$$b$$": ["display", "display"],
    "$$\n> a\n$$": ["display"],
    "$$\n| a |\n$$": ["display"],
    "$$\n# a\n$$": ["display"],
    "$$\na\n\nb\n$$": ["paragraph", "paragraph"],
    "a $$ b $$ c": ["paragraph"],
    "| a |\n|---|": ["table"],
    "|---|\n|---|": ["paragraph"],
    "|---|": ["paragraph"],
    "a | b\n---|---": ["paragraph"],
    "a\n===": ["paragraph"],
    "- a\n- b\n\n1. c": ["list", "list"],
    "```\n$$\n## a\n```": ["code"],
    "> a\n> $$b$$": ["quote"],
    "### a": ["heading"],
}
CELLS = {
    "| `a|b` | c |": ["a|b", "c"],
    "| $P(A|B)$ | c |": ["P(A|B)", "c"],
    "| a \\| b | c |": ["a | b", "c"],
    "| ``a ` | b`` | c |": ["a ` | b", "c"],
    "| $ | ` |": ["$", "`"],
    "| \\$ | $a$ |": ["$", "a"],
    "| [a|b](c) | d |": ["[a", "b](c)", "d"],
}
REFUSED = {
    "so <b>x</b>": "raw HTML",
    "<div>\nx\n</div>": "raw HTML",
    "a <!-- b -->": "raw HTML",
    "---": "a rule",
    "    code": "4 blanks makes code",
    "a  \nb": "break this line",
    "a\\\nb": "break this line",
    "a\n\n# b": "first level",
    "- # b": "heading inside a list",
    "> ### b": "heading inside a list",
    "#b": "not a heading",
    "a\n===": "a heading underlined",
    "a\n---": "a rule",
    "![a](b.png)": "an image",
    "[^1]": "a footnote",
    "[a]: b": "a footnote",
    "[a][b]": "a footnote",
    "[a](b c)": "not read as a link",
    "[a](javascript:b)": "not read as a link",
    "| a | b |": "not read as a table",
    "|---|": "not read as a table",
    "|---|---|\n|---|---|": "not read as a table",
    "a | b\n---|---": "not read as a table",
    "| a |\n|---|\n| b": "not read as a table",
    "| a |\n|---|\n| b | c |": "2 cells below a header of 1",
    "| a | b |\n|---|---|\n| c |": "1 cells below a header of 2",
    "a $$b$$ c": "$$ opens or closes no formula",
    "$$\na": "$$ opens or closes no formula",
    "$$a$$ b": "$$ opens or closes no formula",
    "a $b": "a $ without its partner",
    "a $ b$": "a space inside",
    "a `b": "a backtick without",
    "a **b": "a * without",
    "a *b": "a * without",
    "2**10": "a * without",
    "__a__": "__ makes bold",
    r"\alpha": "stands outside a formula",
    "```\na": "never closed",
    "[](https://a.b)": "a link without words",
    "[ ](#a)": "a link without words",
    "[a]()": "a link without an address",
    "[a](<>)": "a link without an address",
    "### ": "a heading without words",
    "a\n\n### ##\nb": "a heading without words",
    "a &#8238; b": "the control character U+202E",
    "a &shy; b": "the control character U+00AD",
    "> ```\n> a": "never closed",
    "- a\n  - b\n    - c\n      - d\n        - e": "nested more than 4 deep",
    r"$\frac x \sqrt{x}$": r"\frac needs an argument",
    r"$x^\hat{y}$": "^ needs an argument",
    r"$\begin{align} a \end{align}$": "unknown environment align",
}
TAKEN = """\
A **bold** and *light* `code`, $x_1$, 2 * 3, a_b_c, 1 < 2 & 3 > 2, \\$5, \\*, `` ` ``, &amp;, C#.
See [this](https://x.org/a_b?c=d), <https://x.org>.

$$
\\begin{aligned} a &= b \\\\
+ c &= d \\end{aligned}
$$
- item
  continued

  ```python
  x = "$y$ | `z` **"
  ```
- other
  1. one
  2. two

| a | `x|y` | $P(A|B)$ |
|:--|:-:|--:|
| 1 | 2 | |

> quoted

### Part

~~~
```
~~~
"""
N = 20_000
TORTURE = {
    sign: (sign * N)[:N]
    for sign in [
        *("[", "]", "(", "*", "_", "`", "$", ">", "|", "\\", "{", "}", "<", "&", "#", "~", "!"),
        *(" ", "\n", "\t", "\r", "\x00", "\ud800", "é", "漢", "*a ", "**a ", "_a ", "*a*", "a* "),
        *("[a](", "![", "[[]]", "- ", "1. ", "> ", ">\n", "- a\n", "a\n", " \n", "$a", "$$", "$ "),
        *("$$\n", "$$ a\n", "$$a\n\n", "`a ", "`\n", "```\n", "|a", "|\n", "|a|\n", "<a ", "<!--"),
        *("a *b **c ", "*_", "***a ", "\\frac", "$\\frac$ ", "${$ ", "| `a", "&#1;", "http://"),
        *("[a]: b\n", "<http:", "=\n", "#\n", "- - ", "* _ ", "\\(", "a b ", "x" * 99 + " "),
    ]
} | {
    "nested list": "".join(" " * 2 * i + "- a\n" for i in range(140)),
    "nested quotes": "".join(">" * i + " a\n" for i in range(200)),
    "growing ticks": "".join("`" * i + " " for i in range(200)),
    "wide table": "|a" * 50 + "|\n" + "|-" * 50 + "|\n" + ("|a" * 50 + "|\n") * 190,
    "emphasis": "*a **b " * 1400 + "c** d* " * 1400,
}  # fmt: skip
FORMULAS = {sign: (sign * N)[:N] for sign in [
    *("{", "}", "(", ")", "|", "^", "_", "'", "&", "\\", "$", "#", "a", "1", " ", "x_", "x^{"),
    *(r"\frac", r"\frac{", r"\sqrt", r"\left(", r"\hat", r"\text{", r"\begin{cases}", r"\\", "{}"),
    *(r"\frac{a}{b}", "x_{i}^{2} + ", r"\|", "{x}_", "[", r"\big", "a|b|", r"\sqrt[", "é", "\x00"),
    *(r"\begin{cases}a\end{cases}", r"\text{a}", "f'", "||a", r"\epsilon\varepsilon", r"\limits"),
]}  # fmt: skip


def text_of(cells):
    return ["".join(run.text for run in cell) for cell in cells]


@pytest.mark.parametrize("text", KINDS)
def test_a_text_is_split_into_blocks(text):
    assert [block.kind for block in blocks(text)] == KINDS[text]


@pytest.mark.parametrize("row", CELLS)
def test_a_pipe_in_code_or_a_formula_separates_no_cells(row):
    columns = len(CELLS[row])
    (table,) = blocks(f"{row}\n{'|-' * columns}|")
    assert text_of(table.rows[0]) == CELLS[row]


def test_items_are_numbered_in_order():
    (found,) = blocks("3. a\n3. b\n3. c")
    assert [item.info for item in found.children] == ["3.", "4.", "5."]


def test_a_page_within_the_subset_is_taken():
    assert list(faults(TAKEN)) == []


@pytest.mark.parametrize("text", REFUSED)
def test_what_lies_outside_is_refused_with_what_to_do(text):
    found = {fault for _, fault in faults(text)}
    assert len(found) >= 1 and any(REFUSED[text] in fault for fault in found), found
    assert all(": " in fault for fault in found)


def test_a_slip_has_its_line():
    text = "one\n`two\nthree` $x^$\n\n- four\n  $y_$\n\n$$\na\n\\b\n$$\n| a |\n|---|\n| $z^$ |"
    assert [line for line, _ in faults(text)] == [3, 6, 10, 14]


@pytest.mark.parametrize("name", TORTURE)
def test_twenty_kilobytes_of_anything_take_no_time(name):
    text = TORTURE[name]
    start = time.process_time()
    list(faults(text))
    layout.lines(text, 80)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("formula", [r"$\foo$ ", r"$\middle|$ ", r"$\epsilonn$ "])
def test_many_slips_take_no_time(formula):
    text = formula * (19_900 // len(formula))
    start = time.process_time()
    assert len(list(faults(text))) == text.count("$") / 2
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize("name", FORMULAS)
def test_twenty_kilobytes_of_a_formula_take_no_time(name):
    start = time.process_time()
    readable(FORMULAS[name])
    assert time.process_time() - start < 2


@given(
    st.one_of(
        st.text(max_size=200),
        st.binary(max_size=200).map(lambda raw: raw.decode("latin-1")),
        st.text(st.characters(codec=None), max_size=60),
        st.text("ab*_`$[]()|-> \n#1.\\{}^<&;~!:\t\r\x00\ud800", max_size=120),
    )
)
@settings(max_examples=300, deadline=None)
def test_no_text_is_too_odd(text):
    list(faults(text))
    list(faults_of_line(text))
    runs(text)
    body.parse(text)
    for width in (40, 80):
        layout.lines(text, width)
