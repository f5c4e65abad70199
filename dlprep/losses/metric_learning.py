r"""Losses of distances between embeddings: near for one class, far for two."""

import keras
from keras import ops
from keras.src.backend import set_keras_mask

from dlprep.losses.categorical_crossentropy import whole
from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import fits, of_labels, pair, refuse, widened

# The logarithm of an empty sum, finite so that its gradient is.
NOTHING = -1e30


def contrastive_loss(y_true, y_pred, margin=1.0):
    r"""Pull the two of a pair together or push them a margin apart.

    $$\ell(y, d) = \frac{1}{n} \sum_i \tfrac12 y_i d_i^2 + \tfrac12 (1 - y_i) \max(0, m - d_i)^2$$

    In the paper the label is the other way round: there 0 means alike.

    Args:
        y_true: 1 for a pair of the same class, 0 for another, shape `(..., n)`; outside of [0, 1]
            the value is NaN.
        y_pred: Distances of the pairs, of that shape.
        margin: $m \ge 0$, from where on two classes are far enough apart.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes differ, or `margin` is negative.

    Example:
        >>> from dlprep import losses
        >>> float(losses.contrastive_loss([[0.0]], [[0.5]])[0])
        0.125

    Reference:
        Hadsell, Chopra, LeCun 2006, Dimensionality Reduction by Learning an Invariant Mapping,
        equation 4.
    """
    check(margin=margin)
    y_true, y_pred, dtype = pair(y_true, y_pred)
    apart = ops.square(ops.maximum(margin - y_pred, 0.0))
    loss = 0.5 * (y_true * ops.square(y_pred) + (1.0 - y_true) * apart)
    return ops.cast(of_labels(y_true, ops.mean(loss, axis=-1), -1), dtype)


def triplet_loss(y_true, y_pred, margin=0.2):
    r"""Ask that each row's farthest companion be nearer than its nearest stranger.

    $$\ell_i = \max \Big( 0,\ m + \max_{y_j = y_i,\ j \ne i} \| z_i - z_j \|^2
    - \min_{y_k \ne y_i} \| z_i - z_k \|^2 \Big)$$

    The hardest pair is looked for within the batch. A row without companion or without stranger
    costs nothing.

    Args:
        y_true: Class labels, integers of shape `(batch,)` or `(batch, 1)`; a fraction makes its
            row NaN.
        y_pred: Embeddings, shape `(batch, d)`.
        margin: $m \ge 0$, the lead asked for.

    Returns:
        One value per row, shape `(batch,)`.

    Raises:
        ValueError: The shapes are others than these, or `margin` is negative.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.triplet_loss([0, 0, 1], [[0.0], [1.0], [1.0]])
        >>> round(float(loss[0]), 4)
        0.2

    Reference:
        Schroff, Kalenichenko, Philbin 2015, arXiv:1503.03832, equation 3; Hermans, Beyer, Leibe
        2017, arXiv:1703.07737, equation 5.
    """
    check(margin=margin)
    label, z, dtype = _embedded(y_true, y_pred)
    distance = ops.sum(ops.square(z[:, None] - z[None]), axis=-1)
    companion, stranger = _companions(label, label)
    farthest = ops.max(ops.where(companion, distance, -1.0), axis=1)
    nearest = ops.min(ops.where(stranger, distance, float("inf")), axis=1)
    complete = ops.logical_and(ops.any(companion, axis=1), ops.any(stranger, axis=1))
    # An infinite distance must not reach the subtraction, nor its gradient.
    lead = ops.where(complete, farthest, 0.0) - ops.where(complete, nearest, 0.0)
    loss = ops.where(complete, ops.maximum(margin + lead, 0.0), 0.0)
    return ops.cast(_of_whole(label, loss), dtype)


def circle(
    y_true, y_pred, ref_labels=None, ref_embeddings=None, remove_diagonal=True, gamma=80, margin=0.4
):
    r"""Weigh every similarity of a batch by how far it is from where it should be.

    $$\ell_i = \log \Big( 1 + \sum_{k} e^{\gamma [s_k + m]_+ (s_k - m)}
    \sum_{j} e^{-\gamma [1 + m - s_j]_+ (s_j - 1 + m)} \Big)$$

    where $s_j$ are the cosines with companions and $s_k$ those with strangers. Rows whose loss is
    zero are masked: means do not count them.

    Args:
        y_true: Class labels, integers of shape `(batch,)` or `(batch, 1)`; a fraction makes its
            row NaN.
        y_pred: Embeddings of length one, shape `(batch, d)`.
        ref_labels: Labels to compare with; `None` for `y_true`.
        ref_embeddings: Embeddings to compare with; `None` for `y_pred`.
        remove_diagonal: Whether row i is no companion of reference i.
        gamma: $\gamma$, sharpness.
        margin: $m$, how far from 1 and 0 a similarity may be.

    Returns:
        One value per row, shape `(batch,)`.

    Raises:
        ValueError: A setting is out of its range, or there is not one label for each embedding, or
            each reference.

    Example:
        >>> from dlprep import losses
        >>> tuple(losses.circle([0, 0, 1], [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]).shape)
        (3,)

    Reference:
        Sun et al. 2020, arXiv:2002.10857, equations 5 and 6.
    """
    check(gamma=gamma, margin=margin, remove_diagonal=remove_diagonal)
    label, z, dtype = _embedded(y_true, y_pred)
    others = z if ref_embeddings is None else ops.cast(ref_embeddings, z.dtype)
    similar = ops.minimum(ops.matmul(z, ops.transpose(others)), 1.0)
    ref_labels = label if ref_labels is None else ops.cast(ref_labels, "int32")
    _check_labels(ref_labels, others)
    companion, stranger = _companions(label, ref_labels, remove_diagonal)
    pull = gamma * ops.maximum(1.0 + margin - similar, 0.0) * (1.0 - margin - similar)
    push = gamma * ops.maximum(margin + similar, 0.0) * (similar - margin)
    pull = ops.logsumexp(ops.where(companion, pull, NOTHING), axis=1)
    push = ops.logsumexp(ops.where(stranger, push, NOTHING), axis=1)
    loss = ops.cast(_of_whole(label, ops.softplus(pull + push)), dtype)
    set_keras_mask(loss, ops.not_equal(loss, 0.0))
    return loss


def _embedded(y_true, y_pred):
    """Return integer labels, embeddings in float32 at least, and the dtype of the result."""
    z, dtype = widened(y_pred)
    label = whole(y_true)
    _check_labels(label, z)
    return label, z, dtype


def _check_labels(label, z):
    rows = tuple(z.shape)[:1]
    known = fits(label.shape, rows) or fits(label.shape, (*rows, 1))
    wanted = "Embeddings must have shape (batch, d) and their labels (batch,) or (batch, 1)"
    refuse(len(z.shape) != 2 or not known, wanted, label, z)


def _of_whole(label, loss):
    """Return losses, or NaN where `whole` found that a label is none."""
    return ops.where(ops.reshape(label, (-1,)) > -(2**31), loss, float("nan"))


def _companions(label, ref_labels, remove_diagonal=True):
    """Say for every row which references share its label, itself left out, and which do not."""
    same = ops.equal(ops.reshape(label, (-1, 1)), ops.reshape(ref_labels, (1, -1)))
    itself = ops.eye(ops.shape(same)[0], ops.shape(same)[1], dtype="bool")
    companion = ops.logical_and(same, ops.logical_not(itself)) if remove_diagonal else same
    return companion, ops.logical_not(same)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class ContrastiveLoss(FunctionLoss):
    """Distances of pairs, alike or not; `contrastive_loss` has the equation.

    Args:
        margin: From where on two classes are far enough apart, at least 0.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `margin` is negative, or the shapes differ when it is called.

    Example:
        >>> from dlprep import losses
        >>> float(losses.ContrastiveLoss()([[0.0]], [[0.5]]))
        0.125

    Reference:
        `dlprep.losses.contrastive_loss`
    """

    def __init__(
        self, margin=1.0, reduction="sum_over_batch_size", name="contrastive_loss", dtype=None
    ):
        super().__init__(contrastive_loss, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class TripletLoss(FunctionLoss):
    """Farthest companion against nearest stranger; `triplet_loss` has the equation.

    Args:
        margin: The lead asked for, at least 0.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `margin` is negative, or the shapes do not fit when it is called.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.TripletLoss(reduction="sum")
        >>> round(float(loss([0, 0, 1], [[0.0], [1.0], [1.0]])), 4)
        1.4

    Reference:
        `dlprep.losses.triplet_loss`
    """

    compares_rows = True

    def __init__(
        self, margin=0.2, reduction="sum_over_batch_size", name="triplet_loss", dtype=None
    ):
        super().__init__(triplet_loss, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class Circle(FunctionLoss):
    """Similarities weighed by how far off they are; `circle` has the equation.

    Args:
        gamma: Sharpness.
        margin: How far from 1 and 0 a similarity may be.
        remove_diagonal: Whether a row is no companion of itself.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: A setting is out of its range, or at the call, if there is not one label for
            each embedding.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.Circle()([0, 1], [[1.0, 0.0], [0.0, 1.0]])
        >>> float(loss)
        0.0

    Reference:
        `dlprep.losses.circle`
    """

    compares_rows = True

    def __init__(
        self,
        gamma=80.0,
        margin=0.4,
        remove_diagonal=True,
        reduction="sum_over_batch_size",
        name="circle",
        dtype=None,
    ):
        super().__init__(circle, locals())
