"""The accuracies as metrics: means of the functions in `accuracy`."""

from keras import saving

from dlprep.metrics.accuracy import (
    accuracy,
    binary_accuracy,
    categorical_accuracy,
    sparse_categorical_accuracy,
    top_k_categorical_accuracy,
)
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
        super().__init__(name=name, dtype=dtype)

    def values(self, y_true, y_pred):
        """Return `accuracy` of the pair.

        Args:
            y_true: Labels.
            y_pred: Predictions.

        Returns:
            Tensor of one value per example or position.
        """
        return accuracy(y_true, y_pred)


@saving.register_keras_serializable(package="dlprep.metrics")
class BinaryAccuracy(MeanOfPairs):
    r"""Share of probabilities on the right side of a threshold; see `binary_accuracy`.

    $$ \frac{\sum_i w_i [y_i = [p_i > \tau]]}{\sum_i w_i} $$

    Args:
        name: Name of the metric.
        dtype: Type of the sums.
        threshold: The threshold $\tau$.

    Example:
        >>> from dlprep.metrics import BinaryAccuracy
        >>> float(BinaryAccuracy()([1, 1, 0, 0], [0.9, 0.3, 0.2, 0.1]))
        0.75

    Reference:
        Keras 3, `keras.metrics.BinaryAccuracy`.
    """

    _direction = "up"

    def __init__(self, name="binary_accuracy", dtype=None, threshold=0.5):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold

    def values(self, y_true, y_pred):
        """Return `binary_accuracy` of the pair.

        Args:
            y_true: Labels.
            y_pred: Predictions.

        Returns:
            Tensor of one value per example or position.
        """
        return binary_accuracy(y_true, y_pred, self.threshold)

    def get_config(self):
        """Return the constructor arguments."""
        return {**super().get_config(), "threshold": self.threshold}


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
        super().__init__(name=name, dtype=dtype)

    def values(self, y_true, y_pred):
        """Return `categorical_accuracy` of the pair.

        Args:
            y_true: Labels.
            y_pred: Predictions.

        Returns:
            Tensor of one value per example or position.
        """
        return categorical_accuracy(y_true, y_pred)


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
        super().__init__(name=name, dtype=dtype)

    def values(self, y_true, y_pred):
        """Return `sparse_categorical_accuracy` of the pair.

        Args:
            y_true: Labels.
            y_pred: Predictions.

        Returns:
            Tensor of one value per example or position.
        """
        return sparse_categorical_accuracy(y_true, y_pred)


@saving.register_keras_serializable(package="dlprep.metrics")
class TopKCategoricalAccuracy(MeanOfPairs):
    r"""Share of labels among the $k$ most probable; see `top_k_categorical_accuracy`.

    $$ \frac{1}{\sum_i w_i} \sum_i w_i \Big[\sum_c [p_{ic} > p_{i y_i}] < k\Big] $$

    Args:
        k: How many classes count.
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import TopKCategoricalAccuracy
        >>> float(TopKCategoricalAccuracy(k=2)([[0, 0, 1]], [[0.5, 0.3, 0.2]]))
        0.0

    Reference:
        Keras 3, `keras.metrics.TopKCategoricalAccuracy`.
    """

    _direction = "up"

    def __init__(self, k=5, name="top_k_categorical_accuracy", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.k = k

    def values(self, y_true, y_pred):
        """Return `top_k_categorical_accuracy` of the pair.

        Args:
            y_true: Labels.
            y_pred: Predictions.

        Returns:
            Tensor of one value per example or position.
        """
        return top_k_categorical_accuracy(y_true, y_pred, self.k)

    def get_config(self):
        """Return the constructor arguments."""
        return {**super().get_config(), "k": self.k}
