"""Descend on gradients of back-propagation and of finite differences; then hand one to Adam."""

import numpy as np
from keras import Variable, ops

from dlprep import optimizers
from dlprep.reference import network

SIZES, RATE, STEPS = [4, 6, 3, 2, 1], 0.5, 20


def flat(parts):
    return np.concatenate([np.ravel(parts[name]) for name in sorted(parts)])


def adam_step(gradient):
    weight = Variable(ops.zeros(len(gradient)))
    optimizers.Adam(0.01).apply([ops.array(gradient, "float32")], [weight])
    return ops.convert_to_numpy(weight)


def run(lab):
    x = lab.rng.normal(size=(4, 50))
    y = (x[:1] * x[1:2] > 0).astype("float64")
    start = network.initialize(SIZES, lab.rng)
    evaluations = {"count": 0}

    def loss(parameters):
        evaluations["count"] += 1
        return network.cost(network.forward(x, parameters, hidden="tanh")[0], y)

    def gradients(parameters, source):
        if source == "back-propagation":
            _, cache = network.forward(x, parameters, hidden="tanh")
            return network.backward(parameters, cache, y, hidden="tanh")
        width = 1e-5 if source == "fine differences" else 0.5
        return network.numerical_gradients(loss, parameters, width)

    def descend(source):
        parameters, path = start, [flat(start)]
        for _ in range(STEPS):
            slopes = gradients(parameters, source)
            parameters = {k: v - RATE * slopes[f"d{k}"] for k, v in parameters.items()}
            path.append(flat(parameters))
        return np.array(path)

    coarse, fine = lab.contrast(
        descend,
        control={"source": "coarse differences"},
        treatment={"source": "fine differences"},
    )
    exact = descend("back-propagation")
    gap, off = (np.abs(path - exact).max() for path in (fine, coarse))
    lab.claim("fine differences walk the path of back-propagation", gap < 1e-6, gap, "< 1e-6")
    lab.claim("coarse differences leave it", off > 1e-4, off, "> 1e-4")
    moved = np.linalg.norm(exact[-1] - exact[0])
    lab.claim("and the path leads somewhere", moved > 0.1, moved, "> 0.1")

    evaluations["count"] = 0
    numerical = network.numerical_gradients(loss, start, 1e-5)
    parameters, count = exact.shape[1], evaluations["count"]
    lab.claim("differences take two forward passes per parameter", count == 2 * parameters,
              count, 2 * parameters)  # fmt: skip
    slope = flat(numerical)
    step = adam_step(slope)
    cosine = -step @ slope / np.linalg.norm(step) / np.linalg.norm(slope)
    lab.claim("Adam makes another step of the same gradient", cosine < 0.95, cosine, "< 0.95")
    distances = {"fine differences": np.abs(fine - exact).max(1)[1:]}
    distances["coarse differences"] = np.abs(coarse - exact).max(1)[1:]
    lab.lines("Distance from the path of back-propagation", range(1, STEPS + 1), distances,
              log_y=True, x_label="step", y_label="largest difference")  # fmt: skip
