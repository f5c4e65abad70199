"""Rules for the words of a question: options are shuffled, so none may speak of another's place."""

import re
from collections.abc import Iterable, Iterator, Sequence

from dlprep.quiz import body
from dlprep.quiz.bank import BankError, Question
from dlprep.quiz.body import Body, Option
from dlprep.quiz.check.attacker import Choice

Fault = tuple[int, str]

LONGER = 1.5
"""How many times as long as every other option the right one may be."""

SHORT = 30
"""Characters up to which nobody compares lengths."""

LONGEST_PROMPT = 80

_NOUN = r"(?:options?|answer|choices?|alternatives?|statements?)"
_PLACES = (
    re.compile(r"\b(?:all|none|any|both|neither|each|some) of the (?:above|below)\b", re.I),
    re.compile(rf"\b{_NOUN} (?:above|below|[A-F]|[1-6])\b"),
    re.compile(rf"\b(?:above|below|preceding|previous|next) {_NOUN}\b", re.I),
    re.compile(rf"\bthe (?:first|second|third|fourth|fifth|last) {_NOUN}\b", re.I),
)
_LETTERS = re.compile(r"\b([A-F])(?:,| and| or| nor| &)+ ([A-F])\b")
_WHOLE = re.compile(
    r"(?:all|none|any|both|neither|each)(?: of)?(?: (?:these|those|them|the others?|the rest"
    rf"|(?:the |these |those )?(?:other )?{_NOUN}))\W*(?:(?:is|are|holds?|apply|applies) .*)?",
    re.I,
)
_FORMULA = re.compile(r"(`+).+?\1|\$[^$]+\$")


def faults(text: str, kind: str | None, hints: Sequence[str], line: int) -> Iterator[Fault]:
    """Yield `(line, fault)` for words that make sense in one order of the options alone.

    Args:
        text: The whole file.
        kind: The question's kind, or `None` if the front matter does not say.
        hints: The hints.
        line: Where they stand.
    """
    if kind not in ("choice", "predict"):
        return
    parts = body.parse(text)
    begin = parts.options[0].line if parts.options else 1
    for number, said in [*((line, hint) for hint in hints), *body.prose(text)]:
        place = _place(said, parts.prompt)
        if place and not line < number < begin:
            yield number, f"{place!r} speaks of a place, but options are shuffled: name the thing"
    for option in parts.options:
        if _WHOLE.fullmatch(option.text):
            said = f"{option.text!r} is about the other options"
            yield option.line, f"{said}: say what is the case instead"
    yield from _longest(parts.options)


def choices(questions: Iterable[Question]) -> list[Choice]:
    """Return the questions that have one right option, as an attacker sees them."""
    found = []
    for question in questions:
        options = _body(question).options if question.kind in ("choice", "predict") else ()
        right = [at for at, option in enumerate(options) if option.correct]
        if len(options) > 1 and len(right) == 1:
            prompt = f"{question.title}\n{question.body.prompt}"
            texts = tuple(option.text for option in options)
            found.append(Choice(question.id, prompt, texts, right[0]))
    return found


def notes(question: Question) -> Iterator[str]:
    """Yield what a reader of the check may want to change in a prompt."""
    prompt = _body(question).prompt
    count = len(prompt.split())
    if count > LONGEST_PROMPT and "```" not in prompt:
        yield f"the prompt has {count} words: {LONGEST_PROMPT} can be taken in at once"
    asked = _FORMULA.sub("", prompt).count("?")
    if asked > 1 and question.kind not in ("recall", "code"):
        yield f"the prompt asks {asked} questions, and one is graded"


def _body(question: Question) -> Body:
    try:
        return question.body
    except BankError:
        return body.parse("")


def _longest(options: Sequence[Option]) -> Iterator[Fault]:
    right = [option for option in options if option.correct]
    others = [len(option.text) for option in options if not option.correct]
    if len(right) == 1 and others and len(right[0].text) > max(LONGER * max(others), SHORT):
        yield (
            right[0].line,
            f"the right option has {len(right[0].text)} characters, the longest other one"
            f" {max(others)}: that gives it away, bring them to one length",
        )


def _place(text: str, prompt: str) -> str | None:
    text = _FORMULA.sub(" ", text)
    for pattern in _PLACES:
        if found := pattern.search(text):
            return found[0]
    for found in _LETTERS.finditer(text):
        if not all(re.search(rf"\b{letter}\b", prompt) for letter in found.groups()):
            return found[0]
    return None
