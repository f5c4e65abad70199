"""Reuse a network's body on 40 rows: frozen or fine-tuned, from a related or unrelated task."""

from itertools import pairwise

import numpy as np

INPUTS, FACTORS, OUTPUTS, ROWS = 30, 4, 16, 40
BODY = (INPUTS, 64, 8)
RATES = 1e-3, 3e-3, 1e-2
FROM_SCRATCH = [((INPUTS, 8, 1), 0.01, 100), ((*BODY, 1), 0.003, 100), ((*BODY, 1), 0.001, 300)]


def draw(rng, sizes):
    return [(rng.normal(size=(n, m)) / n**0.5, np.zeros(m)) for n, m in pairwise(sizes)]


def features(body, x):
    for weights, bias in body:
        x = np.tanh(x @ weights + bias)
    return x


def train(rng, network, x, y, rate, steps, batch=64, decay=0.0):
    """Train all layers on the squared error with Adam; the rate falls over the second half."""
    flat = [array.copy() for layer in network for array in layer]
    m, v = [0.0] * len(flat), [0.0] * len(flat)
    for step in range(1, steps + 1):
        rows = rng.integers(len(x), size=batch) if len(x) > batch else slice(None)
        outputs = [x[rows]]
        for weights, bias in zip(flat[:-2:2], flat[1:-2:2], strict=True):
            outputs.append(np.tanh(outputs[-1] @ weights + bias))
        delta = 2 * (outputs[-1] @ flat[-2] + flat[-1] - y[rows]) / len(outputs[0])
        gradients = []
        for i in range(len(flat) - 2, -1, -2):
            gradients[:0] = outputs[i // 2].T @ delta + decay * flat[i], delta.sum(0)
            delta = delta @ flat[i].T * (1 - outputs[i // 2] ** 2)
        now = rate * min(1, 2 - 2 * step / (steps + 1))
        for i, gradient in enumerate(gradients):
            m[i] = 0.9 * m[i] + 0.1 * gradient
            v[i] = 0.999 * v[i] + 0.001 * gradient**2
            size = np.sqrt(v[i] / (1 - 0.999**step)) + 1e-8
            flat[i] -= now * m[i] / (1 - 0.9**step) / size
    return list(zip(flat[::2], flat[1::2], strict=True))


def head(x, y, penalty):
    """Fit a linear output layer by ridge regression."""
    x = np.c_[x, np.ones(len(x))]
    solved = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)
    return solved[:-1], solved[-1]


def run(lab):
    rng = lab.rng
    here, elsewhere = rng.normal(0, 1.5 / INPUTS**0.5, (2, INPUTS, FACTORS))
    mix = rng.normal(size=(FACTORS, 1))
    scale = np.std(np.tanh(rng.normal(size=(4000, INPUTS)) @ here) @ mix)

    def labelled(rows, noise=0.1):
        x = rng.normal(size=(rows, INPUTS))
        return x, np.tanh(x @ here) @ mix / scale + noise * rng.normal(size=(rows, 1))

    few, many, (x_test, y_test) = labelled(ROWS), labelled(4000), labelled(3000, noise=0.0)

    def error(body, output):
        """Share of the variance on new rows that is left unexplained."""
        return np.mean((y_test - features(body, x_test) @ output[0] - output[1]) ** 2)

    def least(body, rows=few):
        x, y = features(body, rows[0]), rows[1]
        return min(error(body, head(x, y, penalty)) for penalty in (0.1, 1, 10))

    def tuned(network, rates, rows=few, steps=300, decay=0.0):
        trained = [train(rng, network, *rows, rate, steps, decay=decay) for rate in rates]
        return min(error(one[:-1], one[-1]) for one in trained)

    def reuse(factors):
        """Errors of a body trained on 4,000 rows of another task.

        Frozen; fine-tuned under a random head, under a fitted one; frozen with 4,000 own rows.
        """
        x = rng.normal(size=(4000, INPUTS))
        y = np.tanh(x @ factors) @ rng.normal(size=(FACTORS, OUTPUTS))
        source = draw(rng, (*BODY, OUTPUTS))
        body = train(rng, source, x, y / y.std(0), 0.01, 500, 128)[:-1]
        fresh = tuned(body + draw(rng, (BODY[-1], 1)), RATES)
        fitted = head(features(body, few[0]), few[1], 0.1)
        return least(body), fresh, tuned([*body, fitted], RATES), least(body, many)

    unrelated, related = lab.contrast(
        reuse, control={"factors": elsewhere}, treatment={"factors": here}
    )
    scratch = min(tuned(draw(rng, sizes), (rate,), few, steps, 0.03)
                  for sizes, rate, steps in FROM_SCRATCH)  # fmt: skip
    without = min(scratch, least([]))
    enough = tuned(draw(rng, (*BODY, 1)), (0.01,), many, 500)
    _claim(lab, unrelated, related, without, enough)


def _claim(lab, unrelated, related, without, enough):
    fewer, more = without / related[0], unrelated[0] / without
    text = "frozen features of a related task leave a small part of the error"
    lab.claim(text, fewer > 20, fewer, "> 20")
    text = "frozen features of an unrelated task add over seven tenths to it"
    lab.claim(text, more > 1.7, more, "> 1.7")
    undone = unrelated[0] / unrelated[1]
    lab.claim("fine-tuning that body takes a good part back", undone > 1.3, undone, "> 1.3")
    spoilt, kept = related[1] / related[0], related[1] / related[2]
    text = "fine-tuned at once under an unfitted head, the related body errs more than frozen"
    lab.claim(text, spoilt > 10, spoilt, "> 10")
    lab.claim("with the head fitted first, the same rates keep most of its lead", kept > 3, kept,
              "> 3")  # fmt: skip
    worse = related[2] / related[0]
    lab.claim("it still errs more than frozen", worse > 1.2, worse, "> 1.2")
    lab.claim("with 4,000 rows of one's own the network from scratch has nearly all", enough < 0.02,
              enough, "< 0.02")  # fmt: skip
    shrunk = fewer / (enough / related[3])
    lab.claim("the frozen body's lead is then less than half as large", shrunk > 2, shrunk, "> 2")
    shown = {
        "related, frozen": related[0],
        "related, head first": related[2],
        "related, unfitted head": related[1],
        "no transfer, best of four": without,
        "unrelated, fine-tuned": unrelated[1],
        "unrelated, frozen": unrelated[0],
        "no transfer, 4,000 rows": enough,
        "related, frozen, 4,000 rows": related[3],
    }
    lab.bars("Error on new rows", shown, y_label="unexplained share of the variance", log_y=True)
