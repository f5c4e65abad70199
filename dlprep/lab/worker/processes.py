"""Where the worker gets its job processes: forks of one process, or single-use ones."""

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable

from dlprep.lab.worker import family
from dlprep.lab.worker.job import ending
from dlprep.lab.worker.pipes import Pipes


class Forks:
    """Job processes forked from one process, which is started again when it has died."""

    def __init__(self, backend: str | None):
        self._backend = backend
        self._lock = threading.Lock()
        self._server = ForkServer(backend)

    @property
    def ready(self) -> bool:
        return self._server.ready and self._server.ended is None

    def process(self) -> "Fork":
        """Return a new job process; a dead server is replaced."""
        with self._lock:
            if self._server.ended is not None:
                self._server.close()
                self._server = ForkServer(self._backend)
            return self._server.fork()

    def close(self) -> None:
        self._server.close()


class ForkServer:
    """The near end of a `dlprep.lab.worker.server` that forks."""

    def __init__(self, backend: str | None):
        self.ready = False
        self.ended: str | None = None
        self._forks: dict[int, Fork] = {}
        self._numbers = itertools.count()
        self._socket, far = socket.socketpair()
        silent = {name: subprocess.DEVNULL for name in ("stdin", "stdout", "stderr")}
        with far:
            self._process = subprocess.Popen(
                command(str(far.fileno())),
                pass_fds=[far.fileno()],
                **silent,
                **surroundings(backend),
            )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def fork(self) -> "Fork":
        """Ask for a fork; if the server has just died, the job says so."""
        (request_out, request_in), (event_out, event_in), (print_out, print_in) = (
            os.pipe() for _ in range(3)
        )
        near = os.fdopen(request_in, "wb"), os.fdopen(event_out, "rb"), os.fdopen(print_out, "rb")
        far = [request_out, event_in, print_in]
        number = next(self._numbers)
        fork = self._forks[number] = Fork(self, Pipes(*near))
        with contextlib.suppress(OSError):
            socket.send_fds(self._socket, [json.dumps([number]).encode() + b"\n"], far)
        for descriptor in far:
            os.close(descriptor)
        return fork

    def close(self) -> None:
        """End the server and its jobs; one that still imports hears a signal sooner."""
        if not self.ready:
            self.end()
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        try:
            self._process.wait(timeout=2.0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(timeout=1.0)
        self._socket.close()

    def end(self) -> None:
        """End the server at once, whatever it does; its jobs end too."""
        self._process.terminate()
        self._listener.join(timeout=family.PATIENCE)

    def _listen(self) -> None:
        broken = None
        with contextlib.suppress(OSError), self._socket.makefile("rb") as lines:
            for line in lines:
                match json.loads(line):
                    case ["ready"]:
                        self.ready = True
                    case ["broken", reason]:
                        broken = f"Keras could not be imported: {reason}"
                    case ["forked", number, pid]:
                        self._forks[number].pid = pid
                    case ["ended", number, status]:
                        self._forks.pop(number).ended = ending(status)
        self.ended = broken or f"the worker {ending(self._process.wait())}"


class Fork:
    """A job process that the fork server makes."""

    def __init__(self, server: ForkServer, pipes: Pipes):
        self.pipes = pipes
        self.pid: int | None = None
        self.ended: str | None = None
        self._server = server

    def ending(self) -> str | None:
        """Return how it ended, in words, or `None` while it runs."""
        return self.ended or self._server.ended

    def kill(self, stuck: bool = False) -> None:
        """Kill it and its group. One not yet forked ends when its request pipe closes."""
        if stuck:
            self._server.end()
        if self.pid is not None and self.ended is None:
            family.kill(-self.pid)
            family.kill(self.pid)


class Singles:
    """Job processes of which one is always waiting with Keras imported."""

    def __init__(self, backend: str | None):
        self._backend = backend
        self._lock = threading.Lock()
        self._running: set[Single] = set()
        self._waiting: Single | None = Single(backend, self._replace)

    @property
    def ready(self) -> bool:
        waiting = self._waiting
        return waiting is not None and waiting.pipes.ready and waiting.ending() is None

    def process(self) -> "Single":
        """Return the waiting process, or a new one if it is in use or dead."""
        with self._lock:
            process, self._waiting = self._waiting, None
            if process is not None and process.ending():
                process.pipes.close()
                process = None
            process = process or Single(self._backend, self._replace)
            self._running.add(process)
            return process

    def close(self) -> None:
        with self._lock:
            ends = [*self._running, self._waiting]
            self._running, self._waiting = set(), None
        for process in filter(None, ends):
            process.kill()
            process.pipes.close()

    def _replace(self, ended: "Single") -> None:
        """Start the next process when a job has ended, not while it needs the processor."""
        with self._lock:
            if ended in self._running:
                self._running.remove(ended)
                self._waiting = self._waiting or Single(self._backend, self._replace)


class Lights:
    """Job processes that have no Keras and begin at once."""

    def __init__(self):
        self._lock = threading.Lock()
        self._running: set[Single] = set()

    def process(self) -> "Single":
        """Return a new process."""
        with self._lock:
            process = Single(None, self._forget, "light")
            self._running.add(process)
            return process

    def close(self) -> None:
        with self._lock:
            running = list(self._running)
        for process in running:
            process.kill()
            process.pipes.close()

    def _forget(self, ended: "Single") -> None:
        with self._lock:
            self._running.discard(ended)


class Single:
    """A process that runs one job.

    Args:
        backend: Keras's backend, or `None`.
        after: Called with this object when it has been killed.
        kind: `single`, with Keras imported, or `light`, without any.
    """

    def __init__(
        self, backend: str | None, after: Callable[["Single"], None], kind: str = "single"
    ):
        self._after = after
        own = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        self._process = subprocess.Popen(command(kind), **own, **surroundings(backend))
        self.pid = self._process.pid
        self.pipes = Pipes(self._process.stdin, self._process.stdout, self._process.stderr)

    def ending(self) -> str | None:
        """Return how it ended, in words, or `None` while it runs."""
        status = self._process.poll()
        return None if status is None else ending(status)

    def kill(self, stuck: bool = False) -> None:
        """Kill it and, where there are process groups, what it started."""
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=family.PATIENCE if sys.platform == "linux" else 0.1)
        # On Linux its keeper has ended the rest, and the group's number may be another's by now.
        if os.name == "posix" and (sys.platform != "linux" or self._process.poll() is None):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        self._after(self)


def command(argument: str) -> list[str]:
    """Return the command of the other process; the current folder hides no module of its."""
    return [sys.executable, "-P", "-m", "dlprep.lab.worker.server", argument]


def surroundings(backend: str | None) -> dict:
    """Return how to start the other process: its own group, this program's modules, quiet."""
    quiet = {
        "TF_CPP_MIN_LOG_LEVEL": "3",
        # Without it PyTorch opens the GPU at import, and no fork could use it.
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
    }
    chosen = {"KERAS_BACKEND": backend} if backend else {}
    modules = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    own_group = (
        {"start_new_session": True}
        if os.name == "posix"
        else {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    )
    return {"env": {**os.environ, **quiet, **modules, **chosen}, **own_group}
