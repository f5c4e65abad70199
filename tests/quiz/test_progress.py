"""Merging is a union that knows no first and second; what is written is whole or not there."""

import json
import shutil
import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz import progress, schedule
from dlprep.quiz.history import History, HistoryError
from dlprep.quiz.progress import ProgressError

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
LATER = (NOON + timedelta(30)).date()
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "answer", "rate", "undo", "dispute"]),
        st.sampled_from("abc"),
        st.integers(-9, 9),
        st.sampled_from(schedule.RATINGS),
    ),
    max_size=8,
)


def play(path, steps):
    """Go on in a history; the clock steps back and ahead."""
    with History.open(path) as history:
        for kind, question, days, rating in steps:
            answers = [one for one in history.events(kinds=["answer"]) if one.question == question]
            data = {"rating": rating} | ({"of": answers[-1].uid} if answers else {})
            history.append(kind, question, data, at=NOON + timedelta(days), session="s")


def export(path):
    with History.open(path) as history:
        return progress.read("f", progress.lines(history.events()))


def merge(path, *others):
    theirs = [export(other) for other in others]
    with History.open(path) as history:
        for events in theirs:
            progress.merge(history, events)
    return content(path)


def content(path):
    """Return what a history says, whatever the order in which machines stand in its file."""
    with History.open(path) as history:
        events = history.events()
    chains = {}
    for one in events:
        chains.setdefault(one.machine, []).append(one[1:])
    return chains, schedule.memories(schedule.answers(schedule.in_order(events, LATER)))


def uids(content):
    return {one[0] for chain in content[0].values() for one in chain}


def copy(path, name):
    return Path(shutil.copy(path, path.with_name(name)))


@settings(max_examples=25)
@given(STEPS, STEPS, STEPS, STEPS)
def test_merging_is_commutative_and_idempotent(common, mine, yours, more):
    """Two copies go on apart, a third history is of nobody else; all is brought together."""
    with tempfile.TemporaryDirectory() as folder:
        a, c = Path(folder) / "a.db", Path(folder) / "c.db"
        play(a, common)
        b = copy(a, "b.db")
        play(a, mine)
        play(b, yours)
        play(c, more)
        ab = merge(copy(a, "ab.db"), b)
        assert merge(copy(b, "ba.db"), a) == ab
        assert merge(copy(a, "aa.db"), a) == content(a)
        assert merge(Path(folder) / "ab.db", b, a, a) == ab
        everything = merge(copy(a, "abc.db"), c, b)
        assert merge(copy(c, "cba.db"), b, a) == everything
        names = [
            {one[0] for chain in content(path)[0].values() for one in chain} for path in (a, b, c)
        ]
        assert {one[0] for chain in everything[0].values() for one in chain} == set.union(*names)


def test_events_keep_their_order_where_a_copy_has_more(tmp_path):
    a = tmp_path / "a.db"
    play(a, [("answer", "a", 3, "good"), ("answer", "a", 1, "good")])
    b = copy(a, "b.db")
    play(b, [("answer", "a", -5, "again"), ("answer", "a", 2, "good")])
    assert merge(a, b) == content(b)


def test_what_comes_before_an_event_in_one_history_does_in_both(tmp_path):
    whole = tmp_path / "whole.db"
    play(whole, [("answer", name, 0, "good") for name in "abc"])
    a, b, c = export(whole)
    found = []
    for name, mine, yours in (("left", [a, c], [b, c]), ("right", [b, c], [a, c])):
        with History.open(tmp_path / name) as history:
            progress.merge(history, mine)
            progress.merge(history, yours)
            found.append([one.question for one in history.events()])
    assert found[0] == found[1] and found[0][-1] == "c"


@pytest.fixture
def history(tmp_path):
    with History.open(tmp_path / "history.db") as opened:
        for number in range(4):
            data = {"rating": "good", "text": 'é "√"'}
            opened.append("answer", f"q{number % 2}", data, at=NOON, session="s")
        yield opened


def test_an_export_comes_back_as_it_was(history):
    events = history.events()
    found = progress.read("f", progress.lines(events))
    assert [one[1:] for one in found] == [one[1:] for one in events]


def test_an_event_that_was_changed_is_not_merged(history):
    events = history.events()
    changed = [events[0]._replace(data={"rating": "easy"})]
    with pytest.raises(ProgressError, match="differs from the one in .* Nothing was merged"):
        progress.merge(history, changed)
    assert history.events() == events


def test_a_reset_voids_what_is_there_and_no_merge_brings_it_back(history):
    before = history.events()
    progress.reset(history, progress.standing(history, ["q0"]), NOON)
    assert {one.question for one in progress.standing(history, None)} == {"q1"}
    progress.merge(history, before)
    assert {one.question for one in progress.standing(history, None)} == {"q1"}
    progress.replace(history, history.events(), before)
    assert [one[1:] for one in history.events()] == [one[1:] for one in before]


def test_what_came_meanwhile_is_not_replaced(history):
    ours = history.events()
    history.append("answer", "new", {}, at=NOON, session="s")
    with pytest.raises(HistoryError, match="was written to meanwhile, so nothing was changed"):
        progress.replace(history, ours, [])
    assert len(history.events()) == 5


def test_after_a_replacement_events_are_still_only_appended(history):
    progress.replace(history, history.events(), history.events()[:2])
    for statement in ("UPDATE event SET kind = 'x'", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever appended"):
            history._connection.execute(statement)


def spoiled(events, **changes):
    head, first, *_ = progress.lines(events).decode().splitlines()
    one = {**json.loads(first), **changes}
    return "\n".join([json.dumps({**json.loads(head), "events": 1}), json.dumps(one)]).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"uid": ""},
        {"uid": 3},
        {"at": "yesterday"},
        {"at": "2027-01-15T12:00:00"},
        {"at": "2027-01-15T12:00:00.000000+05:00"},
        {"day": "20270115"},
        {"day": "2027-02-30"},
        {"kind": ""},
        {"kind": None},
        {"data": []},
        {"data": "{}"},
        {"data": {"a": float("nan")}},
        {"question": "\ud800"},
        {"extra": 1},
        {"machine": None},
    ],
    ids=str,
)
def test_a_line_that_is_no_event_is_named(history, changes):
    with pytest.raises(ProgressError, match="^f:2: no event, .* nothing was changed.$"):
        progress.read("f", spoiled(history.events(), **changes))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: b"", "is no progress"),
        (lambda text: b"notes\n", "is no progress"),
        (lambda text: b"\xff\xfe", "is no progress"),
        (lambda text: b"[" * 100_000, "is no progress"),
        (lambda text: text.split(b"\n", 1)[1], "is no progress"),
        (lambda text: text.replace(b'"version": 1', b'"version": 2'), "by a newer dlprep"),
        (lambda text: text[: text.index(b"\n", 300) + 1], "it was cut off or changed"),
        (lambda text: text + text, "it was cut off or changed"),
        (lambda text: text[:-20], "f:5: no event"),
        (lambda text: text.replace(b'"q1"', b'"q\xff"'), "f:3: no event"),
    ],
)
def test_a_file_that_is_no_export_is_said_in_one_sentence(history, change, said):
    with pytest.raises(ProgressError, match=said) as caught:
        progress.read("f", change(progress.lines(history.events())))
    assert "\n" not in str(caught.value)
