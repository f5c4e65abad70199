"""A Markdown text becomes HTML that the site's generator hands on as it is."""

import markdown
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.site import html

FORMS = {
    "a **b *c* `d`** $x<y$": "<p>a <strong>b <em>c</em> <code>d</code></strong> "
    '<span class="math">x&lt;y</span></p>',
    "$$\na\n+ b\n$$": '<div class="math display">a&#10;+ b</div>',
    "$$a$$\n$$b$$": '<div class="math display">a</div><div class="math display">b</div>',
    "- a\n- b\n\n  c": "<ul><li><p>a</p></li><li><p>b</p><p>c</p></li></ul>",
    "- a\n- b": "<ul><li>a</li><li>b</li></ul>",
    "2. a\n2. b": '<ol start="2"><li>a</li><li>b</li></ol>',
    "> a": "<blockquote><p>a</p></blockquote>",
    "### a": "<h3>a</h3>",
    "[a `b`](https://x.org/?a&b)": '<p><a href="https://x.org/?a&amp;b">a <code>b</code></a></p>',
    "<b>a</b> & <!-- c -->": "<p>&lt;b&gt;a&lt;/b&gt; &amp; &lt;!-- c --&gt;</p>",
    "```\n<a>\n```": '<div class="highlight"><pre><span></span><code>&lt;a&gt;</code></pre></div>',
    "| a | `x|y` |\n|---|---|\n| $P(A|B)$ | 2 |": '<div class="wide"><table><thead><tr>'
    "<th>a</th><th><code>x|y</code></th></tr></thead><tbody><tr>"
    '<td><span class="math">P(A|B)</span></td><td>2</td></tr></tbody></table></div>',
}
HARD = """
# no heading

    no code

```
no fence
```

~~~ python
</div>
~~~

<details markdown="1"><summary>*x*</summary></details>

!!! note
    *no*

??? no

$x_1$ $$y$$ \\(z\\) \\[z\\] [a]: b &amp; &lt; {: .no } {++no++} :smile: [^1] --8<-- "f"

| a | b |
|---|---|
| ` | ` | $\\|x\\|$ |

\x02 \x03 wzxhzdk:0 \x00
"""


def engine():
    """Return the site's Markdown engine with the extensions of its settings."""
    with open("mkdocs.yml", encoding="utf-8") as file:
        settings = yaml.load(file, yaml.BaseLoader)
    named = settings["markdown_extensions"]
    names = [next(iter(name)) if isinstance(name, dict) else name for name in named]
    return markdown.Markdown(extensions=["meta", *names])


@pytest.mark.parametrize("text", FORMS)
def test_a_text_has_its_form(text):
    assert html.text(text) == FORMS[text]


@pytest.mark.parametrize("text", [HARD, *FORMS])
def test_the_generator_hands_it_on_untouched(text):
    for inside in (
        html.text(text),
        html.line(text),
        html.code(text, "markdown"),
        html.escaped(text),
    ):
        piece = html.piece(inside)
        page = engine().convert(f"# a\n\n{piece}\n\n## b\n\n{piece}\n")
        assert page.count(piece) == 2, (piece, page)


@given(st.text(alphabet="ab*_`~$[]()|-> \n#1.\\{}^<&;/=!:\"'\t", max_size=80))
@settings(max_examples=150, deadline=None)
def test_the_generator_reads_nothing_of_any_text(text):
    piece = html.piece(html.text(text) + html.code(text))
    assert "\n" not in piece
    assert engine().convert(f"# a\n\n{piece}\n").endswith(piece)


def test_what_is_closed_shows_its_summary_alone():
    found = html.closed("asked", "<p>told</p>")
    assert found.endswith("<summary>asked</summary><p>told</p></details>")
