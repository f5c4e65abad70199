"""What the events of an interview say: the turns, the clock, and what is left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from random import Random

from dlprep.quiz.bank import Bank, BankError, Question
from dlprep.quiz.event import Event
from dlprep.quiz.interview.rule import Ask, Terms, Turn

KINDS = ("interview", "put", "said", "pause", "answer", "try", "skip", "end")


class State:
    """An interview as far as its events have come; all that is known comes from them.

    Args:
        bank: The questions; those that are gone from it keep nothing but their time.

    Attributes:
        terms: What was agreed on.
        turns: What was put, in order; the last one may be open.
        day: The day it began.
        ended: Whether nothing more is put.
    """

    def __init__(self, bank: Bank):
        self.bank = bank
        self.terms, self.turns, self.ended, self.day = Terms(), [], False, ""
        self._spent: float = 0.0
        self._since: datetime | None = None
        self._tries = 0
        self._without: set[str] = set()
        self._lost: dict[str, float] = {}

    @property
    def open(self) -> Turn | None:
        """The question on screen, while it waits for an answer."""
        turn = self.turns[-1] if self.turns else None
        return turn if turn and not turn.given else None

    @property
    def spoken(self) -> Turn | None:
        """The answer given last, while it waits to be judged."""
        turn = self.turns[-1] if self.turns else None
        waits = turn and turn.given and turn.result is None
        return turn if waits and (not self.terms.exam or turn.ask.is_task) else None

    @property
    def unmarked(self) -> list[Turn]:
        """What was answered aloud and is not compared with the key points yet."""
        waiting = [turn for turn in self.turns if turn.given and turn.result is None]
        return [turn for turn in waiting if not turn.ask.is_task]

    def _lost_seconds(self) -> float:
        """Return what was spent on questions that are gone."""
        return sum(self._lost.values())

    def _drawn(self, question: Question) -> Question:
        """Return a question with the numbers that the seed draws."""
        chance = Random(f"{self.terms.seed} {question.id}")
        return question.at(chance.randrange(len(question.draws)))

    def _read(self, event: Event) -> None:
        """Take one event in; all that is known comes from here."""
        data = event.data
        match event.kind:
            case "interview":
                self.terms, self.day = Terms(**data), event.day.isoformat()
            case "put" if event.question in self.bank:
                ask = self._ask(event.question, data)
                self.turns.append(Turn(ask))
                self._spent, self._since, self._tries = 0.0, None, 0
            case "pause":
                self._spent, self._since = data["spent"], None
            case "try":
                self._tries += 1
                self._spent, self._since = data["spent"], self._since and event.at
            case "said" | "answer":
                self._settle(event)
            case "skip":
                self._without.add(event.question)
                self.turns = [one for one in self.turns if one.ask.question.id != event.question]
                self._spent, self._since = 0.0, None
            case "end":
                self.ended = True

    def _settle(self, event: Event) -> None:
        """Take an answer, or its grade, into the turn of its question."""
        data = event.data
        if event.question not in self.bank and "seconds" in data:
            self._lost[event.question] = data["seconds"]
        for place, turn in enumerate(self.turns):
            if turn.ask.question.id == event.question and turn.result is None:
                if event.kind == "said":
                    names = ("text", "said", "seconds")
                    changes = {name: data[name] for name in names if name in data}
                    changes["given"] = True
                else:
                    changes = {
                        "given": True,
                        "result": data["result"],
                        "seconds": data["seconds"],
                        "missed": tuple(data.get("missed", ())),
                        "flags": tuple(data.get("red_flags", ())),
                        "remarks": tuple(data["remarks"]),
                        "key": data.get("key"),
                        "event": event.uid,
                    }
                self.turns[place] = replace(turn, **changes)
        self._spent, self._since = 0.0, None

    def _ask(self, name: str, data: Mapping) -> Ask:
        question = self.bank[name]
        try:
            question = question.showing(data["drawn"])
        except BankError:
            # The question draws other numbers by now.
            question = self._drawn(question)
        return Ask(question, data["level"], data["why"], data["follows"])
