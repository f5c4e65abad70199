"""Descend on gradients of back-propagation and of finite differences; then hand one to Adam."""

import numpy as np

from dlprep.reference import network
from dlprep.reference.optimizers import adam

SIZES, RATE, STEPS = [4, 6, 3, 2, 1], 0.5, 20


class Counted(np.ndarray):
    """An array that counts the multiplications of its matrix products."""

    total = 0

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        plain = [np.asarray(part) if isinstance(part, Counted) else part for part in inputs]
        if ufunc is np.matmul:
            Counted.total += plain[0].size * plain[1].shape[-1]
        result = getattr(ufunc, method)(*plain, **options)
        return result.view(Counted) if isinstance(result, np.ndarray) else result


def flat(parts):
    return np.concatenate([np.ravel(parts[name]) for name in sorted(parts)])


def run(lab):
    x = lab.rng.normal(size=(4, 50))
    y = (x[:1] * x[1:2] > 0).astype("float64")
    start = network.initialize(SIZES, lab.rng)

    def loss(parameters):
        return network.cost(network.forward(x, parameters, hidden="tanh")[0], y)

    def gradients(parameters, source):
        if source == "back-propagation":
            _, cache = network.forward(x, parameters, hidden="tanh")
            slopes = network.backward(parameters, cache, y, hidden="tanh")
            return {f"d{name}": slopes[f"d{name}"] for name in parameters}
        width = 1e-5 if source == "fine differences" else 0.5
        return network.numerical_gradients(loss, parameters, width)

    def descend(source):
        parameters, path = start, [flat(start)]
        for _ in range(STEPS):
            slopes = gradients(parameters, source)
            parameters = {k: v - RATE * slopes[f"d{k}"] for k, v in parameters.items()}
            path.append(flat(parameters))
        return np.array(path)

    def cost_of(work):
        Counted.total = 0
        work({name: part.view(Counted) for name, part in start.items()})
        return Counted.total

    coarse, fine = lab.contrast(
        descend,
        control={"source": "coarse differences"},
        treatment={"source": "fine differences"},
    )
    exact = descend("back-propagation")
    gap, off = (np.abs(path - exact).max() for path in (fine, coarse))
    lab.claim("fine differences walk the path of back-propagation", gap < 1e-9, gap, "< 1e-9")
    lab.claim("coarse differences leave it", off > 1e-3, off, "> 1e-3")
    moved = np.linalg.norm(exact[-1] - exact[0])
    lab.claim("and the path leads somewhere", moved > 0.1, moved, "> 0.1")
    slope = flat(gradients(start, "back-propagation"))
    error = np.abs(flat(gradients(start, "fine differences")) - slope).max()
    lab.claim("central differences in float64 are close", error < 1e-9, error, "< 1e-9")
    forward = cost_of(loss)
    both = cost_of(lambda parameters: gradients(parameters, "back-propagation"))
    differences = cost_of(lambda parameters: gradients(parameters, "fine differences"))
    text = "forward and backward cost three forward passes"
    lab.claim(text, both / forward < 4, both / forward, "< 4")
    times = differences / both
    text = "differences cost over twenty times as much as back-propagation"
    lab.claim(text, times > 20, times, "> 20")
    zero = np.zeros_like(slope)
    step, _, _ = adam(zero, slope, zero, zero, t=1, alpha=0.01)
    cosine = -step @ slope / np.linalg.norm(step) / np.linalg.norm(slope)
    lab.claim("Adam makes another step of the same gradient", cosine < 0.9, cosine, "< 0.9",
              share=True)  # fmt: skip
    distances = {"fine differences": np.abs(fine - exact).max(1)[1:]}
    distances["coarse differences"] = np.abs(coarse - exact).max(1)[1:]
    lab.lines("Distance from the path of back-propagation", range(1, STEPS + 1), distances,
              log_y=True, x_label="step", y_label="largest difference")  # fmt: skip
    lab.value("parameters", len(slope))
