"""Our components' time as a share of Keras's: `python tests/benchmarks/against_keras.py [NAME …]`.

Each pair runs interleaved in one process on the same input with the same weights: a forward pass
and a training step for layers, value and gradient for losses, a step for optimizers. A ratio below
1 is faster than Keras; the spread is that of the ratios of neighbouring runs.
"""

import statistics
import sys
import time

import keras
import numpy as np
import tensorflow as tf

from dlprep import layers, losses, optimizers

ROUNDS = 30
LAYERS = {
    "Dense": ({"units": 256, "activation": "relu"}, (128, 256)),
    "Dropout": ({"rate": 0.5}, (128, 1024)),
    "BatchNormalization": ({}, (64, 16, 16, 32)),
    "LayerNormalization": ({}, (64, 64, 128)),
    "RMSNormalization": ({}, (64, 64, 128)),
    "GroupNormalization": ({"groups": 8}, (32, 16, 16, 32)),
    "Conv1D": ({"filters": 32, "kernel_size": 3}, (32, 64, 32)),
    "Conv2D": ({"filters": 32, "kernel_size": 3}, (32, 16, 16, 16)),
    "DepthwiseConv2D": ({"kernel_size": 3}, (32, 16, 16, 16)),
    "SeparableConv2D": ({"filters": 32, "kernel_size": 3}, (32, 16, 16, 16)),
    "MaxPooling2D": ({}, (64, 16, 16, 32)),
    "AveragePooling2D": ({}, (64, 16, 16, 32)),
    "SimpleRNN": ({"units": 64}, (32, 32, 32)),
    "LSTM": ({"units": 64}, (32, 32, 32)),
    "GRU": ({"units": 64}, (32, 32, 32)),
    "MultiHeadAttention": ({"num_heads": 4, "key_dim": 16}, (16, 32, 64)),
}
LOSSES = (
    "MeanSquaredError",
    "MeanAbsoluteError",
    "Huber",
    "LogCosh",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
    "KLDivergence",
)
OPTIMIZERS = ("SGD", "RMSprop", "Adam", "AdamW", "Adagrad", "Adadelta", "Adamax", "Nadam", "Lion")


def layer_steps(name, module):
    """Return a layer's compiled forward pass and training step."""
    arguments, shape = LAYERS[name]
    keras.utils.set_random_seed(0)
    layer = getattr(module, name)(**arguments)
    x = tf.constant(np.random.default_rng(0).normal(size=shape).astype("float32"))
    inputs = (x, x) if name == "MultiHeadAttention" else (x,)
    layer(*inputs)

    @tf.function
    def forward():
        return layer(*inputs, training=False) if layer._call_has_training_arg else layer(*inputs)

    @tf.function
    def train():
        with tf.GradientTape() as tape:
            tape.watch(x)
            total = tf.reduce_sum(layer(*inputs, training=True)
                                  if layer._call_has_training_arg else layer(*inputs))  # fmt: skip
        return tape.gradient(total, [x, *(w.value for w in layer.trainable_weights)])

    return {"forward": forward, "training step": train}


def loss_steps(name, module):
    """Return a loss with its gradient, compiled."""
    rng = np.random.default_rng(0)
    scores = tf.constant(rng.normal(size=(1024, 64)).astype("float32"))
    sparse = name.startswith("Sparse")
    labels = rng.integers(64, size=1024) if sparse else rng.dirichlet(np.ones(64), 1024)
    labels = tf.constant(labels.astype("int32" if sparse else "float32"))
    loss = getattr(module, name)(**({"from_logits": True} if "entropy" in name else {}))

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            tape.watch(scores)
            value = loss(labels, scores)
        return value, tape.gradient(value, scores)

    return {"value and gradient": step}


def optimizer_steps(name, module):
    """Return a step over twenty matrices, compiled."""
    gradients = [tf.ones((256, 256)) * 0.1] * 20
    variables = [keras.Variable(tf.ones((256, 256))) for _ in gradients]
    optimizer = getattr(module, name)()
    optimizer.build(variables)

    @tf.function
    def step():
        optimizer.apply(gradients, variables)

    return {"step": step}


def ratios(ours, theirs) -> list[float]:
    """Return time of ours over time of theirs, round by round."""
    pairs = []
    for step in (ours, theirs):
        for _ in range(3):
            step()
    repeats = max(1, int(0.01 / seconds(theirs, 3)))
    for _ in range(ROUNDS):
        pairs.append(seconds(ours, repeats) / seconds(theirs, repeats))
    return pairs


def seconds(step, repeats: int) -> float:
    """Return the time of one call, over some repeats."""
    start = time.perf_counter()
    for _ in range(repeats):
        outcome = step()
    tf.nest.map_structure(lambda t: t.numpy() if hasattr(t, "numpy") else t, outcome)
    return (time.perf_counter() - start) / repeats


def main(wanted: list[str]) -> None:
    """Print a row for each pair, then the geometric mean."""
    families = (
        (LAYERS, layer_steps, layers, keras.layers),
        (LOSSES, loss_steps, losses, keras.losses),
        (OPTIMIZERS, optimizer_steps, optimizers, keras.optimizers),
    )
    medians = []
    print(f"{'component':32} {'what':20} {'ratio':>6}  {'quartiles'}")
    for names, steps, ours, theirs in families:
        for name in names:
            if wanted and name not in wanted:
                continue
            own, other = steps(name, ours), steps(name, theirs)
            for what in own:
                low, median, high = statistics.quantiles(ratios(own[what], other[what]), n=4)
                medians.append(median)
                print(f"{name:32} {what:20} {median:6.2f}  {low:.2f} to {high:.2f}", flush=True)
    print(f"geometric mean {statistics.geometric_mean(medians):.2f} over {len(medians)} rows")


if __name__ == "__main__":
    main(sys.argv[1:])
