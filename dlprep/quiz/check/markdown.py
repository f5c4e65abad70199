"""Rules for the Markdown of a question: sections, options, code, formulas, links."""

import re
from collections.abc import Collection, Iterator, Sequence
from difflib import get_close_matches
from itertools import groupby

from dlprep.quiz import body
from dlprep.quiz.body import SECTIONS, Line, Option, Section
from dlprep.quiz.check import mathematics
from dlprep.quiz.check.schema import did_you_mean

LONGEST_ANSWER = 200
LONGEST_CODE = 5
_NEARLY_OPTION = re.compile(r"\s*[-*+]?\s*\[\s*[xX]?\s*\](?!\()")
_INNER_OPTION = re.compile(r"^\s*[-*+] \[[ xX]\]", re.MULTILINE)
_HEADING = re.compile(r" {0,3}(#+)(?!#)\s*(\S.*)?$")
_LINK = re.compile(r"\[[^\]\n]*\]\(\s*([^)\s]+)[^)\n]*\)")

Fault = tuple[int, str]


def faults(text: str, kind: str | None, ids: Collection[str]) -> Iterator[Fault]:
    """Yield `(line, fault)` for everything below the front matter.

    Args:
        text: the whole file.
        kind: the question's kind, or `None` if the front matter does not say.
        ids: all ids of the bank.
    """
    rows = list(body.lines(text))
    if not rows:
        return
    prompt, *named = body.sections(rows)
    yield from _sections(prompt, named)
    yield from _headings(rows)
    for section in named:
        if section.title == "Answer":
            yield from _answer(section)
        elif section.title == "Key points":
            yield from _key_points(section)
    if kind:
        yield from _options(prompt, kind)
    yield from _code(rows, kind)
    yield from mathematics.faults(rows)
    yield from _links(rows, ids)


def _sections(prompt: Section, named: list[Section]) -> Iterator[Fault]:
    if not "\n".join(row.text for row in body.split_options(prompt.lines)[1]).strip():
        yield prompt.lines[0].number if prompt.lines else 1, "no prompt: write what is asked"
    titles = [section.title for section in named]
    for title in SECTIONS[:2]:
        if not get_close_matches(title, titles, 1, 0.8):
            yield prompt.lines[-1].number if prompt.lines else 1, f"no section: add `## {title}`"
    for at, section in enumerate(named):
        if section.title not in SECTIONS:
            close = get_close_matches(section.title, SECTIONS, 1, 0.5)
            hint = f"did you mean ## {close[0]}?" if close else f"write {', '.join(SECTIONS)}"
            yield section.number, f"unknown heading ## {section.title}: {hint}"
        elif section.title in titles[:at]:
            yield section.number, f"## {section.title} stands here twice: join the two"
        if not section.text:
            yield section.number, f"## {section.title} is empty: fill it, or delete the heading"


def _headings(rows: list[Line]) -> Iterator[Fault]:
    for row in rows:
        heading = None if row.fence else _HEADING.match(row.text)
        if not heading:
            continue
        if heading[1] == "#":
            yield row.number, "a heading of the first level: the title is in the front matter"
        elif not row.text.startswith(heading[1] + " "):
            yield row.number, f"not a heading: begin the line with `{heading[1]} ` and a word"


def _answer(section: Section) -> Iterator[Fault]:
    count = len(mathematics.without_formulas(section.text).split())
    if count > LONGEST_ANSWER:
        yield (
            section.number,
            f"the answer has {count} words: say it in {LONGEST_ANSWER}, move the rest to In depth",
        )


def _key_points(section: Section) -> Iterator[Fault]:
    flags = [item for item in body.key_points(section.lines) if body.is_red_flag(item)]
    if section.text and len(flags) == len(body.key_points(section.lines)):
        yield section.number, "no key point: write at least one line that begins with `- `"
    for row in section.lines:
        if row.text.strip():
            if not body.is_item(row):
                yield row.number, "text before the list of key points: begin the line with `- `"
            return


def _options(prompt: Section, kind: str) -> Iterator[Fault]:
    options, rest = body.split_options(prompt.lines)
    if kind not in ("choice", "predict"):
        if options:
            yield options[0].line, f"options in a question of kind {kind}: delete them"
        return
    yield from _strays(options, rest)
    last = prompt.lines[-1].number if prompt.lines else 1
    right = [option for option in options if option.correct]
    if len(options) < 2:
        yield last, f"{len(options)} of at least 2 options: write `- [ ] text`, the right one [x]"
    elif kind == "predict" and len(right) != 1:
        yield options[0].line, f"{len(right)} options marked [x]: a prediction has exactly one"
    elif len(right) in (0, len(options)):
        which = "every option is" if right else "no option is"
        yield options[0].line, f"{which} marked [x]: mark some, not all"
    for at, option in enumerate(options):
        if not option.reason:
            yield option.line, "an option without its reason: indent one by 4 spaces below it"
        if _INNER_OPTION.search(option.reason):
            yield option.line, "an option inside this one's reason: begin its line at the margin"
        if option.text in [other.text for other in options[:at]]:
            yield option.line, "the same option twice: change or delete one"


def _strays(options: list[Option], rest: list[Line]) -> Iterator[Fault]:
    for row in rest:
        if row.fence:
            continue
        if _NEARLY_OPTION.match(row.text):
            yield row.number, "not read as an option: write `- [ ] text` or `- [x] text`"
        elif options and row.number > options[0].line and row.text.strip():
            yield row.number, "text after an option: move it above them, or indent it as a reason"
            return


def _code(rows: list[Line], kind: str | None) -> Iterator[Fault]:
    for fence, group in groupby(rows, key=lambda row: row.fence):
        block = list(group)
        if not fence:
            continue
        mark = re.match(r"\s*([`~]+)", block[0].text)[1]
        if len(block) < 2 or not body.closes(block[-1].text, mark):
            yield fence, f"this code is never closed: add a line {mark} below it"
        elif kind != "predict" and len(block) - 2 > LONGEST_CODE:
            yield (
                fence,
                f"{len(block) - 2} lines of code: over {LONGEST_CODE} belong in the demonstration",
            )


def _links(rows: Sequence[Line], ids: Collection[str]) -> Iterator[Fault]:
    text = mathematics.without_code(rows)
    for link in _LINK.finditer(text):
        target = link[1].strip("<>").partition("#")[0]
        if not target or re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        line = rows[0].number + text.count("\n", 0, link.start())
        stem, _, suffix = target.rpartition("/")[2].rpartition(".")
        if suffix != "md":
            yield line, f"{target} does not ship with a question: link to id.md or to https://…"
        elif stem not in ids:
            yield line, f"the link to {target} is broken: {did_you_mean(stem, ids)}"
