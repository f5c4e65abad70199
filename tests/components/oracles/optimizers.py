"""Optimizer class name -> its rule in NumPy, called with the class's own arguments.

Every oracle takes parameters, gradient, the list of memories (empty at first) and the step number,
and returns the new parameters and memories. Rules that the reference has are called there, the
others are written out.
"""

import numpy as np

from dlprep.reference import optimizers as rules


def zeros(theta, number):
    return list(np.zeros((number, *theta.shape)))


def late(options, t):
    """Keras's epsilon stands before the bias correction, the paper's behind it."""
    beta_2, epsilon = options.get("beta_2", 0.999), options.get("epsilon", 1e-7)
    return {**options, "epsilon": epsilon / np.sqrt(1 - beta_2**t)}


def adam(theta, g, memory, t, learning_rate, amsgrad=False, **options):
    rule, slots = (rules.amsgrad, 3) if amsgrad else (rules.adam, 2)
    memory = memory or zeros(theta, slots)
    theta, *memory = rule(theta, g, *memory, t, learning_rate, **late(options, t))
    return theta, memory


def amsgrad(theta, g, memory, t, learning_rate, **options):
    return adam(theta, g, memory, t, learning_rate, amsgrad=True, **options)


def adamw(theta, g, memory, t, learning_rate, weight_decay=0.004, **options):
    return adam(theta * (1 - learning_rate * weight_decay), g, memory, t, learning_rate, **options)


def adamax(theta, g, memory, t, learning_rate, **options):
    memory = memory or zeros(theta, 2)
    options = {"epsilon": 1e-7, **options}
    theta, *memory = rules.adamax(theta, g, *memory, t, learning_rate, **options)
    return theta, memory


def nadam(theta, g, memory, t, learning_rate, **options):
    memory = memory or zeros(theta, 2)
    options = {"epsilon": 1e-7, "decay": 0.96, **options}
    theta, *memory = rules.nadam(theta, g, *memory, t, learning_rate, **options)
    return theta, memory


def radam(theta, g, memory, t, learning_rate, **options):
    memory = memory or zeros(theta, 2)
    theta, *memory = rules.radam(theta, g, *memory, t, learning_rate, **late(options, t))
    return theta, memory


def adagrad(theta, g, memory, t, learning_rate, initial_accumulator_value=0.1, epsilon=1e-7):
    (v,) = memory or [np.full_like(theta, initial_accumulator_value)]
    v = v + g**2
    return theta - learning_rate * g / np.sqrt(v + epsilon), [v]


def adadelta(theta, g, memory, t, learning_rate, rho=0.95, epsilon=1e-7):
    memory = memory or zeros(theta, 2)
    theta, *memory = rules.adadelta(theta, g, *memory, learning_rate, rho, epsilon)
    return theta, memory


def rmsprop(
    theta, g, memory, t, learning_rate, rho=0.9, momentum=0.0, epsilon=1e-7, centered=False
):
    n, a, step = memory or zeros(theta, 3)
    n, a = rho * n + (1 - rho) * g**2, rho * a + (1 - rho) * g
    root = np.sqrt(n - centered * a**2 + epsilon)
    step = momentum * step - learning_rate * g / root
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


def lion(theta, g, memory, t, learning_rate, beta_1=0.9, beta_2=0.99):
    (m,) = memory or zeros(theta, 1)
    step = np.sign(beta_1 * m + (1 - beta_1) * g)
    return theta - learning_rate * step, [beta_2 * m + (1 - beta_2) * g]


def lamb(theta, g, memory, t, learning_rate, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    m, v = memory or zeros(theta, 2)
    m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g**2
    step = m / (1 - beta_1**t) / (np.sqrt(v / (1 - beta_2**t)) + epsilon)
    ratio = np.linalg.norm(theta) / np.linalg.norm(step)
    return theta - learning_rate * ratio * step, [m, v]


def ftrl(
    theta,
    g,
    memory,
    t,
    learning_rate,
    learning_rate_power=-0.5,
    initial_accumulator_value=0.1,
    l1_regularization_strength=0.0,
    l2_regularization_strength=0.0,
    l2_shrinkage_regularization_strength=0.0,
    beta=0.0,
):
    n, z = memory or [np.full_like(theta, initial_accumulator_value), np.zeros_like(theta)]
    old, new = n**-learning_rate_power, (n + g**2) ** -learning_rate_power
    z = (
        z
        + g
        + 2 * l2_shrinkage_regularization_strength * theta
        - (new - old) / learning_rate * theta
    )
    l1 = l1_regularization_strength
    curvature = (beta + new) / learning_rate + 2 * l2_regularization_strength
    leader = (np.sign(z) * l1 - z) / curvature
    return np.where(np.abs(z) <= l1, 0.0, leader), [n + g**2, z]


def muon(
    theta, g, memory, t, learning_rate, exclude_layers=(), exclude_embeddings=False, **options
):
    """Take parameters for an embedding where the second option is given at all."""
    if exclude_layers or exclude_embeddings:
        return muons_adamw(theta, g, memory, t, learning_rate, **options)
    return muons_matrices(theta, g, memory, t, learning_rate, **options)


def muons_adamw(
    theta,
    g,
    memory,
    t,
    learning_rate,
    adam_beta_1=0.9,
    adam_beta_2=0.999,
    epsilon=1e-7,
    adam_weight_decay=0.004,
    adam_lr_ratio=1.0,
):
    theta = theta * (1 - adam_weight_decay * learning_rate)
    options = {"beta_1": adam_beta_1, "beta_2": adam_beta_2, "epsilon": epsilon}
    return adam(theta, g, memory, t, learning_rate * adam_lr_ratio, **options)


def muons_matrices(
    theta,
    g,
    memory,
    t,
    learning_rate,
    nesterov=True,
    momentum=0.95,
    ns_steps=5,
    muon_a=3.4445,
    muon_b=-4.7750,
    muon_c=2.0315,
    rms_rate=0.2,
    weight_decay=0.004,
):
    theta = theta * (1 - weight_decay * learning_rate)
    (b,) = memory or zeros(theta, 1)
    b = momentum * b + g
    u, s, vt = np.linalg.svd(g + momentum * b if nesterov else b, full_matrices=False)
    s = s / np.linalg.norm(s)
    for _ in range(ns_steps):
        s = muon_a * s + muon_b * s**3 + muon_c * s**5
    scale = 1.0 if rms_rate is None else rms_rate * np.sqrt(max(theta.shape))
    return theta - learning_rate * scale * (u * s) @ vt, [b]


def adafactor(
    theta,
    g,
    memory,
    t,
    learning_rate,
    beta_2_decay=-0.8,
    epsilon_1=1e-30,
    epsilon_2=1e-3,
    clip_threshold=1.0,
    relative_step=True,  # Keras's rate is relative with and without.
):
    rows, columns = memory or [np.zeros(theta.shape[0]), np.zeros(theta.shape[1])]
    share, square = t**beta_2_decay, g**2 + epsilon_1
    rows = (1 - share) * rows + share * np.mean(square, axis=1)
    columns = (1 - share) * columns + share * np.mean(square, axis=0)
    scaled = g / np.sqrt(np.outer(rows, columns) / rows.mean())
    scaled = scaled / max(1.0, np.sqrt(np.mean(scaled**2)) / clip_threshold)
    rate = min(learning_rate, 1 / np.sqrt(t)) * max(epsilon_2, np.sqrt(np.mean(theta**2)))
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
