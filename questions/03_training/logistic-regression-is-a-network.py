"""Train a single sigmoid unit and a small network from twenty starts each; compare the ends."""

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from dlprep.reference.activations import sigmoid, tanh

ROWS, PENALTY, STARTS = 200, 1e-3, 20
OPTIONS = {
    (False, False): "The unit has one loss and one set of weights, "
    "the network one loss and many sets of weights",
    (True, False): "The unit has one loss and one set of weights, "
    "the network several losses and many sets of weights",
    (False, True): "The unit has one loss but many sets of weights, "
    "the network one loss and many sets of weights",
    (True, True): "Unit and network alike have several losses, "
    "and every start ends in weights of its own",
}  # fmt: skip


def noisy_xor(rng):
    corners = rng.choice([-1.0, 1.0], (ROWS, 2))
    return corners + rng.normal(0, 0.3, corners.shape), (corners.prod(axis=1) > 0) * 1.0


def unpack(theta, inputs, hidden):
    """Return weights and biases of the hidden layer, if there is one, then those of the output."""
    size = hidden * (inputs + 1)
    layer = theta[:size].reshape(inputs + 1, hidden)
    return layer[:-1], layer[-1], theta[size:-1], theta[-1]


def logits(theta, x, hidden):
    W, b, v, c = unpack(theta, x.shape[1], hidden)
    return (tanh(x @ W + b)[0] if hidden else x) @ v + c


def loss_and_gradient(theta, x, y, hidden, penalty):
    """Mean log loss plus the penalty times the squared weights; biases are spared."""
    W, b, v, _ = unpack(theta, x.shape[1], hidden)
    a, slope = tanh(x @ W + b) if hidden else (x, None)
    z = logits(theta, x, hidden)
    dz = (sigmoid(z)[0] - y) / len(y)
    parts = [a.T @ dz + 2 * penalty * v, [dz.sum()]]
    if hidden:
        dh = np.outer(dz, v) * slope
        parts = [(x.T @ dh + 2 * penalty * W).ravel(), dh.sum(axis=0), *parts]
    loss = np.mean(np.logaddexp(0, z) - y * z) + penalty * (np.sum(W**2) + np.sum(v**2))
    return loss, np.concatenate(parts)


def descend(start, x, y, hidden=0, penalty=PENALTY):
    options = {"gtol": 1e-6, "ftol": 0, "maxiter": 2000}
    end = minimize(loss_and_gradient, start, (x, y, hidden, penalty), "L-BFGS-B", jac=True,
                   options=options)  # fmt: skip
    return end.fun, end.x, np.abs(end.jac).max()


def ends(rng, x, y, hidden, penalty=PENALTY):
    """Return losses, weights and the largest slope left, over all starts."""
    size = hidden * (x.shape[1] + 1) + (hidden or x.shape[1]) + 1
    starts = rng.normal(size=(STARTS, size))
    found = zip(*(descend(start, x, y, hidden, penalty) for start in starts), strict=True)
    losses, weights, slopes = (np.array(part) for part in found)
    return losses, weights, slopes.max()


def spread(weights):
    """Largest difference between two ends in one weight."""
    return np.ptp(weights, axis=0).max()


def run(lab):
    x, y = noisy_xor(lab.rng)
    unit, network = lab.contrast(
        lambda hidden: ends(lab.rng, x, y, hidden), control={"hidden": 0}, treatment={"hidden": 2}
    )
    ratio = network[0].max() / network[0].min()
    several = ratio > 1.01
    lab.claim("the network's worst end has over three times the loss of its best", ratio > 3, ratio,
              "> 3")  # fmt: skip
    apart = spread(unit[1])
    lab.answer(OPTIONS[several, np.ptp(unit[0]) > 1e-4])
    lab.claim("the unit ends at one loss", np.ptp(unit[0]) < 1e-6, np.ptp(unit[0]), "< 1e-6")
    lab.claim("and in one set of weights", apart < 1e-3, apart, "< 0.001")
    slope = max(unit[2], network[2])
    lab.claim("no slope is left at any end", slope < 1e-4, slope, "< 1e-4")
    model = LogisticRegression(C=1 / (2 * PENALTY * ROWS), tol=1e-8).fit(x, y)
    gap = np.abs(np.append(model.coef_, model.intercept_) - unit[1][0]).max()
    lab.claim("they are those of scikit-learn's LogisticRegression", gap < 1e-3, gap, "< 0.001")
    if several:
        _minima(lab, x, y, *network[:2])
    wide = ends(lab.rng, x, y, 8)[0]
    ratio = wide.max() / wide.min()
    lab.claim("with eight units all ends are within a factor of 2", ratio < 2, ratio, "< 2")
    _conditions(lab)
    lab.lines("Losses of the twenty ends, sorted", np.arange(1, STARTS + 1),
              {"one unit": np.sort(unit[0]), "two hidden units": np.sort(network[0]),
               "eight hidden units": np.sort(wide)},
              x_label="rank of the start", y_label="loss at its end")  # fmt: skip


def _minima(lab, x, y, losses, weights):
    """Nudge the worst end, and compare ends of equal loss."""
    worst = np.argmax(losses)
    nudged = weights[worst] + 0.01 * lab.rng.normal(size=(5, weights.shape[1]))
    back = max(abs(descend(start, x, y, 2)[0] - losses[worst]) for start in nudged)
    lab.claim("nudged, the worst end returns to its loss", back < 1e-4, back, "< 1e-4")
    equal = max((np.abs(losses - loss) < 1e-6 for loss in losses), key=np.sum)
    outputs = sigmoid(np.array([logits(theta, x, 2) for theta in weights[equal]]))[0]
    lab.claim("ends of equal loss differ in their weights", spread(weights[equal]) > 1,
              spread(weights[equal]), "> 1")  # fmt: skip
    gap = spread(outputs)
    lab.claim("and give the same predictions", gap < 0.01, gap, "< 0.01")


def _conditions(lab):
    """Take the penalty away: twin columns, then classes that a line separates."""
    x, y = noisy_xor(lab.rng)
    twins = np.column_stack([x, x[:, 0]])
    for penalty, name in ((0.0, "without"), (PENALTY, "with")):
        losses, weights, _ = ends(lab.rng, twins, y, 0, penalty)
        apart = spread(weights)
        if penalty:
            lab.claim("twin columns with the penalty: one set", apart < 0.001, apart, "< 0.001")
        else:
            lab.claim(f"twin columns {name} it: many sets", apart > 1, apart, "> 1")
            lab.claim("at one loss", np.ptp(losses) < 1e-6, np.ptp(losses), "< 1e-6")
    side = (x[:, 0] > 0) * 1.0
    norms, theta = {}, np.zeros(3)
    for step in range(1, 3001):
        theta = theta - loss_and_gradient(theta, x, side, 0, 0.0)[1]
        norms[step] = np.linalg.norm(theta)
    growth = norms[3000] / norms[300]
    lab.claim("separable, no penalty: ten times the steps, longer weights", growth > 1.15, growth,
              "> 1.15")  # fmt: skip
