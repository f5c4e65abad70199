"""The history keeps every answer, is never overwritten, and says what is wrong with it."""

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from dlprep.quiz import history as module
from dlprep.quiz.history import History, HistoryError

WRITER = Path(__file__).with_name("writer.py")
NOON = datetime(2027, 1, 15, 12, tzinfo=UTC)


def add(history, kind="answer", question="a", at=NOON, **data):
    return history.append(kind, question, data, at=at, session="s")


def start_writer(path, name, count=10**6):
    command = [sys.executable, str(WRITER), str(path), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


@pytest.fixture
def written(path):
    """A closed history of some pages."""
    with History.open(path) as history:
        for number in range(200):
            add(history, number=number, text="x" * 100)
    return path


def copies(path):
    return sorted(path.parent.glob("*.copy"))


def test_an_event_comes_back_as_it_went_in(path):
    tokyo = timezone(timedelta(hours=9))
    with History.open(path) as history:
        added = add(history, at=datetime(2027, 1, 16, 4, 4, 5, 678, tokyo), text="é√", share=0.5)
    with History.open(path) as history:
        assert history.events() == [added]
    assert added.at == datetime(2027, 1, 15, 19, 4, 5, 678, UTC)
    assert added.day == date(2027, 1, 16)
    assert added.data == {"text": "é√", "share": 0.5}


def test_events_come_in_the_order_of_writing_whatever_the_clock_says(path):
    with History.open(path) as history:
        written = [
            add(history, at=at)
            for at in (NOON, NOON - timedelta(hours=1), NOON.replace(year=9999), NOON)
        ]
    with History.open(path) as history:
        assert history.events() == written


def test_events_are_chosen_by_kind_and_place(path):
    with History.open(path) as history:
        first, second = add(history), add(history, kind="undo")
        assert history.events(kinds=["undo"]) == [second]
        assert history.events(kinds=[]) == []
        assert history.events(after=first.id) == [second]


def test_a_time_without_zone_is_refused(path):
    with History.open(path) as history, pytest.raises(ValueError, match="with its zone"):
        add(history, at=datetime(2027, 1, 15))


def test_a_number_json_does_not_know_is_refused(path):
    with History.open(path) as history:
        with pytest.raises(ValueError):
            add(history, key=float("nan"))
        assert history.events() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'other'",
        "DELETE FROM event",
        "INSERT OR REPLACE INTO event SELECT * FROM event",
        "REPLACE INTO event SELECT 9, uid, at, day, session, kind, question, data, '' FROM event",
    ],
)
def test_no_program_can_change_an_event(path, statement):
    with History.open(path) as history:
        added = add(history)
        with (
            closing(sqlite3.connect(path)) as other,
            pytest.raises(sqlite3.IntegrityError) as caught,
        ):
            other.execute(statement)
        assert "only ever appended" in str(caught.value)
        assert history.events() == [added]


@pytest.mark.parametrize(
    "column", ["uid = ''", "at = 'yesterday'", "day = 'x'", "data = '{'", "kind = ''", "id = 'x'"]
)
def test_a_row_that_is_no_event_is_refused(path, column):
    row = {"id": 7, "uid": "u", "at": "2027-01-15T12:00:00.000000Z", "day": "2027-01-15",
           "session": "s", "kind": "answer", "question": "q", "data": "{}",
           "machine": "m"}  # fmt: skip
    name, value = column.split(" = ")
    with History.open(path), closing(sqlite3.connect(path)) as other:
        insert = f"INSERT INTO event VALUES ({', '.join('?' * len(row))})"
        other.execute(insert, tuple(row.values()))
        other.rollback()
        with pytest.raises(sqlite3.IntegrityError):
            other.execute(insert, tuple({**row, name: value.strip("'")}.values()))


def test_a_commit_waits_for_the_disk(path):
    with History.open(path) as history:
        pragmas = [history._pragma(name) for name in ("journal_mode", "synchronous")]
    assert pragmas == ["wal", 2]


def shorten(path):
    os.truncate(path, path.stat().st_size // 2)


def behead(path):
    os.truncate(path, 50)


def scribble(path):
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)


def overwrite(path):
    path.write_text("my notes\n" * 1000)


def make_newer(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {module.VERSION + 1}")


DAMAGES = {
    shorten: "is damaged",
    behead: "is damaged",
    scribble: "is damaged",
    overwrite: "no SQLite file",
    make_newer: "newer dlprep",
}


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_bad_file_is_left_as_it_is_and_copied_once(written, damage):
    damage(written)
    before = written.read_bytes()
    files = []
    for _ in range(2):
        with pytest.raises(HistoryError, match=DAMAGES[damage]) as caught:
            History.open(written)
        (copy,) = copies(written)
        files.append(copy.stat().st_ino)
        assert str(copy) in str(caught.value)
    assert written.read_bytes() == copy.read_bytes() == before
    assert files[0] == files[1]


def test_a_newer_file_is_noticed_before_its_log_is_written_back(written):
    with closing(sqlite3.connect(written)) as newer:
        newer.execute(f"PRAGMA user_version = {module.VERSION + 1}")
        with pytest.raises(HistoryError, match="newer dlprep"):
            History.open(written)
        (copy,) = copies(written)
        with closing(sqlite3.connect(copy)) as copied:
            assert copied.execute("PRAGMA user_version").fetchone() == (module.VERSION + 1,)


def test_a_copy_that_cannot_be_made_is_said(written):
    overwrite(written)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(HistoryError, match="no copy could be made .*File too large"):
            History.open(written)
        assert list(written.parent.iterdir()) == [written]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("program", [0, 7])
def test_a_database_of_another_program_is_left_alone(written, program):
    with closing(sqlite3.connect(written)) as connection:
        connection.execute(f"PRAGMA application_id = {program}")
    before = written.read_bytes()
    with pytest.raises(HistoryError, match="another program"):
        History.open(written)
    assert (written.read_bytes(), copies(written)) == (before, [])


def test_an_empty_file_becomes_a_history(path):
    path.parent.mkdir()
    path.touch()
    with History.open(path) as history:
        add(history)


def test_a_creation_that_was_cut_short_is_finished(path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    assert path.stat().st_size
    with History.open(path) as history:
        add(history)


def test_a_full_disk_is_said_and_loses_nothing(written):
    with History.open(written) as history:
        before = history.events()
        history._connection.execute(f"PRAGMA max_page_count = {history._pragma('page_count')}")
        with pytest.raises(HistoryError, match="not saved: database or disk is full"):
            for _ in range(1000):
                before.append(add(history, text="x" * 1000))
        assert history.events() == before
    with History.open(written) as history:
        assert len(history.events()) == len(before)


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(HistoryError, match="cannot be opened"):
        History.open(tmp_path / "file" / "history.db")
    with pytest.raises(HistoryError, match="cannot be opened"):
        History.open(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_read_only_folder_or_file_is_said(written):
    written.parent.chmod(0o500)
    try:
        with pytest.raises(HistoryError, match="cannot be used"):
            History.open(written)
    finally:
        written.parent.chmod(0o700)
    written.chmod(0o400)
    with History.open(written) as history:
        assert history.events()
        with pytest.raises(HistoryError, match="not saved: .*readonly"):
            add(history)


def test_a_lock_held_too_long_is_said(path, monkeypatch):
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    with History.open(path) as history, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(HistoryError, match="not saved: database is locked"):
            add(history)


def test_a_kill_loses_nothing_that_was_acknowledged(path):
    with start_writer(path, "killed") as writer:
        for _ in range(20):
            acknowledged = int(writer.stdout.readline())
        writer.send_signal(signal.SIGKILL)
        *_, acknowledged = acknowledged, *map(int, writer.stdout)
    with History.open(path) as history:
        numbers = [event.data["number"] for event in history.events()]
    assert numbers in (list(range(acknowledged + 1)), list(range(acknowledged + 2)))


def test_two_processes_at_once_lose_nothing(path):
    writers = [start_writer(path, name, 150) for name in ("left", "right")]
    for writer in writers:
        writer.communicate(timeout=60)
        assert writer.returncode == 0
    with History.open(path) as history:
        events = history.events()
    assert len({event.uid for event in events}) == len({event.id for event in events}) == 300
    for name in ("left", "right"):
        numbers = [event.data["number"] for event in events if event.session == name]
        assert numbers == list(range(150))


def test_the_default_is_in_the_platforms_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert module.default_path().name == "history.db"
    assert "dlprep" in module.default_path().parts
