"""Gradient checking: a gradient by hand against central differences."""

import numpy as np


def numerical_gradients(function, parameters, epsilon=1e-6):
    r"""Return the gradient of a function by central differences, one component at a time.

    $$ \frac{\partial J}{\partial \theta_i} \approx
       \frac{J(\theta + \epsilon e_i) - J(\theta - \epsilon e_i)}{2 \epsilon} $$

    The error shrinks with $\epsilon^2$, that of the one-sided quotient only with $\epsilon$.

    Args:
        function: Function of a dict of arrays that returns a float.
        parameters: Dict of float64 arrays; left as it was.
        epsilon: Half the distance $\epsilon$ between the two points.

    Returns:
        Dict with a key `dNAME` for each `NAME` in `parameters`.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import numerical_gradients
        >>> gradients = numerical_gradients(lambda p: p["w"][0] ** 2, {"w": np.array([3.0])})
        >>> round(float(gradients["dw"][0]), 4)
        6.0

    Reference:
        Bengio 2012, "Practical recommendations for gradient-based training of deep architectures",
        arXiv:1206.5533, the part on gradient checking.
    """
    gradients = {}
    for name, values in parameters.items():
        gradient = np.zeros_like(values)
        for index in np.ndindex(values.shape):
            ends = []
            for sign in (1, -1):
                moved = values.copy()
                moved[index] += sign * epsilon
                ends.append(function({**parameters, name: moved}))
            gradient[index] = (ends[0] - ends[1]) / (2 * epsilon)
        gradients[f"d{name}"] = gradient
    return gradients


def gradient_check(function, parameters, gradients, epsilon=1e-6):
    r"""Return how far a gradient is from central differences, in units of both lengths.

    $$ \frac{\lVert d\theta_\text{approx} - d\theta \rVert_2}
       {\lVert d\theta_\text{approx} \rVert_2 + \lVert d\theta \rVert_2} $$

    About 1e-7 or less is right, over 1e-3 is wrong.

    Args:
        function: Function of a dict of arrays that returns a float.
        parameters: Dict of float64 arrays.
        gradients: Dict with the gradient to check, `dNAME` for each `NAME`; others are ignored.
        epsilon: Half the distance between the two points.

    Returns:
        The relative difference, a float between 0 and 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.reference.network import gradient_check
        >>> wrong = {"dw": np.array([7.0])}
        >>> round(gradient_check(lambda p: p["w"][0] ** 2, {"w": np.array([3.0])}, wrong), 4)
        0.0769

    Reference:
        Bengio 2012, "Practical recommendations for gradient-based training of deep architectures",
        arXiv:1206.5533, the part on gradient checking.
    """
    approximate = numerical_gradients(function, parameters, epsilon)
    by_hand = np.concatenate([np.ravel(gradients[name]) for name in approximate])
    approximate = np.concatenate([np.ravel(values) for values in approximate.values()])
    length = np.linalg.norm(approximate) + np.linalg.norm(by_hand)
    return float(np.linalg.norm(approximate - by_hand) / length) if length else 0.0
