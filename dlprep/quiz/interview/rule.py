"""Which question an interviewer puts next: a pure function of what has been asked and answered.

- The level begins at the one that was wanted, else at mid. Two strong answers in a row take it a
  step up, two weak ones a step down.
- A strong answer is followed up by what goes on from it at the same level or the next, a weak one
  by what is no harder; at most twice in a row. A fair one is not followed up.
- Otherwise the topic changes: another chapter, if there is more than one, and a question as near to
  the level as there is; first of chapters that have not come yet, and of those one of the five that
  interviews ask most, by the seed.
- The first question is put aloud. From 30 minutes on there is a task, a number or code: if none has
  come in a third of the time, it is next. Code comes at most once in every 30 minutes begun, and
  never behind code.
- Nothing is asked twice, nothing that takes over a third of the interview, and nothing for which
  the time is too short.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from random import Random

from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.front_matter import LEVELS
from dlprep.quiz.grading import PARTLY, RIGHT, UNMARKED

STRONG, FAIR, WEAK = "strong", "fair", "weak"
SURE = ("sure", "partly", "no")
"""What a candidate says of an answer that nobody has judged yet."""
START = "mid"
FOLLOWED, STEP, FEW = 2, 2, 5
TASKS, TASK_FROM, TASK_BY = ("numeric", "code"), 30, 1 / 3
"""Kinds that are graded and not put aloud, the minutes from which on there is one of them, and the
share of the time after which it is next."""


@dataclass(frozen=True)
class Terms:
    """What was agreed on before an interview.

    Attributes:
        minutes: How long it takes.
        level: Where it begins.
        chapter: The only chapter it is about.
        exam: Whether nothing of an answer is shown before the end.
        seed: Of the choice among questions.
    """

    minutes: float = 30
    level: str | None = None
    chapter: str | None = None
    exam: bool = False
    seed: int = 0

    def __post_init__(self):
        """Refuse what no interview can be held on.

        Raises:
            ValueError: A value is of another type than said above, or no level.
        """
        numbers = type(self.minutes) in (int, float) and type(self.seed) is int
        words = all(type(one) in (str, type(None)) for one in (self.level, self.chapter))
        if not (numbers and words and type(self.exam) is bool and 0 < self.minutes < math.inf):
            raise ValueError(f"these are no terms of an interview: {self}")
        if self.level not in (None, *LEVELS):
            raise ValueError(f"level {self.level!r}: expected one of {', '.join(LEVELS)}")


@dataclass(frozen=True)
class Ask:
    """A question as it is put.

    Attributes:
        question: The question.
        level: The level of the interview then.
        why: Why it is put, in words.
        follows: Id of the question that it follows up.
    """

    question: Question
    level: str
    why: str
    follows: str | None = None

    @property
    def is_task(self) -> bool:
        """Whether it is graded, and not put aloud."""
        return self.question.kind in TASKS


@dataclass(frozen=True)
class Turn:
    """A question that was put, and what came of it.

    Attributes:
        ask: The question.
        seconds: How long the answer took.
        given: Whether the candidate has answered.
        result: One of `grading.RESULTS`; `None` while it is not judged.
        said: One of `SURE`, where the candidate was asked.
        text: What was written down.
        missed: Key points that were not said.
        flags: Red flags that were said.
        remarks: What was wrong with a task, the most useful sentence first.
        key: What the experiment measured, where a number was asked for.
        event: Name of the answer's event.
    """

    ask: Ask
    seconds: float = 0.0
    given: bool = False
    result: str | None = None
    said: str | None = None
    text: str = ""
    missed: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    key: float | None = None
    event: str | None = None

    @property
    def budget(self) -> float:
        """The seconds that a good candidate needs."""
        return 60 * self.ask.question.minutes

    @property
    def strength(self) -> str:
        """How strong the answer was: by its grade, before that by what the candidate says of it."""
        if self.result is None:
            return dict(zip(SURE, (STRONG, FAIR, WEAK), strict=True)).get(self.said, FAIR)
        if self.result == RIGHT:
            return FAIR if self.seconds > 2 * self.budget else STRONG
        return FAIR if self.result in (PARTLY, UNMARKED) else WEAK


def level_of(terms: Terms, turns: Iterable[Turn]) -> str:
    """Return the level that the answers have led to."""
    place, row = LEVELS.index(terms.level or START), []
    for turn in turns:
        row = [*row, turn.strength] if not row or row[-1] == turn.strength else [turn.strength]
        if len(row) == STEP and row[0] != FAIR:
            place += 1 if row[0] == STRONG else -1
            place, row = min(max(place, 0), len(LEVELS) - 1), []
    return LEVELS[place]


def next_ask(
    bank: Bank,
    terms: Terms,
    turns: Sequence[Turn],
    without: Collection[str] = (),
    lost: float = 0.0,
) -> Ask | None:
    """Return the next question, or `None` if the interview is over.

    Args:
        bank: The questions.
        terms: What was agreed on.
        turns: What has been asked and answered.
        without: Ids that are not to be asked.
        lost: Seconds that were spent on questions that are gone from the bank.

    Raises:
        BankError: There is no such chapter.
    """
    left = terms.minutes - (lost + sum(turn.seconds for turn in turns)) / 60
    if len(bank.chapters) == 1:
        terms = replace(terms, chapter=bank.chapters[0])
    asked = {turn.ask.question.id: turn.ask.question for turn in turns}
    kinds = [question.kind for question in asked.values()]
    enough = kinds.count("code") >= math.ceil(terms.minutes / TASK_FROM) or kinds[-1:] == ["code"]
    fitting = [
        question
        for question in bank.filter(chapter=terms.chapter)
        if question.id not in asked and question.id not in without
        if question.minutes <= min(left, terms.minutes / 3)
        if question.kind != "code" or not enough
    ]
    level = level_of(terms, turns)
    if not turns:
        aloud = [question for question in fitting if question.kind not in TASKS]
        return _new_topic(aloud or fitting, level, terms, turns)
    ask = None
    if _task_is_missing(terms, turns) and left <= terms.minutes * (1 - TASK_BY):
        tasks = [question for question in fitting if question.kind in TASKS]
        ask = _new_topic(tasks, level, terms, turns, "a task")
    ask = ask or _follow_up(fitting, level, turns)
    return ask or _new_topic(fitting, level, terms, turns, "a new topic")


def _task_is_missing(terms: Terms, turns: Sequence[Turn]) -> bool:
    tasks = [turn for turn in turns if turn.ask.question.kind in TASKS]
    return terms.minutes >= TASK_FROM and not tasks


def _follow_up(fitting: Sequence[Question], level: str, turns: Sequence[Turn]) -> Ask | None:
    """Return what an interviewer goes on with after a strong or a weak answer."""
    last = turns[-1]
    row = [turn.ask.follows is not None for turn in turns[-FOLLOWED:]]
    if last.strength == FAIR or (len(row) == FOLLOWED and all(row)):
        return None
    before, able = last.ask.question, {question.id: question for question in fitting}
    for name in before.follow_ups:
        if name in able:
            step = LEVELS.index(able[name].level) - LEVELS.index(before.level)
            if last.strength == STRONG and 0 <= step <= 1:
                return Ask(able[name], level, "goes on from a strong answer", before.id)
            if last.strength == WEAK and step <= 0:
                return Ask(able[name], level, "goes back after a weak answer", before.id)
    return None


def _new_topic(
    fitting: Sequence[Question], level: str, terms: Terms, turns: Sequence[Turn], what: str = ""
) -> Ask | None:
    """Return a question of another chapter than the last, unless there is to be one alone."""
    came = [turn.ask.question.chapter for turn in turns]
    if came and terms.chapter is None:
        fitting = [question for question in fitting if question.chapter != came[-1]]
    if not fitting:
        return None

    def rank(question):
        away = abs(LEVELS.index(question.level) - LEVELS.index(level))
        return away, terms.chapter is None and question.chapter in came

    best = min(map(rank, fitting))
    alike = [question for question in fitting if rank(question) == best]
    alike.sort(key=lambda question: -question.asked)
    chosen = Random(f"{terms.seed} {len(turns)}").choice(alike[:FEW])
    return Ask(chosen, level, _reason(level, terms, turns, what))


def _reason(level: str, terms: Terms, turns: Sequence[Turn], what: str) -> str:
    """Say why the topic changes, and that the level has."""
    if not turns:
        return "the interview begins"
    was = level_of(terms, turns[:-1])
    if level == was:
        return what
    if LEVELS.index(level) > LEVELS.index(was):
        return f"{what}, a step up after {STEP} strong answers"
    return f"{what}, a step down after {STEP} weak answers"
