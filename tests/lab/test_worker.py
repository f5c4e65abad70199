"""Jobs in a process of their own: progress, results, and every way to fail."""

import io
import json
import os
import time
from types import SimpleNamespace

import pytest
from lab.watching import call

from dlprep.lab.report import Claim
from dlprep.lab.worker import Progress
from dlprep.lab.worker.job import Failure, Limits
from dlprep.lab.worker.pipes import Pipes

pytestmark = pytest.mark.usefixtures("without_keras")


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
