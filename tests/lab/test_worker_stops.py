"""Jobs are stopped with all they have started, and the worker works on."""

import os
import signal
import threading
import time

import pytest
from lab.watching import call, eventually, gone

from dlprep.lab.worker.job import Failure, Limits

pytestmark = pytest.mark.usefixtures("without_keras")


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
