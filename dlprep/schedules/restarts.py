"""Half a cosine wave again and again: gradient descent with warm restarts."""

import math

from keras import ops, saving

from dlprep.schedules.cosine import cosine
from dlprep.schedules.schedule import Schedule, check_numbers, float_step


def cosine_restarts(
    step, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0
):
    r"""Return a rate that falls along half a cosine wave and starts again, each time longer.

    $$ \eta_t = \eta_0 \Big(\alpha + \tfrac{1 - \alpha}{2} \, m^i
       \Big(1 + \cos \pi \frac{t - t_i}{T c^i}\Big)\Big), \qquad
       t_i = T \, \frac{c^i - 1}{c - 1} $$

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        initial_learning_rate: Rate $\eta_0$ of the first step.
        first_decay_steps: Steps $T$ of the first fall.
        t_mul: Factor $c \ge 1$ on the length of each next fall.
        m_mul: Factor $m$ on the height of each next fall.
        alpha: Last rate as a share $\alpha$ of the first.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.restarts import cosine_restarts
        >>> steps = ops.array([0.0, 5.0, 10.0, 20.0, 30.0])
        >>> [round(float(x), 4) for x in cosine_restarts(steps, 0.8, 10)]
        [0.8, 0.4, 0.8, 0.4, 0.8]

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, equation 5.
    """
    passed = step / first_decay_steps
    if t_mul == 1.0:
        restart = ops.floor(passed)
        fraction = passed - restart
    else:
        restart, fraction = geometric_period(passed, t_mul)
    return alpha * initial_learning_rate + cosine(
        fraction, (1 - alpha) * initial_learning_rate * ops.power(m_mul, restart)
    )


def geometric_period(passed, ratio):
    r"""Return which of the periods $1, c, c^2, \dots$ a time lies in, and how far into it.

    $$ i = \lfloor \log_c (1 + (c - 1) x) \rfloor $$

    Args:
        passed: Time $x \ge 0$ in units of the first period, a float tensor.
        ratio: Ratio $c > 1$ of each period to the one before.

    Returns:
        The number of the period $i$, and the share of it that has passed, in $[0, 1)$.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.restarts import geometric_period
        >>> number, share = geometric_period(ops.array(7.0), ratio=2.0)
        >>> float(number), float(share)
        (3.0, 0.0)

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, section 3.
    """
    number = ops.floor(ops.log(1 + (ratio - 1) * passed) / math.log(ratio))
    share = share_of_period(passed, number, ratio)
    # The logarithm may round to the wrong side of a restart.
    number = number + ops.cast(share >= 1, share.dtype) - ops.cast(share < 0, share.dtype)
    return number, ops.clip(share_of_period(passed, number, ratio), 0.0, 1.0)


def share_of_period(passed, number, ratio):
    r"""Return how far a time lies in a period: $(x - (c^i - 1) / (c - 1)) / c^i$.

    Args:
        passed: Time $x$ in units of the first period, a float tensor.
        number: Number of the period $i$, of the same shape.
        ratio: Ratio $c > 1$ of each period to the one before.

    Returns:
        Tensor of the same shape, in $[0, 1)$ if the number is right.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.restarts import share_of_period
        >>> float(share_of_period(ops.array(2.0), ops.array(1.0), ratio=2.0))
        0.5

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, section 3.
    """
    length = ops.power(ratio, number)
    return (passed - (length - 1) / (ratio - 1)) / length


@saving.register_keras_serializable(package="dlprep.schedules")
class CosineDecayRestarts(Schedule):
    r"""The rate falls along half a cosine wave again and again; see `cosine_restarts`.

    $$ \eta_t = \eta_0 \Big(\alpha + \tfrac{1 - \alpha}{2} \, m^i
       \Big(1 + \cos \pi \frac{t - t_i}{T c^i}\Big)\Big) $$

    Args:
        initial_learning_rate: Rate $\eta_0$ of the first step.
        first_decay_steps: Steps $T$ of the first fall.
        t_mul: Factor $c \ge 1$ on the length of each next fall.
        m_mul: Factor $m$ on the height of each next fall.
        alpha: Last rate as a share $\alpha$ of the first.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `first_decay_steps` is not positive, `t_mul` less than 1 (the falls would end
            before the training does), `m_mul` negative, `alpha` not in [0, 1], the rate
            negative, or a number not finite.

    Example:
        >>> from dlprep.schedules import CosineDecayRestarts
        >>> schedule = CosineDecayRestarts(0.8, first_decay_steps=10)
        >>> round(float(schedule(5)), 4), round(float(schedule(10)), 4)
        (0.4, 0.8)

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, equation 5.
    """

    arguments = ("initial_learning_rate", "first_decay_steps", "t_mul", "m_mul", "alpha")

    def __init__(
        self,
        initial_learning_rate,
        first_decay_steps,
        t_mul=2.0,
        m_mul=1.0,
        alpha=0.0,
        name="SGDRDecay",
    ):
        check_numbers(least=0, initial_learning_rate=initial_learning_rate)
        check_numbers(above=0, first_decay_steps=first_decay_steps)
        check_numbers(least=1, t_mul=t_mul)
        check_numbers(least=0, m_mul=m_mul)
        check_numbers(least=0, most=1, alpha=alpha)
        self.initial_learning_rate = initial_learning_rate
        self.first_decay_steps = first_decay_steps
        self.t_mul = t_mul
        self.m_mul = m_mul
        self.alpha = alpha
        self.name = name

    def rate(self, step):
        return cosine_restarts(
            float_step(step, self.initial_learning_rate),
            self.initial_learning_rate,
            self.first_decay_steps,
            self.t_mul,
            self.m_mul,
            self.alpha,
        )
