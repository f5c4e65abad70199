"""Workers that start at once, because Keras is hidden from them."""

import os
from pathlib import Path

import pytest

from dlprep.lab.worker import Worker, processes

BARE = str(Path(__file__).with_name("bare"))


@pytest.fixture(scope="module")
def without_keras():
    """Keras is hidden from workers for which no backend is named: they start at once."""

    def surroundings(backend, real=processes.surroundings):
        settings = real(backend)
        if backend is None:
            settings["env"]["PYTHONPATH"] = os.pathsep.join([BARE, settings["env"]["PYTHONPATH"]])
        return settings

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "surroundings", surroundings)
        yield


@pytest.fixture(scope="module")
def forking(without_keras):
    with Worker(fork=True) as worker:
        yield worker


@pytest.fixture(scope="module")
def single(without_keras):
    with Worker(fork=False) as worker:
        yield worker


@pytest.fixture(params=["forking", "single"])
def worker(request):
    """Both kinds."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def tensorflow():
    with Worker(backend="tensorflow", fork=True) as worker:
        yield worker
