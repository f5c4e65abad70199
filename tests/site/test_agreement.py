"""Terminal and site show one text: the letters of the one are those of the other."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz.bank import Bank
from dlprep.quiz.mathematics import readable
from dlprep.site import components, html
from dlprep.terminal import layout

TORTURE = [
    "so\n$$\na\n+ b\n$$\nthen",
    "$$a$$\n$$\nb\n$$\n> $$c$$\n\n- $$d$$\n  $$e$$",
    "| `a|b` | $P(A|B)$ | c \\| d |\n|---|:-:|--:|\n| **x** | [y](http://z) | |\n| 1 | 2 | 3 | 4 |",
    "|---|---|\n|---|---|",
    "|---|",
    "a | b\n---|---\n1 | 2",
    "1. a\n1. b\n   - c\n\n     ```python\n     def f():\n\n         return 1\n     ```\n7. d",
    "3) a\n4) b\n\n- x\n\n- y\n* z",
    "> a\nb\n> > c\n> - d",
    "**a *b `c` $d$* e** ***f*** _g_ __h__ *i **j*** *k",
    "2**10 and 3**2, 2 * 3 * 4, snake_case_name, *args, **kwargs",
    "`` ` `` and ``a ` b`` and `c\nd` and ` e",
    r"\*a\* \$5 \`b\` \\ \[c](d) \<e> &amp; &lt;b&gt; &#65; &nope;",
    "$5 and $6, $ a$, $a $, $a$1, $$b$$ and \\$c$",
    "<b>x</b> <!-- y --> <z\n\n<div>\n*a*\n\n</div>\n\n<script>alert(1)</script>",
    "# a\n## b\n### c `d` $e$\n#f\n\ng\n===\n\nh\n---\n***\n___",
    "[a](b) [c][d] [e] <https://f.g/h?i&j> [k](<l m> 'n') ![o](p) [q](javascript:r)\n\n[d]: s",
    "- [ ] a\n- [x] b\n\nx[^1]\n\n[^1]: y",
    "    code\n\n\tmore\n\n~~~\nx\n~~~\n\n```\nnever closed",
    "a  \nb\\\nc\n\n\n\nd",
    "```python\nx = '<b>' # `~`\n\n\ny = \"$z$\"\n```",
    "\x02\x03\x00\x1b[2J\r\na\rb\u2028c",
    "$x^{$ `$y` $ z`",
    "- a\n\n      b\n-\n\n-\n  c",
    "## \n\n-\n\n>\n\n1.",
]
ALPHABET = "ab*_`$[]()|-> \n#1.\\{}^<&;~"


class Shown(HTMLParser):
    """What of HTML a terminal shows: its letters, formulas in a line, markers and addresses."""

    def __init__(self, source):
        super().__init__()
        self.text, self.lists, self.latex, self.links = "", [], None, []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in ("ul", "ol"):
            self.lists.append(int(attrs.get("start", 1)) if tag == "ol" else None)
        if tag == "li":
            number = self.lists[-1]
            self.text += "-" if number is None else str(number)
            self.lists[-1] = number and number + 1
        if "math" in attrs.get("class", ""):
            self.latex = ("$$" if "display" in attrs["class"] else "$", "")
        if tag == "a":
            self.links.append((attrs["href"], len(self.text)))

    def handle_endtag(self, tag):
        if tag in ("ul", "ol"):
            self.lists.pop()
        if self.latex and tag in ("span", "div"):
            (mark, latex), self.latex = self.latex, None
            self.text += readable(latex) or mark + latex + mark
        if tag == "a":
            address, start = self.links.pop()
            self.text += f"({address})" * (self.text[start:] != address)

    def handle_data(self, data):
        if self.latex:
            self.latex = (self.latex[0], self.latex[1] + data)
        else:
            self.text += data


def packed(text):
    """Return text without blanks, and without the sign behind the number of an item."""
    return "".join(text.replace("\ufffd", "").split())


def agree(text):
    rows = layout.lines(text, 10**6)
    terminal = packed("".join("".join(part for _, part in row) for row in rows))
    site = packed(Shown(html.text(text)).text)
    for sign in ".)":
        terminal, site = terminal.replace(sign, ""), site.replace(sign, "")
    assert terminal == site


@pytest.mark.parametrize("text", TORTURE)
def test_a_hard_text_has_the_same_letters(text):
    agree(text)


@given(st.text(ALPHABET, max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_text_has_the_same_letters(text):
    agree(text)


def test_every_text_of_the_bank_has_the_same_letters():
    for question in Bank.load():
        body = question.body
        reasons = [option.reason for option in body.options]
        for text in (body.prompt, body.answer, body.in_depth, *reasons):
            agree(text)


@pytest.mark.parametrize("name", [name for name in components.FAMILIES if components.present(name)])
def test_a_docstring_has_the_same_letters(name):
    import inspect

    for thing in components.family(name).values():
        for _, block in components.sections(inspect.getdoc(thing) or ""):
            agree(block)
