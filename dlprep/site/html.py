"""Write the tree of a Markdown text as HTML that no other engine reads again.

A page is Markdown to the site's generator, so a piece is one line: a `<div>` whose line ends and
backticks are character references has no blank line, indent or fence to be taken for Markdown.
"""

from collections.abc import Callable
from html import escape

from dlprep.quiz.markdown import Block, Runs, blocks, runs
from dlprep.quiz.markdown.grammar import normal
from dlprep.quiz.mathematics import readable

Address = Callable[[str], str]
"""Returns where a link of a text leads on the site."""

_ONE_LINE = str.maketrans({"\n": "&#10;", "\t": "&#9;", "`": "&#96;", "~": "&#126;"})


def piece(html: str, kind: str = "text") -> str:
    """Return HTML as a block that passes through the generator untouched."""
    return f'<div class="dlprep-{kind}">{html}</div>'


def text(markdown: str, address: Address = str) -> str:
    """Return a Markdown text as HTML.

    Args:
        markdown: The text.
        address: Returns where a link leads.
    """
    return _blocks(blocks(markdown), address)


def line(markdown: str, address: Address = str) -> str:
    """Return a Markdown text that is one line, such as a title, as HTML."""
    return letters(runs(markdown), address)


def words(markdown: str) -> str:
    """Return a line of Markdown in plain words, which is no HTML yet."""
    found = runs(markdown)
    return "".join(readable(r.text) or r.text if r.kind == "math" else r.text for r in found)


def letters(found: Runs, address: Address = str) -> str:
    """Return the letters of a paragraph as HTML."""
    parts, opened = [], []
    for run in found:
        marks = [f'a href="{escaped(address(run.link))}"'] if run.link else []
        marks += ["strong"] * run.bold + ["em"] * run.italic
        while opened != marks[: len(opened)]:
            parts.append(_closing(opened.pop()))
        parts += [f"<{mark}>" for mark in marks[len(opened) :]]
        opened = marks
        parts.append(_run(run.kind, run.text))
    return "".join([*parts, *map(_closing, reversed(opened))])


def escaped(words: object) -> str:
    """Return a text that is no Markdown with its special signs escaped."""
    return escape(normal(str(words))).translate(_ONE_LINE)


def code(source: str, language: str = "python") -> str:
    """Return a block of code, coloured by Pygments's classes where it knows the language."""
    source = normal(source).rstrip("\n")
    inside = _coloured(source, language) if language else escaped(source)
    return f'<div class="highlight"><pre><span></span><code>{inside}</code></pre></div>'


def _coloured(source: str, language: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        return escaped(source)
    return highlight(source, lexer, HtmlFormatter(nowrap=True)).rstrip("\n").translate(_ONE_LINE)


def table(rows: list[list[str]]) -> str:
    """Return a table of cells that are HTML; the first row is the header."""
    header, *body = rows
    parts = ["<thead>", _row("th", header), "</thead>"]
    if body:
        parts += ["<tbody>", *(_row("td", row) for row in body), "</tbody>"]
    return '<div class="wide"><table>' + "".join(parts) + "</table></div>"


def closed(summary: str, content: str) -> str:
    """Return a block that opens on a click or Enter; both parts are HTML."""
    return f'<details class="option"><summary>{summary}</summary>{content}</details>'


def bullets(items: list[str]) -> str:
    """Return a list of items that are HTML."""
    return "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def link(label: str, address: str) -> str:
    """Return a link whose label is HTML."""
    return f'<a href="{escaped(address)}">{label}</a>'


def _blocks(found: tuple[Block, ...], address: Address, tight: bool = False) -> str:
    return "".join(_block(block, address, tight) for block in found)


def _block(block: Block, address: Address, tight: bool) -> str:
    match block.kind:
        case "paragraph":
            inside = letters(block.runs, address)
            return inside if tight else f"<p>{inside}</p>"
        case "heading":
            return f"<h{block.info}>{letters(block.runs, address)}</h{block.info}>"
        case "list":
            return _list(block, address)
        case "quote":
            return f"<blockquote>{_blocks(block.children, address)}</blockquote>"
        case "code":
            return code(block.text, block.info)
        case "display":
            return f'<div class="math display">{escaped(block.text)}</div>'
    return table([[letters(cell, address) for cell in row] for row in block.rows])


def _list(block: Block, address: Address) -> str:
    first = block.children[0].info
    ordered = first != "-"
    opening = f'ol start="{first[:-1]}"' if ordered else "ul"
    items = (
        f"<li>{_blocks(item.children, address, block.info == 'tight')}</li>"
        for item in block.children
    )
    return f"<{opening}>" + "".join(items) + ("</ol>" if ordered else "</ul>")


def _run(kind: str, words: str) -> str:
    if kind == "code":
        return f"<code>{escaped(words)}</code>"
    return f'<span class="math">{escaped(words)}</span>' if kind == "math" else escaped(words)


def _closing(mark: str) -> str:
    return f"</{mark.split()[0]}>"


def _row(tag: str, cells: list[str]) -> str:
    return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"
