"""When a chapter is ready for an interview: to recognise an answer is not to give one."""

from collections.abc import Iterable

from dlprep.quiz.bank import Bank
from dlprep.quiz.schedule import Answer

PRODUCTION = ("numeric", "code", "recall")


def ready(chapter: str, answers: Iterable[Answer], bank: Bank) -> bool:
    """Tell whether the last retrieval in a chapter was production, and did not fail.

    Production is a number, code or a free answer, or options that were asked aloud: an answer with
    `"aloud": true`. What was only recognised among options does not count, however right.

    Args:
        chapter: The folder's name, for example `04_optimizers`.
        answers: See `schedule.answers`; those without a rating are no retrievals.
        bank: Says of which chapter and kind a question is.
    """
    rated = [one for one in answers if one.rating is not None and one.question in bank]
    last = next((one for one in reversed(rated) if bank[one.question].chapter == chapter), None)
    if last is None or last.rating == "again":
        return False
    return bank[last.question].kind in PRODUCTION or last.data.get("aloud") is True
