"""The other process: it imports Keras, then forks for every job, or runs one job itself.

A job reads its request from one pipe, writes events as JSON lines to another and prints into a
third. Nothing here computes before the fork: a backend that has started its threads would not
survive it.
"""

import contextlib
import faulthandler
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable

from dlprep.lab.worker import family

SOON_NEEDED = (
    *("dlprep.lab.run", "dlprep.lab.data", "dlprep.quiz.exercise", "dlprep.reference"),
    *("dlprep.layers", "dlprep.losses", "dlprep.optimizers", "dlprep.metrics"),
    *("sklearn.datasets", "sklearn.linear_model", "sklearn.model_selection"),
    # Keras seeds TensorFlow too when it computes with another backend.
    "tensorflow",
)
"""Imported after Keras, one by one while no job comes; a job imports what it needs itself."""

IDLE = 0.3
"""Seconds without a new job before the next of them is imported."""

LOOK = 0.05
"""Seconds between two looks for orphans while a job runs."""

PULSE = 0.03
"""Seconds between two progress events of one loop, its last one aside."""


def run_job(requests: int, events: int) -> None:
    """Read one request, run it, write its events; `requests` closing ends the process.

    Args:
        requests: File descriptor of a JSON line `{"target", "arguments", "seconds"}`.
        events: File descriptor that takes JSON lines.
    """
    incoming, outgoing = os.fdopen(requests, "rb"), os.fdopen(events, "w", encoding="utf-8")
    line = incoming.readline()
    if not line:
        return
    request = json.loads(line)
    threading.Thread(target=_end_with, args=(incoming,), daemon=True).start()
    faulthandler.enable()
    begun = time.monotonic()
    # It names the line, also of a loop in C code, and ends a job that nobody is left to kill.
    faulthandler.dump_traceback_later(request["seconds"], exit=True, file=outgoing)

    def send(*event) -> None:
        outgoing.write(json.dumps(event, allow_nan=False) + "\n")
        outgoing.flush()

    send("started", family.resident(os.getpid()), begun)
    try:
        outcome = json.dumps(["result", call(request, send)], allow_nan=False)
    except BaseException as error:
        outcome = json.dumps(["failure", *explain(error)])
    with contextlib.suppress(Exception):
        sys.stdout.flush()
    outgoing.write(outcome + "\n")
    outgoing.flush()


def call(request: dict, send: Callable):
    """Call the target with its arguments and an `emit` that sends progress, not too often."""
    module, _, name = request["target"].partition(":")
    function = getattr(importlib.import_module(module), name)
    latest, topic = 0.0, None

    def emit(label: str, done: int, total: int | None = None) -> None:
        nonlocal latest, topic
        now = time.monotonic()
        if label != topic or done == total or now - latest >= PULSE:
            latest, topic = now, label
            send("progress", str(label), int(done), total if total is None else int(total))

    return function(**request["arguments"], emit=emit)


def explain(error: BaseException) -> tuple[str, int | None]:
    """Return the reason of a failure and the demo's line; print the frames of other programs."""
    from dlprep.lab.run import DemoError, brief

    if isinstance(error, DemoError):
        return f"the demonstration stopped: {error}", error.line
    # Standard error may be closed by now.
    with contextlib.suppress(Exception):
        traceback.print_exception(error)
    return f"the job stopped: {brief(error)}", None


def _end_with(incoming) -> None:
    incoming.read()
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError):
            os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


def run_single(light: bool = False) -> None:
    """Import Keras, wait for one job on standard input, run it.

    Events go to what was standard output, prints to standard error.

    Args:
        light: Whether to do without Keras, so that not even the job finds it.
    """
    requests, events, output = os.dup(0), os.dup(1), os.dup(2)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    if light:
        sys.modules["keras"] = None
    os.write(events, json.dumps(["ready"] if light else load()).encode() + b"\n")
    _print_to(output)
    os.close(output)
    run_job(requests, events)


def load() -> list:
    """Import Keras; return the event that says how that went. What needs none runs without."""
    try:
        import keras  # noqa: F401
    except Exception as error:
        if getattr(error, "name", None) != "keras":
            return ["broken", f"{type(error).__name__}: {error}"]
    return ["ready"]


def _print_to(output: int) -> None:
    os.dup2(output, 1)
    os.dup2(output, 2)
    for name, standard in (("stdout", 1), ("stderr", 2)):
        text = {"encoding": "utf-8", "errors": "backslashreplace"}
        setattr(sys, name, os.fdopen(standard, "w", buffering=1, closefd=False, **text))


class Server:
    """Forks a job for every message on its socket; ends with the socket.

    Args:
        connection: Socket of the program that wants jobs. It sends JSON lines `[id]`, each with
            three file descriptors: requests, events, output.
    """

    def __init__(self, connection: socket.socket):
        self.connection = connection
        self.children: dict[int, int] = {}
        self._text, self._descriptors = b"", []

    def serve(self) -> None:
        """Import Keras, then fork until the socket closes."""
        threading.Thread(target=self._end_with_connection, daemon=True).start()
        event = load()
        self.send(*event)
        if event[0] == "broken":
            return
        hearing, waking = os.pipe()
        os.set_blocking(waking, False)
        signal.set_wakeup_fd(waking)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        later, busy = list(SOON_NEEDED), time.monotonic()
        while True:
            patience = LOOK if self.children else IDLE if later else None
            readable, _, _ = select.select([self.connection, hearing], [], [], patience)
            if hearing in readable:
                os.read(hearing, 4096)
            self.reap()
            if self.connection in readable:
                self.receive()
                busy = time.monotonic()
            if later and time.monotonic() - busy > IDLE:
                with contextlib.suppress(Exception):
                    importlib.import_module(later.pop(0))
                gc.freeze()
                busy = time.monotonic()

    def _end_with_connection(self) -> None:
        """End everything when the other side has closed, even in the middle of an import.

        A thread that sleeps in a system call holds no lock that a fork could miss.
        """
        closed = select.poll()
        closed.register(self.connection, select.POLLHUP)
        closed.poll()
        for pid in list(self.children):
            family.kill(pid)
        os._exit(0)

    def send(self, *event) -> None:
        """Send an event; when nobody listens the loop ends soon."""
        with contextlib.suppress(OSError):
            self.connection.sendall(json.dumps(event).encode() + b"\n")

    def receive(self) -> None:
        """Fork for every message that has come."""
        text, descriptors, _, _ = socket.recv_fds(self.connection, 65536, 48)
        self._text += text
        self._descriptors += descriptors
        *lines, self._text = self._text.split(b"\n")
        for line in lines:
            pipes, self._descriptors = self._descriptors[:3], self._descriptors[3:]
            self.start(*json.loads(line), *pipes)

    def start(self, ident: int, requests: int, events: int, output: int) -> None:
        """Fork one job."""
        with warnings.catch_warnings():
            # JAX and Python warn of threads; those of an import hold no lock that a job needs.
            warnings.simplefilter("ignore")
            pid = os.fork()
        if pid == 0:
            self._become_job(requests, events, output)
        self.children[pid] = ident
        self.send("forked", ident, pid)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        for pipe in (requests, events, output):
            os.close(pipe)

    def _become_job(self, requests: int, events: int, output: int) -> None:
        try:
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.connection.close()
            for descriptor in (requests, events, output):
                os.set_inheritable(descriptor, False)
            _print_to(output)
            os.close(output)
            run_job(requests, events)
        finally:
            os._exit(0)

    def reap(self) -> None:
        """End what no job answers for any more, then report the jobs that have ended."""
        ended = []
        for pid in list(self.children):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                ended.append((self.children.pop(pid), os.waitstatus_to_exitcode(status)))
        family.end_orphans(self.children)
        for number, code in ended:
            self.send("ended", number, code)


if __name__ == "__main__":
    if family.adopt():
        family.keep()
        family.adopt()
    if sys.argv[1:] in (["single"], ["light"]):
        run_single(light=sys.argv[1] == "light")
    else:
        Server(socket.socket(fileno=int(sys.argv[1]))).serve()
    os._exit(0)
