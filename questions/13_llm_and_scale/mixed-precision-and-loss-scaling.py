"""Train a model in two 16-bit formats, with and without loss scaling and master weights."""

import keras
import numpy as np
import tensorflow as tf

ROWS, FEATURES, STEPS = 256, 64, 800
FORMATS = {"float16": np.float16, "bfloat16": tf.bfloat16.as_numpy_dtype}
LOSS = 2e-7
SCALING = "Loss scaling goes; the float32 weights are needed as before"
MASTER = "The float32 weights go; loss scaling is needed as before"
BOTH = "Both go: bfloat16 was made to train without such crutches"
NEITHER = "Neither goes: 16 bits are 16 bits, whatever the format"


def rounded(x, number_type):
    """Return x in float32, as the format stores it."""
    with np.errstate(over="ignore"):
        return np.asarray(x, "float32").astype(number_type).astype("float32")


def train(data, number_type, scale, master, step=0.005):
    """Return the loss over that of the start; products are formed in float32, then rounded.

    `step` is the part of its way that a weight goes in one step while nothing is lost.
    """
    x, weights, goal = data
    weights, start = weights.copy(), np.mean((x @ (weights - goal)) ** 2)
    low = rounded(x, number_type)
    target = rounded(x @ goal, number_type)
    for _ in range(STEPS):
        error = rounded(rounded(low @ rounded(weights, number_type), number_type) - target,
                        number_type)  # fmt: skip
        signal = rounded(np.float32(LOSS * scale / ROWS) * error, number_type)
        gradient = rounded(low.T @ signal, number_type)
        weights = weights - np.float32(step / LOSS / scale) * gradient
        if not master:
            weights = rounded(weights, number_type)
    return np.mean((x @ (weights - goal)) ** 2) / start


def verdict(without_scaling, without_master):
    """Return the option that the losses in bfloat16 without the one and the other speak for."""
    kept = without_scaling < 0.1, without_master < 0.1
    return {(True, False): SCALING, (False, True): MASTER, (True, True): BOTH,
            (False, False): NEITHER}[kept]  # fmt: skip


def run(lab):
    x = lab.rng.normal(size=(ROWS, FEATURES)).astype("float32")
    goal = (1.25 + 0.25 * lab.rng.random(FEATURES)).astype("float32")
    start = goal + (0.02 * lab.rng.normal(size=FEATURES)).astype("float32")
    data = x, start, goal
    gradient = LOSS * x.T @ (x @ (start - goal)) / ROWS
    lab.value("median size of a gradient", float(np.median(np.abs(gradient))))
    lab.value(
        "median step over its weight", float(np.median(np.abs(0.005 * gradient / LOSS / start)))
    )

    def losses(name):
        arms = {"both": (2.0**15, True), "no scaling": (1.0, True), "no master": (2.0**15, False)}
        return {arm: train(data, FORMATS[name], *setting) for arm, setting in arms.items()}

    half, brain = lab.contrast(losses, control={"name": "float16"}, brain={"name": "bfloat16"})
    lab.answer(verdict(brain["no scaling"], brain["no master"]))

    def below(text, loss):
        lab.claim(f"{text}: the loss falls to under 5%", loss < 0.05, loss, "< 0.05")

    def stays(text, loss):
        lab.claim(f"{text}: most of the loss stays", loss > 0.7, loss, "> 0.7")

    below("bfloat16 without loss scaling", brain["no scaling"])
    stays("bfloat16 without float32 weights", brain["no master"])
    same = brain["no scaling"] / brain["both"]
    lab.claim("scaling changes nothing in bfloat16", same == 1, same, 1.0)
    below("float16 with both", half["both"])
    stays("float16 without loss scaling", half["no scaling"])
    stays("float16 without float32 weights", half["no master"])
    _larger_steps(lab, data)
    _formats(lab)
    _keras(lab)
    heights = {f"{name}, {arm}": loss for name, arms in (("float16", half), ("bfloat16", brain))
               for arm, loss in arms.items()}  # fmt: skip
    lab.bars("Loss after training", heights, y_label="loss, relative to the start", log_y=True)


def _larger_steps(lab, data):
    half, brain = (train(data, kind, 2.0**15, False, step=0.2) for kind in FORMATS.values())
    text = "with steps 40 times as large float16 does without float32 weights"
    lab.claim(text, half < 0.1, half, "< 0.1")
    lab.claim("bfloat16 still keeps a sixth of the loss", brain > 0.17, brain, "> 0.17")


def _formats(lab):
    for name, ones in (("float16", 2048), ("bfloat16", 256)):
        kind, total = FORMATS[name], np.float32(0)
        for _ in range(4096):
            total = rounded(total + 1, kind)
        lab.claim(f"4,096 ones, added one by one in {name}, make {ones}", total == ones,
                  float(total), float(ones))  # fmt: skip
    lost = np.flatnonzero([rounded(10.0**-i, np.float16) == 0 for i in range(46)])[0]
    lab.claim("float16 makes 1e-8 zero, and 1e-7 not", lost == 8, int(lost), 8)
    tiny = float(rounded(1e-38, FORMATS["bfloat16"])) / 1e-38
    lab.claim("bfloat16 holds 1e-38", 0.7 < tiny < 1.4, tiny, "0.7 to 1.4")
    top = float(rounded(65536, np.float16))
    lab.claim("65,536 is too much for float16", np.isinf(top), top, "inf")


def _keras(lab):
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(1.0))
    weight = keras.Variable(1.0)
    optimizer.build([weight])
    before = float(optimizer.dynamic_scale)
    optimizer.apply([keras.ops.array(np.inf)])
    after = float(optimizer.dynamic_scale)
    lab.claim("Keras begins with a scale of 32,768", before == 32768, before, 32768.0)
    lab.claim("an infinite gradient halves it", after == 16384, after, 16384.0)
    lab.claim("and the step is skipped", float(weight) == 1, float(weight), 1.0)
    policy = keras.config.dtype_policy()
    for name, wrapped in (("mixed_float16", True), ("mixed_bfloat16", False)):
        keras.config.set_dtype_policy(name)
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        keras.config.set_dtype_policy(policy)
        model.compile("sgd", "mse")
        found = isinstance(model.optimizer, keras.optimizers.LossScaleOptimizer)
        lab.claim(f"compile scales the loss under {name}: {wrapped}", found == wrapped, found,
                  wrapped)  # fmt: skip
        kept = str(model.weights[0].dtype)
        lab.claim(f"variables under {name} are float32", kept == "float32", kept, "float32")
