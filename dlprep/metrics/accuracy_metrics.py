"""The accuracies as metrics: means of the functions in `accuracy`."""

from keras import saving

from dlprep.metrics.accuracy import (
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    top_k_categorical_accuracy,
)
from dlprep.metrics.checks import check_counts, check_shares
from dlprep.metrics.mean import MeanOfPairs


@saving.register_keras_serializable(package="dlprep.metrics")
class Accuracy(MeanOfPairs):
    r"""Share of predictions equal to their labels; see the function `accuracy`.

    $$ \frac{\sum_i w_i [y_i = \hat y_i]}{\sum_i w_i} $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import Accuracy
        >>> float(Accuracy()([1, 2, 3, 4], [0, 2, 3, 4]))
        0.75

    Reference:
        Keras 3, `keras.metrics.Accuracy`.
    """

    _direction = "up"

    def __init__(self, name="accuracy", dtype=None):
        super().__init__(accuracy, name, dtype)


@saving.register_keras_serializable(package="dlprep.metrics")
class BinaryAccuracy(MeanOfPairs):
    r"""Share of probabilities on the right side of a threshold; see `binary_accuracy`.

    $$ \frac{\sum_i w_i [y_i = [p_i > \tau]]}{\sum_i w_i} $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.
        threshold: The threshold $\tau$, in [0, 1].

    Raises:
        ValueError: `threshold` is not in [0, 1].

    Example:
        >>> from dlprep.metrics import BinaryAccuracy
        >>> float(BinaryAccuracy()([1, 1, 0, 0], [0.9, 0.3, 0.2, 0.1]))
        0.75

    Reference:
        Keras 3, `keras.metrics.BinaryAccuracy`.
    """

    _direction = "up"

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        check_shares(threshold=threshold)
        super().__init__(binary_accuracy, name, dtype, threshold=threshold)


@saving.register_keras_serializable(package="dlprep.metrics")
class CategoricalAccuracy(MeanOfPairs):
    r"""Share of right classes among one-hot labels; see `categorical_accuracy`.

    $$ \frac{\sum_i w_i [\arg\max_c y_{ic} = \arg\max_c p_{ic}]}{\sum_i w_i} $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import CategoricalAccuracy
        >>> float(CategoricalAccuracy()([[0, 1], [1, 0]], [[0.2, 0.8], [0.4, 0.6]]))
        0.5

    Reference:
        Keras 3, `keras.metrics.CategoricalAccuracy`.
    """

    _direction = "up"

    def __init__(self, name="categorical_accuracy", dtype=None):
        super().__init__(categorical_accuracy, name, dtype)


@saving.register_keras_serializable(package="dlprep.metrics")
class SparseCategoricalAccuracy(MeanOfPairs):
    r"""Share of right classes among class numbers; see `sparse_categorical_accuracy`.

    $$ \frac{\sum_i w_i [y_i = \arg\max_c p_{ic}]}{\sum_i w_i} $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import SparseCategoricalAccuracy
        >>> float(SparseCategoricalAccuracy()([1, 0], [[0.2, 0.8], [0.4, 0.6]]))
        0.5

    Reference:
        Keras 3, `keras.metrics.SparseCategoricalAccuracy`.
    """

    _direction = "up"

    def __init__(self, name="sparse_categorical_accuracy", dtype=None):
        super().__init__(sparse_categorical_accuracy, name, dtype)


@saving.register_keras_serializable(package="dlprep.metrics")
class TopKCategoricalAccuracy(MeanOfPairs):
    r"""Share of labels among the $k$ most probable; see `top_k_categorical_accuracy`.

    $$ \frac{1}{\sum_i w_i} \sum_i w_i \Big[\sum_c [p_{ic} > p_{i y_i}] < k\Big] $$

    Args:
        k: How many classes count, at least 1.
        name: Name of the metric.
        dtype: Type of the sums.

    Raises:
        ValueError: `k` is not a positive integer.

    Example:
        >>> from dlprep.metrics import TopKCategoricalAccuracy
        >>> float(TopKCategoricalAccuracy(k=2)([[0, 0, 1]], [[0.5, 0.3, 0.2]]))
        0.0

    Reference:
        Keras 3, `keras.metrics.TopKCategoricalAccuracy`.
    """

    _direction = "up"

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        check_counts(1, k=k)
        super().__init__(top_k_categorical_accuracy, name, dtype, k=k)
