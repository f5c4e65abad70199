"""How long an answer took."""

from datetime import datetime

AWAY = 120.0
"""Seconds without a key after which nobody was there."""


class Stopwatch:
    """The seconds that a question was on screen and keys came, up to the last key.

    Where keys are not told, they end with the answer. A pause of more than two minutes does not
    count, nor does a clock that steps back.

    Args:
        at: When the question was shown.
    """

    def __init__(self, at: datetime):
        self._last, self._counted, self._told = at, 0.0, False

    def key(self, at: datetime) -> None:
        """Count the time up to a key."""
        self._counted += self._since(at)
        self._last, self._told = at, True

    def seconds(self, at: datetime) -> float:
        """Return the seconds spent when the answer comes."""
        return round(self._counted if self._told else self._since(at), 1)

    def _since(self, at: datetime) -> float:
        passed = (at - self._last).total_seconds()
        return passed if 0 <= passed <= AWAY else 0.0
