"""What a job may do to its worker, by mistake or not; each tells the processes it left."""

import ctypes
import mmap
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np


def leave(emit, before=lambda: None, generations=1):
    """Leave a process that has done `before`, behind so many generations, and say its id."""
    out, back = os.pipe()
    if os.fork() == 0:
        for _ in range(generations - 1):
            if os.fork():
                # An orphan is ended at once: it must have said its id by then.
                time.sleep(0.2)
                os._exit(0)
        before()
        os.write(back, str(os.getpid()).encode())
        time.sleep(600)
        os._exit(0)
    emit("left", pid := int(os.read(out, 20)), pid)


def setsid(emit):
    leave(emit, os.setsid)
    return "done"


def double_fork(emit):
    leave(emit, os.setsid, generations=3)
    return "done"


def daemon(emit):
    """A program that detaches itself and closes all that it inherited."""
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    program = subprocess.Popen(command, close_fds=True, start_new_session=True)
    emit("left", program.pid, None)
    return "done"


def many(emit):
    for _ in range(20):
        leave(emit, os.setsid, generations=2)
    return "done"


def join_workers_group(emit):
    leave(emit)
    os.setpgid(0, os.getpgid(os.getppid()))
    time.sleep(600)


def children_join_workers_group(emit):
    group = os.getpgid(os.getppid())
    leave(emit, lambda: os.setpgid(0, group))
    return "done"


def kill_parent(emit):
    leave(emit, os.setsid)
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(600)


def kill_parents_group(emit):
    leave(emit, os.setsid)
    os.killpg(os.getpgid(os.getppid()), signal.SIGKILL)
    time.sleep(600)


def stop(emit):
    leave(emit)
    os.kill(os.getpid(), signal.SIGSTOP)


def deaf(emit):
    """Ignore every signal that can be ignored."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    leave(emit, lambda: signal.signal(signal.SIGTERM, signal.SIG_IGN))
    time.sleep(600)


def bomb(emit):
    """Fork in every process without end."""
    stop_at = time.monotonic() + 20
    while time.monotonic() < stop_at:
        os.fork()
        time.sleep(0.05)


def detached_bomb(emit):
    """Leave one behind, in a session of its own."""
    if os.fork() == 0:
        os.setsid()
        bomb(emit)
        os._exit(0)
    time.sleep(0.2)
    return "done"


def hopping(emit):
    """Fork and leave, again and again, so that no id lives long."""
    stop_at = time.monotonic() + 20
    if os.fork() == 0:
        os.setsid()
        while time.monotonic() < stop_at:
            if os.fork():
                os._exit(0)
            time.sleep(0.002)
        os._exit(0)
    time.sleep(0.3)
    return "done"


def close_all(emit):
    leave(emit)
    # What waits for the end of the input has to wait already.
    time.sleep(0.5)
    os.closerange(0, 256)
    time.sleep(600)


def pipes():
    """Return the descriptors of pipes that this process holds."""
    return [int(name) for name in os.listdir("/proc/self/fd")
            if int(name) > 2 and os.path.exists(f"/proc/self/fd/{name}")
            and os.readlink(f"/proc/self/fd/{name}").startswith("pipe:")]  # fmt: skip


def garbage(emit):
    """Write what is no event to every pipe."""
    for line in (b"\xff\x00\x1b[2J\n", b"3\n", b"{}\n", b"[" * 10**5 + b"\n", b"[]\n",
                 b'["progress"]\n', b'["started", "x", 0.0]\n', b'["started", 1, 9e9]\n',
                 b'["failure", 3]\n', b'["result"]\n', b"null\n"):  # fmt: skip
        for pipe in pipes():
            try:
                os.write(pipe, line)
            except OSError:
                continue
    return "done"


def flood(emit, ends):
    """Write a line without end, or lines without end, to every pipe."""
    chunk = b"x" * 2**20 + ends.encode()
    while True:
        for pipe in pipes():
            try:
                os.write(pipe, chunk)
            except OSError:
                continue


def endless_progress(emit):
    for number in range(10**9):
        emit(f"step {number}", number, None)


def forever_beginning(emit):
    """Say again and again that it begins."""
    while True:
        for pipe in pipes():
            try:
                os.write(pipe, b'["started", 1, 9e9]\n')
            except OSError:
                continue
        time.sleep(0.05)


def linger(emit):
    for _ in range(3):
        threading.Thread(target=time.sleep, args=(600,)).start()
    leave(emit)
    return "done"


def exit_now(emit):
    leave(emit)
    os._exit(0)


def recurse(emit):
    """Call itself until the stack is full."""
    sys.setrecursionlimit(10**9)

    class Endless:
        def __repr__(self):
            return repr(self)

    repr(Endless())


def fill(size):
    """Write to anonymous memory that is shared or not; some megabytes."""
    area = mmap.mmap(-1, size * 2**20)
    for place in range(0, size * 2**20, 4096):
        area[place] = 1
    return area


def map_memory(emit):
    kept = fill(300)
    time.sleep(60)
    return len(kept)


def children_take_memory(emit):
    """Three children, none of which takes too much by itself."""
    for _ in range(3):
        if os.fork() == 0:
            kept = np.ones(50 * 2**17)
            time.sleep(600)
            os._exit(len(kept) > 0)
    time.sleep(60)


def orphan_takes_memory(emit):
    """A detached grandchild takes it."""
    if os.fork() == 0:
        if os.fork() == 0:
            os.setsid()
            kept = np.ones(300 * 2**17)
            time.sleep(600)
            os._exit(len(kept) > 0)
        time.sleep(600)
    time.sleep(60)


def share_memory(emit):
    """Many children that share what the job has taken are no more than the job."""
    kept = np.ones(60 * 2**17)
    for _ in range(4):
        if os.fork() == 0:
            time.sleep(600)
    time.sleep(0.5)
    return kept.nbytes


def children_print(emit):
    for _ in range(3):
        if os.fork() == 0:
            os.write(1, b"x" * 5000)
            time.sleep(600)
    time.sleep(600)


def crash(emit):
    leave(emit, os.setsid)
    ctypes.string_at(0)
