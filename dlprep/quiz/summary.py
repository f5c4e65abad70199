"""What a session was: counts, time, misconceptions, and what comes tomorrow."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dlprep.quiz.feedback import Feedback


@dataclass(frozen=True)
class Summary:
    """A session in numbers.

    Attributes:
        answered: Questions answered.
        results: How many of each result (`right`, `partly`, `wrong`, `gave up`, `unmarked`).
        chapters: The same per chapter, in order.
        seconds: Time spent on the answers.
        skipped: Questions skipped.
        left: Questions that were not reached.
        due_tomorrow: Ids of all questions due by the end of tomorrow, longest overdue first.
        misconceptions: `(question id, option's text)` of each wrong option chosen.
    """

    answered: int
    results: dict[str, int]
    chapters: dict[str, dict[str, int]]
    seconds: float
    skipped: int
    left: int
    due_tomorrow: list[str]
    misconceptions: list[tuple[str, str]]


def summarize(
    answered: Sequence[Feedback], skipped: int, left: int, due_tomorrow: list[str]
) -> Summary:
    """Count the answers of a session."""
    chapters: dict[str, Counter] = {}
    for feedback in answered:
        chapters.setdefault(feedback.card.question.chapter, Counter())[feedback.result] += 1
    return Summary(
        answered=len(answered),
        results=dict(Counter(feedback.result for feedback in answered)),
        chapters={chapter: dict(chapters[chapter]) for chapter in sorted(chapters)},
        seconds=round(sum(feedback.seconds for feedback in answered), 1),
        skipped=skipped,
        left=left,
        due_tomorrow=due_tomorrow,
        misconceptions=[
            (feedback.card.question.id, text)
            for feedback in answered
            for text in feedback.detail.get("misconceptions", ())
        ],
    )
