"""Ridge regression against a network: a small, noisy table, then a non-linear one."""

import keras
import numpy as np
from keras import ops
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge

from dlprep.lab import data
from dlprep.layers import Dense
from dlprep.losses import MeanSquaredError
from dlprep.optimizers import SGD
from dlprep.regularizers import L2


def standardised(train, array):
    return ((array - train.mean(0)) / train.std(0)).astype("float32")


def explained(y, prediction):
    """Return R squared: the share of the variance that a prediction explains."""
    return 1 - np.mean((y - np.ravel(prediction)) ** 2) / np.var(y)


def run(lab):
    tables = {"diabetes": load_diabetes(return_X_y=True), "product": data.product(lab.rng)}

    def scores(table, penalty, rate, steps):
        """Return R squared of ridge and of a network on new rows, of the network in training."""
        x, y = tables[table]
        order = lab.rng.permutation(len(x))
        train, test = order[: 7 * len(x) // 10], order[7 * len(x) // 10 :]
        x, y = standardised(x[train], x), standardised(y[train], y)
        ridge = Ridge(1.0).fit(x[train], y[train]).predict(x[test])
        units = (64, 64, 1)
        kinds = ("relu", "relu", None)
        layers = [
            Dense(n, activation=kind, kernel_regularizer=L2(penalty))
            for n, kind in zip(units, kinds, strict=True)
        ]
        model = keras.Sequential([keras.Input((x.shape[1],)), *layers])
        model.compile(SGD(rate, momentum=0.9), MeanSquaredError(), steps_per_execution=steps)
        rows = lab.rng.choice(train, 32 * steps)
        model.fit(x[rows], y[rows], batch_size=32, shuffle=False, verbose=0)
        new, old = (ops.convert_to_numpy(model(x[part])) for part in (test, train))
        return explained(y[test], ridge), explained(y[test], new), explained(y[train], old)

    small, free, large = lab.contrast(
        scores,
        control={"table": "diabetes", "penalty": 0.05, "rate": 0.005, "steps": 300},
        free={"table": "diabetes", "penalty": 0.0, "rate": 0.02, "steps": 1000},
        large={"table": "product", "penalty": 0.0, "rate": 0.02, "steps": 300},
    )
    ridge, restrained, _ = small
    _, memorising, memorised = free
    more = (1 - memorising) / (1 - ridge)
    text = "trained until it fits, the network errs more than ridge on new rows"
    lab.claim(text, more > 1.2, more, "> 1.2")
    text = "it has memorised the training rows"
    lab.claim(text, memorised > 0.93, memorised, "> 0.93", share=True)
    text = "ridge explains a good part of the small table"
    lab.claim(text, ridge > 0.33, ridge, "> 0.33", share=True)
    apart = abs((1 - restrained) / (1 - ridge) - 1)
    lab.claim("with weight decay it comes close", apart < 0.25, apart, "< 0.25")
    linear, network, _ = large
    text = "products of columns are invisible to ridge"
    lab.claim(text, linear < 0.05, max(linear, 0.0), "< 0.05", share=True)
    fewer = (1 - linear) / (1 - network)
    lab.claim("on products the network errs far less", fewer > 2.5, fewer, "> 2.5")
    lab.bars(
        "Variance explained on new rows",
        {
            "small: ridge": ridge,
            "small: network, decay": restrained,
            "small: network, free": memorising,
            "products: ridge": linear,
            "products: network": network,
        },
        y_label="R squared",
    )
