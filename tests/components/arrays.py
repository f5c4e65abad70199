"""Compare tensors of any backend with arrays."""

import keras
import numpy as np


def array(value):
    """Return a tensor, a weight or anything like an array as a NumPy array."""
    if keras.ops.is_tensor(value) or isinstance(value, keras.Variable):
        # PyTorch hands out no array of a tensor that still remembers its gradient.
        return keras.ops.convert_to_numpy(value)
    return np.asarray(value)


def assert_close(given, expected, rtol=1e-7, atol=0.0):
    """Check that two tensors or arrays are equal up to a tolerance."""
    np.testing.assert_allclose(array(given), array(expected), rtol, atol)


def assert_same(given, expected):
    """Check that two tensors or arrays are equal, entry by entry."""
    np.testing.assert_array_equal(array(given), array(expected))
