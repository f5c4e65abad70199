r"""Connectionist temporal classification: a label sequence without its timing."""

import keras
from keras import ops

from dlprep.losses.categorical_crossentropy import known_labels, log_probability, whole
from dlprep.losses.loss import FunctionLoss
from dlprep.losses.pairs import fits, refuse, widened

# The logarithm of an impossible path: its sums and gradients stay finite, unlike those of -inf.
NEVER = -1e30
# The loss of what cannot be, beside which a batch's other losses keep their digits.
IMPOSSIBLE = 708.4


def ctc(y_true, y_pred):
    r"""Take the negative log-probability of a label sequence, summed over all ways to time it.

    $$\ell = -\log \sum_{\pi \in \mathcal B^{-1}(y)} \prod_{t=1}^{T} p_t(\pi_t)$$

    where $\mathcal B$ merges repeats and drops blanks (class 0). With the labels spread out as
    $0, y_1, 0, y_2, \dots, 0$ the forward recursion is

    $$\alpha_t(s) = p_t(s) \big( \alpha_{t-1}(s) + \alpha_{t-1}(s - 1)
    + [\, s \text{ odd},\ y_s \ne y_{s-2} \,]\, \alpha_{t-1}(s - 2) \big)$$

    computed in logarithms. A sequence that does not fit into the steps costs 708.4, minus the
    logarithm of the smallest double (Keras adds a few units to that), and has no gradient, so that
    the batch learns from its other sequences; a label outside the classes makes its sequence's
    loss NaN.

    Args:
        y_true: Label sequences, shape `(batch, max_length)`, padded with 0, the blank.
        y_pred: Logits, shape `(batch, steps, classes)`.

    Returns:
        One value per sequence, shape `(batch,)`.

    Raises:
        ValueError: `y_true` has not two axes, `y_pred` not three, or their batches differ.

    Example:
        >>> from dlprep import losses
        >>> loss = losses.ctc([[1]], [[[0.0, 0.0], [0.0, 0.0]]])
        >>> round(float(loss[0]), 4)
        0.2877

    Reference:
        Graves et al. 2006, Connectionist Temporal Classification, equations 6 to 8.
    """
    y_pred, dtype = widened(y_pred)
    label = whole(y_true)
    _check_shapes(label, y_pred)
    known = ops.all(known_labels(label, y_pred), axis=-1)
    label = ops.where(known[:, None], label, 0)
    states = _with_blanks(label)
    log_p = log_probability(y_pred, from_logits=True)
    emitted = ops.take_along_axis(log_p, ops.expand_dims(states, 1), axis=-1)
    place = ops.arange(2 * ops.shape(label)[1] + 1)
    first = ops.where(place < 2, emitted[:, 0], NEVER)
    alpha = _forward(first, ops.moveaxis(emitted[:, 1:], 1, 0), states)
    last = 2 * ops.sum(ops.cast(ops.not_equal(label, 0), "int32"), axis=-1, keepdims=True)
    ends = ops.logical_or(ops.equal(place, last), ops.equal(place, last - 1))
    loss = -ops.logsumexp(ops.where(ends, alpha, NEVER), axis=-1)
    loss = ops.where(_steps_needed(label) <= ops.shape(y_pred)[1], loss, IMPOSSIBLE)
    return ops.cast(ops.where(known, loss, float("nan")), dtype)


def _steps_needed(label):
    """Return one step for every label, and one for the blank that parts equal neighbours."""
    is_label = ops.not_equal(label, 0)
    parted = ops.logical_and(is_label[:, 1:], ops.equal(label[:, 1:], label[:, :-1]))
    # Not `count_nonzero`: PyTorch's warns of what Keras asks of it.
    return sum(ops.sum(ops.cast(found, "int32"), axis=-1) for found in (is_label, parted))


def _forward(first, emitted, states):
    """Run the recursion over the steps and return the last one's log-probabilities."""
    # A label may skip the blank before it, unless the label before that is the same.
    is_label = ops.arange(ops.shape(states)[1]) % 2 == 1
    skips = ops.logical_and(is_label, ops.not_equal(states, _moved(states, 2, -1)))

    def step(alpha, emitted):
        ways = ops.logaddexp(alpha, _moved(alpha, 1, NEVER))
        jump = ops.where(skips, _moved(alpha, 2, NEVER), NEVER)
        alpha = emitted + ops.logaddexp(ways, jump)
        return alpha, alpha

    return ops.scan(step, first, emitted)[0]


def _with_blanks(label):
    """Put a blank before, between and behind the labels."""
    pairs = ops.stack([ops.zeros_like(label), label], axis=-1)
    return ops.pad(ops.reshape(pairs, (-1, 2 * ops.shape(label)[1])), ((0, 0), (0, 1)))


def _moved(x, places, fill):
    return ops.pad(x, ((0, 0), (places, 0)), constant_values=fill)[:, :-places]


def _check_shapes(label, y_pred):
    wanted = "Targets `y_true` are expected to be a tensor of shape `(batch_size, max_length)`"
    refuse(len(label.shape) != 2, wanted, label, y_pred)
    wanted = "Logits `y_pred` are expected to have shape `(batch_size, max_length, num_classes)`"
    refuse(len(y_pred.shape) != 3, wanted, label, y_pred)
    wanted = "`y_true` must have one row of labels for each sequence of `y_pred`"
    refuse(not fits(label.shape[:1], y_pred.shape[:1]), wanted, label, y_pred)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class CTC(FunctionLoss):
    """Cross-entropy of a label sequence whose timing is unknown; `ctc` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if `y_true` has not two axes, `y_pred` not three, or their batches
            differ.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.CTC()([[1]], [[[0.0, 0.0], [0.0, 0.0]]])), 4)
        0.2877

    Reference:
        `dlprep.losses.ctc`
    """

    def __init__(self, reduction="sum_over_batch_size", name="ctc", dtype=None):
        super().__init__(ctc, locals())
