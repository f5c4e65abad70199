"""A bank in a temporary folder, grown from the examples that `dlprep new` writes.

Nothing in this folder may import Keras; what of the quiz does is tested in `programs`.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dlprep.quiz.check import check
from dlprep.quiz.new import create

ENDINGS = {"md": ".md", "demo": ".py", "exercise": "_exercise.py"}


class Folder:
    """A bank to spoil; `faults` says what the linter finds, without the folder's path."""

    def __init__(self, path: Path):
        self.path = path

    def add(self, name: str = "04_optimizers/good-one", kind: str = "choice") -> Path:
        return create(self.path, name, kind)[0]

    def file(self, part: str, slug: str = "good-one") -> Path:
        return next(self.path.glob(f"*/{slug}.md")).with_name(slug + ENDINGS[part])

    def edit(self, part: str, old: str, new: str, slug: str = "good-one") -> None:
        path = self.file(part, slug)
        text = path.read_text("utf-8")
        assert old in text, f"{path.name} has no {old!r}"
        path.write_text(text.replace(old, new, 1), "utf-8")

    def write(self, name: str, content: str | bytes = "") -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def faults(self, **settings) -> list[str]:
        found = check(self.path, **{"run_demos": False, **settings})
        return [str(message).removeprefix(f"{self.path}/") for message in found]


@pytest.fixture
def folder(tmp_path) -> Folder:
    """An empty bank."""
    (tmp_path / "bank").mkdir()
    return Folder(tmp_path / "bank")


@contextmanager
def no_keras() -> Iterator[None]:
    """Let an import of Keras fail, even where other tests have imported it."""
    before = sys.modules.get("keras")
    sys.modules["keras"] = None
    try:
        yield
    finally:
        if before:
            sys.modules["keras"] = before
        else:
            del sys.modules["keras"]


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    with no_keras():
        return (yield)


@pytest.fixture(autouse=True)
def keras_is_out_of_reach():
    with no_keras():
        yield
