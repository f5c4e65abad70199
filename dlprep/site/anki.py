"""Questions as text that Anki imports: one note for each, found again by its GUID.

A card shows the formulas by Anki's MathJax, and carries the colours of its code itself.
"""

import contextlib
import re
from collections.abc import Iterable
from functools import cache

from dlprep.quiz.bank import Question
from dlprep.quiz.stub import stub
from dlprep.site import html

HEADER = """\
#separator:tab
#html:true
#notetype:Basic
#guid column:1
#deck column:2
#tags column:3
"""
_MATH = re.compile(r'<span class="math">([^<]*)</span>')
_DISPLAY = re.compile(r'<div class="math display">([^<]*)</div>')
_COLOURED = re.compile(r'<span class="(\w+)">')


def notes(questions: Iterable[Question]) -> str:
    """Return the file that Anki imports.

    Args:
        questions: One note for each; one that draws numbers shows those it draws first.

    Raises:
        BankError: A file cannot be read any more.
    """
    return HEADER + "".join("\t".join(_fields(question)) + "\n" for question in questions)


def _fields(question: Question) -> list[str]:
    deck = f"dlprep::{question.chapter.replace('_', ' ')}"
    tags = [*question.tags, f"kind::{question.kind}", f"level::{question.level}"]
    sides = (_for_anki(side) for side in (front(question), back(question)))
    return [f"dlprep:{question.id}", deck, " ".join(tags), *sides]


def front(question: Question) -> str:
    """Return what is asked, as HTML: title, prompt, options or the code to begin with."""
    parts = [f"<p><b>{html.line(question.title)}</b></p>", html.text(question.body.prompt)]
    if question.kind == "code":
        # To be read, not to be run: of a pack that is not trusted too. It may be no Python.
        with contextlib.suppress(Exception):
            exercise = question.path.with_name(f"{question.path.stem}_exercise.py")
            parts.append(html.code(stub(exercise)))
    options = [html.line(option.text) for option in question.body.options]
    return "".join([*parts, _listed(options)])


def back(question: Question) -> str:
    """Return what is answered, as HTML: the options' reasons, answer, key points, the command."""
    body = question.body
    verdicts = [
        f"<b>{'Right' if option.correct else 'Wrong'}: {html.line(option.text)}</b>"
        f"{html.text(option.reason)}"
        for option in body.options
    ]
    points = [html.line(point) for point in body.key_points]
    flags = [f"<b>Red flag:</b> {html.line(flag)}" for flag in body.red_flags]
    drawn = "".join(f" --draw {name}={number:g}" for name, number in question.drawn.items())
    measured = f"<p>Measured by <code>dlprep demo {question.id}{drawn}</code></p>"
    return _listed(verdicts) + html.text(body.answer) + html.bullets([*points, *flags]) + measured


def _listed(items: list[str]) -> str:
    return f"<ol>{''.join(f'<li>{item}</li>' for item in items)}</ol>" if items else ""


def _for_anki(page: str) -> str:
    page = _MATH.sub(r"\\(\1\\)", page)
    page = _DISPLAY.sub(r"\\[\1\\]", page)
    return _COLOURED.sub(_styled, page)


def _styled(found: re.Match) -> str:
    style = _colours().get(found[1])
    return f'<span style="{style}">' if style else "<span>"


@cache
def _colours() -> dict[str, str]:
    """Return the style of each of Pygments's classes."""
    from pygments.formatters import HtmlFormatter

    formatter = HtmlFormatter()
    lines = formatter.get_style_defs("").splitlines()
    rules = (re.match(r"\.(\w+) \{ ([^}]*?) \}", line) for line in lines)
    return {rule[1]: rule[2] for rule in rules if rule}
