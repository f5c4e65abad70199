"""Grade an answer: one pure function per kind, and the rating that follows."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dlprep.quiz.body import Option
from dlprep.quiz.words import many

RIGHT, PARTLY, WRONG = "right", "partly", "wrong"
GAVE_UP, UNMARKED = "gave up", "unmarked"
RESULTS = (RIGHT, PARTLY, WRONG, GAVE_UP, UNMARKED)

ENOUGH, HALF = 0.75, 0.5
CLOSE = 0.05

_LN2, _LN10 = math.log(2), math.log(10)
_SLIPS = {
    100: "100 times too large: a percentage where a fraction is asked?",
    1 / 100: "100 times too small: a fraction where a percentage is asked?",
    2: "twice the value: a factor of 2 too much.",
    1 / 2: "half the value: a factor of 2 is missing.",
    1 / _LN2: "off by a logarithm's base: log2 where ln was meant?",
    _LN2: "off by a logarithm's base: ln where log2 was meant?",
    1 / _LN10: "off by a logarithm's base: log10 where ln was meant?",
    _LN10: "off by a logarithm's base: ln where log10 was meant?",
    _LN10 / _LN2: "off by a logarithm's base: log2 where log10 was meant?",
    _LN2 / _LN10: "off by a logarithm's base: log10 where log2 was meant?",
}


@dataclass(frozen=True)
class Grade:
    """What an answer is worth.

    Attributes:
        result: One of `RESULTS`; `unmarked` where only the user can tell.
        remarks: Sentences for the user, the first one the most useful.
        detail: What happened, as plain JSON values, for the history.
    """

    result: str
    remarks: tuple[str, ...]
    detail: dict


def rating(
    result: str, helped: bool, seconds: float, minutes: float, failed: int = 0
) -> tuple[str | None, str | None]:
    """Return the rating a result suggests, and why if the result alone does not say so.

    Args:
        result: One of `RESULTS`; an `unmarked` one has no rating, only the user can tell.
        helped: Whether a hint was read.
        seconds: How long the answer took.
        minutes: How long a good candidate takes; over twice that is slow.
        failed: Tries of `code` that failed before.
    """
    if result == UNMARKED:
        return None, None
    if result in (WRONG, GAVE_UP):
        return "again", None
    if result == PARTLY:
        return "hard", None
    slow = seconds > 2 * 60 * minutes
    reasons = {
        "because of a hint": helped,
        "over twice the time": slow,
        f"after {failed} failed tries": failed >= 2,
    }
    why = " and ".join(reason for reason, holds in reasons.items() if holds)
    return ("hard", why) if why else ("good", None)


def recall(
    key_points: Sequence[str],
    red_flags: Sequence[str],
    ticked: Collection[int] | None,
    flagged: Collection[int] = (),
) -> Grade:
    """Grade a free answer by the key points the user says it met.

    Three quarters of the points are right, half of them partly right; a red flag is wrong.

    Args:
        key_points: The question's key points.
        red_flags: What loses the interview.
        ticked: Indices of the points met, or `None` if the user did not compare.
        flagged: Indices of the red flags said.

    Raises:
        IndexError: An index outside the lists.
    """
    hit = [red_flags[i] for i in _indices(flagged, red_flags)]
    met = _indices(ticked or (), key_points)
    missed = [point for i, point in enumerate(key_points) if i not in met]
    detail = {"met": len(met), "of": len(key_points), "missed": missed, "red_flags": hit}
    if hit:
        return Grade(WRONG, (f"A red flag was said: {hit[0]}",), detail)
    if ticked is None:
        return Grade(UNMARKED, ("Not compared with the key points; rate it yourself.",), {})
    share = len(met) / len(key_points) if key_points else 0.0
    result = RIGHT if share >= ENOUGH else PARTLY if share >= HALF else WRONG
    return Grade(result, (f"{len(met)} of {many(len(key_points), 'key point')}.",), detail)


def choice(options: Sequence[Option], chosen: Collection[int]) -> Grade:
    """Grade chosen options: right only if they are exactly the right ones.

    Args:
        options: The options in the order of `chosen`'s indices.
        chosen: Indices of the options chosen.

    Raises:
        ValueError: Nothing was chosen.
        IndexError: An index outside the options.
    """
    picked = _indices(chosen, options)
    if not picked:
        raise ValueError("no option was chosen; choose at least one")
    wrong = [options[i].text for i in picked if not options[i].correct]
    missing = sum(option.correct and i not in picked for i, option in enumerate(options))
    remarks = [f"{len(wrong)} of the chosen: wrong."] if wrong else []
    remarks += [f"Right but not chosen: {missing}."] if missing else []
    detail = {"chosen": [options[i].text for i in picked], "misconceptions": wrong}
    return Grade(WRONG if remarks else RIGHT, tuple(remarks), detail)


def predict(options: Sequence[Option], chosen: int, outcome: object) -> Grade:
    """Grade a prediction by what the experiment did.

    Args:
        options: The options in the order of `chosen`.
        chosen: Index of the option the user committed to.
        outcome: What the demonstration answered, the text of an option; if it is none of them (or
            `None`, because the run failed) the file's right option decides.
    """
    (index,) = _indices([chosen], options)
    texts = [option.text.strip() for option in options]
    happened = outcome.strip() if isinstance(outcome, str) else None
    remarks = []
    if happened not in texts:
        why = "The experiment gave no result" if outcome is None else "The result is no option"
        remarks.append(f"{why}, so the answer in the question's file decides.")
        happened = next((option.text.strip() for option in options if option.correct), None)
    elif not options[texts.index(happened)].correct:
        remarks.append("The experiment contradicts the question's file; dispute it with `!`.")
    right = texts[index] == happened
    detail = {
        "chosen": [options[index].text],
        "outcome": outcome,
        "misconceptions": [] if right else [options[index].text],
    }
    return Grade(RIGHT if right else WRONG, tuple(remarks), detail)


def numeric(text: str, key: object, tolerance: Mapping[str, float]) -> Grade:
    """Grade a number against the one the demonstration measured.

    Args:
        text: What the user typed, see `numbers.read`.
        key: The demonstration's answer; if it is no finite number the grade is `unmarked`.
        tolerance: `relative` and/or `absolute`; either one suffices.

    Raises:
        NumberError: `text` is no number.
    """
    from dlprep.quiz.numbers import read

    value = read(text)
    detail = {"text": text.strip(), "value": value, "key": key}
    if isinstance(key, bool) or not isinstance(key, int | float) or not math.isfinite(key):
        return Grade(UNMARKED, ("The experiment gave no number; rate it yourself.",), detail)
    if abs(value - key) <= _margin(key, tolerance):
        return Grade(RIGHT, (), detail)
    found = slips(value, key, tolerance)
    return Grade(WRONG, tuple(found), {**detail, "slips": found})


def slips(value: float, key: float, tolerance: Mapping[str, float]) -> list[str]:
    """Return what may have led from `key` to the wrong `value`, in words, if one thing alone does.

    Looked for: the sign, a power of ten, a percentage, a factor of 2, the base of a logarithm, the
    reciprocal, each of them with the wrong sign too. Where two of them fit, nobody knows which it
    was.
    """
    if value == 0 or key == 0 or not math.isfinite(value):
        return []
    size, target = abs(value), abs(key)

    def near(guess: float) -> bool:
        margin = min(_margin(guess, tolerance), CLOSE * guess)
        return math.isfinite(guess) and abs(size - guess) <= margin

    power = round(math.log10(size / target)) if 1e-300 < size / target < 1e300 else 0
    found = [text for factor, text in _SLIPS.items() if near(target * factor)]
    if power not in (0, 2, -2) and near(target * 10.0**power):
        found.append(f"off by a factor of 10^{power}: a unit or a decimal point?")
    if near(1 / target) and not near(target):
        found.append("the reciprocal of the value.")
    if len(found) + near(target) != 1:
        return []
    if value * key < 0:
        found.insert(0, "the sign is wrong.")
    return [text[0].upper() + text[1:] for text in found]


def code(result: Mapping) -> Grade:
    """Grade the outcome of an exercise, see `exercise.grade`."""
    count = len(result["properties"])
    held = f"{many(count, 'property', 'properties')} {'holds' if count == 1 else 'hold'}."
    if result["passed"]:
        return Grade(RIGHT, (held,), {})
    failed = result["failed"]
    reason = result["error"] or f"Does not hold: {failed['text']}"
    return Grade(WRONG, (reason, held), {"error": result["error"], "failed": failed})


def _indices(chosen: Collection[int], items: Sequence) -> list[int]:
    for index in chosen:
        if not 0 <= index < len(items):
            raise IndexError(f"there is no number {index}: expected 0 to {len(items) - 1}")
    return sorted(set(chosen))


def _margin(key: float, tolerance: Mapping[str, float]) -> float:
    return max(tolerance.get("relative", 0.0) * abs(key), tolerance.get("absolute", 0.0))
