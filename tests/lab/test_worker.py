"""Jobs in a process of their own: progress, results, every way to fail, and what comes after."""

import contextlib
import importlib.util
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from types import SimpleNamespace

import pytest
from lab.conftest import BARE
from lab.watching import eventually, gone

from dlprep.lab.report import Claim
from dlprep.lab.worker import Progress, Worker, processes
from dlprep.lab.worker.job import Failure, Limits, amount, ending
from dlprep.lab.worker.pipes import Pipes
from dlprep.lab.worker.worker import needs_no_keras

pytestmark = pytest.mark.usefixtures("without_keras")


@pytest.fixture(params=["forking", "single"])
def worker(request):
    """Both kinds."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def tensorflow():
    with Worker(backend="tensorflow", fork=True) as worker:
        yield worker


def call(worker, function, limits=None, **arguments):
    return worker.submit(f"lab.targets:{function}", limits=limits, **arguments).wait()


def descendants(pid, word=""):
    """Return the processes that a process has started, directly or not, and run this word."""
    listing = subprocess.run(
        ["ps", "-eww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split(maxsplit=2) for line in listing.stdout.splitlines()]
    found = [str(pid)]
    for ancestor in found:
        found += [child for child, parent, *_ in rows if parent == ancestor]
    return [int(child) for child, _, *args in rows if child in found[1:] and word in args[0]]


def test_a_job_reports_progress_and_returns_its_result(worker):
    job = worker.submit("lab.targets:work", steps=2)
    news = list(job)
    assert news[0] == Progress("work", 0, 2)
    assert news[-1] == Progress("work", 2, 2)
    assert job.failure is None
    assert job.result["pid"] != os.getpid()
    assert job.ended


def test_a_job_can_be_asked_again_after_its_end(forking):
    job = call(forking, "give", value=[1, {"a": None}])
    assert list(job) == []
    job.stop()
    assert (job.result, job.failure) == ([1, {"a": None}], None)


def test_progress_is_thinned_but_keeps_its_ends(forking):
    job = forking.submit("lab.targets:report_often", count=5000)
    done = [news.done for news in job]
    assert (done[0], done[-1]) == (0, 5000)
    assert len(done) < 500


@pytest.mark.parametrize(
    ("function", "arguments", "reason", "output"),
    [
        ("fail", {}, "the job stopped: ValueError: no such optimum", "before the end"),
        ("be_rude", {}, "the job stopped: Rude", ""),
        ("leave", {"status": 3}, "ended with exit status 3 before it had a result", "leaving"),
        ("leave", {"status": 0}, "ended with exit status 0 before it had a result", "leaving"),
        ("leave_politely", {}, "the job stopped: SystemExit: enough", ""),
        ("die", {"number": 9}, "died by signal 9 (SIGKILL)", "still here"),
        ("die", {"number": 15}, "died by signal 15 (SIGTERM)", "still here"),
        ("crash", {}, "died by signal 11 (SIGSEGV)", "in crash"),
        ("run_out_of_memory", {}, "MemoryError: Unable to allocate", ""),
        ("give_set", {}, "TypeError: Object of type set is not JSON serializable", ""),
        ("give", {"value": float("nan")}, "ValueError: Out of range float values", ""),
        ("ask", {}, "EOFError", "your name?"),
        ("undecodable", {}, "ended with exit status 1", "caf\ufffd \ufffd\n\\udc80 lone surrogate"),
        ("absent", {}, "AttributeError: module 'lab.targets' has no attribute 'absent'", ""),
    ],
)
def test_a_failure_is_named_and_the_next_job_works(forking, function, arguments, reason, output):
    job = call(forking, function, **arguments)
    assert reason in job.failure.reason
    assert output in job.failure.output
    assert job.result is None
    assert call(forking, "give", value="fine").result == "fine"


@pytest.mark.parametrize(
    ("function", "reason"),
    [("fail", "ValueError: no such optimum"), ("crash", "died by signal 11 (SIGSEGV)")],
)
def test_a_failure_of_a_single_process_is_named_too(single, function, reason):
    assert reason in call(single, function).failure.reason
    assert call(single, "give", value="fine").result == "fine"


def test_a_faulty_demonstration_is_one_line(forking, tmp_path):
    path = tmp_path / "adam.py"
    path.write_text("def run(lab):\n    print('nearly')\n    1 / 0\n")
    job = forking.demo(SimpleNamespace(demo=path, id="adam", drawn={})).wait()
    reason = f"the demonstration stopped: {path}:3: ZeroDivisionError: division by zero"
    assert job.failure == Failure(reason, "nearly", 3)


def test_a_demonstration_becomes_a_report(forking, tmp_path):
    path = tmp_path / "adam.py"
    path.write_text("def run(lab):\n    lab.claim('A/A', lab.aa, lab.seed)\n")
    job = forking.demo(SimpleNamespace(demo=path, id="adam", drawn={}), seed=3, aa=True).wait()
    assert (job.result.question, job.result.seed, job.result.aa) == ("adam", 3, True)
    assert job.result.claims == [Claim("A/A", True, 3)]


SLOW = """import re


def step():
    {}


def run(lab):
    step()
"""


@pytest.mark.parametrize("body", ["while True: pass", "re.match('(a+)+$', 'a' * 64 + 'b')"])
def test_a_time_out_names_the_line(forking, tmp_path, monkeypatch, body):
    monkeypatch.setattr("dlprep.lab.worker.worker.Limits", lambda: Limits(seconds=0.5))
    path = tmp_path / "späť.py"
    path.write_text(SLOW.format(body), "utf-8")
    job = forking.demo(SimpleNamespace(demo=path, id="adam", drawn={})).wait()
    assert job.failure == Failure("took longer than 0.5 s, in line 5 of späť.py", "", 5)


def test_nothing_of_a_job_moves_the_cursor(forking):
    job = forking.submit("lab.targets:label_oddly")
    assert [news.label for news in job] == ["\ufffd[2J\ufffd"]
    assert job.failure.reason == "the job stopped: ValueError: \ufffd[31m\ufffd"
    assert job.failure.output.startswith("\ufffd]0;title\ufffd")
    assert "\x1b" not in job.failure.output


def test_what_a_good_job_printed_is_kept_too(forking):
    job = call(forking, "whisper", count=3)
    assert (job.failure, job.output) == (None, "xxx")


@pytest.mark.parametrize("function", ["hang", "hold"])
def test_a_job_that_hangs_is_ended(worker, function):
    limits = Limits(seconds=0.5)
    start = time.monotonic()
    job = worker.submit(f"lab.targets:{function}", limits=limits)
    labels = [news.label for news in job if (start := time.monotonic())]
    assert time.monotonic() - start < 3
    assert labels == ["hanging" if function == "hang" else "holding"]
    assert job.failure.reason == "took longer than 0.5 s"


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="memory is watched in /proc")
def test_a_job_that_takes_too_much_memory_is_ended(worker):
    limits = Limits(memory_bytes=100 * 2**20)
    job = call(worker, "allocate", limits, megabytes=300)
    assert job.failure.reason == "used more than 100 MiB of memory"
    assert call(worker, "allocate", limits, megabytes=30).result == 1


@pytest.mark.parametrize(("function", "arguments"), [("shout", {}), ("whisper", {"count": 20_000})])
def test_a_job_that_prints_too_much_is_ended(forking, function, arguments):
    job = call(forking, function, Limits(seconds=20, output_bytes=10_000), **arguments)
    assert job.failure.reason == "printed more than 10 kB"
    assert 0 < len(job.failure.output) <= 8192


def test_the_near_ends_keep_what_was_said():
    said, printed = b'["ready"]\nno JSON\n["progress", "a", 1, 2]\n', b"a" * 9000 + b"end"
    near = Pipes(*map(io.BytesIO, (b"", said, printed)))
    near.close()
    heard = [near.events.get_nowait() for _ in range(3)]
    assert heard == [["ready"], ["progress", "a", 1, 2], ["end"]]
    assert near.ready
    assert (near.reported, near.printed, near.tail) == (len(said), 9003, printed[-8192:])


def test_prints_do_not_reach_the_protocol(worker):
    job = worker.submit("lab.targets:mimic")
    assert list(job) == [Progress("truth", 0, 1)]
    assert (job.result, job.failure) == ("the truth", None)


def test_a_large_result_and_a_large_argument(forking):
    assert call(forking, "give_large", count=3 * 10**6).result == "x" * 3 * 10**6
    assert call(forking, "give", value="y" * 3 * 10**6).result == "y" * 3 * 10**6


def test_a_result_that_is_slow_to_read_is_not_lost(forking, monkeypatch):
    """The process has long ended when its result is understood."""

    def slowly(line, read=json.loads):
        time.sleep(0.5 if len(line) > 10**6 else 0)
        return read(line)

    monkeypatch.setattr("dlprep.lab.worker.pipes.json.loads", slowly)
    assert call(forking, "give_large", count=2 * 10**6).result == "x" * 2 * 10**6


def test_a_job_may_close_what_it_prints_to(forking):
    assert call(forking, "close_stdout").result == "closed"


def test_arguments_that_json_cannot_hold_are_refused_at_once(forking):
    circle = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        forking.submit("lab.targets:give", value=circle)
    assert call(forking, "give", value=1).result == 1


def test_threads_that_are_left_over_do_not_delay_the_end(forking):
    start = time.monotonic()
    assert call(forking, "leave_threads", Limits(seconds=60)).result == "done"
    assert time.monotonic() - start < 50


@pytest.mark.parametrize("last", ["return", "die", "hang"])
def test_what_a_job_started_dies_with_it(forking, last):
    job = forking.submit("lab.targets:have_children", limits=Limits(seconds=2), last=last)
    pids = {news.label: news.done for news in job}
    assert set(pids) == {"program", "fork"}
    assert gone(pids.values())


def test_stopping_a_job_leaves_the_worker(forking):
    job = forking.submit("lab.targets:hang")
    next(iter(job))
    start = time.monotonic()
    job.stop()
    assert time.monotonic() - start < 2
    assert job.failure == Failure("stopped", "going to sleep")
    assert call(forking, "give", value=1).result == 1


def test_leaving_the_loop_stops_the_job(forking):
    job = forking.submit("lab.targets:hang")
    for _ in job:
        break
    assert job.failure.reason == "stopped"


@pytest.fixture
def ctrl_c():
    """Let SIGINT interrupt this process even where its caller ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_ctrl_c_stops_the_job_and_is_passed_on(worker, ctrl_c):
    job = worker.submit("lab.targets:hang")
    with pytest.raises(KeyboardInterrupt):
        for _ in job:
            threading.Timer(0.2, signal.raise_signal, [signal.SIGINT]).start()
    assert job.failure.reason == "stopped"
    assert call(worker, "give", value=1).result == 1


def test_limits_hold_while_nobody_looks(forking):
    job = forking.submit("lab.targets:hang", limits=Limits(seconds=0.3))
    assert eventually(lambda: job.ended, seconds=30)
    assert job.failure.reason == "took longer than 0.3 s"


def test_jobs_may_run_side_by_side(forking):
    slow = forking.submit("lab.targets:hang")
    news = iter(slow)
    next(news)
    assert call(forking, "give", value=2).result == 2
    assert not slow.ended
    news.close()
    assert slow.ended


def test_a_terminal_sends_no_signal_to_the_job(forking):
    ids = call(forking, "work").result
    assert os.getpgid(0) not in (ids["group"], ids["parent"])
    assert ids["group"] == ids["pid"]


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
