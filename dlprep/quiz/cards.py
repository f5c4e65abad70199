"""What is remembered of each question, kept beside the history: a start replays what is new."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from dlprep.quiz import days, event, kept, schedule
from dlprep.quiz.event import Event
from dlprep.quiz.history import History
from dlprep.quiz.schedule import Memory

PROGRAM = (__file__, schedule.__file__, days.__file__, event.__file__, "fsrs")
MANY = 500
"""New events of more questions than this are replayed together with all others."""


class Stretch(NamedTuple):
    """Events that one machine wrote one after the other, and on one day by its clock.

    Attributes:
        first: The `id` of the first of them.
        count: How many they are.
        day: The day they say, as an ordinal.
        mended: The day that is believed, see `days.mended`; it is one for all of them.
    """

    first: int
    count: int
    day: int
    mended: int


class State(NamedTuple):
    """What follows from the events up to the one with this `id` and `uid`."""

    last: int = 0
    uid: str | None = None
    machines: Mapping[str, list[Stretch]] = {}
    memories: Mapping[str, Memory] = {}


class Cards:
    """The memories that follow from a history, equal to those of a replay of all its events.

    They lie in a file beside the history, which may be deleted at any time. It is made anew where
    it is damaged, of another history or of another program than this one, and where a new event
    changes what is believed of the days before it.

    Args:
        history: An open history.
        today: The user's present day.
    """

    def __init__(self, history: History, today: date):
        self._history = history
        self._path = Path(f"{history.path}.cards")
        self._state = self._kept = self._load()
        self.refresh(today)
        self.keep()

    @property
    def memories(self) -> Mapping[str, Memory]:
        """What is remembered of each question that has a rated answer."""
        return self._state.memories

    @property
    def last(self) -> int:
        """The `id` of the last event that was taken in."""
        return self._state.last

    def refresh(self, today: date) -> None:
        """Take in what has come since, from other programs too."""
        state, events = self._since()
        machines = _longer(state.machines, events, today)
        if not _agree(state.machines, machines):
            state, events = State(), self._history.events(kinds=schedule.KINDS)
            machines = _longer({}, events, today)
        if events:
            state = self._replayed(state, events, machines)
        self._state = state

    def _since(self) -> tuple[State, list[Event]]:
        """Return the state with the events behind it, or none with all of them."""
        events = self._history.events(self._state.last - 1, schedule.KINDS)
        if not self._state.last:
            return self._state, events
        if events and events[0].uid == self._state.uid:
            return self._state, events[1:]
        return State(), self._history.events(kinds=schedule.KINDS)

    def keep(self) -> None:
        """Write what is not in the file yet; where that is impossible, a start takes longer."""
        if self._state is self._kept:
            return
        self._kept = self._state
        memories = {name: list(vars(one).values())[1:] for name, one in self.memories.items()}
        kept.store(self._path, PROGRAM, {**self._state._asdict(), "memories": memories})

    def _load(self) -> State:
        found = kept.load(self._path, PROGRAM)
        if found is None:
            return State()
        found["machines"] = {
            name: [Stretch(*one) for one in chain] for name, chain in found["machines"].items()
        }
        found["memories"] = {
            name: Memory(name, date.fromisoformat(last), date.fromisoformat(due), *rest)
            for name, (last, due, *rest) in found["memories"].items()
        }
        return State(**found)

    def _replayed(
        self, state: State, events: list[Event], machines: Mapping[str, list[Stretch]]
    ) -> State:
        """Return the state after new events; only the questions that they are of are replayed."""
        last, others = events[-1], {}
        asked = {event.question for event in events if event.question is not None}
        if state.last:
            some = asked if len(asked) <= MANY else None
            found = self._history.events(kinds=schedule.KINDS, questions=some)
            events = [event for event in found if event.id <= last.id]
            if some is not None:
                others = {name: one for name, one in state.memories.items() if name not in some}
        memories = schedule.memories(schedule.answers(_in_order(events, machines)))
        return State(last.id, last.uid, machines, others | memories)


def _longer(
    machines: Mapping[str, list[Stretch]], events: Iterable[Event], today: date
) -> dict[str, list[Stretch]]:
    """Return the stretches with new events behind them, and the days believed as of today."""
    found = {name: list(chain) for name, chain in machines.items()}
    for one in events:
        chain, day = found.setdefault(one.machine, []), one.day.toordinal()
        if chain and chain[-1].day == day:
            chain[-1] = chain[-1]._replace(count=chain[-1].count + 1)
        else:
            chain.append(Stretch(one.id, 1, day, day))
    return {name: _mended(chain, today) for name, chain in found.items()}


def _mended(chain: list[Stretch], today: date) -> list[Stretch]:
    said = [date.fromordinal(one.day) for one in chain]
    found = days.mended(said, today)
    if found != said:
        # How long a stretch is decides which run of days is the longest.
        every = [day for one, day in zip(chain, said, strict=True) for _ in range(one.count)]
        believed = days.mended(every, today)
        ends = accumulate(one.count for one in chain)
        found = [believed[end - 1] for end in ends]
    return [one._replace(mended=day.toordinal()) for one, day in zip(chain, found, strict=True)]


def _agree(old: Mapping[str, list[Stretch]], new: Mapping[str, list[Stretch]]) -> bool:
    """Tell whether the days that were believed before still are."""
    return all(
        before.mended == after.mended
        for name, chain in old.items()
        for before, after in zip(chain, new[name], strict=False)
    )


def _in_order(events: Iterable[Event], machines: Mapping[str, list[Stretch]]) -> list[Event]:
    """Do what `schedule.in_order` does, by days that are known, to some of the events too."""
    firsts = {name: [one.first for one in chain] for name, chain in machines.items()}
    believed = {
        name: [date.fromordinal(one.mended) for one in chain] for name, chain in machines.items()
    }
    found = []
    for one in events:
        day = believed[one.machine][bisect_right(firsts[one.machine], one.id) - 1]
        found.append(one if one.day == day else one._replace(day=day))
    return sorted(found, key=lambda one: (one.day, one.machine))
