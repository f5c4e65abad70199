"""Rules for the claims of a demonstration, held against its runs on some seeds and the A/A run."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dlprep.lab.report import Claim, Report, Scalar
from dlprep.quiz.check.margin import (
    FORMS,
    KEPT,
    LEAST,
    NOT_FINITE,
    Equal,
    Interval,
    fits,
    is_number,
    margin,
    read,
)

Fault = tuple[str, str]
"""The claim's text, and what is wrong with it."""

OVER = 1e-6
"""By how much rounding may lift a cosine over 1."""


@dataclass(frozen=True)
class Margin:
    """The least room of a claim over the seeds, where it was measured, and the control's number."""

    room: float
    seed: int
    claim: Claim
    control: Scalar

    def __str__(self) -> str:
        equal = isinstance(read(self.claim.expected), Equal)
        room = "equal" if equal else shown(self.room)
        mark = f"  under {KEPT}" if self.room < KEPT else ""
        return f"{room:>8}  {self.claim.text} ({self.values}){mark}"

    @property
    def values(self) -> str:
        """What was compared, in words."""
        measured, expected = _digits(self.claim.measured), _digits(self.claim.expected)
        control = "" if self.control is None else f", in the A/A run {_digits(self.control)}"
        return f"measured {measured} on seed {self.seed}, expected {expected}{control}"


def faults(runs: Sequence[Report], aa: Report) -> Iterator[Fault]:
    """Yield what is wrong with a demonstration's claims, each claim's first fault of a kind.

    Args:
        runs: The reports, one for each seed.
        aa: The report of the A/A run.
    """
    told = set()
    for run in runs:
        for claim in run.claims:
            kind, text = _fault(claim, run.seed)
            if text and (claim.text, kind) not in told:
                told.add((claim.text, kind))
                yield claim.text, text
    spoiled = {text for text, _ in told}
    for worst in margins(runs, aa):
        if worst.room < LEAST and worst.claim.text not in spoiled:
            yield worst.claim.text, _too_little(worst)
    if aa.claims[0].holds and runs[0].claims[0].holds:
        yield aa.claims[0].text, _first(aa)


def margins(runs: Sequence[Report], aa: Report) -> list[Margin]:
    """Return each claim's margin on its worst seed, in the order of the claims."""
    control = {claim.text: claim.measured for claim in aa.claims}
    found: dict[str, list[tuple[int, Claim]]] = {}
    for run in runs:
        for claim in run.claims:
            if claim.holds and _fault(claim, run.seed) == ("", ""):
                found.setdefault(claim.text, []).append((run.seed, claim))
    return [_worst(claims, control.get(text)) for text, claims in found.items()]


def shown(room: float) -> str:
    """Return a margin in a few digits, never rounded up."""
    return "over 100" if room > 100 else f"{math.floor(100 * room) / 100:.2f}"


def _worst(claims: list[tuple[int, Claim]], control: Scalar) -> Margin:
    numbers = [claim.measured for _, claim in claims if is_number(claim.measured)]
    spread = max(numbers) - min(numbers) if numbers else 0.0
    rooms = [
        Margin(
            margin(claim.measured, read(claim.expected), control, claim.share, spread),
            seed,
            claim,
            control,
        )
        for seed, claim in claims
    ]
    return min(rooms, key=lambda worst: worst.room)


def _digits(value: Scalar) -> str:
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _fault(claim: Claim, seed: int) -> tuple[str, str]:
    """Return the kind of a claim's fault and the fault, both empty if there is none."""
    what = f'the claim "{claim.text}"'
    measured, expected, wanted = claim.measured, claim.expected, read(claim.expected)
    if measured is None or expected is None:
        lacks = " and ".join(n for n in ("measured", "expected") if getattr(claim, n) is None)
        return "form", f'{what} has no {lacks}: hand it to lab.claim, such as 0.3 and "< 0.5"'
    if measured in NOT_FINITE and wanted != Equal(measured):
        return "finite", (
            f"{what} measured {measured} on seed {seed}: measure something finite,"
            f' or expect "{measured}" if that is the claim'
        )
    if not _readable(measured, wanted):
        return "form", f"the expected {expected!r} of {what} cannot be read: {FORMS}"
    if claim.share and is_number(measured) and abs(measured) > 1 + OVER:
        return "share", (
            f"{what} has share=True, but measured {measured} on seed {seed}: a share, an accuracy"
            " or a correlation lies between -1 and 1; leave share=True out, or divide"
        )
    return _untrue(claim, seed, what, fits(measured, wanted))


def _readable(measured: Scalar, wanted: Interval | Equal | None) -> bool:
    if isinstance(wanted, Interval):
        return is_number(measured)
    if wanted is None or is_number(wanted.value):
        return wanted is not None
    return isinstance(wanted.value, bool) or not is_number(measured)


def _untrue(claim: Claim, seed: int, what: str, fitting: bool) -> tuple[str, str]:
    compared = f"measured {claim.measured}, expected {claim.expected}"
    if claim.holds != fitting:
        does = ("fails", "holds")
        return "agree", (
            f"{what} says on seed {seed} that it {does[claim.holds]}, but by its numbers it"
            f" {does[fitting]} ({compared}): let holds be that very comparison"
        )
    if not claim.holds:
        return (
            f"seed {seed}",
            f"{what} fails on seed {seed} ({compared}): give it margin, or correct it",
        )
    return "", ""


def _too_little(worst: Margin) -> str:
    claim = worst.claim
    unsaid = not claim.share and 0.5 <= claim.measured <= 1
    share = "; if it is a share, an accuracy or a correlation, say share=True" if unsaid else ""
    return (
        f'the claim "{claim.text}" has a margin of {shown(worst.room)} ({worst.values}), at least'
        f" {LEAST} is needed: choose a threshold or an effect with more room; authors keep"
        f" {KEPT}{share}"
    )


def _first(aa: Report) -> str:
    others = [claim.text for claim in aa.claims[1:] if not claim.holds]
    hint = f'; begin with "{others[0]}", which fails' if others else ""
    return (
        f'the first claim, "{aa.claims[0].text}", holds in the A/A run too (seed {aa.seed}): the'
        f" first one carries the answer, so let it say what the treatment alone brings about{hint}"
    )
