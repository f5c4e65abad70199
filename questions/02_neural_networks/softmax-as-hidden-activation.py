"""Put ReLU, tanh and softmax on the hidden layers of the same classifier."""

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
        """Return the accuracy, the spread of layer 2 before training, how far layer 1 moved."""
        first, second = (Dense(64, activation=activation) for _ in range(2))
        model = keras.Sequential([keras.Input((64,)), first, second, Dense(10)])
        spread = np.std(ops.convert_to_numpy(second(first(x_test))), axis=0).mean()
        start = first.get_weights()[0]
        loss = SparseCategoricalCrossentropy(from_logits=True)
        model.compile(optimizer(), loss, steps_per_execution=STEPS)
        model.fit(x[rows], y[rows], batch_size=32, shuffle=False, verbose=0)
        right = np.argmax(ops.convert_to_numpy(model(x_test)), axis=1) == y_test
        return np.mean(right), spread, np.linalg.norm(first.get_weights()[0] - start)

    def descent():
        return SGD(0.2)

    relu, softmax, tanh, adam = lab.contrast(
        trained,
        control={"activation": "relu", "optimizer": descent},
        softmax={"activation": "softmax", "optimizer": descent},
        tanh={"activation": "tanh", "optimizer": descent},
        adam={"activation": "softmax", "optimizer": Adam},
    )
    spread, moved = relu[1] / softmax[1], relu[2] / softmax[2]
    lab.claim("ReLU learns the digits", relu[0] > 0.75, relu[0], "> 0.75")
    lab.claim("with softmax the network guesses", softmax[0] < 0.35, softmax[0], "< 0.35")
    lab.claim("after two layers inputs differ far less", spread > 100, spread, "> 100 times")
    lab.claim("under softmax layer 1 hardly moves", moved > 100, moved, "> 100 times less")
    lab.claim("tanh, bounded too, is no problem", tanh[0] > 0.75, tanh[0], "> 0.75")
    behind = relu[0] - adam[0]
    lab.claim("Adam does not make up for softmax", behind > 0.2, behind, "> 0.2 behind ReLU")
    lab.bars(
        "Accuracy on new digits",
        {"ReLU": relu[0], "tanh": tanh[0], "softmax": softmax[0], "softmax, Adam": adam[0]},
        y_label="accuracy",
    )
