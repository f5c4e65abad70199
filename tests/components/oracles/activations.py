"""Every activation once more, in NumPy and float64, from its equation."""

import numpy as np
from scipy.special import erf, expit, log_softmax, softmax


def relu(x, negative_slope=0.0, max_value=None, threshold=0.0):
    y = np.where(x > threshold, x, negative_slope * (x - threshold))
    return y if max_value is None else np.minimum(y, max_value)


def elu(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0)) - 1))


def gelu(x, approximate=False):
    inner = np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)
    return x / 2 * (1 + (np.tanh(inner) if approximate else erf(x / np.sqrt(2))))


def halves(x, axis):
    return np.split(x, 2, axis)


def maxout(x, pieces, axis=-1):
    x = np.moveaxis(x, axis, -1)
    return np.moveaxis(x.reshape(*x.shape[:-1], -1, pieces).max(-1), -1, axis)


def sparsemax(x, axis=-1):
    """Lower the scores by the one number for which what stays positive adds up to 1."""
    x = x - x.max(axis, keepdims=True)
    low, high = -1.0, 0.0
    for _ in range(100):
        middle = (low + high) / 2
        above = np.maximum(x - middle, 0).sum(axis, keepdims=True) > 1
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.maximum(x - high, 0)


def softplus(x):
    return np.logaddexp(0, x)


def glu(x, axis=-1):
    value, gate = halves(x, axis)
    return value * expit(gate)


def swiglu(x, axis=-1):
    gate, value = halves(x, axis)
    return gate * expit(gate) * value


def hard_sigmoid(x):
    return np.clip(x / 6 + 0.5, 0, 1)


ORACLES = {
    "celu": lambda x, alpha=1.0: np.where(x > 0, x, alpha * (np.exp(np.minimum(x, 0) / alpha) - 1)),
    "elu": elu,
    "exponential": np.exp,
    "gelu": gelu,
    "glu": glu,
    "hard_shrink": lambda x, threshold=0.5: x * (np.abs(x) > threshold),
    "hard_sigmoid": hard_sigmoid,
    "hard_silu": lambda x: x * hard_sigmoid(x),
    "hard_swish": lambda x: x * hard_sigmoid(x),
    "hard_tanh": lambda x: np.clip(x, -1, 1),
    "heaviside": lambda x, at_zero=1.0: np.heaviside(x, at_zero),
    "leaky_relu": lambda x, negative_slope=0.2: relu(x, negative_slope),
    "linear": lambda x: x,
    "log_sigmoid": lambda x: -softplus(-x),
    "log_softmax": lambda x, axis=-1: log_softmax(x, axis),
    "maxout": maxout,
    "mish": lambda x: x * np.tanh(softplus(x)),
    "prelu": lambda x, alpha: np.where(x > 0, x, alpha * x),
    "relu": relu,
    "relu6": lambda x: np.clip(x, 0, 6),
    "selu": lambda x: 1.0507009873554805 * elu(x, 1.6732632423543772),
    "sigmoid": expit,
    "sign": np.sign,
    "silu": lambda x: x * expit(x),
    "soft_shrink": lambda x, threshold=0.5: np.sign(x) * np.maximum(np.abs(x) - threshold, 0),
    "softmax": lambda x, axis=-1: softmax(x, axis),
    "softplus": softplus,
    "softsign": lambda x: x / (1 + np.abs(x)),
    "sparse_plus": lambda x: np.where(x <= -1, 0, np.where(x < 1, (x + 1) ** 2 / 4, x)),
    "sparse_sigmoid": lambda x: np.clip((x + 1) / 2, 0, 1),
    "sparsemax": sparsemax,
    "squareplus": lambda x, b=4: (x + np.sqrt(x**2 + b)) / 2,
    "swiglu": swiglu,
    "swish": lambda x: x * expit(x),
    "tanh": np.tanh,
    "tanh_shrink": lambda x: x - np.tanh(x),
    "threshold": lambda x, threshold, default_value: np.where(x > threshold, x, default_value),
}
