"""The numbers of an answer that its demonstration does not measure, for the reader of the check."""

import re
from collections.abc import Iterable, Iterator

from dlprep.lab.report import Report, Scalar
from dlprep.quiz.body import Body
from dlprep.quiz.check.margin import Equal, Interval, is_number, read

WITHIN = 1.5
TRIVIAL = 2

_CODE = re.compile(r"(`+).*?\1", re.DOTALL)
_POWER = re.compile(r"(?:(\d+(?:\.\d+)?) ?(?:\\cdot|\\times|×|·) ?)?10\^(?:\{([-+−]?\d+)\}|(\d))")
_GROUPS = re.compile(r"(?<=\d)(?:,|\{,\}|\\,| )(?=\d{3}(?!\d))")
_PERCENT = r"\s?(?:\\?%|percent\b)"
_NUMBER = re.compile(
    r"(?<![\w.^{_])(\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?!\w|\.\d)"
    rf"({_PERCENT}|(?=(?: to |–|-| and | or )\d[\d.]*{_PERCENT}))?",
    re.IGNORECASE,
)


def quantities(text: str) -> Iterator[tuple[str, tuple[float, ...]]]:
    r"""Yield the numbers of a Markdown text as they stand there, each with what it may mean.

    `1,000`, `1e-3` and `10^{-3}` are read, `12%` is 0.12 or 12; code, indices, exponents and whole
    numbers up to `TRIVIAL` are passed over.
    """
    plain = _GROUPS.sub("", _CODE.sub(" ", text))
    for power in _POWER.finditer(plain):
        exponent = (power[2] or power[3]).replace("−", "-")
        yield power[0], (float(f"{power[1] or 1}e{exponent}"),)
    for found in _NUMBER.finditer(_POWER.sub(" ", plain)):
        number = float(found[1])
        if found[2] is not None:
            yield found[0], (number / 100, number)
        elif number > TRIVIAL or not number.is_integer():
            yield found[0], (number,)


def unmeasured(body: Body, runs: Iterable[Report]) -> list[tuple[str, str]]:
    """Return `(part, number)` for what no claim, value or answer comes within `WITHIN` of.

    A claim's threshold counts as measured, and so does what the prompt says.

    Args:
        body: The question's texts.
        runs: The reports of its demonstration.
    """
    known = {
        *_measured(runs),
        *(one for _, readings in quantities(body.prompt) for one in readings),
    }
    parts = {
        "answer": [body.answer],
        "key points": [*body.key_points, *body.red_flags],
        "reasons": [option.reason for option in body.options],
        "in depth": [body.in_depth],
    }
    found = {
        (part, said): None
        for part, texts in parts.items()
        for text in texts
        for said, readings in quantities(text)
        if not any(_near(number, other) for number in readings for other in known)
    }
    return list(found)


def listed(body: Body, runs: Iterable[Report]) -> str:
    """Return the unmeasured numbers as a note, empty if there is none."""
    parts: dict[str, list[str]] = {}
    for part, said in unmeasured(body, runs):
        parts.setdefault(part, []).append(said)
    if not parts:
        return ""
    places = "; ".join(f"{part} {', '.join(found)}" for part, found in parts.items())
    return f"nothing measured is within a factor of {WITHIN} of: {places} (no matter for constants)"


def _near(number: float, other: float) -> bool:
    number, other = sorted((number, abs(other)))
    return other <= WITHIN * number


def _measured(runs: Iterable[Report]) -> Iterator[float]:
    for run in runs:
        found = [run.answer, *(value.number for value in run.values)]
        for claim in run.claims:
            found += [claim.measured, *_compared(read(claim.expected))]
        yield from (number for number in found if is_number(number))


def _compared(wanted: Interval | Equal | None) -> list[Scalar]:
    if isinstance(wanted, Interval):
        return wanted.thresholds
    return [wanted.value] if wanted else []
