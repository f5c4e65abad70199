"""Optimizer class name -> its rule in the reference, called with the class's own arguments.

Every oracle takes parameters, gradient, the list of memories and the step number, and returns the
new parameters and memories.
"""

import numpy as np

from dlprep.reference import optimizers as rules


def adam(theta, g, memory, t, learning_rate, amsgrad=False, beta_2=0.999):
    # Keras's epsilon of 1e-7 stands before the bias correction, the paper's behind it.
    epsilon = 1e-7 / np.sqrt(1 - beta_2**t)
    m, v, v_hat = memory or np.zeros((3, *theta.shape))
    rule = rules.adam
    _, m, new_v = rule(theta, g, m, v, t)
    v_hat = np.maximum(v_hat, new_v)
    divisor = v_hat if amsgrad else new_v
    m_hat, root = m / (1 - 0.9**t), np.sqrt(divisor / (1 - beta_2**t))
    return theta - learning_rate * m_hat / (root + epsilon), [m, new_v, v_hat]


def adamw(theta, g, memory, t, learning_rate, weight_decay):
    m, v = memory or np.zeros((2, *theta.shape))
    epsilon = 1e-7 / np.sqrt(1 - 0.999**t)
    theta, *memory = rules.adamw(
        theta, g, m, v, t, learning_rate, weight_decay=weight_decay, epsilon=epsilon
    )
    return theta, memory


def rmsprop(theta, g, memory, t, learning_rate, momentum=0.0, centered=False):
    n, a, step = memory or np.zeros((3, *theta.shape))
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
    (v,) = memory or [np.zeros_like(theta)]
    theta, v = rule(theta, g, v, learning_rate, momentum)
    return theta, [v]


ORACLES = {"Adam": adam, "AdamW": adamw, "RMSprop": rmsprop, "SGD": sgd}


def path(name, theta, gradients, **options):
    """Return the parameters after each gradient."""
    memory, thetas = [], []
    for t, g in enumerate(gradients, 1):
        theta, memory = ORACLES[name](theta, g, memory, t, **options)
        thetas.append(theta)
    return np.stack(thetas)
