r"""Losses that ask which row of a batch belongs to which: contrastive learning."""

import keras
from keras import ops

from dlprep.losses.categorical_crossentropy import log_probability
from dlprep.losses.divergence import unit
from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import pair, refuse


def info_nce(y_true, y_pred, temperature=0.1):
    r"""Classify which row of the other view a row belongs to.

    $$\ell_i = -\log \frac{e^{\cos(p_i, t_i) / \tau}}{\sum_{k=1}^{n} e^{\cos(p_i, t_k) / \tau}}$$

    The batch is the classifier: $n - 1$ wrong answers. $\log n - \ell$ bounds the mutual
    information of the views from below.

    Args:
        y_true: Embeddings of one view, shape `(batch, d)`.
        y_pred: Embeddings of the other view: row i belongs to row i.
        temperature: $\tau > 0$; small values look at the hardest strangers.

    Returns:
        One value per row, shape `(batch,)`.

    Raises:
        ValueError: The views differ in shape or have not two axes, or `temperature` is not
            positive.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.info_nce([[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
        >>> round(float(loss[0]), 4)
        0.6931

    Reference:
        van den Oord, Li, Vinyals 2018, arXiv:1807.03748, equation 4.
    """
    y_true, y_pred, dtype = _views(y_true, y_pred, temperature)
    similar = ops.matmul(unit(y_pred), ops.transpose(unit(y_true))) / temperature
    return ops.cast(-ops.diagonal(log_probability(similar, from_logits=True)), dtype)


def nt_xent(y_true, y_pred, temperature=0.1):
    r"""Classify which of all other rows, of either view, a row belongs to.

    $$\ell_i = \tfrac12 \big( \ell(p_i, t_i) + \ell(t_i, p_i) \big),
    \quad \ell(a, b) = -\log \frac{e^{\cos(a, b) / \tau}}{\sum_{c \ne a} e^{\cos(a, c) / \tau}},
    \quad c \in \{p_k\} \cup \{t_k\}$$

    $2n - 2$ wrong answers for each of the $2n$ rows.

    Args:
        y_true: Embeddings of one view, shape `(batch, d)`.
        y_pred: Embeddings of the other view: row i belongs to row i.
        temperature: $\tau > 0$; small values look at the hardest strangers.

    Returns:
        One value per pair, shape `(batch,)`.

    Raises:
        ValueError: The views differ in shape or have not two axes, or `temperature` is not
            positive.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.nt_xent([[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])
        >>> round(float(loss[0]), 4)
        1.0986

    Reference:
        Chen et al. 2020, arXiv:2002.05709, equation 1.
    """
    y_true, y_pred, dtype = _views(y_true, y_pred, temperature)
    both = ops.concatenate([unit(y_pred), unit(y_true)], axis=0)
    similar = ops.matmul(both, ops.transpose(both)) / temperature
    itself = ops.eye(ops.shape(similar)[0], dtype="bool")
    log_p = log_probability(ops.where(itself, -1e30, similar), from_logits=True)
    rows = ops.shape(y_pred)[0]
    # Row i of the first half belongs to row i of the second, and the other way round.
    pairs = ops.diagonal(log_p[:rows, rows:]) + ops.diagonal(log_p[rows:, :rows])
    return ops.cast(-0.5 * pairs, dtype)


def _views(y_true, y_pred, temperature):
    """Return both views as `pair` does, after a look at their shapes and the temperature."""
    check(temperature=temperature)
    y_true, y_pred, dtype = pair(y_true, y_pred)
    wanted = "y_true and y_pred must be embeddings of shape (batch, d)"
    refuse(len(y_pred.shape) != 2, wanted, y_true, y_pred)
    return y_true, y_pred, dtype


@keras.saving.register_keras_serializable(package="dlprep.losses")
class InfoNCE(FunctionLoss):
    """Which row of the other view belongs here; `info_nce` has the equation.

    Args:
        temperature: Above 0; small values look at the hardest strangers.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `temperature` is not positive, or the views do not fit.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.InfoNCE()
        >>> round(float(loss([[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])), 4)
        0.6931

    Reference:
        `dlprep.losses.info_nce`
    """

    compares_rows = True

    def __init__(
        self, temperature=0.1, reduction="sum_over_batch_size", name="info_nce", dtype=None
    ):
        super().__init__(info_nce, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class NTXent(FunctionLoss):
    """Which row of either view belongs here; `nt_xent` has the equation.

    Args:
        temperature: Above 0; small values look at the hardest strangers.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `temperature` is not positive, or the views do not fit.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.NTXent()
        >>> round(float(loss([[1.0, 0.0], [1.0, 0.0]], [[1.0, 0.0], [1.0, 0.0]])), 4)
        1.0986

    Reference:
        `dlprep.losses.nt_xent`
    """

    compares_rows = True

    def __init__(
        self, temperature=0.1, reduction="sum_over_batch_size", name="nt_xent", dtype=None
    ):
        super().__init__(nt_xent, locals())
