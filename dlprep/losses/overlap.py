r"""Losses of overlap between a predicted and a true region, for segmentation."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import of_labels, pair


def dice(y_true, y_pred, axis=None):
    r"""Take one minus twice the overlap over the two sizes.

    $$\ell = 1 - \frac{2 \sum y p}{\sum y + \sum p + \epsilon}$$

    A small region counts as much as a large one. Two empty ones cost 1, not 0.

    Args:
        y_true: Labels in [0, 1], any shape; a negative one makes the value NaN, one above 1 counts
            as that many, as in Keras.
        y_pred: Probabilities of that shape.
        axis: Axes summed over; `None` for all, the batch included, which gives one value.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.dice([[1.0, 1.0]], [[1.0, 0.0]])), 4)
        0.3333

    Reference:
        Dice 1945, Measures of the Amount of Ecologic Association Between Species. As a loss:
        Milletari, Navab, Ahmadi 2016, arXiv:1606.04797, section 3, whose denominator adds up
        squares, which is the same for labels and predictions of 0 and 1 only.
    """
    check(axis=axis)
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    overlap = ops.sum(y_true * y_pred, axis=axis)
    size = ops.sum(y_true, axis=axis) + ops.sum(y_pred, axis=axis)
    loss = 1.0 - 2.0 * overlap / (size + keras.backend.epsilon())
    return ops.cast(of_labels(y_true, loss, axis, float("inf")), dtype)


def tversky(y_true, y_pred, alpha=0.5, beta=0.5, axis=None):
    r"""Weigh what a region misses and what it invents differently.

    $$\ell = 1
    - \frac{\sum y p}{\sum y p + \alpha \sum y (1 - p) + \beta \sum (1 - y) p + \epsilon}$$

    As in Keras $\alpha$ weighs what is missed (false negatives) and $\beta$ what is invented, the
    other way round than in the paper and in Keras's own description. Both at 1/2 give `dice`.

    Args:
        y_true: Labels in [0, 1], any shape; a negative one makes the value NaN, one above 1 counts
            as that many, as in Keras.
        y_pred: Probabilities of that shape.
        alpha: $\alpha$, price of a false negative.
        beta: $\beta$, price of a false positive.
        axis: Axes summed over; `None` for all, the batch included, which gives one value.

    Returns:
        `y_pred`'s shape without `axis`.

    Raises:
        ValueError: A setting is out of its range, or the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.tversky([[1.0, 1.0]], [[1.0, 0.0]], alpha=1.0, beta=0.0)), 4)
        0.5

    Reference:
        Salehi, Erdogmus, Gholipour 2017, arXiv:1706.05721, equation 3.
    """
    check(alpha=alpha, beta=beta, axis=axis)
    y_true, y_pred, dtype = pair(y_true, y_pred, broadcast=True)
    overlap = ops.sum(y_true * y_pred, axis=axis)
    missed = ops.sum(y_true * (1.0 - y_pred), axis=axis)
    invented = ops.sum((1.0 - y_true) * y_pred, axis=axis)
    size = overlap + alpha * missed + beta * invented + keras.backend.epsilon()
    return ops.cast(of_labels(y_true, 1.0 - overlap / size, axis, float("inf")), dtype)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class Dice(FunctionLoss):
    """One minus the overlap of two regions; `dice` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        axis: Axes summed over; `None` for all, the batch included, which gives one value.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.Dice()([[1.0, 1.0]], [[1.0, 0.0]])), 4)
        0.3333

    Reference:
        `dlprep.losses.dice`
    """

    compares_rows = True

    def __init__(self, reduction="sum_over_batch_size", name="dice", axis=None, dtype=None):
        super().__init__(dice, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class Tversky(FunctionLoss):
    """One minus the overlap, with a price for either kind of error; `tversky` has the equation.

    Args:
        alpha: Price of what is missed.
        beta: Price of what is invented.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        axis: Axes summed over; `None` for all, the batch included, which gives one value.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if the shapes do not broadcast.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.Tversky()([[1.0, 1.0]], [[1.0, 0.0]])), 4)
        0.3333

    Reference:
        `dlprep.losses.tversky`
    """

    compares_rows = True

    def __init__(
        self,
        alpha=0.5,
        beta=0.5,
        reduction="sum_over_batch_size",
        name="tversky",
        axis=None,
        dtype=None,
    ):
        super().__init__(tversky, locals())
