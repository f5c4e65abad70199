r"""Losses of latent-variable models: reconstruct, and stay near the prior."""

import keras
from keras import ops

from dlprep.losses.loss import FunctionLoss, check
from dlprep.losses.pairs import fits, of_labels, pair, refuse, tensor, widened


def gaussian_kl(y_true, y_pred):
    r"""Measure how far one diagonal normal is from another.

    $$D(q \,\|\, p) = \frac12 \sum_{j=1}^{k} \Big( \log \frac{\sigma_{p,j}^2}{\sigma_{q,j}^2}
    + \frac{\sigma_{q,j}^2 + (\mu_{q,j} - \mu_{p,j})^2}{\sigma_{p,j}^2} - 1 \Big)$$

    Targets of zeros stand for the standard normal prior, which leaves
    $\frac12 \sum \mu^2 + \sigma^2 - 1 - \log \sigma^2$.

    Args:
        y_true: Prior $p$: [mean, log-variance] of a diagonal normal, joined on the last axis,
            shape `(..., 2 k)`; zeros for a standard normal.
        y_pred: Posterior $q$, likewise.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes differ, or the last axis has an odd length.

    Example:
        >>> from dlprep import losses
        >>> float(losses.gaussian_kl([[0.0, 0.0]], [[2.0, 0.0]])[0])
        2.0

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, appendix B.
    """
    y_true, y_pred, dtype = pair(y_true, y_pred)
    wanted = "y_true and y_pred must join k means and k log-variances on their last axis"
    refuse((y_pred.shape[-1] or 0) % 2, wanted, y_true, y_pred)
    prior_mean, prior_log = ops.split(y_true, 2, axis=-1)
    mean, log_variance = ops.split(y_pred, 2, axis=-1)
    surprise = log_variance - prior_log
    gap = ops.square(mean - prior_mean) * ops.exp(-prior_log)
    # expm1 keeps the digits where the variances are close.
    return ops.cast(0.5 * ops.sum(ops.expm1(surprise) - surprise + gap, axis=-1), dtype)


def negative_elbo(y_true, y_pred, beta=1.0):
    r"""Add what reconstruction costs and what the latent code says beyond the prior.

    $$-\mathrm{ELBO} = \sum_i \big[ \operatorname{softplus}(z_i) - x_i z_i \big]
    + \beta \, D\big( \mathcal N(\mu, \sigma^2) \,\|\, \mathcal N(0, 1) \big)$$

    An upper bound of $-\log p(x)$ for $\beta = 1$. Both parts are sums over their entries: a mean
    over pixels would turn down the reconstruction.

    Args:
        y_true: Data in [0, 1], shape `(..., d)`; outside of it the value is NaN.
        y_pred: Logits of the reconstruction, mean and log-variance of the code, joined on the last
            axis: shape `(..., d + 2 k)`.
        beta: $\beta \ge 0$, weight of the second part.

    Returns:
        One value per row, shape `(...)`.

    Raises:
        ValueError: The shapes are others than these, or `beta` is negative.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.negative_elbo([[1.0]], [[0.0, 2.0, 0.0]])[0]), 4)
        2.6931

    Reference:
        Kingma, Welling 2014, arXiv:1312.6114, equation 3; Higgins et al. 2017, beta-VAE, equation
        4.
    """
    check(beta=beta)
    y_pred, dtype = widened(y_pred)
    y_true = ops.cast(tensor(y_true), y_pred.dtype)
    _check_code(y_true, y_pred)
    width = y_true.shape[-1]
    logits, code = y_pred[..., :width], y_pred[..., width:]
    cost = y_true * ops.softplus(-logits) + (1.0 - y_true) * ops.softplus(logits)
    distance = gaussian_kl(ops.zeros_like(code), code)
    cost = of_labels(y_true, ops.sum(cost, axis=-1), -1)
    return ops.cast(cost + beta * distance, dtype)


def _check_code(y_true, y_pred):
    data, given = tuple(y_true.shape), tuple(y_pred.shape)
    known = None not in (data[-1], given[-1])
    code = given[-1] - data[-1] if known else 0
    wanted = (
        "y_pred must hold as many logits as y_true has values, then the code's k means and k "
        "log-variances, shape (..., d + 2 k) for y_true of shape (..., d), with d and k known"
    )
    refuse(not fits(given[:-1], data[:-1]) or code < 2 or code % 2, wanted, y_true, y_pred)


@keras.saving.register_keras_serializable(package="dlprep.losses")
class GaussianKL(FunctionLoss):
    """Divergence between diagonal normals; `gaussian_kl` has the equation.

    Args:
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: At the call, if shapes differ or the last axis has an odd length.

    Example:
        >>> from dlprep import losses
        >>> float(losses.GaussianKL()([[0.0, 0.0]], [[2.0, 0.0]]))
        2.0

    Reference:
        `dlprep.losses.gaussian_kl`
    """

    def __init__(self, reduction="sum_over_batch_size", name="gaussian_kl", dtype=None):
        super().__init__(gaussian_kl, locals())


@keras.saving.register_keras_serializable(package="dlprep.losses")
class ELBO(FunctionLoss):
    """Reconstruction plus divergence from the prior; `negative_elbo` has the equation.

    Args:
        beta: Weight of the divergence, at least 0.
        reduction: How the rows' values become one, as in `keras.losses.Loss`.
        name: Name in logs.
        dtype: Dtype of the computation; `None` for `keras.backend.floatx()`.

    Raises:
        ValueError: `beta` is negative, or the shapes do not fit when it is called.

    Example:
        >>> from dlprep import losses
        >>> round(float(losses.ELBO()([[1.0]], [[0.0, 2.0, 0.0]])), 4)
        2.6931

    Reference:
        `dlprep.losses.negative_elbo`
    """

    def __init__(self, beta=1.0, reduction="sum_over_batch_size", name="elbo", dtype=None):
        super().__init__(negative_elbo, locals())
