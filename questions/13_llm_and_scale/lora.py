"""Fine-tune a frozen layer through two thin factors that start in four ways."""

import keras
import numpy as np

from dlprep.layers import LoRADense
from dlprep.reference.lora import lora, lora_backward
from dlprep.reference.optimizers import adam

INPUTS, UNITS, RANK, ROWS, STEPS = 64, 32, 4, 256, 300
FACTOR = 2.0


def factors(random, rank, rng):
    """Return A and B; those named in `random` are drawn, the others are zero."""
    down = rng.normal(size=(INPUTS, rank)) / np.sqrt(INPUTS)
    up = rng.normal(size=(rank, UNITS)) / np.sqrt(rank)
    return down * ("A" in random), up * ("B" in random)


def fine_tune(x, target, kernel, random, rng, rank=RANK, rate=0.01):
    """Return the losses over the one at the frozen layer, before each step, and the factors."""
    parts = factors(random, rank, rng)
    moments, losses = [[np.zeros_like(part)] * 2 for part in parts], []
    for step in range(1, STEPS + 1):
        error = lora(x, kernel, *parts, FACTOR) - target
        losses.append(np.mean(error**2))
        gradients = lora_backward(error / ROWS, x, kernel, *parts, FACTOR)[1:]
        moved = [adam(part, g, *two, step, alpha=rate)
                 for part, g, two in zip(parts, gradients, moments, strict=True)]  # fmt: skip
        parts, moments = [new for new, *_ in moved], [two for _, *two in moved]
    return np.array(losses) / np.mean((x @ kernel - target) ** 2), parts


def size(weights):
    return int(sum(np.prod(weight.shape) for weight in weights))


def run(lab):
    rng = lab.rng
    x, kernel = rng.normal(size=(ROWS, INPUTS)), rng.normal(size=(INPUTS, UNITS)) / 8
    change = rng.normal(size=(INPUTS, RANK)) @ rng.normal(size=(RANK, UNITS)) / 16
    target = x @ (kernel + change)

    def start(random, **settings):
        return fine_tune(x, target, kernel, random, lab.rng, **settings)

    (zero, _), (usual, parts), (swapped, _), (both, _), (thin, _) = lab.contrast(
        start,
        control={"random": ""},
        usual={"random": "A"},
        swapped={"random": "B"},
        both={"random": "AB"},
        thin={"random": "A", "rank": 1},
    )
    lab.claim("A random, B zero: the loss falls below a hundredth", usual[-1] < 0.01, usual[-1],
              "< 0.01")  # fmt: skip
    lab.claim("A zero, B random: so it does", swapped[-1] < 0.01, swapped[-1], "< 0.01")
    rates = 10.0 ** np.arange(-4, 2)
    stuck = min(start("", rate=rate)[0].min() for rate in rates)
    lab.claim("both zero: the loss does not move at any rate", stuck == 1, stuck, 1.0)
    lab.claim("with one factor zero step 0 is the frozen layer", usual[0] == 1, usual[0], 1.0)
    lab.claim("with both random it is not", both[0] > 1.5, both[0], "> 1.5")
    text = "rank 1 stays above a third of the loss where the change has rank 4"
    lab.claim(text, thin[-1] > 0.33, thin[-1], "> 0.33")
    gradients = lora_backward(target, x, kernel, *factors("A", RANK, rng), FACTOR)
    first = np.abs(gradients[1]).max()
    lab.claim("with B zero, A has no gradient in the first step", first == 0, first, 0.0)
    _merge(lab, x, kernel, parts)
    _count(lab)
    curves = {"both zero": zero, "A random": usual, "B random": swapped, "both random": both,
              "A random, rank 1": thin}  # fmt: skip
    lab.lines("Fine-tuning through two factors", range(STEPS), curves, x_label="step",
              y_label="loss, relative to the frozen layer", log_y=True)  # fmt: skip


def _merge(lab, x, kernel, parts):
    """Put the trained factors into a Keras layer, merge, and move the kernel to a plain layer."""
    down, up = parts
    layer = LoRADense(UNITS, RANK, alpha=FACTOR * RANK)
    dense = keras.layers.Dense(UNITS)
    for one in (layer, dense):
        one.build((None, INPUTS))
    for weight, value in ((layer.kernel, kernel), (layer.down, down), (layer.up, up)):
        weight.assign(value)
    dense.kernel.assign(layer.kernel)
    apart, frozen = np.array(layer(x)), np.array(dense(x))
    layer.merge()
    dense.kernel.assign(layer.kernel)
    gap = np.abs(np.array(dense(x)) - apart).max() / np.abs(apart).max()
    lab.claim("with the merged kernel a dense layer gives the same", gap < 1e-5, gap, "< 1e-5")
    gap = np.abs(frozen - apart).max() / np.abs(apart).max()
    lab.claim("with the frozen one it does not", gap > 0.1, gap, "> 0.1")
    moved = np.linalg.matrix_rank(FACTOR * down @ up)
    lab.claim("the trained change has rank 4", moved == RANK, int(moved), RANK)


def _count(lab):
    layer = LoRADense(UNITS, RANK)
    layer.build((None, INPUTS))
    count = size(layer.trainable_weights)
    lab.claim("the factors hold 384 numbers", count == 384, count, 384)
    lab.claim("the kernel holds 2,048", size([layer.kernel]) == 2048, size([layer.kernel]), 2048)
    optimizer = keras.optimizers.Adam()
    optimizer.build(layer.trainable_weights)
    state = size(weight for weight in optimizer.variables if len(weight.shape) == 2)
    lab.claim("Adam keeps two averages for the 384 alone", state == 768, state, 768)
    dense = keras.layers.Dense(UNITS)
    dense.build((None, INPUTS))
    dense.enable_lora(RANK)
    count = size(dense.trainable_weights)
    lab.claim("Keras's enable_lora leaves 416 trainable", count == 416, count, 416)
    names = {weight.name for weight in dense.trainable_weights}
    lab.claim("among them the bias", "bias" in names, "bias" in names, True)
    frozen = [weight.name for weight in dense.non_trainable_weights]
    lab.claim("but not the kernel", frozen == ["kernel"], str(frozen), "['kernel']")
