"""Optimizer class name -> its rule in NumPy, called with the class's own arguments.

Every oracle takes parameters, gradient, the list of memories (empty at first) and the step number,
and returns the new parameters and memories. Rules that the reference has are called there, the
others are written out.
"""

import numpy as np

from dlprep.reference import optimizers as rules


def zeros(theta, number):
    return list(np.zeros((number, *theta.shape)))


def late_epsilon(t):
    """Keras's epsilon of 1e-7 stands before the bias correction, the paper's behind it."""
    return 1e-7 / np.sqrt(1 - 0.999**t)


def adam(theta, g, memory, t, learning_rate, amsgrad=False):
    rule, slots = (rules.amsgrad, 3) if amsgrad else (rules.adam, 2)
    memory = memory or zeros(theta, slots)
    theta, *memory = rule(theta, g, *memory, t, learning_rate, epsilon=late_epsilon(t))
    return theta, memory


def amsgrad(theta, g, memory, t, learning_rate):
    return adam(theta, g, memory, t, learning_rate, amsgrad=True)


def adamw(theta, g, memory, t, learning_rate, weight_decay):
    options = {"weight_decay": weight_decay, "epsilon": late_epsilon(t)}
    memory = memory or zeros(theta, 2)
    theta, *memory = rules.adamw(theta, g, *memory, t, learning_rate, **options)
    return theta, memory


def adamax(theta, g, memory, t, learning_rate):
    memory = memory or zeros(theta, 2)
    theta, *memory = rules.adamax(theta, g, *memory, t, learning_rate, epsilon=1e-7)
    return theta, memory


def nadam(theta, g, memory, t, learning_rate):
    options = {"epsilon": 1e-7, "decay": 0.96}
    theta, *memory = rules.nadam(
        theta, g, *(memory or zeros(theta, 2)), t, learning_rate, **options
    )
    return theta, memory


def radam(theta, g, memory, t, learning_rate):
    memory = memory or zeros(theta, 2)
    theta, *memory = rules.radam(theta, g, *memory, t, learning_rate, epsilon=late_epsilon(t))
    return theta, memory


def adagrad(theta, g, memory, t, learning_rate):
    (v,) = memory or [np.full_like(theta, 0.1)]
    theta, v = rules.adagrad(theta, g, v, learning_rate)
    return theta, [v]


def adadelta(theta, g, memory, t, learning_rate):
    memory = memory or zeros(theta, 2)
    theta, *memory = rules.adadelta(theta, g, *memory, learning_rate, epsilon=1e-7)
    return theta, memory


def rmsprop(theta, g, memory, t, learning_rate, momentum=0.0, centered=False):
    n, a, step = memory or zeros(theta, 3)
    if centered:
        theta, *memory = rules.centered_rmsprop(theta, g, n, a, step, learning_rate, gamma=momentum)
        return theta, memory
    scaled, n = rules.rmsprop(np.zeros_like(theta), g, n, learning_rate)
    step = momentum * step + scaled
    return theta + step, [n, a, step]


def sgd(theta, g, memory, t, learning_rate, momentum=0.0, nesterov=False):
    if not momentum:
        return rules.gradient_descent(theta, g, learning_rate), [None]
    rule = rules.nesterov if nesterov else rules.momentum
    theta, v = rule(theta, g, *(memory or zeros(theta, 1)), learning_rate, momentum)
    return theta, [v]


def lookahead(theta, g, memory, t, learning_rate, sync_period, slow_step):
    (slow,) = memory or [theta]
    theta = theta - learning_rate * g
    if t % sync_period == 0:
        theta = slow = (1 - slow_step) * slow + slow_step * theta
    return theta, [slow]


def lion(theta, g, memory, t, learning_rate):
    (m,) = memory or zeros(theta, 1)
    return theta - learning_rate * np.sign(0.9 * m + 0.1 * g), [0.99 * m + 0.01 * g]


def lamb(theta, g, memory, t, learning_rate):
    m, v = memory or zeros(theta, 2)
    m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
    step = m / (1 - 0.9**t) / (np.sqrt(v / (1 - 0.999**t)) + 1e-7)
    ratio = np.linalg.norm(theta) / np.linalg.norm(step)
    return theta - learning_rate * ratio * step, [m, v]


def ftrl(theta, g, memory, t, learning_rate, l1_regularization_strength=0.0, beta=0.0):
    n, z = memory or [np.full_like(theta, 0.1), np.zeros_like(theta)]
    sigma = (np.sqrt(n + g**2) - np.sqrt(n)) / learning_rate
    n, z = n + g**2, z + g - sigma * theta
    l1 = l1_regularization_strength
    leader = (np.sign(z) * l1 - z) / ((beta + np.sqrt(n)) / learning_rate)
    return np.where(np.abs(z) <= l1, 0.0, leader), [n, z]


def muon(theta, g, memory, t, learning_rate, nesterov=True):
    theta = theta * (1 - 0.004 * learning_rate)
    (b,) = memory or zeros(theta, 1)
    b = 0.95 * b + g
    u, s, vt = np.linalg.svd(g + 0.95 * b if nesterov else b, full_matrices=False)
    s = s / np.linalg.norm(s)
    for _ in range(5):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return theta - learning_rate * 0.2 * np.sqrt(max(theta.shape)) * (u * s) @ vt, [b]


def adafactor(theta, g, memory, t, learning_rate, clip_threshold=1.0):
    rows, columns = memory or [np.zeros(theta.shape[0]), np.zeros(theta.shape[1])]
    share = t**-0.8
    rows = (1 - share) * rows + share * np.mean(g**2, axis=1)
    columns = (1 - share) * columns + share * np.mean(g**2, axis=0)
    scaled = g / np.sqrt(np.outer(rows, columns) / rows.mean())
    scaled = scaled / max(1.0, np.sqrt(np.mean(scaled**2)) / clip_threshold)
    rate = min(learning_rate, 1 / np.sqrt(t)) * max(1e-3, np.sqrt(np.mean(theta**2)))
    return theta - rate * scaled, [rows, columns]


ORACLES = {
    "AMSGrad": amsgrad,
    "Adadelta": adadelta,
    "Adafactor": adafactor,
    "Adagrad": adagrad,
    "Adam": adam,
    "AdamW": adamw,
    "Adamax": adamax,
    "Ftrl": ftrl,
    "Lamb": lamb,
    "Lion": lion,
    "Lookahead": lookahead,
    "Muon": muon,
    "Nadam": nadam,
    "RAdam": radam,
    "RMSprop": rmsprop,
    "SGD": sgd,
}


def path(name, theta, gradients, **options):
    """Return the parameters after each gradient."""
    memory, thetas = [], []
    for t, g in enumerate(gradients, 1):
        theta, memory = ORACLES[name](theta, g, memory, t, **options)
        thetas.append(theta)
    return np.stack(thetas)
