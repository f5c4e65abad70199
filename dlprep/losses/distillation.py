r"""Learn from a larger model: its doubts say more than the label."""

import keras
from keras import ops

from dlprep.losses.categorical_crossentropy import log_probability
from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import fits, refuse, tensor, widened


def distillation_loss(y_true, y_pred, temperature=2.0, alpha=0.5):
    r"""Mix the labels' cross-entropy with the divergence from a teacher's softened answers.

    $$\ell = (1 - \alpha) \Big( -\sum_c y_c \log p_c \Big)
    + \alpha T^2 \sum_c q^T_c \log \frac{q^T_c}{p^T_c}$$

    where $p^T$ and $q^T$ are the softmax of the student's and the teacher's logits over $T$. The
    factor $T^2$ keeps the size of the second gradient, which shrinks as $1 / T^2$.

    Args:
        y_true: One-hot labels and the teacher's logits, joined on the last axis, shape
            `(..., 2 C)`.
        y_pred: The student's logits, shape `(..., C)`.
        temperature: $T > 0$, how much both are softened.
        alpha: $\alpha$, share of the teacher, in [0, 1].

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes are others than these, `temperature` is not positive, or `alpha` is
            not in [0, 1].

    Example:
        >>> from dlprep import losses
        >>> loss = losses.distillation_loss([[0.0, 1.0, 3.0, 3.0]], [[5.0, 5.0]])
        >>> round(float(loss[0]), 4)
        0.3466

    Reference:
        Hinton, Vinyals, Dean 2015, arXiv:1503.02531, section 2.
    """
    check(temperature=temperature)
    check("share", alpha=alpha)
    y_pred, dtype = widened(y_pred)
    y_true = ops.cast(tensor(y_true), y_pred.dtype)
    _check_shapes(y_true, y_pred)
    label, teacher = ops.split(y_true, 2, axis=-1)
    hard = -ops.sum(label * log_probability(y_pred, from_logits=True), axis=-1)
    log_q = log_probability(teacher / temperature, from_logits=True)
    log_p = log_probability(y_pred / temperature, from_logits=True)
    soft = ops.sum(ops.exp(log_q) * (log_q - log_p), axis=-1)
    return ops.cast((1.0 - alpha) * hard + alpha * temperature**2 * soft, dtype)


def _check_shapes(y_true, y_pred):
    *rows, classes = y_pred.shape
    wanted = (
        "y_true must hold one-hot labels and as many logits of the teacher, of shape (..., 2 C) "
        "for y_pred of shape (..., C)"
    )
    refuse(not fits(y_true.shape, (*rows, classes and 2 * classes)), wanted, y_true, y_pred)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class DistillationLoss(FunctionLoss):
    """Labels and a teacher, mixed; `distillation_loss` has the equation.

    Args:
        temperature: Above 0, how much both answers are softened.
        alpha: Share of the teacher, in [0, 1].
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `temperature` is not positive, `alpha` is not in [0, 1], or the shapes do not
            fit when it is called.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.DistillationLoss()
        >>> round(float(loss([[0.0, 1.0, 3.0, 3.0]], [[5.0, 5.0]])), 4)
        0.3466

    Reference:
        `dlprep.losses.distillation_loss`
    """

    def __init__(
        self,
        temperature=2.0,
        alpha=0.5,
        reduction="sum_over_batch_size",
        name="distillation_loss",
        dtype=None,
    ):
        check("share", alpha=alpha)
        super().__init__(distillation_loss, locals())
