"""Rules for the Markdown of a question: sections, options, code, formulas, links."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches

from dlprep.quiz import body
from dlprep.quiz.body import SECTIONS, Option, Section
from dlprep.quiz.check.schema import did_you_mean
from dlprep.quiz.markdown import blocks, grammar, words
from dlprep.quiz.markdown.faults import Judge, faults_of_line
from dlprep.quiz.markdown.faults import faults as reading_faults

LONGEST_ANSWER = 200
LONGEST_CODE = 5
_NEARLY_OPTION = re.compile(r"\s*[-*+]?\s*\[\s*[xX]?\s*\](?!\()")
_INNER_OPTION = re.compile(r"^\s*[-*+] \[[ xX]\]", re.MULTILINE)

Fault = tuple[int, str]


def faults(text: str, kind: str | None, ids: Collection[str]) -> Iterator[Fault]:
    """Yield `(line, fault)` for everything below the front matter.

    Args:
        text: The whole file.
        kind: The question's kind, or `None` if the front matter does not say.
        ids: All ids of the bank.
    """
    prompt, *named = body.sections(text)
    options, rest = body.split_options(prompt)
    yield from _sections(prompt, rest, named)
    for section in named:
        if section.title == "Answer":
            yield from _answer(section)
        elif section.title == "Key points":
            yield from _key_points(section)
    if kind:
        yield from _options(prompt, rest, options, kind)
    yield from _reading(rest, options, named, _judge(ids))
    if kind != "predict":
        for section in (prompt, *named):
            yield from _code(section)


def _sections(prompt: Section, rest: Section, named: list[Section]) -> Iterator[Fault]:
    last = prompt.line + len(prompt.rows)
    if not rest.text.strip():
        yield prompt.line + bool(prompt.rows), "no prompt: write what is asked"
    titles = [section.title for section in named]
    for title in SECTIONS[:2]:
        if not get_close_matches(title, titles, 1, 0.8):
            yield last, f"no section: add `## {title}`"
    for at, section in enumerate(named):
        if section.title not in SECTIONS:
            close = get_close_matches(section.title, SECTIONS, 1, 0.5)
            hint = f"did you mean ## {close[0]}?" if close else f"write {', '.join(SECTIONS)}"
            yield section.line, f"unknown heading ## {section.title}: {hint}"
        elif section.title in titles[:at]:
            yield section.line, f"## {section.title} stands here twice: join the two"
        if not section.text:
            yield section.line, f"## {section.title} is empty: fill it, or delete the heading"


def _answer(section: Section) -> Iterator[Fault]:
    count = len(words(blocks(section.text)))
    if count > LONGEST_ANSWER:
        yield (
            section.line,
            f"the answer has {count} words: say it in {LONGEST_ANSWER}, move the rest to In depth",
        )


def _key_points(section: Section) -> Iterator[Fault]:
    points = body.key_points(section)
    if section.text and all(map(body.is_red_flag, points)):
        yield section.line, "no key point: write at least one line that begins with `- `"
    for token in grammar.outline("\n".join(section.rows)):
        line = section.line + 1 + (token.map or [0])[0]
        if token.level == 0 and token.type.endswith("_open") and token.type != "bullet_list_open":
            yield line, "text beside the list of key points: begin the line with `- `"
            return
        if token.level == 2 and token.nesting >= 0 and token.type != "paragraph_open":
            yield line, "a key point is one paragraph: move this to the answer, or to In depth"
            return


def _options(prompt: Section, rest: Section, options: list[Option], kind: str) -> Iterator[Fault]:
    if kind not in ("choice", "predict"):
        if options:
            yield options[0].line, f"options in a question of kind {kind}: delete them"
        return
    yield from _strays(options, rest)
    right = [option for option in options if option.correct]
    if len(options) < 2:
        last = prompt.line + len(prompt.rows)
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


def _strays(options: list[Option], rest: Section) -> Iterator[Fault]:
    tokens = grammar.outline("\n".join(rest.rows))
    code = {row for token in tokens if token.type == "fence" for row in range(*token.map)}
    for at, row in enumerate(rest.rows):
        line = rest.line + 1 + at
        if at in code:
            continue
        if _NEARLY_OPTION.match(row):
            yield line, "not read as an option: write `- [ ] text` or `- [x] text`"
        elif options and line > options[0].line and row.strip():
            yield line, "text after an option: move it above them, or indent it as a reason"
            return


def _reading(
    rest: Section, options: list[Option], named: list[Section], link: Judge
) -> Iterator[Fault]:
    """Yield what is wrong in each text that is read, and shown, on its own."""
    for section in (rest, *named):
        for line, fault in reading_faults("\n".join(section.rows), link):
            yield section.line + line, fault
    for option in options:
        yield from ((option.line, fault) for _, fault in faults_of_line(option.text, link))
        for line, fault in reading_faults(option.reason, link, inside=True):
            yield option.line + line, fault


def _code(section: Section) -> Iterator[Fault]:
    for token in grammar.outline("\n".join(section.rows)):
        if token.type == "fence" and token.content.count("\n") > LONGEST_CODE:
            count = token.content.count("\n")
            yield (
                section.line + 1 + token.map[0],
                f"{count} lines of code: over {LONGEST_CODE} belong in the demonstration",
            )


def _judge(ids: Collection[str]) -> Judge:
    def judge(address: str) -> str | None:
        target = address.partition("#")[0]
        if not target or re.match(r"[a-z][a-z0-9+.-]*:", target):
            return None
        stem, _, suffix = target.rpartition("/")[2].rpartition(".")
        if suffix != "md":
            return f"{target} does not ship with a question: link to id.md or to https://…"
        if stem not in ids:
            return f"the link to {target} is broken: {did_you_mean(stem, ids)}"
        return None

    return judge
