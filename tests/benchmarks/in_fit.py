"""Our components' time in `model.fit` as a share of Keras's.

`python tests/benchmarks/in_fit.py [NAME …]` builds every model twice, of our components and of
Keras's, and trains both on the same data, in turn. The first epoch is that of a fresh model:
building, tracing, compiling and one epoch. The later ones are those of one model, per step. A ratio
below 1 is faster than Keras; the quartiles are those of the ratios, round by round. Then stands
what the step takes of the machine's roof: operations against a product of matrices and bytes
against a copy, both measured in the same run.
"""

import argparse
import functools
import math
import statistics
from types import SimpleNamespace

import keras
import numpy as np
import tensorflow as tf
from against_keras import seconds

import dlprep.layers
import dlprep.losses
import dlprep.optimizers

BATCH, STEPS = 32, 20
FORMAT = "{:24}{:>7}  {:14}{:>7}  {:14}{:>10}{:>8}{:>8}"


def encoder(namespace):
    """Return a block of attention: ours, or the same of Keras's layers."""
    if namespace is dlprep:
        return namespace.layers.TransformerEncoder(4, 256)
    inputs = x = keras.Input((32, 64))
    for inner in (
        lambda x: keras.layers.MultiHeadAttention(4, 16)(x, x),
        lambda x: keras.layers.Dense(64)(keras.layers.Dense(256, "relu")(x)),
    ):
        x = keras.layers.LayerNormalization()(keras.layers.Add()([x, inner(x)]))
    return keras.Model(inputs, x)


def recurrent(kind, units, **options):
    """Return a function from a namespace to a recurrent layer."""
    return lambda namespace: [getattr(namespace.layers, kind)(units, **options)]


def perceptron(namespace):
    """Return two dense layers."""
    return [namespace.layers.Dense(256, "relu"), namespace.layers.Dense(256, "relu")]


def images(namespace):
    """Return a small network of convolutions."""
    layers = namespace.layers
    first, second = layers.Conv2D(16, 3, activation="relu"), layers.Conv2D(32, 3, activation="relu")
    return [first, layers.MaxPooling2D(), second, layers.GlobalAveragePooling2D()]


def normalized(namespace):
    """Return convolutions with batch normalization between them."""
    layers = namespace.layers
    first, second = layers.Conv2D(16, 3, use_bias=False), layers.Conv2D(16, 3, use_bias=False)
    norms = layers.BatchNormalization(), layers.BatchNormalization()
    return [first, norms[0], layers.ReLU(), second, norms[1], layers.ReLU(), layers.Flatten()]


def embedded(namespace):
    """Return an embedding whose rows are averaged."""
    layers = namespace.layers
    return [layers.Embedding(5000, 64), layers.GlobalAveragePooling1D(), layers.Dense(64, "relu")]


SERIES, LONG, IMAGE, FLAT = (20, 8), (50, 64), (28, 28, 1), (64,)
# name -> (function from the namespace to layers, shape of an example, optimizer)
MODELS = {
    "LSTM small": (recurrent("LSTM", 16), SERIES, "Adam"),
    "LSTM middle": (recurrent("LSTM", 64), LONG, "Adam"),
    "LSTM sequences": (recurrent("LSTM", 32, return_sequences=True), SERIES, "Adam"),
    "GRU small": (recurrent("GRU", 16), SERIES, "Adam"),
    "GRU middle": (recurrent("GRU", 64), LONG, "Adam"),
    "SimpleRNN small": (recurrent("SimpleRNN", 16), SERIES, "Adam"),
    "SimpleRNN middle": (recurrent("SimpleRNN", 64), LONG, "Adam"),
    "Transformer": (lambda namespace: [encoder(namespace)], (32, 64), "Adam"),
    "Conv2D": (images, IMAGE, "Adam"),
    "BatchNormalization": (normalized, IMAGE, "Adam"),
    "Embedding": (embedded, (40,), "Adam"),
    "perceptron, Adam": (perceptron, FLAT, "Adam"),
    "perceptron, SGD": (perceptron, FLAT, "SGD"),
}


def data(shape):
    """Draw the examples and their classes; examples of one axis of 40 are words."""
    rng = np.random.default_rng(0)
    count = BATCH * STEPS
    words = shape == MODELS["Embedding"][1]
    x = rng.integers(5000, size=(count, *shape)) if words else rng.normal(size=(count, *shape))
    return x.astype("int32" if words else "float32"), rng.integers(10, size=count)


def build(name, namespace, **options):
    """Return the compiled model of a row of the table."""
    keras.utils.set_random_seed(0)
    make, shape, optimizer = MODELS[name]
    head = [namespace.layers.Flatten(), namespace.layers.Dense(10)]
    inputs = keras.Input(shape, dtype="int32" if name == "Embedding" else None)
    model = keras.Sequential([inputs, *make(namespace), *head])
    loss = namespace.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(getattr(namespace.optimizers, optimizer)(), loss, **options)
    return model


def compare(ours, theirs, rounds):
    """Return the ratios of the times of two functions, run in turn, and the median time of ours."""
    pairs = []
    for number in range(rounds):
        # The second of two runs is a little faster, so they take turns at being it.
        times = {run: seconds(run, 1) for run in (ours, theirs)[:: (-1) ** number]}
        pairs.append((times[ours], times[theirs]))
    return [a / b for a, b in pairs], statistics.median(a for a, _ in pairs)


def measure(name, rounds, **options):
    """Return the ratios of first epochs, those of later ones, our seconds a step, and our model."""
    x, y = data(MODELS[name][1])

    def epoch(model):
        model.fit(x, y, batch_size=BATCH, verbose=0)

    def fresh(namespace):
        keras.backend.clear_session()
        epoch(build(name, namespace, **options))

    runs = [functools.partial(fresh, namespace) for namespace in (dlprep, keras)]
    first, _ = compare(*runs, max(7, rounds // 3))
    models = [build(name, namespace, **options) for namespace in (dlprep, keras)]
    runs = [functools.partial(epoch, model) for model in models]
    for run in runs * 2:
        run()
    later, own = compare(*runs, rounds)
    return first, later, own / STEPS, models[0]


def work(model):
    """Return the operations and the bytes that a training step needs at least.

    Two operations for each weight and position, three times for training; the weights are read
    twice, their gradients written, weights and slots read and written; what layers put out is
    written, read and met by its gradient.
    """
    operations, outputs = 0, 0
    for layer in model.layers:
        gathers = isinstance(layer, keras.layers.Embedding | dlprep.layers.Embedding)
        rows = BATCH * math.prod(layer.input.shape[1:-1])
        operations += 0 if gathers else 6 * layer.count_params() * rows
        outputs += BATCH * math.prod(layer.output.shape[1:])
    slots = sum(math.prod(v.shape) for v in model.optimizer.variables)
    return operations, 4 * (5 * model.count_params() + 2 * slots + 3 * outputs)


def roof():
    """Return the operations and the bytes that the machine does in a second."""
    side, size = 1024, 2**25
    matrix, array = tf.random.normal((side, side)), np.zeros(size, "float32")
    target = np.empty_like(array)
    product = min(seconds(lambda: tf.matmul(matrix, matrix), 1) for _ in range(9))
    copy = min(seconds(lambda: np.copyto(target, array), 1) for _ in range(9))
    return SimpleNamespace(operations=2 * side**3 / product, bytes=2 * array.nbytes / copy)


def main():
    """Print a row for each model as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="beginnings of names of the table; all without")
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--jit", choices=["auto", "yes", "no"], default="auto")
    given = parser.parse_args()
    options = {"jit_compile": {"auto": "auto", "yes": True, "no": False}[given.jit]}
    top = roof()
    print(f"roof: {top.operations / 1e9:.1f} GFLOP/s, {top.bytes / 1e9:.1f} GB/s")
    print(FORMAT.format("model", "first", "quartiles", "later", "quartiles", "ms/step",
                        "FLOPs", "bytes"))  # fmt: skip
    for name in MODELS:
        if given.names and not name.startswith(tuple(given.names)):
            continue
        first, later, step, model = measure(name, given.rounds, **options)
        cells = []
        for ratios in (first, later):
            low, median, high = statistics.quantiles(ratios, n=4)
            cells += [f"{median:.2f}", f"{low:.2f} to {high:.2f}"]
        operations, moved = work(model)
        shares = operations / step / top.operations, moved / step / top.bytes
        cells += [f"{step * 1e3:.2f}", *(f"{share:.1%}" for share in shares)]
        print(FORMAT.format(name, *cells), flush=True)


if __name__ == "__main__":
    main()
