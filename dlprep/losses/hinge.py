r"""Losses of margins: zero once a score lies on the right side, far enough."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss
from dlprep.losses.pairs import pair


def hinge(y_true, y_pred):
    r"""Punish margins below one, in proportion.

    $$\ell(y, s) = \frac{1}{d} \sum_i \max(0, 1 - y_i s_i)$$

    The loss of the support vector machine.

    Args:
        y_true: Labels, -1 or 1 (all of them 0 or 1 will do), shape `(..., d)`.
        y_pred: Scores of that shape, positive for the class 1.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.hinge([[1.0]], [[0.25]])[0])
        0.75

    Reference:
        Cortes, Vapnik 1995, Support-Vector Networks, section 3.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    margin = _signed(y_true) * y_pred
    return ops.cast(ops.mean(ops.maximum(1.0 - margin, 0.0), axis=-1), dtype)


def squared_hinge(y_true, y_pred):
    r"""Punish margins below one by their square.

    $$\ell(y, s) = \frac{1}{d} \sum_i \max(0, 1 - y_i s_i)^2$$

    Differentiable everywhere, harder on mistakes.

    Args:
        y_true: Labels, -1 or 1 (all of them 0 or 1 will do), shape `(..., d)`.
        y_pred: Scores of that shape, positive for the class 1.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.squared_hinge([[1.0]], [[0.5]])[0])
        0.25

    Reference:
        Tang 2013, arXiv:1306.0239, equation 7.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    margin = _signed(y_true) * y_pred
    return ops.cast(ops.mean(ops.square(ops.maximum(1.0 - margin, 0.0)), axis=-1), dtype)


def categorical_hinge(y_true, y_pred):
    r"""Ask that the right class lead the strongest wrong one by a margin of one.

    $$\ell(y, s) = \max \Big( 0,\ 1 + \max_c (1 - y_c) s_c - \sum_c y_c s_c \Big)$$

    The maximum includes the right class's own zero, as in Keras: a wrong score below zero counts
    as zero.

    Args:
        y_true: One-hot labels, shape `(..., C)`.
        y_pred: Scores of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> float(losses.categorical_hinge([[0.0, 1.0]], [[0.5, 1.0]])[0])
        0.5

    Reference:
        Crammer, Singer 2001, On the Algorithmic Implementation of Multiclass Kernel-based Vector
        Machines, section 3.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    right = ops.sum(y_true * y_pred, axis=-1)
    wrong = ops.max((1.0 - y_true) * y_pred, axis=-1)
    return ops.cast(ops.maximum(wrong - right + 1.0, 0.0), dtype)


def perceptron_loss(y_true, y_pred):
    r"""Punish scores on the wrong side, and on the border.

    $$\ell(y, s) = \frac{1}{d} \sum_i \max(0, -y_i s_i), \qquad
    \frac{\partial \ell}{\partial s_i} = \begin{cases} -y_i / d & y_i s_i \le 0 \\ 0 & y_i s_i > 0
    \end{cases}$$

    Gradient descent with learning rate one on a single example is Rosenblatt's rule. A score of
    exactly zero counts as a mistake, or weights that start at zero would never move.

    Args:
        y_true: Labels, -1 or 1 (all of them 0 or 1 will do), shape `(..., d)`.
        y_pred: Scores of that shape, positive for the class 1.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> float(losses.perceptron_loss([[1.0]], [[-0.25]])[0])
        0.25

    Reference:
        Rosenblatt 1958, The Perceptron; Goodfellow, Bengio, Courville 2016, section 1.2.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred)
    margin = _signed(y_true) * y_pred
    return ops.cast(ops.mean(ops.where(margin <= 0, -margin, 0.0), axis=-1), dtype)


def _signed(y_true):
    """Turn labels 0 and 1 into -1 and 1, if there are no others."""
    binary = ops.all(ops.logical_or(ops.equal(y_true, 0.0), ops.equal(y_true, 1.0)))
    return ops.where(binary, 2.0 * y_true - 1.0, y_true)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class Hinge(FunctionLoss):
    """Margins below one, in proportion; `hinge` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.Hinge()([[1.0]], [[0.25]])), 4)
        0.75

    Reference:
        `dlprep.losses.hinge`
    """

    def __init__(self, reduction="sum_over_batch_size", name="hinge", dtype=None):
        super().__init__(hinge, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class SquaredHinge(FunctionLoss):
    """Margins below one, squared; `squared_hinge` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.SquaredHinge()([[1.0]], [[0.5]])), 4)
        0.25

    Reference:
        `dlprep.losses.squared_hinge`
    """

    def __init__(self, reduction="sum_over_batch_size", name="squared_hinge", dtype=None):
        super().__init__(squared_hinge, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class CategoricalHinge(FunctionLoss):
    """Lead of the right class over the strongest wrong one; `categorical_hinge` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.CategoricalHinge()([[0.0, 1.0]], [[0.5, 1.0]])), 4)
        0.5

    Reference:
        `dlprep.losses.categorical_hinge`
    """

    def __init__(self, reduction="sum_over_batch_size", name="categorical_hinge", dtype=None):
        super().__init__(categorical_hinge, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class PerceptronLoss(FunctionLoss):
    """Scores on the wrong side; `perceptron_loss` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.PerceptronLoss()([[1.0]], [[-0.25]])), 4)
        0.25

    Reference:
        `dlprep.losses.perceptron_loss`
    """

    def __init__(self, reduction="sum_over_batch_size", name="perceptron_loss", dtype=None):
        super().__init__(perceptron_loss, locals())
