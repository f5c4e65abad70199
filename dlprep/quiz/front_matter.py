"""The front matter of a question: YAML text to checked values."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dlprep.quiz.reading import CONTROL, read_front_matter

LEVELS = ("junior", "mid", "senior")
KINDS = ("recall", "choice", "numeric", "predict", "code")
MOST_DRAWS = 12
NEEDED = ("title", "level", "kind", "minutes")
_ODD = re.compile(rf"[\t\n]|{CONTROL.pattern}")


_NAME = re.compile(r"[a-z]+(_[a-z]+)*")


@dataclass(frozen=True)
class Unread:
    """A value that has the form of a date or a number and is none; no key takes it."""

    text: str

    def __repr__(self) -> str:
        return self.text


class FrontMatterError(ValueError):
    """Front matter that is no YAML mapping; `line` is counted in the file."""

    def __init__(self, line: int, text: str):
        super().__init__(text)
        self.line = line


def load(text: str) -> dict:
    """Return the YAML mapping as it stands, keys and values unchecked.

    Args:
        text: The lines between the two `---`; the first of them is line 2 of the file.

    Raises:
        FrontMatterError: The text is not YAML, not a mapping, or uses aliases.
    """
    import yaml

    loader = _loader()
    try:
        if "*" in text and _has_alias(text, loader):
            raise FrontMatterError(1, "YAML aliases (*name) do not belong here: write it out")
        mapping = yaml.load(text, loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FrontMatterError(mark.line + 2 if mark else 1, _not_yaml(error.problem)) from error
    except FrontMatterError:
        raise
    # PyYAML's constructors let ValueError, KeyError, AttributeError and RecursionError through.
    except Exception as error:
        raise FrontMatterError(1, _not_yaml(error)) from error
    if not isinstance(mapping, dict):
        raise FrontMatterError(2, "not a list of `key: value` lines: begin with title:")
    return mapping


def read(path: Path) -> tuple[dict, list[tuple[int, str]]]:
    """Return what `parse` does for a question's file.

    Raises:
        BankError: The file cannot be read, or has no front matter.
    """
    return parse(read_front_matter(path))


def parse(text: str) -> tuple[dict, list[tuple[int, str]]]:
    """Return the checked values by key, and `(line, fault)` for what a question cannot do without.

    Keys that are not known are left out. Missing keys are faults only where no question can be
    asked without them.
    """
    try:
        mapping = load(text)
    except FrontMatterError as error:
        return {}, [(error.line, str(error))]
    values, faults = {}, []
    for key in FIELDS.keys() & mapping.keys():
        try:
            values[key] = FIELDS[key](mapping[key])
        except ValueError as error:
            faults.append((line_of(text, key), f"{key}: {error}"))
    needed = (*NEEDED, "tolerance") if mapping.get("kind") == "numeric" else NEEDED
    faults += [
        (1, f"{key} is missing: add a line `{key}: …`") for key in needed if key not in mapping
    ]
    return values, sorted(faults)


def line_of(text: str, key: str) -> int:
    """Return the line of the file where a key of the front matter stands, or 1."""
    for number, line in enumerate(text.split("\n"), 2):
        if line.startswith(f"{key}:"):
            return number
    return 1


def number(value: object) -> float:
    """Return a finite number; YAML 1.1 reads `1e-3` as text, so text in that form counts too."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{_shown(value)} is not a number: write one such as 2 or 0.5")
    try:
        result = float(value)
    except (ValueError, OverflowError):
        result = math.nan
    if not math.isfinite(result):
        raise ValueError(f"{_shown(value)} is not a finite number: write one such as 2 or 0.5")
    return result


def _positive(value: object) -> float:
    result = number(value)
    if result <= 0:
        raise ValueError(f"{_shown(value)} is not more than 0: write a positive number")
    return result


def _weight(value: object) -> float:
    result = number(value)
    if result < 0 or round(result, 1) != result:
        raise ValueError(f"{_shown(value)} is no weight: write 0 or more with one decimal, as 4.5")
    return result


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{_shown(value)} is not text: put it in double quotes")
    value = value.strip()
    if _ODD.search(value):
        raise ValueError("holds a line break or a control character: write one plain line")
    if not value:
        raise ValueError("is empty: write it out, or leave the line out")
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{_shown(value)} is not a list: write it in brackets, [one, two]")
    return tuple(_text(item) for item in value)


def _one_of(choices: tuple[str, ...]) -> Callable[[object], str]:
    def convert(value: object) -> str:
        if value not in choices:
            raise ValueError(f"{_shown(value)} is not known: write one of {', '.join(choices)}")
        return value

    return convert


def _tolerance(value: object) -> dict[str, float]:
    if not isinstance(value, dict) or not value or not value.keys() <= {"relative", "absolute"}:
        raise ValueError(
            f"{_shown(value)} names no tolerance: write {{relative: 0.01}}, absolute:, or both"
        )
    parts = {str(key): number(part) for key, part in value.items()}
    if min(parts.values()) < 0:
        raise ValueError(f"{_shown(value)} is below 0: write 0 where only the exact number counts")
    return parts


def _draw(value: object) -> dict[str, tuple[int | float, ...]]:
    if not isinstance(value, dict) or not value:
        raise ValueError(f"{_shown(value)} draws nothing: write {{width: [64, 128, 256]}}")
    for name, values in value.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise ValueError(f"{_shown(name)} is no name: write small letters, such as width")
        numbers = values if isinstance(values, list) else []
        for one in numbers:
            if number(one) != one:
                raise ValueError(f"{_shown(one)} is text: write it as a plain number")
        if len(set(numbers)) != len(numbers) or len(numbers) not in range(2, 5):
            raise ValueError(f"{name} has {_shown(values)}: list two to four different numbers")
    if math.prod(map(len, value.values())) > MOST_DRAWS:
        raise ValueError(f"more than {MOST_DRAWS} combinations: draw fewer numbers or values")
    return {name: tuple(values) for name, values in value.items()}


FIELDS: dict[str, Callable] = {
    "title": _text,
    "level": _one_of(LEVELS),
    "kind": _one_of(KINDS),
    "tags": _texts,
    "components": _texts,
    "sources": _texts,
    "hints": _texts,
    "follow_ups": _texts,
    "tolerance": _tolerance,
    "draw": _draw,
    "minutes": _positive,
    "asked": _weight,
    "covers": _texts,
}


def _loader() -> type:
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
            try:
                return super().construct_object(node, deep)
            # What PyYAML's constructors let through says no line.
            except (ValueError, KeyError, AttributeError):
                if not isinstance(node, yaml.ScalarNode):
                    raise
                return Unread(node.value)

    return Loader


def _has_alias(text: str, loader: type) -> bool:
    import yaml

    return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, loader))


def _not_yaml(problem: object) -> str:
    first = str(problem).split("\n")[0]
    return f"not YAML: {first}; indent with spaces, and put text with : # [ or quotes in quotes"


def _shown(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "…"
