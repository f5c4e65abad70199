"""What of the quiz runs programs, and so needs Keras: exercises, and the linter's runs."""

import json

import pytest
from programs.exercises import SOFTMAX
from quiz.conftest import folder

from dlprep.lab.worker import Worker
from dlprep.quiz import exercise

__all__ = ["folder"]


@pytest.fixture
def grade(tmp_path):
    """Grade a text as the user's file."""

    def run(source, path=SOFTMAX, **settings):
        file = tmp_path / "mine.py"
        file.write_bytes(source if isinstance(source, bytes) else source.encode())
        result = exercise.grade(str(path), str(file), **settings)
        assert json.loads(json.dumps(result)) == result
        return result

    return run


@pytest.fixture(scope="module")
def worker():
    with Worker() as started:
        yield started
