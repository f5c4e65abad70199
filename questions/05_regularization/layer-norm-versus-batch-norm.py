"""Send the same inputs through Keras's layer and batch normalisation."""

import keras
import numpy as np

ROWS, STEPS, FEATURES = 16, 5, 12
LAYERS = {"batch": keras.layers.BatchNormalization, "layer": keras.layers.LayerNormalization}


def normalised(kind, x, training=True):
    return np.asarray(LAYERS[kind]()(x.astype("float32"), training=training))


def run(lab):
    x = lab.rng.normal(size=(ROWS, FEATURES))
    sequences = lab.rng.normal(size=(ROWS, STEPS, FEATURES))

    def moves(kind):
        """What an output changes by if something else than its own input changes."""
        others = np.vstack([x[:1], 3 * x[1:]])
        padded = np.concatenate([sequences, np.zeros((ROWS, STEPS, FEATURES))], axis=1)
        short = normalised(kind, sequences)
        gaps = {
            "other rows times three": normalised(kind, others)[0] - normalised(kind, x)[0],
            "training or inference": normalised(kind, x) - normalised(kind, x, training=False),
            "padding of zeros": normalised(kind, padded)[:, :STEPS] - short,
        }
        return {name: float(np.abs(gap).max()) for name, gap in gaps.items()}

    batch, layer = lab.contrast(moves, control={"kind": "batch"}, treatment={"kind": "layer"})
    for name in layer:
        lab.claim(f"{name}: layer norm stays", layer[name] < 1e-5, layer[name], "< 1e-5")
        lab.claim(f"{name}: batch norm moves", batch[name] > 0.1, batch[name], "> 0.1")
    _claim_one(lab, x, sequences)
    _claim_axes(lab, sequences)
    _claim_digits(lab)
    shown = {f"{kind} norm, {name}": gap for kind, gaps in (("batch", batch), ("layer", layer))
             for name, gap in gaps.items()}  # fmt: skip
    lab.bars("How far an output moves", shown, y_label="largest change")


def _claim_one(lab, x, sequences):
    one = x[:1].astype("float32")
    shifted = {kind: LAYERS[kind](beta_initializer="ones") for kind in LAYERS}
    away = {k: np.abs(np.asarray(n(one, training=True)) - 1).max() for k, n in shifted.items()}
    lab.claim("one row: batch norm gives beta", away["batch"] < 1e-6, away["batch"], "< 1e-6")
    lab.claim("one row: layer norm does not", away["layer"] > 0.5, away["layer"], "> 0.5")
    largest = np.abs(normalised("batch", sequences[:1])).max()
    lab.claim("one example of five steps: batch norm is not zero", largest > 0.5, largest, "> 0.5")


def _claim_axes(lab, sequences):
    other = sequences.copy()
    other[:, 0] *= lab.rng.uniform(2, 4, (ROWS, FEATURES))
    gap = np.abs(normalised("layer", other) - normalised("layer", sequences))
    lab.claim("another first step: no other step moves", gap[:, 1:].max() < 1e-6,
              gap[:, 1:].max(), "< 1e-6")  # fmt: skip
    lab.claim("the first one does", gap[:, 0].max() > 0.1, gap[:, 0].max(), "> 0.1")
    small = normalised("layer", 1e-4 * sequences).std(axis=-1).max()
    lab.claim("vectors of scale 1e-4 come out with a deviation under 0.01", small < 0.01, small,
              "< 0.01")  # fmt: skip


def _claim_digits(lab):
    far = (1e4 + lab.rng.normal(size=(ROWS, 64))).astype("float32")
    true = far.astype("float64").var(axis=1)

    def worst(variance):
        return float(np.abs(variance / true - 1).max())

    careful = worst(np.mean((far - far.mean(1, keepdims=True)) ** 2, axis=1))
    lab.claim("around 10,000 the mean taken off first leaves the variance right to 1%",
              careful < 0.01, careful, "< 0.01")  # fmt: skip
    squares = worst(np.mean(far**2, axis=1) - np.mean(far, axis=1) ** 2)
    lab.claim("the mean of squares less the squared mean is off by over half", squares > 0.5,
              squares, "> 0.5")  # fmt: skip
    with np.errstate(over="ignore"):
        square = float(np.square(np.float16(300)))
    lab.claim("the square of 300 is infinite in float16", square == np.inf, square, "inf")
