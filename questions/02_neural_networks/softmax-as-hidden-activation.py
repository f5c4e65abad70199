"""Put ReLU, tanh and softmax on four hidden layers, softmax with the best optimizer found.

That is Adam at a rate of 0.03 to 0.06 with an epsilon of at most 1e-12, tried from 0.01 to 0.2 and
from 1e-7 to 1e-16; plain descent, at rates from 0.2 to 300, and momentum guess.
"""

import keras
import numpy as np
from keras import ops

from dlprep.lab import data
from dlprep.layers import Dense
from dlprep.losses import SparseCategoricalCrossentropy
from dlprep.optimizers import SGD, Adam
from dlprep.reference.activations import softmax

STEPS = 200


def first_gradient(x, y, rng):
    """Return how large the gradient of the first kernel is under four layers of softmax."""
    widths = (64, 64, 64, 64, 64, 10)
    pairs = list(zip(widths, widths[1:], strict=False))
    kernels = [rng.uniform(-1, 1, pair) * np.sqrt(6 / sum(pair)) for pair in pairs]
    values = [x]
    for kernel in kernels:
        values.append(softmax(values[-1] @ kernel))
    back = (values.pop() - np.eye(10)[y]) / len(x)
    for kernel, shares in zip(kernels[:0:-1], values[:0:-1], strict=True):
        pull = back @ kernel.T
        back = shares * (pull - np.sum(pull * shares, axis=1, keepdims=True))
    return np.abs(x.T @ back).mean()


def run(lab):
    (x, y), (x_test, y_test) = data.digits(lab.rng)
    rows = lab.rng.integers(0, len(x), 32 * STEPS)

    def trained(activation, optimizer):
        """Return the accuracy, and how much digits differ after each layer before training."""
        hidden = [Dense(64, activation=activation) for _ in range(4)]
        model = keras.Sequential([keras.Input((64,)), *hidden, Dense(10)])
        signal, spreads = x_test, []
        for layer in hidden:
            signal = layer(signal)
            spreads.append(np.std(ops.convert_to_numpy(signal), axis=0).mean())
        loss = SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer(), loss, steps_per_execution=STEPS)
        model.fit(x[rows], y[rows], batch_size=32, shuffle=False, verbose=0)
        right = np.argmax(ops.convert_to_numpy(model(x_test)), axis=1) == y_test
        return np.mean(right), np.array(spreads)

    def descent():
        return SGD(0.03, momentum=0.9)

    relu, soft, tanh = lab.contrast(
        trained,
        control={"activation": "relu", "optimizer": descent},
        softmax={"activation": "softmax", "optimizer": lambda: Adam(0.06, epsilon=1e-12)},
        tanh={"activation": "tanh", "optimizer": descent},
    )
    text = "four layers of softmax learn far less, even with the best optimizer found"
    lab.claim(text, soft[0] < 0.65, soft[0], "< 0.65", share=True)
    lab.claim("though they do not guess", soft[0] > 0.14, soft[0], "> 0.14", share=True)
    slope = first_gradient(x[rows[:32]], y[rows[:32]], lab.rng)
    text = "the first kernel's gradient is far below Adam's default epsilon"
    lab.claim(text, slope < 1e-8, slope, "< 1e-8")
    lab.claim("ReLU learns the digits", relu[0] > 0.8, relu[0], "> 0.8", share=True)
    text = "tanh, bounded too, is no problem"
    lab.claim(text, tanh[0] > 0.85, tanh[0], "> 0.85", share=True)
    # Behind the third layer of softmax the differences drown in the rounding of float32.
    least, most = min(soft[1][:2] / soft[1][1:3]), np.cbrt(relu[1][0] / relu[1][3])
    text = "a second and a third layer of softmax divide the differences by about their width"
    lab.claim(text, least > 40, least, "> 40")
    lab.claim("a layer of ReLU divides them by far less", most < 2.15, most, "< 2.15")
    arms = {"ReLU": relu, "tanh": tanh, "softmax": soft}
    lab.bars(
        "Accuracy on new digits", {name: arm[0] for name, arm in arms.items()}, y_label="accuracy"
    )
    lab.lines(
        "How much digits differ before training",
        range(1, 5),
        {name: arm[1] for name, arm in arms.items()},
        x_label="hidden layer",
        y_label="standard deviation of a unit",
        log_y=True,
    )
