r"""Losses of two networks that play against one another."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss
from dlprep.losses.pairs import of_labels, pair, widened


def wasserstein_loss(y_true, y_pred):
    r"""Raise the scores of one side and lower those of the other.

    $$\ell(y, s) = -\frac1d \sum_i y_i s_i$$

    The critic sees 1 for real and -1 for generated rows, so that the sum over both estimates a
    distance between distributions (if its slope stays below 1: `gradient_penalty`). The generator
    sees 1. There is no minimum.

    Args:
        y_true: 1 where the score should rise, -1 where it should fall, shape `(..., d)`.
        y_pred: Scores of that shape, without activation.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> float(losses.wasserstein_loss([[-1.0]], [[3.0]])[0])
        3.0

    Reference:
        Arjovsky, Chintala, Bottou 2017, arXiv:1701.07875, equation 2.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred)
    return ops.cast(-ops.mean(y_true * y_pred, axis=-1), dtype)


def gradient_penalty(gradients, target=1.0):
    r"""Punish a critic's slope for being other than one.

    $$\ell_i = \big( \| \nabla_x D(x_i) \|_2 - g \big)^2$$

    Taken at random points between real and generated rows, and weighed by 10 in the paper.

    Args:
        gradients: Gradients of the critic's scores with respect to its inputs, shape `(batch,
            ...)`.
        target: $g$, the slope asked for.

    Returns:
        One value per row, shape `(batch,)`.

    Example:
        >>> from dlprep import losses
        >>> float(losses.gradient_penalty([[3.0, 4.0]])[0])
        16.0

    Reference:
        Gulrajani et al. 2017, arXiv:1704.00028, equation 3.
    """
    gradients, dtype = widened(gradients)
    flat = ops.reshape(gradients, (ops.shape(gradients)[0], -1))
    # The square root has no slope at zero, where a dead critic lies.
    norm = ops.sqrt(ops.maximum(ops.sum(ops.square(flat), axis=-1), 1e-24))
    return ops.cast(ops.square(norm - target), dtype)


def non_saturating_gan(y_true, y_pred):
    r"""Ask the discriminator to tell real from generated, or the generator to be taken for real.

    $$\ell(y, z) = \frac1d \sum_i y_i \operatorname{softplus}(-z_i)
    + (1 - y_i) \operatorname{softplus}(z_i)$$

    The generator trains on its own rows with $y = 1$: it minimises $-\log D$, whose gradient is
    strongest where the discriminator is sure. The minimax form, `saturating_generator`, has the
    same goal and next to no gradient there.

    Args:
        y_true: 1 for rows to be called real, 0 for generated, shape `(..., d)`; outside of [0, 1]
            the value is NaN.
        y_pred: The discriminator's logits, of that shape.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.non_saturating_gan([[1.0]], [[0.0]])[0]), 4)
        0.6931

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, section 3.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred)
    loss = y_true * ops.softplus(-y_pred) + (1.0 - y_true) * ops.softplus(y_pred)
    return ops.cast(of_labels(y_true, ops.mean(loss, axis=-1), -1), dtype)


def saturating_generator(y_pred):
    r"""Minimise the discriminator's log-probability of being right: the game's own form.

    $$\ell(z) = \frac1d \sum_i \log(1 - D_i) = -\frac1d \sum_i \operatorname{softplus}(z_i)$$

    Its gradient is $-\sigma(z) / d$: none where the discriminator is sure, as at the start.

    Args:
        y_pred: The discriminator's logits on generated rows, shape `(..., d)`.

    Returns:
        One value per row, shape `(...)`.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.saturating_generator([[0.0]])[0]), 4)
        -0.6931

    Reference:
        Goodfellow et al. 2014, arXiv:1406.2661, equation 1.
    """
    y_pred, dtype = widened(y_pred)
    return ops.cast(-ops.mean(ops.softplus(y_pred), axis=-1), dtype)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class WassersteinLoss(FunctionLoss):
    """Scores up on one side, down on the other; `wasserstein_loss` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> float(losses.WassersteinLoss()([[-1.0]], [[3.0]]))
        3.0

    Reference:
        `dlprep.losses.wasserstein_loss`
    """

    def __init__(self, reduction="sum_over_batch_size", name="wasserstein_loss", dtype=None):
        super().__init__(wasserstein_loss, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class NonSaturatingGAN(FunctionLoss):
    """Real against generated, from logits; `non_saturating_gan` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if `y_true` and `y_pred` differ in shape.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.NonSaturatingGAN()([[1.0]], [[0.0]])), 4)
        0.6931

    Reference:
        `dlprep.losses.non_saturating_gan`
    """

    def __init__(self, reduction="sum_over_batch_size", name="non_saturating_gan", dtype=None):
        super().__init__(non_saturating_gan, locals())
