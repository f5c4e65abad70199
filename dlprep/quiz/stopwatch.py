"""How long an answer took."""

from datetime import datetime

AWAY = 120.0
"""Seconds without a key after which nobody was there."""
THOUGHT = 4.0
"""How many times as long as a good candidate a thought may take where no keys are seen."""


class Stopwatch:
    """The seconds that a question was on screen and keys came, up to the last key.

    Where nothing is told, they end with the answer. A longer pause than a thought takes does not
    count, nor does a clock that steps back.

    Args:
        at: When the question was shown.
        minutes: How long a good candidate takes.
    """

    def __init__(self, at: datetime, minutes: float):
        self._last, self._counted, self._told = at, 0.0, False
        self._thought = max(AWAY, THOUGHT * 60 * minutes)

    def key(self, at: datetime) -> None:
        """Count the time up to a key; two minutes without one, and nobody was there."""
        self._count(at, AWAY)

    def line(self, at: datetime) -> None:
        """Count the time up to a line, of which no key was seen: it may have been one thought."""
        self._count(at, self._thought)

    def seconds(self, at: datetime) -> float:
        """Return the seconds spent when the answer comes."""
        return round(self._counted if self._told else self._since(at, self._thought), 1)

    def _count(self, at: datetime, longest: float) -> None:
        self._counted += self._since(at, longest)
        self._last, self._told = at, True

    def _since(self, at: datetime, longest: float) -> float:
        passed = (at - self._last).total_seconds()
        return passed if 0 <= passed <= longest else 0.0
