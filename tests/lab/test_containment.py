"""Whatever a job does, it ends, its processes end with it, and the next job works."""

import os
import signal
import sys
import time

import pytest
from lab.watching import eventually, gone

from dlprep.lab.worker import Limits, family, job

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="orphans are adopted on Linux")

ENDINGS = {
    "setsid": None,
    "double_fork": None,
    "daemon": None,
    "many": None,
    "children_join_workers_group": None,
    "linger": None,
    "join_workers_group": "took longer than 2 s",
    "stop": "took longer than 2 s",
    "deaf": "took longer than 2 s",
    "kill_parent": "the worker died by signal 9 (SIGKILL)",
    "kill_parents_group": "the worker died by signal 9 (SIGKILL)",
    "close_all": "took longer than 2 s",
    "exit_now": "ended with exit status 0 before it had a result",
    "crash": "died by signal 11 (SIGSEGV)",
}


@pytest.mark.parametrize("function", ENDINGS)
def test_nothing_outlives_a_job(forking, function):
    late = ENDINGS[function] == "took longer than 2 s"
    limits = Limits(seconds=2 if late else 60)
    begun = forking.submit(f"lab.hostile:{function}", limits=limits)
    left = [news.done for news in begun]
    assert len(left) == (20 if function == "many" else 1)
    assert gone(left)
    assert (begun.failure and begun.failure.reason) == ENDINGS[function]
    assert begun.result == (None if begun.failure else "done")
    assert works(forking)


def works(worker):
    return worker.submit("lab.targets:give", value=1).wait().result == 1


@pytest.mark.parametrize(
    ("function", "reason"),
    [("bomb", "started more than 20 processes"), ("hopping", None), ("detached_bomb", None)],
)
def test_processes_without_end_are_ended(forking, monkeypatch, function, reason):
    monkeypatch.setattr(job, "PROCESSES", 20)
    assert works(forking)
    before = len(family.family([os.getpid()]))
    begun = forking.submit(f"lab.hostile:{function}", limits=Limits(seconds=60)).wait()
    assert (begun.failure and begun.failure.reason) == reason
    assert eventually(lambda: len(family.family([os.getpid()])) <= before)
    assert works(forking)


@pytest.mark.parametrize("function", ["map_memory", "children_take_memory", "orphan_takes_memory"])
def test_memory_is_summed_over_all_processes(forking, function):
    limits = Limits(seconds=60, memory_bytes=100 * 2**20)
    begun = forking.submit(f"lab.hostile:{function}", limits=limits).wait()
    assert begun.failure.reason == "used more than 100 MiB of memory"


def test_memory_that_is_shared_counts_once(forking):
    limits = Limits(seconds=60, memory_bytes=100 * 2**20)
    begun = forking.submit("lab.hostile:share_memory", limits=limits).wait()
    assert (begun.failure, begun.result) == (None, 60 * 2**20)


def test_output_is_summed_over_all_processes(forking):
    limits = Limits(seconds=60, output_bytes=10_000)
    begun = forking.submit("lab.hostile:children_print", limits=limits).wait()
    assert begun.failure.reason == "printed more than 10 kB"


def test_garbage_among_the_events_is_skipped(forking):
    assert forking.submit("lab.hostile:garbage").wait().result == "done"


@pytest.mark.parametrize(
    ("function", "arguments"),
    [("flood", {"ends": ""}), ("flood", {"ends": "\n"}), ("endless_progress", {})],
)
def test_events_without_end_are_ended(forking, monkeypatch, function, arguments):
    monkeypatch.setattr("dlprep.lab.worker.pipes.MOST", 2**20)
    monkeypatch.setattr(job, "MOST", 2**20)
    begun = forking.submit(f"lab.hostile:{function}", limits=Limits(seconds=60), **arguments)
    assert begun.wait().failure.reason == "reported more than 1 MiB"
    assert works(forking)


def test_a_deadline_cannot_be_moved(forking):
    begun = forking.submit("lab.hostile:forever_beginning", limits=Limits(seconds=1)).wait()
    assert begun.failure.reason == "took longer than 1 s"


def test_a_stack_that_overflows_is_a_signal_or_an_error(forking):
    begun = forking.submit("lab.hostile:recurse", limits=Limits(seconds=30)).wait()
    assert "SIGSEGV" in begun.failure.reason or "RecursionError" in begun.failure.reason
    assert works(forking)


def test_a_job_that_never_begins_is_ended_and_so_is_the_worker_that_hangs(forking, monkeypatch):
    assert works(forking)
    server = forking.submit("lab.targets:work").wait().result["parent"]
    os.kill(server, signal.SIGSTOP)
    monkeypatch.setattr(job, "LOADING", 0.5)
    begun = forking.submit("lab.targets:give", limits=Limits(seconds=0.5), value=1)
    start = time.monotonic()
    assert begun.wait().failure.reason == "did not begin within 1 s"
    assert time.monotonic() - start < 5
    assert gone([server])
    monkeypatch.undo()
    assert works(forking)


def test_a_process_knows_those_below_it():
    assert os.getpid() in family.family([os.getppid()])
    assert family.memory([os.getpid()]) > 2**20
    assert family.memory([0]) is None
