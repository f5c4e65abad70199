"""Penalties on weights: what the loss pays for their size."""

import math

import keras
from keras import ops

from dlprep.drop_in import hand_on
from dlprep.stand_in import StandIn

__all__ = [
    "L1",
    "L1L2",
    "L2",
    "OrthogonalRegularizer",
    "l1_penalty",
    "l2_penalty",
    "orthogonal_penalty",
]


def l1_penalty(weights, l1=0.01):
    r"""Add up absolute weights.

    $$\Omega(w) = \lambda_1 \sum_i |w_i|,
    \qquad \partial \Omega / \partial w_i = \lambda_1 \operatorname{sign}(w_i)$$

    The pull does not weaken near zero: small weights become exactly zero.

    Args:
        weights: Tensor of any shape.
        l1: $\lambda_1 \ge 0$.

    Returns:
        Scalar of the weights' dtype.

    Example:
        >>> from dlprep import regularizers
        >>> float(regularizers.l1_penalty([1.0, -3.0], 0.5))
        2.0

    Reference:
        Tibshirani 1996, Regression Shrinkage and Selection via the Lasso, section 2.1.
    """
    return _penalty(weights, l1, ops.abs)


def l2_penalty(weights, l2=0.01):
    r"""Add up squared weights.

    $$\Omega(w) = \lambda_2 \sum_i w_i^2, \qquad \nabla \Omega = 2 \lambda_2 w$$

    Many texts write $\lambda / 2$ (or $\lambda / 2m$): their $\lambda$ is twice Keras's. Under
    plain gradient descent with learning rate $\eta$ each step also shrinks the weights by the
    factor $1 - 2 \eta \lambda_2$ (weight decay); under Adam it does not.

    Args:
        weights: Tensor of any shape.
        l2: $\lambda_2 \ge 0$.

    Returns:
        Scalar of the weights' dtype.

    Example:
        >>> from dlprep import regularizers
        >>> float(regularizers.l2_penalty([1.0, -3.0], 0.5))
        5.0

    Reference:
        Krogh, Hertz 1991, A Simple Weight Decay Can Improve Generalization, equation 1.
    """
    return _penalty(weights, l2, ops.square)


class Penalty(keras.regularizers.Regularizer, metaclass=StandIn):
    """Base of the penalties: `get_config` returns the arguments, kept under their own names."""

    def get_config(self):
        return {name: getattr(self, name) for name in type(self).arguments()}


@keras.saving.register_keras_serializable(package="dlprep.regularizers")
class L1(Penalty):
    """Penalty on absolute weights; `l1_penalty` has the equation.

    Args:
        l1: The factor, not negative; `None` for 0.01.

    Raises:
        ValueError: `l1` is negative or not a finite number.

    Example:
        >>> from dlprep import regularizers
        >>> float(regularizers.L1(0.5)([1.0, -3.0]))
        2.0

    Reference:
        `dlprep.regularizers.l1_penalty`
    """

    def __init__(self, l1=0.01):
        self.l1 = non_negative(0.01 if l1 is None else l1, "l1")

    def __call__(self, x):
        return l1_penalty(x, self.l1)


@keras.saving.register_keras_serializable(package="dlprep.regularizers")
class L2(Penalty):
    """Penalty on squared weights; `l2_penalty` has the equation.

    Args:
        l2: The factor, not negative; `None` for 0.01.

    Raises:
        ValueError: `l2` is negative or not a finite number.

    Example:
        >>> from dlprep import regularizers
        >>> float(regularizers.L2(0.5)([1.0, -3.0]))
        5.0

    Reference:
        `dlprep.regularizers.l2_penalty`
    """

    def __init__(self, l2=0.01):
        self.l2 = non_negative(0.01 if l2 is None else l2, "l2")

    def __call__(self, x):
        return l2_penalty(x, self.l2)


@keras.saving.register_keras_serializable(package="dlprep.regularizers")
class L1L2(Penalty):
    r"""Add both penalties: the elastic net.

    $$\Omega(w) = \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2$$

    Sparse like `L1`, yet it shares the weight between correlated inputs like `L2`.

    Args:
        l1: $\lambda_1$, not negative; `None` for 0.
        l2: $\lambda_2$, not negative; `None` for 0.

    Raises:
        ValueError: A factor is negative or not a finite number.

    Example:
        >>> from dlprep import regularizers
        >>> float(regularizers.L1L2(0.5, 0.5)([1.0, -3.0]))
        7.0

    Reference:
        Zou, Hastie 2005, Regularization and Variable Selection via the Elastic Net, equation 3.
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = non_negative(0.0 if l1 is None else l1, "l1")
        self.l2 = non_negative(0.0 if l2 is None else l2, "l2")

    def __call__(self, x):
        return l1_penalty(x, self.l1) + l2_penalty(x, self.l2)


def orthogonal_penalty(weights, factor=0.01, mode="rows"):
    r"""Average the absolute cosines between all pairs of rows, or of columns.

    $$\Omega(W) = \lambda \, \frac{2}{n (n - 1)} \sum_{i < j} | \cos(w_i, w_j) |$$

    Zero when the vectors are orthogonal, whatever their lengths.

    Args:
        weights: Matrix, shape `(rows, columns)`.
        factor: $\lambda \ge 0$.
        mode: `"rows"` or `"columns"`: which vectors $w_i$ are.

    Returns:
        Scalar of the weights' dtype.

    Raises:
        ValueError: `mode` is neither.

    Example:
        >>> from dlprep import regularizers
        >>> float(regularizers.orthogonal_penalty([[1.0, 0.0], [2.0, 0.0]], factor=0.5))
        0.5

    Reference:
        https://keras.io/api/layers/regularizers/#orthogonalregularizer-class
    """
    check_mode(mode)

    def cosines(weights):
        vectors = weights if mode == "rows" else ops.transpose(weights)
        # The floor keeps the gradient of a short vector bounded.
        square = ops.maximum(ops.sum(ops.square(vectors), axis=1, keepdims=True), 1e-12)
        unit, size = vectors * ops.rsqrt(square), vectors.shape[0]
        others = 1.0 - ops.eye(size, dtype=unit.dtype)
        # A vector alone makes no pair, and costs nothing.
        return ops.abs(ops.matmul(unit, ops.transpose(unit))) * others / max(size * (size - 1), 1)

    return _penalty(weights, factor, cosines)


@keras.saving.register_keras_serializable(package="dlprep.regularizers")
class OrthogonalRegularizer(Penalty):
    r"""Penalty on vectors that point the same way; `orthogonal_penalty` has the equation.

    Args:
        factor: The factor, not negative.
        mode: `"rows"` or `"columns"`: which vectors of the matrix.

    Raises:
        ValueError: An argument is not one of these, or the weights are no matrix.

    Example:
        >>> import numpy as np
        >>> from dlprep import regularizers
        >>> penalty = regularizers.OrthogonalRegularizer(0.5, mode="columns")
        >>> float(penalty(np.eye(3, dtype="float32")))
        0.0

    Reference:
        `dlprep.regularizers.orthogonal_penalty`
    """

    def __init__(self, factor=0.01, mode="rows"):
        check_mode(mode)
        self.factor = non_negative(factor, "factor")
        self.mode = mode

    def __call__(self, inputs):
        if len(inputs.shape) != 2:
            raise ValueError(
                "Inputs to OrthogonalRegularizer must have rank 2. Received: "
                f"inputs.shape={tuple(inputs.shape)}"
            )
        return orthogonal_penalty(inputs, self.factor, self.mode)


def non_negative(value, name):
    """Return `value` as a float, or raise `ValueError` if it cannot weigh a penalty."""
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(
            f"Invalid value for argument {name}: expected a non-negative float, received {value!r}"
        )
    return float(value)


def check_mode(mode):
    """Raise `ValueError` unless `mode` names the vectors of a matrix."""
    if mode not in ("rows", "columns"):
        raise ValueError(
            f'Invalid value for argument `mode`. Expected one of {{"rows", "columns"}}. '
            f"Received: mode={mode}"
        )


def _penalty(weights, strength, cost):
    weights = ops.convert_to_tensor(weights)
    dtype = keras.backend.result_type(weights.dtype, float)
    wide = ops.cast(weights, keras.backend.result_type(dtype, "float32"))
    return ops.cast(strength * ops.sum(cost(wide)), dtype)


__getattr__, __dir__ = hand_on(__name__)
