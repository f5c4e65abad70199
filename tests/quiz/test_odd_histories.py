"""Whatever lies in the history's place is said in one sentence, and nothing of it is lost."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from dlprep.quiz import schedule
from dlprep.quiz.history import History, HistoryError

NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)
ROW = {"id": 7, "uid": "u", "at": "2027-01-15T12:00:00.000000Z", "day": "2027-01-15",
       "session": "s", "kind": "answer", "question": "q", "data": "{}", "machine": ""}  # fmt: skip
FIRST_FORMAT = """
CREATE TABLE event (id INTEGER PRIMARY KEY AUTOINCREMENT, uid TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL, day TEXT NOT NULL, session TEXT NOT NULL, kind TEXT NOT NULL, question TEXT,
    data TEXT NOT NULL) STRICT;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'events are only ever appended'); END;
INSERT INTO event VALUES (3, 'u', '2027-01-15T12:00:00.000000Z', '2027-01-15', 's', 'answer', 'q',
    '{"rating": "good"}');
PRAGMA application_id = 1684828274;
PRAGMA user_version = 1;
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


def add(history, **data):
    return history.append("answer", "q", data, at=NOON, session="s")


def loosen(path, **changes):
    """Put a row into a table that has lost what its columns are checked by."""
    History.open(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "DROP TABLE event;"
            "CREATE TABLE event (id INTEGER PRIMARY KEY, uid, at, day, session, kind, question,"
            " data, machine)"
        )
        row = {**ROW, **changes}
        insert = f"INSERT INTO event VALUES ({', '.join('?' * len(row))})"
        connection.execute(insert, tuple(row.values()))
        connection.commit()


@pytest.mark.parametrize(
    "changes",
    [
        {"data": "[]"},
        {"data": "3"},
        {"data": "null"},
        {"data": None},
        {"data": "{"},
        {"data": '{"a":' * 100_000},
        {"data": b"\xff"},
        {"day": "2027-02-30"},
        {"day": "abcd-ef-gh"},
        {"day": None},
        {"day": 20270115},
        {"at": "2027-13-15T12:00:00.000000Z"},
        {"at": 1.5},
        {"uid": None},
        {"session": None},
        {"question": 3},
        {"machine": None},
    ],
    ids=lambda changes: "{}={!r:.15}".format(*next(iter(changes.items()))),
)
def test_a_row_that_is_no_event_is_named(path, changes):
    loosen(path, **changes)
    with History.open(path) as history, pytest.raises(HistoryError, match="row 7 is no event, "):
        history.events()
    (copy,) = path.parent.glob("*.copy")
    assert copy.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("data", ['{"of": []}', '{"of": {}}', '{"of": 3}', '{"rating": ["good"]}'])
@pytest.mark.parametrize("kind", ["answer", "rate", "undo", "kind of a later version"])
def test_odd_values_and_unknown_kinds_change_nothing(path, kind, data):
    loosen(path, kind=kind, data=data)
    with History.open(path) as history:
        assert (
            schedule.memories(schedule.answers(schedule.in_order(history.events(), NOON.date())))
            == {}
        )


def test_a_table_without_a_column_or_no_table_is_damage(path):
    for statement in ("ALTER TABLE event DROP COLUMN session", "DROP TABLE event"):
        loosen(path)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)
        with pytest.raises(HistoryError, match="is damaged .no such"):
            History.open(path)
        path.unlink()


def test_a_history_of_the_first_format_goes_on(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_FORMAT)
    for _ in range(2):
        with History.open(path) as history:
            added = add(history)
    with History.open(path) as history:
        old, *_, last = history.events()
    assert (old.id, old.data, old.machine) == (3, {"rating": "good"}, "u")
    assert last == added and last.machine


def test_a_machine_keeps_its_name_and_a_copy_elsewhere_has_another(path, monkeypatch):
    with History.open(path) as history:
        first = add(history).machine
    with History.open(path) as history:
        assert add(history).machine == first
    monkeypatch.setattr("platform.node", lambda: "another machine")
    with History.open(path) as history:
        assert add(history).machine not in (first, "")


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm", "-journal"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "folder"])
def test_a_pipe_or_a_folder_is_no_history(path, make, suffix):
    path.parent.mkdir()
    make(f"{path}{suffix}")
    with pytest.raises(HistoryError, match="a folder, a pipe or a device"):
        History.open(path)


def test_a_device_is_no_history(path):
    path.parent.mkdir()
    path.symlink_to("/dev/zero")
    with pytest.raises(HistoryError, match="a folder, a pipe or a device"):
        History.open(path)


def delete(path):
    path.unlink()


def delete_the_folder(path):
    shutil.rmtree(path.parent)


def delete_the_log(path):
    path.with_name(f"{path.name}-wal").unlink()


def replace(path):
    shutil.copy(path, path.with_name("copy"))
    path.with_name("copy").replace(path)


@pytest.mark.parametrize("change", [delete, delete_the_folder, delete_the_log, replace])
def test_a_history_that_went_away_in_mid_session_is_saved_beside_its_place(path, change):
    with History.open(path) as history:
        add(history, number=1)
        change(path)
        with pytest.raises(HistoryError, match="was deleted or replaced while it was in use"):
            add(history, number=2)
    (copy,) = path.parent.glob("*.copy")
    with History.open(copy) as saved:
        assert [event.data["number"] for event in saved.events()] == [1, 2]


def test_two_states_of_a_file_are_both_copied_though_the_clock_stood_still(path):
    path.parent.mkdir()
    for text in ("my notes", "my votes"):
        path.write_text(text)
        os.utime(path, (0, 0))
        with pytest.raises(HistoryError, match="no SQLite file"):
            History.open(path)
    assert {copy.read_text() for copy in path.parent.glob("*.copy")} == {"my notes", "my votes"}
