"""Compare gradients derived by hand with central differences."""

import numpy as np


def assert_gradients(function, arrays, gradients, rtol=1e-6, atol=1e-8, step=1e-5):
    """Check that `gradients` are those of the scalar `function(*arrays)`, entry by entry."""
    for position, (array, gradient) in enumerate(zip(arrays, gradients, strict=True)):
        measured = np.zeros_like(array)
        for index in np.ndindex(array.shape):
            shifted = [np.array(other, float) for other in arrays]
            shifted[position][index] = array[index] + step
            above = function(*shifted)
            shifted[position][index] = array[index] - step
            measured[index] = (above - function(*shifted)) / (2 * step)
        assert gradient.shape == array.shape
        np.testing.assert_allclose(gradient, measured, rtol, atol, err_msg=f"array {position}")
