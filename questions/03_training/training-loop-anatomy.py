"""Delete lines of a training loop, and lose things in one written for Keras."""

import keras
import numpy as np

from dlprep import layers
from dlprep.lab.data import digits
from dlprep.reference.network import backward, cost, forward, initialize, mini_batches, update

SIZES, RATE, EPOCHS = (64, 32, 10), 0.1, 8
HEAD = {"hidden": "relu", "output": "softmax"}


def gradients(parameters, x, y):
    cache = forward(x, parameters, **HEAD)[1]
    return backward(parameters, cache, y, loss="cross_entropy", **HEAD)


def loss(parameters, x, y):
    return cost(forward(x, parameters, **HEAD)[0], y, loss="cross_entropy")


def run(lab):
    (x, labels), _ = digits(lab.rng)
    x, y = x.T.astype("float64"), np.eye(10)[labels].T
    start = initialize(SIZES, lab.rng)
    epochs = [mini_batches(x, y, 32, lab.rng) for _ in range(EPOCHS)]

    def losses(updates=True, fresh=True):
        """Loss on all training rows at the start and after each epoch."""
        parameters, found, held = start, [loss(start, x, y)], None
        for batches in epochs:
            for rows in batches:
                held = gradients(parameters, *rows) if fresh or held is None else held
                if updates:
                    parameters = update(parameters, held, RATE)
            found.append(loss(parameters, x, y))
        return found

    still, moving = lab.contrast(losses, control={"updates": False}, treatment={"updates": True})
    fell = moving[0] - moving[-1]
    lab.claim("the complete loop brings the loss down", fell > 1.2, fell, "> 1.2")
    lab.claim("to less than 0.35", moving[-1] < 0.35, moving[-1], "< 0.35")
    lab.claim("from more than 1.7", moving[0] > 1.7, moving[0], "> 1.7")
    moved = max(abs(one - still[0]) for one in still)
    lab.claim("without the update it stays exactly where it was", moved == 0, moved, 0.0)
    stale = losses(fresh=False)
    rise = stale[-1] / stale[0]
    lab.claim("with a stale gradient it ends far above its start", rise > 5, rise, "> 5")
    line = gradients(start, *epochs[0][0])
    along = [loss(update(start, line, step), x, y) for step in np.geomspace(1e-3, 10, 60)]
    lab.claim("the best point on the stale gradient's line is hardly lower", min(along) > 1.65,
              min(along), "> 1.65")  # fmt: skip
    first = moving[0] - min(along)
    lab.claim("at first it falls there", first > 0.02, first, "> 0.02")
    _in_keras(lab)
    curves = {"complete": moving, "without update": still, "stale gradient": stale}
    lab.lines("Loss on the training rows", range(EPOCHS + 1), curves, x_label="epoch",
              y_label="loss", log_y=True)  # fmt: skip


def _in_keras(lab):
    rows = lab.rng.normal(size=(20, 30)).astype("float32")
    dense = layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.1))
    drop = keras.layers.Dropout(0.5, seed=int(lab.rng.integers(1000)))
    model = keras.Sequential([keras.Input((30,)), drop, dense])
    plain, inference, training = (
        keras.ops.convert_to_numpy(model(rows, **given))
        for given in ({}, {"training": False}, {"training": True})
    )
    same, gap = np.abs(plain - inference).max(), np.abs(plain - training).max()
    lab.claim("model(x) in a loop of one's own drops nothing", same == 0, same, 0.0)
    lab.claim("with training=True it does", gap > 0.1, gap, "> 0.1")
    targets = np.zeros((20, 1), "float32")
    squares = keras.losses.MeanSquaredError()
    model.compile("sgd", squares, jit_compile=False, run_eagerly=True)
    whole = model.evaluate(rows, targets, verbose=0)
    rest = whole - float(squares(targets, model(rows)))
    off = abs(rest / float(sum(model.losses)) - 1)
    lab.claim("model.losses holds what the loss function lacks", off < 1e-3, off, "< 1e-3")
    frozen = keras.layers.Dense(1, kernel_regularizer="l2", trainable=False)
    frozen.build((None, 30))
    count = len(frozen.losses)
    lab.claim("the penalty of a frozen kernel is not in its losses", count == 0, count, 0)
    steps, outcome = [], "silent"
    for parts in ([model.trainable_variables], [[one] for one in model.trainable_variables]):
        optimizer = keras.optimizers.SGD(0.1)
        optimizer.build(model.trainable_variables)
        for part in parts:
            optimizer.apply([keras.ops.ones(one.shape) for one in part], part)
        steps.append(int(optimizer.iterations))
    optimizer = keras.optimizers.SGD(0.1)
    try:
        for one in model.trainable_variables:
            optimizer.apply([keras.ops.ones(one.shape)], [one])
    except ValueError:
        outcome = "ValueError"
    lab.claim("a call for each variable of an optimizer not built before raises",
              outcome == "ValueError", outcome, "ValueError")  # fmt: skip
    lab.claim("one call of the optimizer is one step", steps[0] == 1, steps[0], 1)
    lab.claim("a call for each of two variables is two", steps[1] == 2, steps[1], 2)
