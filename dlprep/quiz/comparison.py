"""Say in words what a value is, and how an array differs from the one expected."""

import reprlib
from dataclasses import dataclass

from dlprep.lab.run import type_name
from dlprep.lab.values import array_of
from dlprep.quiz.words import many

LENGTH, PART = 300, 100


@dataclass(frozen=True)
class Difference:
    """Why a value is not the one expected, with both as short text."""

    got: str
    expected: str


def brief(value: object, length: int = LENGTH) -> str:
    """Return a value as text on one line; arrays with shape and dtype, abbreviated.

    Args:
        value: Anything; a dictionary is written `name = value, ...`.
        length: At most so many characters (a few more for several arrays).
    """
    try:
        return _text(value, length)
    # A long integer has no text, and a user's class may raise anything.
    except BaseException:
        return f"{type_name(value)} that cannot be shown"


def _text(value: object, length: int) -> str:
    if isinstance(value, dict) and value:
        share = max(length // len(value), PART)
        return ", ".join(f"{key} = {brief(part, share)}" for key, part in value.items())
    if isinstance(value, list | tuple) and any(_is_array(part) for part in value):
        share = max(length // len(value), PART)
        return "(" + ", ".join(brief(part, share) for part in value) + ")"
    text = _array_text(value, length) if _is_array(value) else " ".join(reprlib.repr(value).split())
    return text if len(text) <= length else text[: length - 1] + "…"


def difference(got: object, expected: object, rtol: float, atol: float) -> Difference | None:
    """Compare two numbers or arrays: type, shape, non-finite values, then the values.

    NaN equals NaN here, and an infinity equals itself.

    Args:
        got: What the candidate returned.
        expected: What it should be.
        rtol: Difference allowed relative to the expected value.
        atol: Difference allowed besides.
    """
    import numpy as np

    target = numeric(expected)
    if target is None:
        raise TypeError(f"expected has to be a number or an array, got {reprlib.repr(expected)}")
    value = numeric(got)
    if value is None:
        return Difference(_wrong_type(got), brief(expected))
    if found := misfit(got, target.shape):
        return found
    close = np.isclose(value, target, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return None
    return Difference(f"{brief(got)}{_where(value, target, close)}", brief(expected))


def misfit(got: object, shape: tuple[int, ...]) -> Difference | None:
    """Say why a value is no array of numbers of this shape, if it is none."""
    value = numeric(got)
    if value is None:
        return Difference(_wrong_type(got), f"an array of numbers, shape {shape}")
    if value.shape != shape:
        return Difference(f"shape {value.shape}: {brief(got)}", f"shape {shape}")
    return None


def _is_array(value: object) -> bool:
    return not isinstance(value, type) and hasattr(value, "shape") and hasattr(value, "dtype")


def numeric(value: object):
    """Return a float64 or complex128 array, or `None` if the value is no number or array."""
    import numpy as np

    if value is None or isinstance(value, str | bytes | dict | set):
        return None
    try:
        array = np.asarray(array_of(value) if _is_array(value) else value)
        return array.astype("complex128" if array.dtype.kind == "c" else "float64")
    # Whatever a value does when it is asked for its numbers, it is none.
    except Exception:
        return None


def _wrong_type(value: object) -> str:
    if value is None:
        return "None (is a `return` missing?)"
    return f"{type_name(value)}, which is no number or array: {brief(value)}"


def _where(value, target, close) -> str:
    import numpy as np

    lost = ~np.isfinite(value) & np.isfinite(target)
    wrong = lost if lost.any() else ~close
    with np.errstate(invalid="ignore"):
        distance = np.where(wrong, np.nan_to_num(np.abs(value - target), nan=np.inf), -1.0)
    place = tuple(int(i) for i in np.unravel_index(np.argmax(distance), value.shape))
    if not place:
        return ""
    at = ", ".join(map(str, place))
    count = int(wrong.sum())
    counted = f"{count} of {many(value.size, 'value')} {'is' if count == 1 else 'are'}"
    counted += " not finite" if lost.any() else " off"
    came, wanted = value[place], target[place]
    digits = 6 if f"{came:.5g}" != f"{wanted:.5g}" else 12
    return f"; {counted}, at [{at}] it is {came:.{digits}g} instead of {wanted:.{digits}g}"


def _array_text(value, length: int) -> str:
    import numpy as np

    kind = f"shape {tuple(value.shape)}, {value.dtype}"
    try:
        array = np.asarray(array_of(value))
        shown = np.array2string(array, precision=5, threshold=12, edgeitems=2, separator=", ")
        shown = " ".join(shown.split()).replace("[ ", "[")
        if not array.ndim:
            return f"{array.item():.9g} ({array.dtype})"
        if len(shown) + len(kind) + 4 <= length:
            return f"{shown} of {kind}"
        return f"array of {kind}, from {array.min():.5g} to {array.max():.5g}"
    # A symbolic tensor has no values, other things with a shape may have no numbers.
    except Exception:
        return f"{type_name(value)} of {kind}"
