"""Turn what an experiment hands over (arrays, tensors, NumPy scalars) into plain JSON values."""

import sys
from collections.abc import Iterable, Mapping
from math import isfinite
from reprlib import repr

from dlprep.lab.report import Scalar


def truth(value, what: str) -> bool:
    """Return a single truth value.

    Args:
        value: A bool, or an array or tensor with one element of type bool.
        what: Names the value in the message of an error.

    Raises:
        TypeError: It is something else.
    """
    if isinstance(value, bool):
        return value
    if not hasattr(value, "dtype"):
        raise TypeError(f"{what} needs True or False, came {repr(value)}: compare it")
    array = _array(value, what)
    if array.dtype != bool:
        raise TypeError(f"{what} needs True or False, came {array.dtype}: compare it")
    if array.size != 1:
        shape = tuple(array.shape)
        raise TypeError(f"{what} needs one truth value, came shape {shape}: take .all() or .any()")
    return bool(array.item())


def scalar(value, what: str) -> Scalar:
    """Return a plain number, word or `None`; a number that is not finite becomes a word.

    Args:
        value: A number, string, bool, `None`, or an array or tensor with one element.
        what: Names the value in the message of an error.

    Raises:
        TypeError: It is something else.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str | int):
        return str(value) if isinstance(value, str) else int(value)
    array = _array(value, what)
    if array.size != 1:
        raise TypeError(f"{what} needs one number, came shape {tuple(array.shape)}: reduce it")
    if array.dtype.kind == "b":
        return bool(array.item())
    number = _plain(array.reshape(1))[0]
    return str(float(array.item())) if number is None else number


def finite(value, what: str) -> float | None:
    """Return a plain number, or `None` where it is missing or not finite."""
    return nested([value], what, 1)[0]


def nested(values, what: str, dimensions: int) -> list:
    """Return nested lists of plain numbers; those that are not finite become `None`.

    Args:
        values: An array, a tensor, or nested iterables of numbers; `None` means missing.
        what: Names the values in the message of an error.
        dimensions: How many axes they must have.

    Raises:
        TypeError: They are not numbers.
        ValueError: Rows differ in length, or there are more or fewer axes.
    """
    array = _array(values, what)
    if array.ndim != dimensions:
        shape = tuple(array.shape)
        raise ValueError(f"{what} needs {dimensions} axes, came shape {shape}: reshape it")
    return _plain(array)


def flat(values, what: str) -> list:
    """Return the finite numbers of an array of any shape, or of nested lists."""
    return [item for item in _plain(_array(values, what).ravel()) if item is not None]


def array_of(value):
    """Return a NumPy array for one, or for a tensor of Keras's backend.

    Args:
        value: Something with shape and dtype.
    """
    import numpy as np

    keras = sys.modules.get("keras")
    if keras is None or isinstance(value, np.ndarray | np.generic):
        return np.asarray(value)
    return keras.ops.convert_to_numpy(value)


def _array(values, what: str):
    import numpy as np

    try:
        array = np.asarray(_parts(values))
        # Python's large integers come as objects; bfloat16 is unknown to NumPy but converts.
        exact = {"O": "float64", "V": "float32"}.get(array.dtype.kind)
        array = array.astype(exact) if exact else array
    except TypeError as error:
        raise TypeError(f"{what} needs numbers, came {repr(values)}") from error
    except ValueError as error:
        raise ValueError(f"{what} needs rows of one length") from error
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{what} needs numbers, came {repr(values)}")
    return array


def _parts(values):
    """Return what NumPy understands: backend tensors may be anywhere inside."""
    if values is None:
        import numpy as np

        return np.float16("nan")
    if hasattr(values, "dtype"):
        return array_of(values)
    if isinstance(values, Iterable) and not isinstance(values, str | bytes | Mapping):
        return [_parts(part) for part in values]
    return values


def _plain(array) -> list:
    if array.ndim > 1:
        return [_plain(part) for part in array]
    if array.dtype.kind == "b":
        return [int(item) for item in array]
    if array.dtype.kind in "iu":
        return array.tolist()
    # The shortest text of a float32 is the number that was meant: 0.1, not 0.10000000149.
    items = array.tolist() if array.dtype == "float64" else [float(str(item)) for item in array]
    return [item if isfinite(item) else None for item in items]
