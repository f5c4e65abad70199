"""Fit sixteen digits at five rates: a healthy pipeline, and faults of pipeline and model."""

import keras
import numpy as np

from dlprep import layers, losses, optimizers
from dlprep.lab import data

JIT = keras.backend.backend() == "jax"
STEPS, ROWS = 150, 16
RATES = (1e-5, 1e-3, 1e-2, 1e-1, 3.0)


def classifier(head=None):
    hidden, out = layers.Dense(32, activation="relu"), layers.Dense(10, activation=head)
    model = keras.Sequential([keras.Input((64,)), hidden, out])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(), loss, steps_per_execution=5, jit_compile=JIT)
    return model


def restart(model, weights, rate):
    model.set_weights(weights)
    for state in model.optimizer.variables:
        state.assign(np.zeros(state.shape))
    model.optimizer.learning_rate = rate


def run(lab):
    (digits, labels), _ = data.digits(lab.rng)
    batch, told = digits[:ROWS], labels[:ROWS]
    plain = classifier()

    def orders(kind):
        """Which label each row carries, step by step."""
        once = lab.rng.permutation(ROWS) if kind == "shuffled once" else np.arange(ROWS)
        if kind == "shuffled":
            return np.concatenate([lab.rng.permutation(ROWS) for _ in range(STEPS)])
        return np.tile(once, STEPS)

    def sweep(kind, model=plain, rates=RATES):
        """Loss on the batch after training, for each rate."""
        start, rows, after = model.get_weights(), np.tile(batch, (STEPS, 1)), []
        for rate in rates:
            restart(model, start, rate)
            order = orders(kind)
            model.fit(rows, told[order], batch_size=ROWS, shuffle=False, verbose=0)
            after.append(float(model.loss(told[order[-ROWS:]], model(batch))))
        model.set_weights(start)
        return after

    first = float(plain.loss(told, plain(batch)))
    broken, healthy = lab.contrast(
        sweep, control={"kind": "shuffled"}, treatment={"kind": "healthy"}
    )
    (once,) = sweep("shuffled once", rates=[0.1])
    double = sweep("healthy", classifier("softmax"))
    fits = healthy[RATES.index(0.1)]
    lab.claim("at 0.1 a healthy pipeline memorises the batch", fits < 3e-4, fits, "< 3e-4")
    best = min(broken)
    lab.claim("labels reshuffled on every step: no rate helps", best > 1.2, best, "> 1.2")
    best = min(double)
    lab.claim("softmax applied twice: no rate helps", best > 1.1, best, "> 1.1")
    slow, wild = healthy[0], healthy[-1]
    lab.claim("Adam at 1e-5 fails on a healthy network", slow > 1.5, slow, "> 1.5")
    lab.claim("so, as a rule, does Adam at 3", wild > 1.1, wild, "> 1.1")
    lab.claim("labels shuffled once pass the test", once < 1e-3, once, "< 1e-3")
    off = abs(first - np.log(10))
    lab.claim("before training the loss is within 0.7 of log 10", off < 0.7, off, "< 0.7")
    curves = {"healthy": healthy, "reshuffled": broken, "softmax twice": double}
    lab.lines("Loss on the batch after 150 steps", RATES, curves, log_x=True, log_y=True,
              x_label="learning rate of Adam", y_label="nats")  # fmt: skip
