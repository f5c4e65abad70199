"""The kept memories equal a replay of all events, whatever came and whatever became of the file."""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz import cards, days, event, kept, schedule
from dlprep.quiz.cards import Cards
from dlprep.quiz.history import History

TODAY = date(2027, 1, 15)
DAYS = st.integers(TODAY.toordinal() - 12, TODAY.toordinal() + 4)
STEPS = st.tuples(
    st.sampled_from(["answer"] * 4 + ["again", "rate", "undo", "elsewhere", "skip"]),
    st.sampled_from("abc"),
    st.sampled_from(["left", "right"]),
    st.integers(0, 30),
    st.one_of(st.none(), DAYS),
)


def replayed(history, today=TODAY):
    events = schedule.in_order(history.events(kinds=schedule.KINDS), today)
    return schedule.memories(schedule.answers(events))


def row(number, kind, question, machine, day, **data):
    at = datetime.combine(date.fromordinal(day), datetime.min.time(), UTC).replace(hour=12)
    return event.row(f"u{number}", at, "s", kind, question, data, machine)


def rows(steps, first=0, known=()):
    """Return rows: clocks that step back and ahead, ratings and undos of what came before."""
    day, known, found = TODAY.toordinal() - 9, list(known), []
    for number, (kind, question, machine, pick, jump) in enumerate(steps, first):
        day = jump or day
        data = {"rating": schedule.RATINGS[pick % 4], "confidence": pick % 3 + 1}
        if kind in ("rate", "undo", "elsewhere"):
            data["of"], same = known[pick % len(known)] if known else ("nothing", question)
            question = same if kind != "elsewhere" else question
        kind = {"again": "answer", "elsewhere": "undo"}.get(kind, kind)
        data |= {"again": True} if kind == "again" else {}
        known += [(f"u{number}", question)] if kind == "answer" else []
        found.append(row(number, kind, question, machine, day, **data))
    return found, known


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.db") as opened:
        yield opened


def file(history):
    return Path(f"{history.path}.cards")


def fill(history, count=60):
    history.write(
        row(n, "answer", f"q{n % 7}", "m", TODAY.toordinal() - 20 + n // 4, rating="good")
        for n in range(count)
    )


@settings(max_examples=40)
@given(st.lists(st.lists(STEPS, max_size=12), min_size=2, max_size=5), st.integers(0, 5))
def test_after_any_events_the_memories_equal_a_replay(parts, later):
    with (
        tempfile.TemporaryDirectory() as folder,
        History.open(Path(folder) / "history.db") as history,
    ):
        running, known, first = None, [], 0
        for turn, steps in enumerate(parts):
            new, known = rows(steps, first, known)
            first += len(steps)
            history.write(new)
            today = date.fromordinal(TODAY.toordinal() + later * (turn % 2))
            wanted = replayed(history, today)
            assert Cards(history, today).memories == wanted
            if running:
                running.refresh(today)
                assert running.memories == wanted
            running = running or Cards(history, today)


def test_a_clock_that_proves_wrong_moves_what_it_dated(history):
    """Three answers in a row are believed, and not the one before them."""
    day = TODAY.toordinal()
    history.write([row(1, "answer", "a", "m", day, rating="good")])
    running = Cards(history, TODAY)
    history.write(row(n, "answer", "b", "m", day - 9, rating="good") for n in (2, 3, 4))
    running.refresh(TODAY)
    assert running.memories == Cards(history, TODAY).memories == replayed(history)
    assert running.memories["a"].last == date.fromordinal(day - 9)


def test_an_answer_that_is_undone_elsewhere_is_forgotten(history):
    history.write([row(1, "answer", "a", "m", TODAY.toordinal(), rating="good")])
    running = Cards(history, TODAY)
    history.write([row(2, "undo", "a", "m", TODAY.toordinal(), of="u1")])
    running.refresh(TODAY)
    assert running.memories == Cards(history, TODAY).memories == {}


def test_a_start_reads_no_event_that_was_taken_in(history, monkeypatch):
    fill(history)
    Cards(history, TODAY)
    asked = []
    real = History.events
    monkeypatch.setattr(History, "events", lambda *a, **k: asked.append(real(*a, **k)) or asked[-1])
    assert len(Cards(history, TODAY).memories) == 7
    assert [len(events) for events in asked] == [1]
    history.append("answer", "q1", {"rating": "easy"}, at=datetime.now(UTC), session="s")
    asked.clear()
    Cards(history, TODAY)
    assert {one.question for events in asked for one in events[1:]} == {"q1"}


@pytest.mark.parametrize("many", [0, 500])
def test_many_new_questions_are_replayed_together(history, monkeypatch, many):
    monkeypatch.setattr(cards, "MANY", many)
    fill(history, 30)
    running = Cards(history, TODAY)
    history.write([row(99, "answer", "q3", "other", TODAY.toordinal() - 18, rating="again")])
    running.refresh(TODAY)
    assert running.memories == replayed(history)


def test_the_kept_file_is_used_only_whole_and_of_this_history(history):
    fill(history)
    wanted = Cards(history, TODAY).memories
    whole = file(history).read_bytes()
    for place in range(0, len(whole), 41):
        file(history).write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert Cards(history, TODAY).memories == wanted
        assert file(history).read_bytes() == whole
        file(history).write_bytes(whole[:place])
        assert Cards(history, TODAY).memories == wanted
    other = history.path.with_name("other.db")
    with History.open(other) as second:
        second.write(
            [row(n + 1000, "answer", "z", "m", TODAY.toordinal(), rating="good") for n in range(90)]
        )
        shutil.copy(file(history), f"{other}.cards")
        assert Cards(second, TODAY).memories.keys() == {"z"}


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.symlink_to("/dev/zero")])
def test_what_else_lies_in_its_place_is_not_read(history, make):
    fill(history)
    make(file(history))
    assert Cards(history, TODAY).memories == replayed(history)


def test_another_program_makes_it_anew(history, monkeypatch):
    fill(history)
    Cards(history, TODAY)
    monkeypatch.setattr(kept, "_facts", lambda program: ["newer"])
    monkeypatch.setattr(schedule, "RATINGS", ("good", "hard", "again", "easy"))
    assert Cards(history, TODAY).memories == replayed(history)


def test_a_history_that_was_emptied_is_noticed(history):
    fill(history)
    running = Cards(history, TODAY)
    history.write([], instead=60)
    running.refresh(TODAY)
    assert running.memories == Cards(history, TODAY).memories == {}


def test_a_program_that_knows_no_cards_writes_on_beside_them(history):
    fill(history)
    Cards(history, TODAY)
    with closing(sqlite3.connect(history.path)) as old:
        old.execute(
            f"INSERT INTO event ({event.COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            row(999, "answer", "new", "m", TODAY.toordinal(), rating="good"),
        )
        old.commit()
    assert Cards(history, TODAY).memories == replayed(history)
    assert "new" in Cards(history, TODAY).memories


def test_a_folder_that_cannot_be_written_costs_only_time(history, monkeypatch):
    fill(history)

    def refuse(*_, **__):
        raise OSError("no space")

    monkeypatch.setattr("dlprep.quiz.whole.write", refuse)
    assert Cards(history, TODAY).memories == replayed(history)


def test_days_of_one_stretch_are_believed_together():
    """A long stretch outweighs several short ones, as its single events do."""
    chain = [cards.Stretch(1, 1, 10, 0), cards.Stretch(2, 5, 8, 0), cards.Stretch(7, 1, 12, 0)]
    every = [date.fromordinal(one.day) for one in chain for _ in range(one.count)]
    believed = days.mended(every, date.fromordinal(12))
    found = cards._mended(chain, date.fromordinal(12))
    assert [one.mended for one in found] == [believed[i].toordinal() for i in (0, 1, 6)]
