"""What is kept of a bank's front matter is what reading the files would give."""

import os
import time

import pytest

from dlprep.quiz import front_matter, fronts
from dlprep.quiz.bank import Bank, questions_dir
from dlprep.quiz.fronts import Fronts


@pytest.fixture
def load(folder, tmp_path, monkeypatch):
    """Load the folder by what is kept, and count the files that are read."""
    monkeypatch.setattr(fronts, "FRESH", -1)
    count = []
    real = front_matter.read
    monkeypatch.setattr(front_matter, "read", lambda path: count.append(path) or real(path))

    def start(bank=folder.path):
        count.clear()
        kept = Fronts(bank, tmp_path / "cache")
        found = Bank.load(bank, kept.read)
        kept.keep()
        return found, len(count)

    return start


def facts(bank):
    return [vars(question) for question in bank], bank.problems, bank.files


def test_the_whole_bank_comes_back_as_it_is_read(load):
    first, _ = load(questions_dir())
    second, files = load(questions_dir())
    assert files == 0
    assert facts(first) == facts(second) == facts(Bank.load())


def test_only_what_changed_is_read_again(load, folder):
    for name in ("one", "two", "three"):
        folder.add(f"04_optimizers/{name}")
    assert load()[1] == 3
    folder.edit("md", "level: junior", "level: senior", "two")
    folder.file("md", "three").unlink()
    bank, files = load()
    assert (files, [q.level for q in bank]) == (1, ["junior", "senior"])
    assert load()[1] == 0


def test_an_edit_that_keeps_size_and_time_is_seen(load, folder):
    path = folder.add()
    before = path.stat()
    load()
    time.sleep(0.02)
    folder.edit("md", "title: Which", "title: Whose")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert load()[0]["good-one"].title.startswith("Whose")


def test_a_file_that_is_being_written_is_not_kept(load, folder, monkeypatch):
    monkeypatch.setattr(fronts, "FRESH", 2_000_000_000)
    folder.add()
    assert [load()[1] for _ in range(2)] == [1, 1]


def test_a_fault_is_told_every_time(load, folder):
    folder.add()
    folder.edit("md", "level: junior", "level: king")
    first, second = load()[0].problems, load()[0].problems
    assert first == second == Bank.load(folder.path).problems != []


def shorten(file):
    os.truncate(file, file.stat().st_size // 2)


def empty(file):
    file.write_text("")


def pipe(file):
    file.unlink()
    os.mkfifo(file)


@pytest.mark.parametrize("spoil", [shorten, empty, pipe])
def test_a_damaged_file_is_made_anew(load, folder, tmp_path, spoil):
    folder.add()
    load()
    (file,) = (tmp_path / "cache").iterdir()
    whole = file.read_bytes()
    spoil(file)
    assert len(load()[0]) == 1
    assert file.read_bytes() == whole


def test_where_nothing_can_be_kept_the_files_are_read(load, folder, tmp_path):
    folder.add()
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert [load()[1] for _ in range(2)] == [1, 1]
