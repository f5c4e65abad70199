"""The processes behind a worker: backends, starts, ends, and what they import."""

import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
from lab.conftest import BARE
from lab.watching import call, descendants, eventually, gone

from dlprep.lab.worker import Worker, processes
from dlprep.lab.worker.job import Limits, amount, ending
from dlprep.lab.worker.worker import needs_no_keras

pytestmark = pytest.mark.usefixtures("without_keras")


def test_keras_gets_the_backend_and_logs_nothing():
    with Worker(backend="numpy", fork=False) as worker:
        assert call(worker, "environment", name="KERAS_BACKEND").result == "numpy"
    with Worker(fork=False) as worker:
        assert call(worker, "environment", name="TF_CPP_MIN_LOG_LEVEL").result == "3"


def test_a_backend_chosen_by_the_environment_is_kept(monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "numpy")
    with Worker(fork=False) as worker:
        assert call(worker, "environment", name="KERAS_BACKEND").result == "numpy"


def test_what_is_asked_for_overrules_the_environment(monkeypatch):
    asked = {"KERAS_BACKEND": "numpy", "TF_CPP_MIN_LOG_LEVEL": "3"}
    for name in asked:
        monkeypatch.setenv(name, "0")
    assert processes.surroundings("numpy")["env"].items() >= asked.items()


@pytest.mark.parametrize("fork", [True, False])
def test_a_broken_keras_is_named(fork):
    with Worker(backend="no_such_backend", fork=fork) as worker:
        for _ in range(2):
            job = call(worker, "work")
            assert "Keras could not be imported: ValueError: " in job.failure.reason
        assert not worker.ready


@pytest.mark.parametrize("fork", [True, False])
def test_start_and_end_take_no_time(fork):
    start = time.monotonic()
    worker = Worker(backend="tensorflow", fork=fork)
    assert time.monotonic() - start < 1
    assert not worker.ready
    job = worker.submit("lab.targets:work")
    worker.close()
    assert time.monotonic() - start < 3
    assert job.wait().failure
    worker.close()


def test_a_dead_worker_is_started_again():
    with Worker(fork=True) as worker:
        server = call(worker, "work").result["parent"]
        assert worker.ready
        job = worker.submit("lab.targets:have_children", last="hang")
        news = iter(job)
        pids = [next(news).done, next(news).done]
        os.kill(server, signal.SIGKILL)
        assert job.wait().failure.reason == "the worker died by signal 9 (SIGKILL)"
        assert gone([server, *pids])
        assert call(worker, "work").result["parent"] != server


def test_a_waiting_process_that_died_is_replaced():
    others = set(descendants(os.getpid(), "single"))
    with Worker(fork=False) as worker:
        assert eventually(lambda: worker.ready, seconds=60)
        assert eventually(lambda: set(descendants(os.getpid(), "single")) - others)
        os.kill(max(set(descendants(os.getpid(), "single")) - others), signal.SIGKILL)
        assert eventually(lambda: not worker.ready)
        assert call(worker, "give", value=3).result == 3


PARENT = """
import json, sys
from dlprep.lab.worker import Worker
sys.path.insert(0, sys.argv[4])
worker = Worker(fork=sys.argv[1] == "fork")
job = worker.submit("lab.targets:" + sys.argv[2], **json.loads(sys.argv[3]))
for number, news in enumerate(job):
    print(news.done, flush=True)
"""


@pytest.mark.parametrize(
    ("fork", "function", "arguments", "news"),
    [
        ("fork", "have_children", {"last": "hang"}, 2),
        ("single", "have_children", {"last": "hang"}, 2),
        ("fork", "hold", {}, 1),
    ],
)
def test_nothing_is_left_when_the_parent_is_killed(fork, function, arguments, news):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, fork, function, json.dumps(arguments), BARE],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    with parent:
        for _ in range(news):
            assert parent.stdout.readline().strip().isdigit()
        family = descendants(parent.pid)
        assert len(family) >= news
        parent.kill()
    assert gone(family)


def test_nothing_of_keras_runs_before_the_fork(tensorflow):
    assert call(tensorflow, "untouched").result is True
    assert tensorflow.ready


def test_tensorflow_trains_after_the_fork(tensorflow):
    one, two = call(tensorflow, "train").result, call(tensorflow, "train").result
    assert one == two
    assert one["backend"] == "tensorflow"
    assert one["losses"][-1] < one["losses"][0]


def test_scikit_learn_works_after_the_fork(tensorflow):
    assert call(tensorflow, "cluster").result > 0


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_train_after_the_fork_too(backend):
    if importlib.util.find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    with Worker(backend=backend, fork=True) as worker:
        trained = call(worker, "train", Limits(seconds=240))
        assert trained.failure is None
        assert trained.result["backend"] == backend
        assert trained.result["losses"][-1] < trained.result["losses"][0]


def test_the_parent_stays_light():
    probe = (
        "import sys; from dlprep.lab.worker import Worker; Worker().close();"
        "print([m for m in ('keras', 'tensorflow', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert done.stderr == ""


def test_a_file_of_the_users_hides_no_module(tmp_path):
    (tmp_path / "keras.py").write_text("raise SystemExit('the wrong keras')")
    (tmp_path / "random.py").write_text("raise SystemExit('the wrong random')")
    with contextlib.chdir(tmp_path), Worker(backend="numpy", fork=True) as worker:
        assert call(worker, "give", value=1).result == 1


@pytest.mark.parametrize(
    ("count", "step", "words"),
    [
        (999, 1000, "999 bytes"),
        (10**6, 1000, "1 MB"),
        (1500, 1000, "1.5 kB"),
        (2**30, 1024, "1 GiB"),
        (1536 * 2**20, 1024, "1.5 GiB"),
        (5 * 2**40, 1024, "5.12e+03 GiB"),
    ],
)
def test_amounts_in_words(count, step, words):
    assert amount(count, step) == words


def test_an_unknown_signal_has_a_number():
    assert ending(-63) == "died by signal 63"


@pytest.mark.parametrize(
    ("program", "free"),
    [
        ("import math\nimport numpy as np\nfrom dlprep.reference.losses import mse", True),
        ("import numpy.linalg", True),
        ("import keras", False),
        ("def run(lab):\n    from keras import ops", False),
        ("from dlprep import layers", False),
        ("from dlprep.lab import data", False),
        ("def", False),
    ],
)
def test_what_a_program_imports_says_whether_it_needs_keras(tmp_path, program, free):
    (tmp_path / "demo.py").write_text(program)
    assert needs_no_keras(tmp_path / "demo.py") is free
    assert not needs_no_keras(tmp_path / "none.py")


def test_a_demonstration_that_needs_no_keras_does_not_wait_for_it(tmp_path):
    path = tmp_path / "demo.py"
    path.write_text("def run(lab):\n    lab.answer(0.5)\n    lab.claim('so it is', True)\n")
    question = SimpleNamespace(demo=path, id="half", drawn={})
    with Worker(backend="tensorflow") as worker:
        job = worker.demo(question).wait()
        assert (job.failure, job.result.answer, worker.ready) == (None, 0.5, False)
        assert "keras" not in job.result.versions
