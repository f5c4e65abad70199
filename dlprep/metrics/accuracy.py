"""Shares of correct predictions, for the forms that labels and predictions come in."""

from keras import backend, ops

from dlprep.metrics.mean import same_rank, tensor, unless_nan


def accuracy(y_true, y_pred):
    r"""Return one where label and prediction are equal, zero elsewhere.

    $$ a_i = [y_i = \hat y_i] $$

    Args:
        y_true: Labels, a tensor of any shape.
        y_pred: Predicted labels, of the same shape.

    Returns:
        Float tensor of the same shape.

    Example:
        >>> from dlprep.metrics.accuracy import accuracy
        >>> [float(a) for a in accuracy([1, 2, 3], [1, 0, 3])]
        [1.0, 0.0, 1.0]

    Reference:
        Mountassir, section on evaluation.
    """
    y_pred = tensor(y_pred)
    y_true, y_pred = same_rank(tensor(y_true), y_pred)
    right = ops.equal(ops.cast(y_true, y_pred.dtype), y_pred)
    return unless_nan(ops.cast(right, backend.floatx()), y_true, y_pred)


def binary_accuracy(y_true, y_pred, threshold=0.5):
    r"""Return one where the probability lies on the label's side of a threshold.

    $$ a_i = [y_i = [p_i > \tau]] $$

    Args:
        y_true: Labels 0 or 1, a tensor of any shape.
        y_pred: Probabilities, of the same shape.
        threshold: The threshold $\tau$; equal to it counts as zero.

    Returns:
        Float tensor of the same shape.

    Example:
        >>> from dlprep.metrics import binary_accuracy
        >>> [float(a) for a in binary_accuracy([1, 1, 0], [0.6, 0.5, 0.4])]
        [1.0, 0.0, 1.0]

    Reference:
        Okoli, "Notes on deep learning", section 1.2.1.
    """
    y_true, y_pred = tensor(y_true), tensor(y_pred)
    # A boolean prediction cannot be compared with 0.5.
    y_pred = ops.cast(y_pred, backend.result_type(y_pred.dtype, float))
    y_true, y_pred = same_rank(y_true, y_pred)
    return unless_nan(accuracy(y_true, ops.cast(y_pred > threshold, y_true.dtype)), y_pred)


def categorical_accuracy(y_true, y_pred):
    r"""Return one where the most probable class is the one-hot label's.

    $$ a_i = [\arg\max_c y_{ic} = \arg\max_c p_{ic}] $$

    Args:
        y_true: One-hot labels, shape `(..., classes)`.
        y_pred: Probabilities or logits, of the same shape.

    Returns:
        Float tensor of shape `(...)`.

    Example:
        >>> from dlprep.metrics import categorical_accuracy
        >>> float(categorical_accuracy([[0, 1]], [[0.2, 0.8]])[0])
        1.0

    Reference:
        Okoli, "Notes on deep learning", softmax regression.
    """
    right = sparse_categorical_accuracy(ops.argmax(tensor(y_true), -1), y_pred)
    return unless_nan(right, y_true)


def sparse_categorical_accuracy(y_true, y_pred):
    r"""Return one where the most probable class is the label.

    $$ a_i = [y_i = \arg\max_c p_{ic}] $$

    Args:
        y_true: Class numbers, shape `(...)` or `(..., 1)`.
        y_pred: Probabilities or logits, shape `(..., classes)`.

    Returns:
        Float tensor of shape `(...)`.

    Example:
        >>> from dlprep.metrics import sparse_categorical_accuracy
        >>> float(sparse_categorical_accuracy([1], [[0.2, 0.8]])[0])
        1.0

    Reference:
        Okoli, "Notes on deep learning", softmax regression.
    """
    y_pred = tensor(y_pred)
    predicted = ops.argmax(y_pred, -1)
    label = class_numbers(y_true, y_pred)
    right = ops.equal(*(ops.cast(number, "float32") for number in (label, predicted)))
    return unless_nan(ops.cast(right, backend.floatx()), label, y_pred)


def top_k_categorical_accuracy(y_true, y_pred, k=5):
    r"""Return one where fewer than $k$ classes are more probable than the one-hot label's.

    $$ a_i = \Big[\sum_c [p_{ic} > p_{i y_i}] < k\Big] $$

    Ties go to the label; a label whose probability is not finite is never among the top.

    Args:
        y_true: One-hot labels, shape `(..., classes)`.
        y_pred: Probabilities or logits, of the same shape.
        k: How many classes count.

    Returns:
        Float tensor of shape `(...)`.

    Example:
        >>> from dlprep.metrics import top_k_categorical_accuracy
        >>> float(top_k_categorical_accuracy([[0, 1, 0]], [[0.5, 0.3, 0.2]], k=2)[0])
        1.0

    Reference:
        Krizhevsky, Sutskever, Hinton 2012, "ImageNet classification", section 2.
    """
    y_pred = tensor(y_pred)
    labels = ops.expand_dims(ops.argmax(tensor(y_true), -1), -1)
    own = ops.take_along_axis(y_pred, labels, -1)
    ahead = ops.sum(ops.cast(y_pred > own, "int32"), -1)
    within = ops.logical_and(ahead < k, ops.isfinite(ops.squeeze(own, -1)))
    return unless_nan(ops.cast(within, backend.floatx()), y_true, y_pred)


def class_numbers(y_true, y_pred):
    """Return labels in the shape of the predictions without their classes.

    Args:
        y_true: Class numbers, shape `(...)` or `(..., 1)`.
        y_pred: Scores, shape `(..., classes)`.

    Returns:
        Tensor of shape `(...)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.accuracy import class_numbers
        >>> tuple(class_numbers([[1.0], [0.0]], ops.ones((2, 3))).shape)
        (2,)
    """
    y_true, y_pred = tensor(y_true), tensor(y_pred)
    if len(y_true.shape) == len(y_pred.shape) and y_true.shape[-1] == 1:
        y_true = ops.squeeze(y_true, -1)
    return y_true
