"""What an interview was: by question, chapter and level, and what to study."""

import shlex
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from dlprep.quiz.bank import Bank, BankError, questions_dir
from dlprep.quiz.front_matter import LEVELS
from dlprep.quiz.grading import GAVE_UP, PARTLY, RESULTS, RIGHT, WRONG
from dlprep.quiz.interview.rule import Terms, Turn

MOST = 3


@dataclass(frozen=True)
class Score:
    """A part of an interview in numbers: how many answers of each result, seconds and budget."""

    name: str
    results: dict[str, int]
    seconds: float
    budget: float


@dataclass(frozen=True)
class Said:
    """One question of an interview.

    Attributes:
        question: Its id.
        title: Its title.
        chapter: Its chapter.
        level: Its level.
        kind: Its kind.
        why: Why it was put.
        follows: Id of the question that it followed up.
        result: One of `grading.RESULTS`; `None` if it was not judged.
        by_candidate: Whether the result is what the candidate's own comparison gave.
        seconds: How long the answer took.
        budget: How long a good candidate takes.
        missed: What a stronger answer had: the key points that were not said, all of them if the
            question was passed.
        red_flags: Those that were said.
        remarks: What was wrong with a task.
        key: What the experiment measured, where a number was asked for.
    """

    question: str
    title: str
    chapter: str
    level: str
    kind: str
    why: str
    follows: str | None
    result: str | None
    by_candidate: bool
    seconds: float
    budget: float
    missed: tuple[str, ...]
    red_flags: tuple[str, ...]
    remarks: tuple[str, ...]
    key: float | None


@dataclass(frozen=True)
class Study:
    """A thing to study: what, why, and the commands for it."""

    question: str
    title: str
    why: str
    commands: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """An interview.

    Attributes:
        terms: What was agreed on.
        day: The day it began.
        ended: Whether it came to its end.
        gone: How many questions were asked that the bank no longer has.
        seconds: How long the answers took.
        turns: Every question, in order.
        chapters: The same by chapter.
        levels: The same by level.
        study: At most three things to study, the most pressing first.
    """

    terms: Terms
    day: str
    ended: bool
    gone: int
    seconds: float
    turns: tuple[Said, ...]
    chapters: tuple[Score, ...]
    levels: tuple[Score, ...]
    study: tuple[Study, ...]

    def to_dict(self) -> dict:
        """Return plain JSON values."""
        return asdict(self)


def report(
    bank: Bank, terms: Terms, turns: Sequence[Turn], day: str, ended: bool, gone: int = 0
) -> Report:
    """Sum an interview up.

    Args:
        bank: Its questions; the commands to study name its folder.
        terms: What was agreed on.
        turns: What was asked.
        day: The day it began.
        ended: Whether it came to its end.
        gone: How many questions were asked that the bank no longer has.
    """
    given = [turn for turn in turns if turn.given]
    levels = sorted({turn.ask.question.level for turn in given}, key=LEVELS.index)
    chapters = sorted({turn.ask.question.chapter for turn in given})
    return Report(
        terms=terms,
        day=day,
        ended=ended,
        gone=gone,
        seconds=round(sum(turn.seconds for turn in given), 1),
        turns=tuple(map(_said, given)),
        chapters=tuple(_score(name, given, lambda one: one.chapter) for name in chapters),
        levels=tuple(_score(name, given, lambda one: one.level) for name in levels),
        study=tuple(_study(given, _of(bank))),
    )


def _said(turn: Turn) -> Said:
    question = turn.ask.question
    return Said(
        question=question.id,
        title=question.title,
        chapter=question.chapter,
        level=question.level,
        kind=question.kind,
        why=turn.ask.why,
        follows=turn.ask.follows,
        result=turn.result,
        by_candidate=not turn.ask.is_task and turn.result in (RIGHT, PARTLY, WRONG),
        seconds=turn.seconds,
        budget=turn.budget,
        missed=_key_points(turn) if turn.result == GAVE_UP else turn.missed,
        red_flags=turn.flags,
        remarks=turn.remarks if turn.ask.is_task else (),
        key=turn.key,
    )


def _key_points(turn: Turn) -> tuple[str, ...]:
    try:
        return turn.ask.question.body.key_points
    except BankError:
        return ()


def _of(bank: Bank) -> str:
    """Return what a command needs to find the questions of another bank than our own."""
    own = bank.folder == questions_dir()
    return "" if own else f" --bank {shlex.quote(str(bank.folder))}"


def _score(name: str, turns: Iterable[Turn], part: Callable) -> Score:
    """Count the turns of one chapter or level."""
    its = [turn for turn in turns if part(turn.ask.question) == name]
    found = [turn.result for turn in its]
    results = {result: found.count(result) for result in RESULTS if result in found}
    return Score(name, results, round(sum(t.seconds for t in its), 1), sum(t.budget for t in its))


def _study(turns: Iterable[Turn], of: str) -> list[Study]:
    """Return what to study: red flags first, then what failed, then what was missed or slow."""

    def urgency(turn):
        failed = turn.result in (WRONG, GAVE_UP)
        return bool(turn.flags), failed, turn.result == PARTLY, turn.seconds > 2 * turn.budget

    pressing = [turn for turn in turns if any(urgency(turn))]
    pressing.sort(key=lambda turn: (urgency(turn), turn.ask.question.asked), reverse=True)
    return [_advice(turn, urgency(turn), of) for turn in pressing[:MOST]]


def _advice(turn: Turn, urgency: tuple[bool, ...], of: str) -> Study:
    question = turn.ask.question
    reasons = (
        "a red flag was said",
        "it was passed" if turn.result == GAVE_UP else "the answer was wrong",
        "the answer was not complete",
        "it took over twice the time",
    )
    why = next(reason for reason, holds in zip(reasons, urgency, strict=True) if holds)
    first = "code" if question.kind == "code" else "quiz"
    commands = tuple(f"dlprep {name} {question.id}{of}" for name in (first, "demo"))
    return Study(question.id, question.title, why, commands)
