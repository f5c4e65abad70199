"""The processes below another: what they use, and how none of them outlives a job.

On Linux a process can be made the one that orphans are handed to. Elsewhere nothing here finds a
process, and what a job leaves behind is ended only as far as it stayed in the job's group.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Collection, Iterable

PATIENCE = 5.0
"""Seconds for killed processes to be gone."""

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def adopt() -> bool:
    """Let the orphans among what this process starts become its children; whether it can be."""
    return sys.platform == "linux" and _prctl(PR_SET_CHILD_SUBREAPER, 1)


def keep() -> None:
    """Go on in a child; the parent waits for its end, ends what it left, and ends like it.

    The parent holds no pipe, so that nobody takes it for the child; asked to terminate, it kills.
    """
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        return
    signal.signal(signal.SIGTERM, lambda *_: os.kill(child, signal.SIGKILL))
    os.closerange(0, os.sysconf("SC_OPEN_MAX"))
    _, status = os.waitpid(child, 0)
    end_orphans(())
    code = os.waitstatus_to_exitcode(status)
    if code < 0:
        with contextlib.suppress(OSError):
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def end_orphans(kept: Collection[int]) -> None:
    """Kill and collect every child of this process but the kept ones, and all below them."""
    spared = {*kept, *map(_group, (os.getpid(), os.getppid(), *kept)), 0, 1}
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        orphans = [pid for pid in children(os.getpid()) if pid not in kept]
        if not orphans:
            return
        # At once, because those that fork may be many; each by itself only then.
        for group in {_group(pid) for pid in orphans} - spared:
            kill(-group)
        # One that is stopped has no more children than those that are found.
        for pid in family(orphans, signal.SIGSTOP):
            kill(pid)
        for pid in orphans:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)


def kill(pid: int, number: int = 9) -> None:
    """Send a process, or a group if negative, a signal; harmless when it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started or adopted."""
    found = []
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


def family(ancestors: Iterable[int], number: int = 0) -> list[int]:
    """Return processes and all below them; a signal, if any, goes to each before it is asked."""
    found = list(ancestors)
    for pid in found:
        if number:
            kill(pid, number)
        found += children(pid)
    return found


def memory(pids: Collection[int], enough: int = 0) -> int | None:
    """Return the bytes that processes have written to together, `None` where nobody says.

    Args:
        pids: The processes.
        enough: Only above it is it worth finding out what they share.
    """
    sizes = [size for pid in pids if (size := resident(pid)) is not None]
    if not sizes:
        return None
    if len(sizes) < 2 or sum(sizes) <= enough:
        return sum(sizes)
    return sum(
        _sum_of(f"/proc/{pid}/smaps_rollup", "Pss_Anon", "Pss_Shmem", "SwapPss") or 0
        for pid in pids
    )


def resident(pid: int) -> int | None:
    """Return the bytes of memory a process has written to, or `None` where nobody says."""
    return _sum_of(f"/proc/{pid}/status", "RssAnon", "RssShmem", "VmSwap")


def _group(pid: int) -> int:
    """Return the group of a process, 0 if it is gone."""
    try:
        return os.getpgid(pid)
    except OSError:
        return 0


def _sum_of(path: str, *names: str) -> int | None:
    """Return the sum of some fields of a file in `/proc`, in bytes; no process, no file."""
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            fields = dict(line.split(":", 1) for line in file if ":" in line)
    except OSError:
        return None
    return 1024 * sum(int(fields[name].split()[0]) for name in names if name in fields)


def _prctl(option: int, value: int) -> bool:
    return ctypes.CDLL(None).prctl(option, value, 0, 0, 0) == 0
