"""Errors of real-valued predictions."""

from keras import ops, saving
from keras.src.backend import get_keras_mask

from dlprep.metrics.mean import Mean, MeanOfPairs, masked_weight, same_rank, tensor


def pair(y_true, y_pred):
    """Return labels and predictions as float tensors of one rank.

    Args:
        y_true: Labels.
        y_pred: Predictions.

    Returns:
        Both tensors.

    Example:
        >>> from dlprep.metrics.regression import pair
        >>> [tuple(x.shape) for x in pair([1.0, 2.0], [[1.0], [2.0]])]
        [(2, 1), (2, 1)]
    """
    y_pred = tensor(y_pred)
    if "float" not in str(y_pred.dtype):
        y_pred = ops.cast(y_pred, "float32")
    return same_rank(tensor(y_true, y_pred.dtype), y_pred)


def squared_error(y_true, y_pred):
    r"""Return the mean squared difference over the last axis.

    $$ e_i = \operatorname{mean}_j (y_{ij} - \hat y_{ij})^2 $$

    Args:
        y_true: Labels, shape `(..., d)`.
        y_pred: Predictions, of the same shape.

    Returns:
        Tensor of shape `(...)`.

    Example:
        >>> from dlprep.metrics.regression import squared_error
        >>> float(squared_error([[1.0, 2.0]], [[1.0, 4.0]])[0])
        2.0

    Reference:
        Mountassir, figure 29.
    """
    y_true, y_pred = pair(y_true, y_pred)
    return ops.mean(ops.square(y_true - y_pred), -1)


def absolute_error(y_true, y_pred):
    r"""Return the mean absolute difference over the last axis.

    $$ e_i = \operatorname{mean}_j |y_{ij} - \hat y_{ij}| $$

    Args:
        y_true: Labels, shape `(..., d)`.
        y_pred: Predictions, of the same shape.

    Returns:
        Tensor of shape `(...)`.

    Example:
        >>> from dlprep.metrics.regression import absolute_error
        >>> float(absolute_error([[1.0, 2.0]], [[1.0, 4.0]])[0])
        1.0

    Reference:
        Keras 3, `keras.metrics.MeanAbsoluteError`.
    """
    y_true, y_pred = pair(y_true, y_pred)
    return ops.mean(ops.absolute(y_true - y_pred), -1)


@saving.register_keras_serializable(package="dlprep.metrics")
class MeanSquaredError(MeanOfPairs):
    r"""Mean of squared errors.

    $$ \operatorname{mean}_{ij} (y_{ij} - \hat y_{ij})^2 $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import MeanSquaredError
        >>> float(MeanSquaredError()([[1.0, 2.0]], [[1.0, 4.0]]))
        2.0

    Reference:
        Mountassir, figure 29.
    """

    _direction = "down"

    def __init__(self, name="mean_squared_error", dtype=None):
        super().__init__(squared_error, name, dtype)


@saving.register_keras_serializable(package="dlprep.metrics")
class MeanAbsoluteError(MeanOfPairs):
    r"""Mean of absolute errors.

    $$ \operatorname{mean}_{ij} |y_{ij} - \hat y_{ij}| $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import MeanAbsoluteError
        >>> float(MeanAbsoluteError()([[1.0, 2.0]], [[1.0, 4.0]]))
        1.0

    Reference:
        Keras 3, `keras.metrics.MeanAbsoluteError`.
    """

    _direction = "down"

    def __init__(self, name="mean_absolute_error", dtype=None):
        super().__init__(absolute_error, name, dtype)


@saving.register_keras_serializable(package="dlprep.metrics")
class RootMeanSquaredError(Mean):
    r"""Root of the mean of squared errors, over all batches together.

    $$ \sqrt{\operatorname{mean}_{ij} (y_{ij} - \hat y_{ij})^2} $$

    It is not the mean of the batches' roots, which is smaller.

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import RootMeanSquaredError
        >>> float(RootMeanSquaredError()([0.0, 0.0], [1.0, 7.0]))
        5.0

    Reference:
        Keras 3, `keras.metrics.RootMeanSquaredError`.
    """

    _direction = "down"

    def __init__(self, name="root_mean_squared_error", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions.

        Args:
            y_true: Labels.
            y_pred: Predictions, of the same shape.
            sample_weight: Weights of the examples or values, or None.
        """
        mask = get_keras_mask(y_pred)
        y_true, y_pred = pair(y_true, y_pred)
        weight = masked_weight(sample_weight, mask, self.dtype)
        super().update_state(ops.square(y_true - y_pred), weight)

    def result(self):
        """Return the root of the mean of all batches since the last reset, a scalar."""
        return ops.sqrt(super().result())
