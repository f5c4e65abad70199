"""What a claim expects, read so that it can be compared, and how much room a measurement leaves."""

import math
import re
from dataclasses import dataclass

from dlprep.lab.report import Scalar

LEAST, KEPT = 1.1, 1.3
"""The margin that the check demands, and the one that authors keep."""

FORMS = 'write "< 0.5", ">= 3", a range "0.4 to 0.6", or what measured has to equal'
NOT_FINITE = ("nan", "inf", "-inf")
DIGITS = 1e-5

_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_THRESHOLD = re.compile(rf"(<=|>=|<|>)\s*({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER}) to ({_NUMBER})")


@dataclass(frozen=True)
class Interval:
    """The numbers from `low` to `high`; `closed` if the ends belong to it."""

    low: float
    high: float
    closed: bool

    def __contains__(self, number: float) -> bool:
        if self.closed:
            return self.low <= number <= self.high
        return self.low < number < self.high

    @property
    def thresholds(self) -> list[float]:
        """The ends that are not infinitely far away: one, or two of a range."""
        return [end for end in (self.low, self.high) if math.isfinite(end)]


@dataclass(frozen=True)
class Equal:
    """A number or words that the measured has to equal."""

    value: Scalar


def read(expected: Scalar) -> Interval | Equal | None:
    """Return what a claim expects; `None` for an empty range or a number that is not finite.

    Args:
        expected: `"< 0.5"`, `"<= 2"`, `"> 1e-3"`, `">= 3"`, a range `"0.4 to 0.6"` with its ends,
            or the number or words that the measured has to equal.
    """
    if not isinstance(expected, str):
        return Equal(expected)
    text = expected.strip()
    if found := _THRESHOLD.fullmatch(text):
        sign, threshold = found[1], float(found[2])
        low, high = (-math.inf, threshold) if sign[0] == "<" else (threshold, math.inf)
        return Interval(low, high, sign[-1] == "=") if math.isfinite(threshold) else None
    if found := _RANGE.fullmatch(text):
        low, high = float(found[1]), float(found[2])
        return Interval(low, high, True) if -math.inf < low < high < math.inf else None
    return Equal(float(text)) if re.fullmatch(_NUMBER, text) else Equal(text)


def fits(measured: Scalar, wanted: Interval | Equal) -> bool:
    """Return whether what was measured is what was expected.

    Whole numbers and words have to be equal; other numbers have to agree in five digits.
    """
    if isinstance(wanted, Interval):
        return is_number(measured) and measured in wanted
    exact = isinstance(measured, int) and isinstance(wanted.value, int)
    if exact or not (is_number(measured) and is_number(wanted.value)):
        return measured == wanted.value
    return math.isclose(measured, wanted.value, rel_tol=DIGITS)


def is_number(value: Scalar) -> bool:
    """Return whether this is a finite number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def margin(
    measured: Scalar,
    wanted: Interval | Equal,
    control: Scalar = None,
    share: bool = False,
    spread: float = 0.0,
) -> float:
    r"""Return how much room there is between what was measured and where the claim would fail.

    For a positive quantity and threshold the margin is the factor between the two; for a share it
    is the factor of $1 - x$ where the threshold is at least one half, else that of $x$. For a
    threshold at or below zero and for a quantity below zero it is the distance to the threshold,
    where a quarter of the gap to the control counts as `LEAST`. A range has the greater of both:
    the smaller of the two factors, or the distance to the nearer end.

    Where the control fits too, it is no measure of the gap: half of the range's width takes its
    place, or the spread over the seeds. Equality has any amount of room.

    Args:
        measured: A number that fits.
        wanted: What was expected.
        control: What the same claim measured in the A/A run; `None` if it did not.
        share: Whether the number is a share, an accuracy or a correlation.
        spread: The largest measured number of all seeds less the smallest.
    """
    if isinstance(wanted, Equal):
        return math.inf
    ends = wanted.thresholds
    room = _distance(measured, wanted, control, spread)
    if measured < 0 or min(ends) <= 0:
        return room
    factor = min(_factor(measured, end, share) for end in ends)
    return factor if len(ends) == 1 else max(factor, room)


def _factor(measured: float, threshold: float, share: bool) -> float:
    if share and threshold >= 0.5:
        measured, threshold = 1 - measured, 1 - threshold
    small, large = sorted((measured, threshold))
    if small == large:
        return 1.0
    return large / small if small > 0 else math.inf


def _distance(measured: float, wanted: Interval, control: Scalar, spread: float) -> float:
    ends = wanted.thresholds
    distance = min(abs(measured - end) for end in ends)
    if is_number(control) and control not in wanted:
        gap = abs(control - measured)
    else:
        gap = (max(ends) - min(ends)) / 2 if len(ends) == 2 else spread
    if distance == 0:
        return 0.0
    return LEAST * distance / (gap / 4) if gap else math.inf
