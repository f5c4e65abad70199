"""A stored report is used as long as nothing it follows from has changed."""

import multiprocessing
import os

import pytest

from dlprep.lab import lab, store
from dlprep.lab.report import Claim, Report
from dlprep.lab.store import Store


class Runs:
    """A bank of one demonstration, and how often it was measured."""

    def __init__(self, path):
        self.demo, self.package, self.folder = path / "adam.py", path / "package", path / "cache"
        self.demo.write_text("def run(lab): ...")
        self.write("lab/run.py", "")
        self.count = 0

    def write(self, name, text):
        file = self.package / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        store.sources.cache_clear()

    def get(self, question="adam", seed=0, aa=False):
        def measure():
            self.count += 1
            return Report(question, seed, aa, [Claim("measured", True, self.count)])

        return Store(self.folder, self.package).get(question, self.demo, measure, seed=seed, aa=aa)

    def measured(self, **settings):
        """Return whether it had to be measured, and check that it was kept."""
        before = self.count
        report = self.get(**settings)
        assert self.get(**settings) == report
        return self.count > before


@pytest.fixture
def runs(tmp_path):
    return Runs(tmp_path)


def test_a_report_is_measured_once(runs):
    report = runs.get()
    assert report.claims == [Claim("measured", True, 1)]
    assert runs.get() == report
    assert runs.count == 1


def test_every_run_is_one_of_its_own(runs):
    settings = [{}, {"seed": 1}, {"aa": True}, {"question": "sgd"}]
    assert all(runs.measured(**one) for one in settings)
    assert not any(runs.measured(**one) for one in settings)


CHANGES = {
    "the demonstration": lambda runs, _: runs.demo.write_text("def run(lab): 1"),
    "a component": lambda runs, _: runs.write("lab/run.py", "x = 1"),
    "a new component": lambda runs, _: runs.write("layers/new.py", ""),
    "a version": lambda _, patch: patch.setattr(lab, "versions", lambda: {"keras": "9.9"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_is_measured_anew_after_a_change_of(what, runs, monkeypatch):
    runs.get()
    CHANGES[what](runs, monkeypatch)
    assert runs.measured()


def test_backends_stay_side_by_side(runs, monkeypatch):
    runs.get()
    with monkeypatch.context() as other:
        other.setattr("keras.backend.backend", lambda: "other")
        other.setattr(lab, "versions", lambda: {"other": "1.0"})
        assert runs.measured()
    assert not runs.measured()


@pytest.mark.parametrize("name", ["quiz/session.py", "terminal/view.py", "site/questions.py"])
def test_what_no_demonstration_can_call_changes_nothing(name, runs):
    runs.get()
    runs.write(name, "x = 1")
    assert not runs.measured()


def damages(whole):
    yield from (b"", whole[:-1], whole + b" ", whole[:20], b"\xff" * 99, b"{}", b"\n" + whole)
    yield whole.replace(b"true", b"fals")
    yield from (whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole)))


def test_a_damaged_file_is_measured_anew(runs):
    runs.get()
    (file,) = runs.folder.iterdir()
    for damaged in damages(file.read_bytes()):
        file.write_bytes(damaged)
        assert runs.measured(), damaged


def test_a_folder_that_takes_no_file_is_no_fault(runs):
    runs.folder.write_text("a file where the folder should be")
    runs.get()
    runs.get()
    assert runs.count == 2


def test_a_report_that_cannot_be_kept_leaves_no_rest(runs, monkeypatch):
    def full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert runs.get().holds
    assert list(runs.folder.iterdir()) == []


def test_a_failed_run_is_not_kept(runs):
    def fail():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Store(runs.folder, runs.package).get("adam", runs.demo, fail)
    assert runs.measured()


def rewrite(path, key, number):
    for _ in range(200):
        store.write(path, key, Report("adam", 0, False, [Claim("c" * number, True)] * number))


def test_of_two_writers_one_is_read_whole(tmp_path):
    path, context = tmp_path / "adam.json", multiprocessing.get_context("spawn")
    writers = [context.Process(target=rewrite, args=(path, "key", n)) for n in (10, 300)]
    for writer in writers:
        writer.start()
    found = set()
    while any(writer.is_alive() for writer in writers):
        found.add(path.exists() and len(store.read(path, "key").claims))
    assert found <= {False, 10, 300}
    assert len(store.read(path, "key").claims) in (10, 300)
    assert [file.name for file in tmp_path.iterdir()] == ["adam.json"]
