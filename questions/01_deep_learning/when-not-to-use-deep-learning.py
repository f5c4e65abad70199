"""Ridge regression against a network: a small, nearly linear table, then a non-linear one."""

import keras
import numpy as np
from keras import ops
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge

from dlprep.lab import data
from dlprep.layers import Dense
from dlprep.losses import MeanSquaredError
from dlprep.optimizers import SGD


def standardised(train, array):
    return ((array - train.mean(0)) / train.std(0)).astype("float32")


def explained(y, prediction):
    """Return R squared: the share of the variance that a prediction explains."""
    return 1 - np.mean((y - np.ravel(prediction)) ** 2) / np.var(y)


def run(lab):
    tables = {"diabetes": load_diabetes(return_X_y=True), "product": data.product(lab.rng)}

    def scores(table):
        """Return R squared of ridge, an early network, a late one, and the late one in training."""
        x, y = tables[table]
        order = lab.rng.permutation(len(x))
        train, test = order[: 7 * len(x) // 10], order[7 * len(x) // 10 :]
        x, y = standardised(x[train], x), standardised(y[train], y)
        ridge = Ridge(1.0).fit(x[train], y[train]).predict(x[test])
        hidden = [Dense(64, activation="relu") for _ in range(2)]
        model = keras.Sequential([keras.Input((x.shape[1],)), *hidden, Dense(1)])
        model.compile(SGD(0.02, momentum=0.9), MeanSquaredError(), steps_per_execution=40)
        results = [explained(y[test], ridge)]
        for steps in (40, 480):
            rows = lab.rng.choice(train, 32 * steps)
            model.fit(x[rows], y[rows], batch_size=32, shuffle=False, verbose=0)
            results.append(explained(y[test], ops.convert_to_numpy(model(x[test]))))
        return [*results, explained(y[train], ops.convert_to_numpy(model(x[train])))]

    small, large = lab.contrast(
        scores, control={"table": "diabetes"}, treatment={"table": "product"}
    )
    ridge, early, late, memorised = small
    tie, loss = abs(early - ridge), ridge - late
    lab.claim("ridge explains a good part of the small table", ridge > 0.25, ridge, "> 0.25")
    lab.claim("the network memorises the training rows", memorised > 0.8, memorised, "> 0.8")
    lab.claim("trained on, it loses clearly on new rows", loss > 0.08, loss, "> 0.08")
    lab.claim("stopped early it draws level within the noise", tie < 0.2, tie, "< 0.2")
    linear, _, network, _ = large
    gain = network - linear
    lab.claim("products of columns are invisible to ridge", linear < 0.1, linear, "< 0.1")
    lab.claim("on products the network wins widely", gain > 0.4, gain, "> 0.4")
    lab.bars(
        "Variance explained on new rows",
        {
            "small: ridge": ridge,
            "small: network, early": early,
            "small: network, late": late,
            "products: ridge": linear,
            "products: network": network,
        },
        y_label="R squared",
    )
