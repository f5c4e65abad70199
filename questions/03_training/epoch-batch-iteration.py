"""Let Keras count its updates, and compare a loss that averages with one that sums."""

import keras
import numpy as np
import tensorflow as tf

from dlprep import layers, optimizers


def step(optimizer, reduction, x, y):
    """Change of the weights, from zero, in one update of a linear model on one batch."""
    weights, loss = keras.Variable(np.zeros((3, 1))), keras.losses.MeanSquaredError(reduction)
    with tf.GradientTape() as tape:
        value = loss(y, keras.ops.matmul(x, weights))
    optimizer.apply(tape.gradient(value, [weights]), [weights])
    return keras.ops.convert_to_numpy(weights)


def run(lab):
    rows, batch, epochs = (lab.draw[name] for name in ("rows", "batch", "epochs"))
    x = lab.rng.normal(size=(rows, 3)).astype("float32")
    y = lab.rng.normal(size=(rows, 1)).astype("float32")

    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile(optimizers.SGD(0.01), "mse", jit_compile=False)

    def updates(drop, size=batch):
        """Updates of a whole training, as the optimizer counts them."""
        before = int(model.optimizer.iterations)
        if drop:
            data = tf.data.Dataset.from_tensor_slices((x, y)).batch(size, drop_remainder=True)
            model.fit(data, epochs=epochs, shuffle=False, verbose=0)
        else:
            model.fit(x, y, batch_size=size, epochs=epochs, verbose=0)
        return int(model.optimizer.iterations) - before

    dropped, count = lab.contrast(updates, control={"drop": True}, treatment={"drop": False})
    lab.answer(count)
    more = count - dropped
    lab.claim("the rows left over make one update more in each epoch", more == epochs, more, epochs)
    passes = -(-rows // batch) * epochs
    lab.claim("the batches of an epoch, rounded up, times the epochs", count == passes, count,
              passes)  # fmt: skip
    half = count / updates(False, 2 * batch)
    lab.claim("twice the batch, half the updates", 1.5 < half < 2.7, half, "1.5 to 2.7")
    ratios = {}
    for name, make in (("SGD", optimizers.SGD), ("Adam", optimizers.Adam)):
        for size in (batch, rows % batch):
            part = x[:size], y[:size]
            mean, total = (step(make(0.01), kind, *part) for kind in ("sum_over_batch_size", "sum"))
            ratios[name, size] = float(np.linalg.norm(total) / np.linalg.norm(mean))
    for size in (batch, rows % batch):
        ratio = ratios["SGD", size] / size
        lab.claim(f"a loss that sums over {size} rows: {size} times the step of SGD",
                  0.7 < ratio < 1.4, ratio, "0.7 to 1.4")  # fmt: skip
    ratio = ratios["Adam", batch]
    lab.claim("Adam's first step stays", 0.7 < ratio < 1.4, ratio, "0.7 to 1.4")
    _last_batch(lab, x, y, batch, rows % batch)
    pair = lab.rng.normal(size=(2, 4, 5, 1))
    total, mean = (float(keras.losses.MeanSquaredError(kind)(*pair))
                   for kind in ("sum", "sum_over_batch_size"))  # fmt: skip
    terms = round(total / mean)
    lab.claim("4 sequences of 5 steps: the mean is over 20 terms", terms == 20, terms, 20)
    shown = {f"{name}, {size} rows": ratio for (name, size), ratio in ratios.items()}
    lab.bars("Loss that sums against loss that averages", shown, y_label="length of the first step")


def _last_batch(lab, x, y, batch, rest):
    """How far one row's target moves the weights, in a full batch and in a short one."""
    moved = []
    for size in (batch, rest):
        other = y[:size].copy()
        other[0] += 1
        steps = [step(optimizers.SGD(0.01), "sum_over_batch_size", x[:size], targets)
                 for targets in (y[:size], other)]  # fmt: skip
        moved.append(float(np.linalg.norm(steps[1] - steps[0])))
    ratio = moved[1] / moved[0] / (batch / rest)
    lab.claim("a row of the short batch has more weight, by the batches' sizes", 0.7 < ratio < 1.4,
              ratio, "0.7 to 1.4")  # fmt: skip
