"""Count the directions in which the parameters of a small network can move what it computes."""

import numpy as np

from dlprep.reference.network import backward, forward, initialize

WIDTHS, EXAMPLES = (3, 5, 5, 3, 1), 600


def run(lab):
    x = lab.rng.normal(size=(WIDTHS[0], EXAMPLES))

    def slopes(hidden):
        """Return the output's derivatives: per layer a matrix for the weights, one for biases."""
        start = initialize(WIDTHS, lab.rng)
        parameters = {name: lab.rng.normal(size=part.shape) for name, part in start.items()}
        rows = []
        for column in x.T:
            output, cache = forward(column[:, None], parameters, hidden, "linear")
            # Half the square of an error of 1 has the derivatives of the output itself.
            gradients = backward(parameters, cache, output - 1, hidden, "linear", "squared_error")
            rows.append([np.ravel(gradients[f"d{name}"]) for name in parameters])
        return {name: np.array([row[i] for row in rows]) for i, name in enumerate(parameters)}

    linear, tanh = lab.contrast(slopes, control={"hidden": "linear"}, tanh={"hidden": "tanh"})

    def rank(matrices):
        return int(np.linalg.matrix_rank(np.hstack(matrices), tol=1e-9 * EXAMPLES))

    total, without = rank(list(tanh.values())), rank(list(linear.values()))
    lab.answer(total)
    lab.claim("72 parameters move the output, each in its own way", total == 72, total, 72)
    lab.claim("without activations only four directions are left", without == 4, without, 4)
    weights = rank([part for name, part in tanh.items() if name.startswith("W")])
    lab.claim("58 of the 72 are weights", weights == 58, weights, 58)
    by_layer = [rank([tanh[f"W{layer}"], tanh[f"b{layer}"]]) for layer in (1, 2, 3, 4)]
    text = "layer by layer they are 20, 30, 18 and 4"
    lab.claim(text, by_layer == [20, 30, 18, 4], str(by_layer), "[20, 30, 18, 4]")
    heights = {f"layer {layer}": count for layer, count in enumerate(by_layer, start=1)}
    lab.bars("Parameters by layer", heights, y_label="parameters")
