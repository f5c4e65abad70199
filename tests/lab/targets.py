"""What the tests of the worker run in its jobs: good work and every way to go wrong."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np


def work(emit, steps=3):
    """Report some steps and say which process did them."""
    for done in range(steps + 1):
        emit("work", done, steps)
    return {"pid": os.getpid(), "group": os.getpgid(0), "parent": os.getppid()}


def train(emit):
    """Train a model a little and return its losses."""
    import keras

    keras.utils.set_random_seed(1)
    x = np.random.default_rng(0).normal(size=(64, 4)).astype("float32")
    model = keras.Sequential([keras.layers.Dense(8, "relu"), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    losses = model.fit(x, x.sum(1, keepdims=True), epochs=4, verbose=0).history["loss"]
    return {"losses": losses, "backend": keras.backend.backend()}


def untouched(emit):
    """Say whether TensorFlow has computed nothing yet in this process."""
    from tensorflow.python.eager import context

    return "keras" in sys.modules and context.context()._context_handle is None


def cluster(emit):
    """Use scikit-learn's own threads."""
    from sklearn.cluster import KMeans

    return KMeans(2, n_init=1).fit(np.arange(40.0)[:, None]).inertia_


def environment(emit, name):
    return os.environ.get(name)


def give(emit, value):
    return value


def give_set(emit):
    return {1, 2}


def give_large(emit, count):
    return "x" * count


def fail(emit):
    print("before the end")
    raise ValueError("no such optimum")


class Rude(BaseException):
    def __str__(self):
        raise RuntimeError


def be_rude(emit):
    sys.stderr.close()
    raise Rude


def label_oddly(emit):
    emit("\x1b[2J\udc80", 0, None)
    print("\x1b]0;title\x07")
    raise ValueError("\x1b[31m\udcff")


def leave(emit, status):
    os.write(2, b"leaving\n")
    os._exit(status)


def leave_politely(emit):
    sys.exit("enough")


def die(emit, number):
    print("still here")
    with contextlib.suppress(OSError):
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    time.sleep(60)


def crash(emit):
    """Read from an address that is not there."""
    import ctypes

    ctypes.string_at(1)


def run_out_of_memory(emit):
    return np.ones(10**15)


def hang(emit):
    print("going to sleep", flush=True)
    emit("hanging", 0, None)
    time.sleep(600)


def hold(emit):
    """Hang in C code that lets no other thread run."""
    import re

    emit("holding", 0, None)
    re.match("(a+)+$", "a" * 64 + "b")


def allocate(emit, megabytes):
    """Take memory and touch it."""
    held = [np.ones((megabytes, 2**17))]
    time.sleep(0.3)
    return len(held)


def shout(emit):
    while True:
        print("na" * 500, flush=True)


def whisper(emit, count):
    print("x" * count)


def mimic(emit):
    """Print what looks like an event."""
    print('["result", "a lie"]\n["end"]', flush=True)
    os.write(1, b'["failure", "a lie", null]\n')
    emit("truth", 0, 1)
    return "the truth"


def close_stdout(emit):
    sys.stdout.close()
    return "closed"


def ask(emit):
    return input("your name? ")


def undecodable(emit):
    os.write(2, b"caf\xe9 \xff\n")
    print("\udc80 lone surrogate")
    os._exit(1)


def leave_threads(emit):
    threading.Thread(target=time.sleep, args=(600,)).start()
    return "done"


def have_children(emit, last):
    """Start a program and a fork, say their ids, then do what `last` says."""
    program = subprocess.Popen(["sleep", "600"])
    fork = os.fork()
    if fork == 0:
        time.sleep(600)
        os._exit(0)
    emit("program", program.pid, None)
    emit("fork", fork, None)
    if last == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if last == "hang":
        time.sleep(600)


def report_often(emit, count):
    for done in range(count + 1):
        emit("often", done, count)
