"""Layers by the formulas of the reference: value and hand-derived gradients, laid out as in Keras.

An oracle takes the layer's inputs, its trainable weights and its other weights, and returns the
output and a function: from the output's gradient to those of the inputs and trainable weights.
"""

import numpy as np

from dlprep.reference import dense as columns
from dlprep.reference import (
    dropout,
    embedding,
    feed_forward,
    lora,
    noise,
    normalization,
    position,
    rectifiers,
    sampling,
    scaling,
    unit_norm,
)
from dlprep.reference import shortcuts as past


def dense(x, W, b):
    """Keras has examples as rows, the reference as columns."""

    def backward(dY):
        dA, dW, db = columns.dense_backward(dY.T, x.T, W.T)
        return dA.T, dW.T, db[:, 0]

    return columns.dense(x.T, W.T, b[:, None]).T, backward


def embedded(tokens):
    def oracle(E):
        backward = embedding.embedding_backward
        return embedding.embedding(tokens, E), lambda dY: (backward(dY, tokens, E),)

    return oracle


def counted(tokens, size):
    backward = embedding.counts_backward
    return lambda w: (embedding.counts(tokens, size, w), lambda dY: (backward(dY, tokens),))


def standardized(mu, variance):
    backward = scaling.standardize_backward
    return lambda x: (scaling.standardize(x, mu, variance), lambda dY: (backward(dY, variance),))


def min_max_scaling(x, minimum, maximum):
    backward = scaling.min_max_scaling_backward
    Y = scaling.min_max_scaling(x, minimum, maximum)
    return Y, lambda dY: (backward(dY, minimum, maximum),)


def batch_normalization(x, gamma, beta, *_):
    Y, cache = normalization.batch_normalization(x, gamma, beta)
    return Y, lambda dY: normalization.normalization_backward(dY, cache)


def layer_normalization(x, gamma, beta):
    Y, cache = normalization.layer_normalization(x, gamma, beta)
    return Y, lambda dY: normalization.normalization_backward(dY, cache)


def group_normalization(groups):
    def oracle(x, gamma, beta):
        Y, cache = normalization.group_normalization(x, groups, gamma, beta)
        return Y, lambda dY: normalization.normalization_backward(dY, cache)

    return oracle


def rms_normalization(x, gamma):
    Y, cache = normalization.rms_normalization(x, gamma)
    return Y, lambda dY: normalization.rms_normalization_backward(dY, cache)


def unit_normalization(axes):
    def oracle(x):
        Y, norm = unit_norm.unit_normalization(x, axes)
        return Y, lambda dY: (unit_norm.unit_normalization_backward(dY, Y, norm, axes),)

    return oracle


def spectral_dense(iterations):
    def oracle(x, W, b, u):
        vectors = unit_norm.power_iteration(W, u[0], iterations)
        W_bar, sigma = unit_norm.spectral_normalization(W, *vectors)
        Y, inner = dense(x, W_bar, b)

        def backward(dY):
            dX, dW_bar, db = inner(dY)
            back = unit_norm.spectral_normalization_backward
            return dX, back(dW_bar, W_bar, sigma, *vectors), db

        return Y, backward

    return oracle


def dropped(kind, p, r):
    """Any kind of dropout, with the mask or the noise that the layer draws."""
    module = dropout if hasattr(dropout, kind) else noise
    forward, back = (getattr(module, kind + end) for end in ("", "_backward"))
    return lambda x: (forward(x, p, r), lambda dY: (back(dY, p, r),))


def gaussian_noise(sigma, xi):
    return lambda x: (noise.gaussian_noise(x, sigma, xi), lambda dY: (dY,))


def reparameterized(epsilon):
    def oracle(mu, log_variance):
        z = sampling.reparameterize(mu, log_variance, epsilon)
        return z, lambda dz: sampling.reparameterize_backward(dz, log_variance, epsilon)

    return oracle


def swiglu(x, *weights):
    Y, cache = feed_forward.swiglu(x, *weights)
    return Y, lambda dY: feed_forward.swiglu_backward(dY, x, *weights, cache)


def mixture(top):
    def oracle(x, *weights):
        Y, shares = feed_forward.mixture(x, *weights, top)
        return Y, lambda dY: feed_forward.mixture_backward(dY, x, *weights, shares)

    return oracle


def low_rank(s):
    def oracle(x, A, B, W, b):
        return lora.lora(x, W, A, B, s) + b, lambda dZ: lora.lora_backward(dZ, x, W, A, B, s)

    return oracle


def residual(x, W_s, W, b):
    """Around a fully connected layer of another size."""
    F, inner = dense(x, W, b)

    def backward(dY):
        dX, dF, dW_s = past.residual_backward(dY, x, W_s)
        through, dW, db = inner(dF)
        return dX + through, dW_s, dW, db

    return past.residual(x, F, W_s), backward


def stochastic_depth(p, coins):
    """Around a fully connected layer of the same size."""

    def oracle(x, W, b):
        F, inner = dense(x, W, b)

        def backward(dY):
            dX, dF = past.stochastic_depth_backward(dY, p, coins)
            through, dW, db = inner(dF)
            return dX + through, dW, db

        return past.stochastic_depth(x, F, p, coins), backward

    return oracle


def highway(x, W_h, W_t, b_h, b_t):
    Y, cache = past.highway(x, W_h, b_h, W_t, b_t)

    def backward(dY):
        dX, dW_h, db_h, dW_t, db_t = past.highway_backward(dY, W_h, W_t, cache)
        return dX, dW_h, dW_t, db_h, db_t

    return Y, backward


def rotate(x):
    return position.rotate(x), lambda dY: (position.rotate_backward(dY),)


def rotate_heads_by_halves(x, base=10000.0):
    """Turn `(batch, T, heads, size)` by the reference, whose pairs are neighbours."""
    neighbours = np.arange(x.shape[-1]).reshape(2, -1).T.ravel()
    halves = np.argsort(neighbours)

    def along(function, x):
        x = np.swapaxes(x, 1, 2)[..., neighbours]
        return np.swapaxes(function(x, base)[..., halves], 1, 2)

    return along(position.rotate, x), lambda dY: (along(position.rotate_backward, dY),)


def positions_added(x, base=10000.0):
    return x + position.sinusoidal_positions(*x.shape[1:], base), lambda dY: (dY,)


def leaky_relu(alpha):
    def oracle(x):
        Y, slope = rectifiers.leaky_relu(x, alpha)
        return Y, lambda dY: (dY * slope,)

    return oracle


def prelu(x, alpha):
    Y, slope = rectifiers.prelu(x, alpha)
    return Y, lambda dY: (dY * slope, np.sum(rectifiers.prelu_alpha(dY, x), 0))
