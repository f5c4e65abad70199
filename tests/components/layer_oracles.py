"""Layers by the formulas of the reference: value and hand-derived gradients, laid out as in Keras.

An oracle takes the input, the layer's trainable weights and its other weights, and returns the
output and a function: from the gradient of the output to those of input and trainable weights.
"""

import numpy as np

from dlprep.reference import convolution as images
from dlprep.reference import dense as columns
from dlprep.reference import dropout, feed_forward, lora, normalization, position, recurrent
from dlprep.reference import gru as gated
from dlprep.reference import shortcuts as past


def dense(x, W, b):
    """Keras has examples as rows, the reference as columns."""

    def backward(dY):
        dA, dW, db = columns.dense_backward(dY.T, x.T, W.T)
        return dA.T, dW.T, db[:, 0]

    return columns.dense(x.T, W.T, b[:, None]).T, backward


def convolution(stride=1, dilation=1):
    def oracle(x, W, b):
        Y = images.convolution(x, W, b, stride, dilation)
        return Y, lambda dY: images.convolution_backward(dY, x, W, stride, dilation)

    return oracle


def sequence_convolution(stride=1, dilation=1):
    """A sequence is an image of height one."""
    image = convolution(stride, dilation)

    def oracle(x, W, b):
        Y, image_backward = image(x[:, None], W[None], b)

        def backward(dY):
            dX, dW, db = image_backward(dY[:, None])
            return dX[:, 0], dW[0], db

        return Y[:, 0], backward

    return oracle


def pooling(kind, window, stride):
    forward, back = (getattr(images, f"{kind}_pooling{end}") for end in ("", "_backward"))
    return lambda x: (forward(x, window, stride), lambda dY: (back(dY, x, window, stride),))


def sequence_pooling(kind, window, stride):
    image = pooling(kind, (1, window), stride)

    def oracle(x):
        # The stride of the reference holds for both axes, and a height of one has one window.
        Y, backward = image(x[:, None])
        return Y[:, 0], lambda dY: (backward(dY[:, None])[0][:, 0],)

    return oracle


def batch_normalization(x, gamma, beta, *_):
    Y, cache = normalization.batch_normalization(x, gamma, beta)
    return Y, lambda dY: normalization.normalization_backward(dY, cache)


def layer_normalization(x, gamma, beta):
    Y, cache = normalization.layer_normalization(x, gamma, beta)
    return Y, lambda dY: normalization.normalization_backward(dY, cache)


def rms_normalization(x, gamma):
    Y, cache = normalization.rms_normalization(x, gamma)
    return Y, lambda dY: normalization.rms_normalization_backward(dY, cache)


def inverted_dropout(p, r):
    backward = dropout.inverted_dropout_backward
    return lambda x: (dropout.inverted_dropout(x, p, r), lambda dY: (backward(dY, p, r),))


def simple_rnn(x, W, U, b):
    weights = (np.zeros((len(x), len(U))), W.T, U.T)
    H = recurrent.simple_rnn(x, *weights, b)

    def backward(dH):
        dX, _, dW, dU, db = recurrent.simple_rnn_backward(dH, x, H, *weights)
        return dX, dW.T, dU.T, db

    return H, backward


def lstm(x, W, U, b):
    zero = np.zeros((len(x), len(U)))
    H, cache = recurrent.lstm(x, zero, zero, W.T, U.T, b)

    def backward(dH):
        dX, _, _, dW, dU, db = recurrent.lstm_backward(dH, x, H, zero, W.T, U.T, cache)
        return dX, dW.T, dU.T, db

    return H, backward


def gru(x, W, U, b):
    """Two rows of biases: the reset gate acts after the recurrent product; one row: before."""
    after = b.ndim == 2
    b_x, b_h = b if after else (b, 0 * b)
    H, cache = gated.gru(x, np.zeros((len(x), len(U))), W.T, U.T, b_x, b_h, reset_after=after)

    def backward(dH):
        dX, _, dW, dU, db_x, db_h = gated.gru_backward(dH, x, W.T, U.T, cache)
        return dX, dW.T, dU.T, np.stack([db_x, db_h]) if after else db_x

    return H, backward


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
    F, layer_backward = dense(x, W, b)

    def backward(dY):
        dX, dF, dW_s = past.residual_backward(dY, x, W_s)
        through, dW, db = layer_backward(dF)
        return dX + through, dW_s, dW, db

    return past.residual(x, F, W_s), backward


def highway(x, W_h, W_t, b_h, b_t):
    Y, cache = past.highway(x, W_h, b_h, W_t, b_t)

    def backward(dY):
        dX, dW_h, db_h, dW_t, db_t = past.highway_backward(dY, W_h, W_t, cache)
        return dX, dW_h, dW_t, db_h, db_t

    return Y, backward


def rotate(x):
    return position.rotate(x), lambda dY: (position.rotate_backward(dY),)
