"""Our components' time as a share of Keras's: `python tests/benchmarks/against_keras.py [NAME …]`.

Every pair runs interleaved in one process, on the same input: a layer's forward pass and training
step, a loss with its gradient, an optimizer's step; all compiled by `tf.function`, as `fit` does.
A ratio below 1 is faster than Keras; the spread is the quartiles of the ratios, round by round.
"""

import statistics
import sys
import time

import keras
import numpy as np
import tensorflow as tf
from workloads import (
    CELLS,
    INTEGERS,
    LAYERS,
    LOSS_SIZES,
    LOSSES,
    MATRICES,
    OPTIMIZER_SIZES,
    OPTIMIZERS,
    TWO_ARGUMENTS,
)

from dlprep import layers, losses, optimizers

ROUNDS = 21
SECONDS_PER_ROUND = 0.01


def layer_steps(name, namespace, shapes):
    """Return a layer's compiled forward pass and training step."""
    keras.utils.set_random_seed(0)
    layer = getattr(namespace, name)(**LAYERS[name][0](namespace))
    layer = namespace.RNN(layer) if name in CELLS else layer
    inputs = [tensor("class" if name in INTEGERS else "real", shape) for shape in shapes]
    arguments = inputs if name in TWO_ARGUMENTS or len(inputs) == 1 else [inputs]
    like = layer(*arguments)
    direction = tensor("real", like.shape)
    sources = [x for x in inputs if x.dtype.is_floating]

    def call(training):
        return layer(*arguments, **({"training": training} if layer._call_has_training_arg else {}))

    def train():
        with tf.GradientTape() as tape:
            tape.watch(sources)
            y = call(True)
        return tape.gradient(
            y, [*sources, *(w.value for w in layer.trainable_weights)], output_gradients=direction
        )

    steps = {"forward": tf.function(lambda: call(False))}
    return steps | ({"training": tf.function(train)} if sources or layer.trainable_weights else {})


def loss_steps(name, namespace, size):
    """Return a loss with its gradient, compiled."""
    arguments, labels, kind = LOSSES[name]
    y_true, y_pred = tensor(labels, size, seed=1), tensor(kind, size)
    loss = getattr(namespace, name)(**arguments)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            tape.watch(y_pred)
            value = loss(y_true, y_pred)
        return value, tape.gradient(value, y_pred)

    return {"value, gradient": step}


def optimizer_steps(name, namespace, side):
    """Return a step over square matrices, compiled."""
    gradients = [tensor("real", (side, side)) for _ in range(MATRICES)]
    variables = [keras.Variable(gradient) for gradient in gradients]
    optimizer = getattr(namespace, name)(**OPTIMIZERS[name])
    optimizer.build(variables)
    return {"step": tf.function(lambda: optimizer.apply(gradients, variables))}


def tensor(kind, size, seed=0):
    """Draw a tensor: the kinds that the tables of workloads name."""
    rng = np.random.default_rng(seed)
    *batch, last = size
    draws = {
        "real": lambda: rng.normal(size=size),
        "binary": lambda: rng.integers(2, size=size),
        "distribution": lambda: rng.dirichlet(np.ones(last), batch),
        "direction": lambda: keras.utils.normalize(rng.normal(size=size)),
        "class": lambda: rng.integers(min(last, 64), size=size if len(size) != 2 else batch),
        "sequence": lambda: rng.integers(1, 10, size=(batch[0], 8)),
        "steps": lambda: rng.normal(size=(batch[0], 20, 10)),
    }
    whole = kind in ("class", "sequence")
    return tf.constant(draws[kind]().astype("int32" if whole else "float32"))


def ratios(ours, theirs):
    """Return time of ours over time of theirs, round by round, and the median time of theirs."""
    for step in (ours, theirs, ours, theirs):
        step()
    repeats = max(1, round(SECONDS_PER_ROUND / seconds(theirs, 3)))
    pairs = []
    for number in range(ROUNDS):
        # The second of two runs is a little faster, so they take turns at being it.
        times = {step: seconds(step, repeats) for step in (ours, theirs)[:: (-1) ** number]}
        pairs.append((times[ours], times[theirs]))
    return [a / b for a, b in pairs], statistics.median(b for _, b in pairs)


def seconds(step, repeats):
    """Return the time of one call, over some repeats; a step on the CPU ends with its call."""
    start = time.perf_counter()
    for _ in range(repeats):
        step()
    return (time.perf_counter() - start) / repeats


def families():
    """Yield the name, the size and the function that makes the steps, of every workload."""
    for name, (_, sizes) in LAYERS.items():
        for shapes in sizes:
            yield name, shapes, layer_steps, layers, keras.layers
    for name in LOSSES:
        for size in LOSS_SIZES:
            yield name, size, loss_steps, losses, keras.losses
    for name in OPTIMIZERS:
        for side in OPTIMIZER_SIZES:
            yield name, side, optimizer_steps, optimizers, keras.optimizers


def main(wanted):
    """Print a row for each pair as it is measured, then the summary."""
    medians = {}
    print(f"{'component':36}{'what':18}{'size':22}{'ratio':>6}  {'quartiles':14}{'Keras':>10}")
    for name, size, steps, ours, theirs in families():
        if wanted and name not in wanted:
            continue
        own, other = steps(name, ours, size), steps(name, theirs, size)
        for what in own:
            pairs, base = ratios(own[what], other[what])
            low, median, high = statistics.quantiles(pairs, n=4)
            medians[name, what, str(size)] = median
            shape = "x".join(map(str, np.ravel(size[0] if isinstance(size, list) else size)))
            row = f"{name:36}{what:18}{shape:22}{median:6.2f}  {low:.2f} to {high:.2f}"
            print(f"{row}  {base * 1e6:8.0f} us", flush=True)
        keras.backend.clear_session()
    slower = sorted((ratio, *key) for key, ratio in medians.items() if ratio > 1.1)
    print(
        f"\ngeometric mean {statistics.geometric_mean(medians.values()):.3f}, {len(medians)} rows"
    )
    print(f"slower than 1.1 times Keras: {len(slower)}")
    for ratio, *key in reversed(slower):
        print(f"  {ratio:.2f} {' '.join(key)}")


if __name__ == "__main__":
    main(sys.argv[1:])
