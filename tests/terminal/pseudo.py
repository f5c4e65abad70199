"""A pseudo-terminal with a program on it."""

import os
import re
import select
import signal
import subprocess
import time

COLOUR = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A program on a pseudo-terminal of a given size."""

    def __init__(self, command, surroundings, columns=80, rows=40):
        import fcntl
        import termios

        def take_terminal():
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            # What the caller ignores, as a shell's background jobs do, would stay ignored.
            signal.signal(signal.SIGINT, signal.SIG_DFL)

        self.master, slave = os.openpty()
        self.resize(columns, rows)
        self.process = subprocess.Popen(
            command, env=surroundings, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True, preexec_fn=take_terminal,
        )  # fmt: skip
        os.close(slave)
        self.text = ""

    def until(self, mark, seconds=60.0):
        """Read until `mark` is there and return what came, with its colours; drop it."""
        end = time.monotonic() + seconds
        while mark not in COLOUR.sub("", self.text):
            assert time.monotonic() < end, f"no {mark!r} in {self.text[-2000:]!r}"
            if select.select([self.master], [], [], 0.1)[0]:
                self.text += self.read()
        seen, self.text = self.text, ""
        return seen.replace("\r", "")

    def read(self):
        try:
            return os.read(self.master, 65536).decode("utf-8", "replace")
        except OSError:
            return ""

    def resize(self, columns, rows=40):
        import fcntl
        import struct
        import termios

        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text):
        os.write(self.master, text.encode())

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        os.close(self.master)
