"""Run one network with examples in columns, in rows and in Keras, and orient its parts wrongly."""

import keras
import numpy as np
from keras import ops

from dlprep import layers
from dlprep.reference.network import forward

SIZES, EXAMPLES = (3, 4, 1), 5


def draw(rng, sizes=SIZES):
    """Weights of shape (units, inputs) and flat biases, layer by layer."""
    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    return [(rng.normal(size=(units, inputs)), rng.normal(size=units)) for inputs, units in pairs]


def columns(x, weights, flat=False):
    """Examples in columns; a bias may be added flat, as it is, instead of as a column."""
    parameters = {}
    for layer, (w, b) in enumerate(weights, 1):
        parameters |= {f"W{layer}": w, f"b{layer}": b if flat else b[:, None]}
    return forward(x, parameters, output="linear")


def rows(x, weights):
    """Examples in rows: weights are multiplied from the right, transposed, and biases lie flat."""
    for w, b in weights[:-1]:
        x = np.maximum(x @ w.T + b, 0)
    return x @ weights[-1][0].T + weights[-1][1]


def in_keras(x, weights, package=keras.layers):
    units = [len(b) for _, b in weights]
    stack = [package.Dense(n, activation="relu") for n in units[:-1]] + [package.Dense(units[-1])]
    model = keras.Sequential([keras.Input((x.shape[1],)), *stack])
    model.set_weights([part for w, b in weights for part in (w.T, b)])
    return ops.convert_to_numpy(model(x.astype("float32"))), model


def outcome(function):
    try:
        return str(function().shape)
    except ValueError:
        return "ValueError"


def run(lab):
    weights, x = draw(lab.rng), lab.rng.normal(size=(SIZES[0], EXAMPLES))
    expected = rows(x.T, weights).T

    def error(flat):
        """How far four examples' hidden sums are off with the bias added flat, or as a column."""
        sums = columns(x[:, :4], weights, flat)[1]["Z1"]
        exact = x[:, :4].T @ weights[0][0].T + weights[0][1]
        return np.abs(sums - exact.T).max()

    wrong, right = lab.contrast(error, control={"flat": True}, treatment={"flat": False})
    lab.claim("a column of biases gives what rows of examples give", right < 1e-12, right,
              "< 1e-12")  # fmt: skip
    lab.claim("four flat biases for four examples: off, without an error", wrong > 0.3, wrong,
              "> 0.3")  # fmt: skip
    found = outcome(lambda: columns(x[:, :3], weights, flat=True)[0])
    lab.claim("for three examples they raise", found == "ValueError", found, "ValueError")
    found = str(columns(x[:, :1], weights, flat=True)[1]["Z1"].shape)
    lab.claim("for one example the sums become 4 by 4", found == "(4, 4)", found, "(4, 4)")
    prediction, cache = columns(x, weights)
    gap = np.abs(prediction - expected).max()
    lab.claim("outputs in columns are those in rows", gap < 1e-12, gap, "< 1e-12")
    shapes = {name: str(cache[name].shape) for name in ("Z1", "A1", "Z2")}
    for name, shape in {"Z1": "(4, 5)", "A1": "(4, 5)", "Z2": "(1, 5)"}.items():
        lab.claim(f"{name} has units in rows, examples in columns", shapes[name] == shape,
                  shapes[name], shape)  # fmt: skip
    for name, package in (("Keras", keras.layers), ("dlprep", layers)):
        output, model = in_keras(x.T, weights, package)
        gap = np.abs(output - expected.T).max()
        lab.claim(f"{name} with transposed weights agrees", gap < 1e-4, gap, "< 1e-4")
        kernel, bias = (str(tuple(part.shape)) for part in model.layers[0].weights)
        lab.claim(f"a kernel in {name} is (inputs, units)", kernel == "(3, 4)", kernel, "(3, 4)")
        lab.claim(f"a bias in {name} is (units,)", bias == "(4,)", bias, "(4,)")
    _transposed(lab)


def _transposed(lab):
    """Turn a weight matrix round: an error in 3-4-1, and none where a layer is square."""
    found = {}
    for sizes in ((3, 4, 1), (4, 4, 1)):
        weights, x = draw(lab.rng, sizes), lab.rng.normal(size=(sizes[0], EXAMPLES))
        turned = [(weights[0][0].T, weights[0][1]), *weights[1:]]
        found[sizes] = outcome(lambda w=turned, x=x: columns(x, w)[0])
    raised, silent = found.values()
    lab.claim("in 3-4-1 a transposed matrix raises", raised == "ValueError", raised, "ValueError")
    lab.claim("in 4-4-1 it raises nothing, and the shape is right", silent == "(1, 5)", silent,
              "(1, 5)")  # fmt: skip
    off = np.abs(columns(x, turned)[1]["Z1"] - columns(x, weights)[1]["Z1"]).max()
    lab.claim("but the sums are off", off > 0.3, off, "> 0.3")
    lab.heatmap("Error of the hidden sums with a transposed 4-by-4 matrix",
                np.abs(columns(x, turned)[1]["Z1"] - columns(x, weights)[1]["Z1"]),
                x_label="example", y_label="hidden unit")  # fmt: skip
