"""Start a small classifier at zeros, at a constant, at random, and at a constant with dropout."""

import keras
import numpy as np
from keras import ops
from keras.initializers import Constant, Zeros

from dlprep.initializers import GlorotUniform
from dlprep.lab import data
from dlprep.layers import Dense, Dropout
from dlprep.losses import SparseCategoricalCrossentropy
from dlprep.optimizers import SGD

STEPS = 200


def grade(accuracy):
    return "guessing" if accuracy < 0.15 else "good" if accuracy > 0.8 else "poor"


def one_unit_sixteen_times(x, y, batches, rate, start=0.05):
    """Train the network from a constant as one unit; return what predicts a class."""
    w, b, v, c = np.full(64, start), 0.0, np.full(10, start), np.zeros(10)
    for batch in batches:
        h = np.tanh(x[batch] @ w + b)
        scores = 16 * h[:, None] * v + c
        shares = np.exp(scores - scores.max(axis=1, keepdims=True))
        errors = (shares / shares.sum(axis=1, keepdims=True) - np.eye(10)[y[batch]]) / len(batch)
        pull = errors @ v * (1 - h**2)
        w, b = w - rate * pull @ x[batch], b - rate * pull.sum()
        v, c = v - rate * h @ errors, c - rate * errors.sum(axis=0)
    return lambda rows: np.argmax(16 * np.tanh(rows @ w + b)[:, None] * v + c, axis=1)


def run(lab):
    (x, y), (x_test, y_test) = data.digits(lab.rng)
    rows = lab.rng.integers(0, len(x), 32 * STEPS)

    def trained(initializer, rate=0.0):
        """Return the accuracy, the hidden kernel and how much its columns differ."""
        hidden = Dense(16, activation="tanh", kernel_initializer=initializer)
        output = Dense(10, kernel_initializer=initializer)
        model = keras.Sequential([keras.Input((64,)), hidden, Dropout(rate), output])
        loss = SparseCategoricalCrossentropy(from_logits=True)
        model.compile(SGD(0.5), loss, steps_per_execution=STEPS)
        model.fit(x[rows], y[rows], batch_size=32, shuffle=False, verbose=0)
        right = np.argmax(ops.convert_to_numpy(model(x_test)), axis=1) == y_test
        kernel = hidden.get_weights()[0]
        return np.mean(right), kernel, np.std(kernel, axis=1).mean()

    def direct_from_zeros():
        weights, targets = np.zeros((65, 10)), np.eye(10)
        inputs = np.c_[x, np.ones(len(x))]
        for batch in rows.reshape(STEPS, 32):
            scores = np.exp(inputs[batch] @ weights)
            shares = scores / scores.sum(axis=1, keepdims=True)
            weights -= 0.5 / 32 * inputs[batch].T @ (shares - targets[y[batch]])
        return np.mean(np.argmax(np.c_[x_test, np.ones(len(x_test))] @ weights, axis=1) == y_test)

    direct = direct_from_zeros()
    constant, zeros, random, dropped, both = lab.contrast(
        trained,
        control={"initializer": Constant(0.05)},
        zeros={"initializer": Zeros()},
        random={"initializer": GlorotUniform()},
        dropped={"initializer": Constant(0.05), "rate": 0.5},
        both={"initializer": Zeros(), "rate": 0.5},
    )
    batches = rows.reshape(STEPS, 32)
    single = {
        rate: np.mean(one_unit_sixteen_times(x, y, batches, rate)(x_test) == y_test)
        for rate in (0.1, 0.3, 0.5, 1, 3)
    }
    lab.answer(", ".join(grade(arm[0]) for arm in (zeros, constant, dropped)))
    text = "with dropout the constant start learns well"
    lab.claim(text, dropped[0] > 0.85, dropped[0], "> 0.85", share=True)
    lab.claim("dropout sets equal units apart", dropped[2] > 0.05, dropped[2], "> 0.05")
    text = "without it a constant learns some digits"
    lab.claim(text, constant[0] > 0.16, constant[0], "> 0.16", share=True)
    text = "but less than half of them"
    lab.claim(text, constant[0] < 0.45, constant[0], "< 0.45", share=True)
    lab.claim("equal units stay copies of one", constant[2] < 1e-4, constant[2], "< 1e-4")
    lab.claim("from zeros the network guesses", zeros[0] < 0.14, zeros[0], "< 0.14", share=True)
    frozen = np.abs(zeros[1]).max()
    lab.claim("from zeros the hidden kernel never moves", frozen < 1e-6, frozen, "< 1e-6")
    text = "from zeros it guesses with dropout too"
    lab.claim(text, both[0] < 0.14, both[0], "< 0.14", share=True)
    least, most = min(single[0.3], single[1]), max(single[0.1], single[3])
    text = "at rates of 0.3 and 1 the one unit learns about as much as at 0.5"
    lab.claim(text, least / single[0.5] > 0.5, least / single[0.5], "> 0.5")
    text = "at 0.1 and 3 it guesses"
    lab.claim(text, most < 0.14, most, "< 0.14", share=True)
    large = np.mean(one_unit_sixteen_times(x, y, batches, 0.5, start=0.2)(x_test) == y_test)
    lab.claim("from 0.2 it guesses at 0.5", large < 0.14, large, "< 0.14", share=True)
    text = "random weights learn well"
    lab.claim(text, random[0] > 0.9, random[0], "> 0.9", share=True)
    lab.claim("random units differ", random[2] > 0.1, random[2], "> 0.1")
    text = "a model without hidden layer learns well from zeros"
    lab.claim(text, direct > 0.8, direct, "> 0.8", share=True)
    middle = slice(24, 40)
    for name, arm in (("0.05", constant), ("0.05 with dropout", dropped)):
        title = f"Hidden kernel after training from {name}: 16 pixels, 16 units"
        lab.heatmap(title, arm[1][middle], x_label="unit", y_label="pixel")
