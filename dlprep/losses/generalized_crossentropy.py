r"""A cross-entropy that trusts its labels less."""

import keras
from keras import ops

from dlprep.losses.categorical_crossentropy import class_indices, known_labels
from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import widened


def categorical_generalized_cross_entropy(y_true, y_pred, q):
    r"""Go between cross-entropy and absolute error, for labels that are partly wrong.

    $$\ell(c, p) = \frac{1 - p_c^q}{q}$$

    As $q \to 0$ it becomes $-\log p_c$; $q = 1$ gives $1 - p_c$, whose gradient does not favour
    the examples the model finds impossible. A label that is no class makes its row NaN.

    Args:
        y_true: Class indices, shape `(...)` or `(..., 1)`.
        y_pred: Probabilities, shape `(..., C)`.
        q: $0 < q < 1$.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: `q` is not between 0 and 1, or `y_true` is not of `y_pred`'s shape without its
            last axis.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.categorical_generalized_cross_entropy([1], [[0.75, 0.25]], q=0.5)
        >>> float(loss[0])
        1.0

    Reference:
        Zhang, Sabuncu 2018, arXiv:1805.07836, equation 6.
    """
    check(q=q)
    y_pred, dtype = widened(y_pred)
    label = class_indices(y_true, y_pred)
    one_hot = ops.one_hot(label, ops.shape(y_pred)[-1], dtype=y_pred.dtype)
    # The power has no slope at zero: the floor keeps the gradient finite there.
    p = ops.maximum(ops.sum(one_hot * y_pred, axis=-1), 1e-30)
    loss = (1.0 - ops.power(p, q)) / q
    return ops.cast(ops.where(known_labels(label, y_pred), loss, float("nan")), dtype)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class CategoricalGeneralizedCrossEntropy(FunctionLoss):
    """Cross-entropy for labels that are partly wrong.

    `categorical_generalized_cross_entropy` has the equation.

    Args:
        q: Between 0 (cross-entropy) and 1 (absolute error), both excluded.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `q` is not between 0 and 1, or the shapes do not fit when it is called.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]])), 4)
        1.0

    Reference:
        `dlprep.losses.categorical_generalized_cross_entropy`
    """

    def __init__(
        self,
        q=0.5,
        reduction="sum_over_batch_size",
        name="categorical_generalized_cross_entropy",
        dtype=None,
    ):
        super().__init__(categorical_generalized_cross_entropy, locals())
