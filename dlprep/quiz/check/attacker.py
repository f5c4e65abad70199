"""Rules by which an attacker picks an option who knows nothing of the matter: form alone counts."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_HEDGE = re.compile(
    r"\b(?:about|almost|approximately|around|can|could|few|generally|hardly|largely|likely|mainly"
    r"|may|might|mostly|nearly|often|partly|perhaps|possibly|rarely|roughly|seldom|several|slightly"
    r"|some|sometimes|somewhat|tends?|typically|usually)\b",
    re.IGNORECASE,
)
_ABSOLUTE = re.compile(
    r"\b(?:all|alike|always|any|cannot|completely|each|entirely|ever|every|everything|exact|exactly"
    r"|fully|impossible|must|never|no|none|nothing|nowhere|only|perfectly|simply|whatever|whole)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-zA-Z]+(?:-[a-zA-Z]+)*")
_NUMBER = re.compile(r"\$[^$]+\$|`[^`]+`|\d[\d.,]*")
_CLAUSE = re.compile(r"[,;:()]|\b(?:because|since|so|as|when|where|which|that|if)\b")


@dataclass(frozen=True)
class Choice:
    """A question as the attacker sees it, and which of its options is right."""

    id: str
    prompt: str
    options: tuple[str, ...]
    key: int


@dataclass(frozen=True)
class Rule:
    """What an attacker picks, the score that finds it, and what the author can do about it."""

    name: str
    scores: Callable[[Choice], Sequence[float]]
    mend: str


def words(text: str) -> list[str]:
    """Return the words of a text in small letters, formulas and code left out."""
    return _WORD.findall(_NUMBER.sub(" ", text).lower())


def _place(at: int) -> Callable[[Choice], list[float]]:
    def scores(choice: Choice) -> list[float]:
        count = len(choice.options)
        return [float(n == min(at % count if at < 0 else at, count - 1)) for n in range(count)]

    return scores


def _each(score: Callable[[str], float], sign: int = 1) -> Callable[[Choice], list[float]]:
    return lambda choice: [sign * score(option) for option in choice.options]


def _matches(pattern: re.Pattern) -> Callable[[str], float]:
    return lambda option: len(pattern.findall(option))


def _mean_word(option: str) -> float:
    found = words(option)
    return sum(map(len, found)) / len(found) if found else 0.0


def _content(text: str) -> set[str]:
    return {word.removesuffix("s") for word in words(text) if len(word) > 3}


def _with_prompt(sign: int) -> Callable[[Choice], list[float]]:
    def scores(choice: Choice) -> list[float]:
        asked = _content(choice.prompt)
        return [sign * len(_content(option) & asked) for option in choice.options]

    return scores


def _with_options(sign: int) -> Callable[[Choice], list[float]]:
    def scores(choice: Choice) -> list[float]:
        sets = [_content(option) for option in choice.options]
        return [
            sign * sum(len(own & other) for n, other in enumerate(sets) if n != at)
            for at, own in enumerate(sets)
        ]

    return scores


def _middle(choice: Choice) -> list[float]:
    lengths = [len(option) for option in choice.options]
    mean = sum(lengths) / len(lengths)
    return [-abs(length - mean) for length in lengths]


_ORDER = "move the right options to other places in the files"
_LENGTH = "bring the options to one length"
_HEDGES = "let wrong options hedge as the right ones do"
_ABSOLUTES = "let right and wrong options be equally sure of themselves"
_PROMPT = "take as many words of the prompt into right options as into wrong ones"
_OTHERS = "let the wrong options vary each other, not the right one alone"
_NUMBERS = "let right and wrong options be equally exact"
_CLAUSES = "build right and wrong options alike, reasons included"

RULES = (
    Rule("the longest option", _each(len), _LENGTH),
    Rule("the shortest option", _each(len, -1), _LENGTH),
    Rule("the option of middle length", _middle, _LENGTH),
    Rule("the first option", _place(0), _ORDER),
    Rule("the second option", _place(1), _ORDER),
    Rule("the third option", _place(2), _ORDER),
    Rule("the last option", _place(-1), _ORDER),
    Rule("the option with the most hedges", _each(_matches(_HEDGE)), _HEDGES),
    Rule("the option with the fewest hedges", _each(_matches(_HEDGE), -1), _HEDGES),
    Rule("the option with the most absolutes", _each(_matches(_ABSOLUTE)), _ABSOLUTES),
    Rule("the option with the fewest absolutes", _each(_matches(_ABSOLUTE), -1), _ABSOLUTES),
    Rule("the option with the most words of the prompt", _with_prompt(1), _PROMPT),
    Rule("the option with the fewest words of the prompt", _with_prompt(-1), _PROMPT),
    Rule("the option with the most words of other options", _with_options(1), _OTHERS),
    Rule("the option with the fewest words of other options", _with_options(-1), _OTHERS),
    Rule("the option with the most numbers and formulas", _each(_matches(_NUMBER)), _NUMBERS),
    Rule("the option with the fewest numbers and formulas", _each(_matches(_NUMBER), -1), _NUMBERS),
    Rule("the option with the most clauses", _each(_matches(_CLAUSE)), _CLAUSES),
    Rule("the option with the fewest clauses", _each(_matches(_CLAUSE), -1), _CLAUSES),
    Rule("the option with the longest words", _each(_mean_word), _CLAUSES),
)
