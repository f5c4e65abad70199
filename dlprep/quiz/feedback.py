"""What a session shows: a card, and what the answer to it led to."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random

from dlprep.quiz.bank import Option, Question


@dataclass(frozen=True)
class Verdict:
    """An option after the answer: the option, whether it was chosen, whether that was right."""

    option: Option
    chosen: bool

    @property
    def right(self) -> bool:
        """Whether choosing it, or leaving it, was right."""
        return self.chosen == self.option.correct


@dataclass(frozen=True)
class Card:
    """A question as it is asked.

    Attributes:
        question: The question.
        number: Its place in the session, from 1.
        total: How many questions the session has, as far as known now.
        is_review: Whether it has been answered before.
        shuffle: Seed of the order of the options.
        again: Whether it comes a second time because it was answered wrong in this session; the
            answer then moves no schedule.
        cram: Whether the session moves no schedule at all.
        aloud: Whether it is asked without the options that it has.
    """

    question: Question
    number: int
    total: int
    is_review: bool
    shuffle: str
    again: bool = False
    cram: bool = False
    aloud: bool = False

    @property
    def kind(self) -> str:
        """The question's kind, `recall` if it is asked aloud."""
        return "recall" if self.aloud else self.question.kind

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The options of `choice` and `predict` in the order to show them."""
        options = list(self.question.body.options)
        Random(self.shuffle).shuffle(options)
        return tuple(options)

    def verdicts(self, chosen: Collection[int]) -> tuple[Verdict, ...]:
        """Return every option of `choice` and `predict` with whether it was chosen."""
        shown = self.options if self.kind in ("choice", "predict") else ()
        return tuple(Verdict(option, place in chosen) for place, option in enumerate(shown))


@dataclass(frozen=True)
class Feedback:
    """What an answer led to; it is on the disk already.

    Attributes:
        card: The card that was answered.
        result: `right`, `partly`, `wrong`, `gave up`, or `unmarked` where only the user can tell.
        rating: `again`, `hard`, `good` or `easy`; `None` until the user rates an `unmarked` one.
            The one of the first answer if the card came again; always `None` in a cram.
        remarks: Sentences for the user, the most useful one first.
        detail: What happened, as stored (`key` and `slips` of `numeric`, `missed` and
            `red_flags` of `recall`, `outcome` of `predict`, `failed` and `error` of `code`).
        verdicts: Every option in the order shown, for `choice` and `predict`.
        final: Whether the card is answered; only a failed try of `code` leaves it open.
        seconds: How long the answer took.
        event: Name of the event in the history.
        reason: Why this rating, such as "because of a hint"; `None` if the result alone or the
            user decided.
        due: Day of the next review as of now; `None` while there is no rating.
    """

    card: Card
    result: str
    rating: str | None
    remarks: tuple[str, ...]
    detail: dict
    verdicts: tuple[Verdict, ...]
    final: bool
    seconds: float
    event: str
    reason: str | None = None
    due: date | None = None
