"""How far a user is as good as they feel: what was said beforehand against what came of it."""

from collections.abc import Iterable, Mapping

from dlprep.quiz.grading import PARTLY, RIGHT, UNMARKED
from dlprep.quiz.schedule import Answer

CHANCES = {1: 0.4, 2: 0.7, 3: 0.95}
"""The chance of a right answer that a guess, a likely and a sure answer are taken to claim."""


def brier(answers: Iterable[Answer]) -> float | None:
    """Return the mean squared distance of the chances claimed from the results, or `None`.

    The mean of (p - o)², with p the chance claimed and o 1 for right, 1/2 for partly right, else 0.
    Who always claims 1/2 has 0.25; 0 is perfect. Answers without confidence or rating and
    repetitions do not count.

    Args:
        answers: See `schedule.answers`.
    """
    judged = [_judged(answer) for answer in answers if is_judged(answer)]
    return sum((chance - came) ** 2 for chance, came in judged) / len(judged) if judged else None


def overconfidence(answers: Iterable[Answer], chapters: Mapping[str, str]) -> dict[str, float]:
    """Return by chapter the mean chance claimed minus the share that was right.

    Args:
        answers: See `schedule.answers`.
        chapters: Question id -> chapter; questions not in it are left out.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    for answer in answers:
        if is_judged(answer) and answer.question in chapters:
            found.setdefault(chapters[answer.question], []).append(_judged(answer))
    return {
        chapter: sum(chance - came for chance, came in found[chapter]) / len(found[chapter])
        for chapter in sorted(found)
    }


def is_judged(answer: Answer) -> bool:
    """Tell whether the user said how sure the answer was, and it counts."""
    return answer.confidence is not None and answer.rating is not None


def score(answer: Answer) -> float:
    """Return 1 for a right answer, 1/2 for a partly right one, else 0.

    What only the user can mark is as right as it was rated.
    """
    result = answer.data.get("result")
    if result == UNMARKED:
        return float(answer.rating not in ("again", None))
    return 1.0 if result == RIGHT else 0.5 if result == PARTLY else 0.0


def _judged(answer: Answer) -> tuple[float, float]:
    return CHANCES[answer.confidence], score(answer)
