"""Put ReLU, tanh and softmax on four hidden layers, softmax at the best rate found.

That is near 0.06 among Adam's rates from 0.001 to 0.3; plain descent, at rates from 0.2 to 300, and
momentum guess.
"""

import keras
import numpy as np
from keras import ops

from dlprep.lab import data
from dlprep.layers import Dense
from dlprep.losses import SparseCategoricalCrossentropy
from dlprep.optimizers import SGD, Adam

STEPS = 200


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

    relu, softmax, tanh = lab.contrast(
        trained,
        control={"activation": "relu", "optimizer": descent},
        softmax={"activation": "softmax", "optimizer": lambda: Adam(0.06)},
        tanh={"activation": "tanh", "optimizer": descent},
    )
    text = "four layers of softmax hardly learn, even at the best rate found"
    lab.claim(text, softmax[0] < 0.35, softmax[0], "< 0.35", share=True)
    lab.claim("ReLU learns the digits", relu[0] > 0.8, relu[0], "> 0.8", share=True)
    text = "tanh, bounded too, is no problem"
    lab.claim(text, tanh[0] > 0.85, tanh[0], "> 0.85", share=True)
    # Behind the third layer of softmax the differences drown in the rounding of float32.
    least, most = min(softmax[1][:2] / softmax[1][1:3]), max(relu[1][:3] / relu[1][1:])
    text = "a second and a third layer of softmax divide the differences by about their width"
    lab.claim(text, least > 40, least, "> 40")
    lab.claim("a layer of ReLU takes about two fifths", most < 2.3, most, "< 2.3")
    arms = {"ReLU": relu, "tanh": tanh, "softmax": softmax}
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
