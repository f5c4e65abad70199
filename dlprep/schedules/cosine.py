"""A fall along half a cosine wave, perhaps after a rise along a line."""

import math

from keras import ops, saving

from dlprep.schedules.schedule import Schedule, check_numbers, float_step


def cosine(fraction, first, last=0.0):
    r"""Return a value on half a cosine wave between two others.

    $$ \eta(x) = \eta_T + \tfrac{1}{2} (\eta_0 - \eta_T) (1 + \cos \pi x) $$

    Args:
        fraction: Share $x$ of the way in $[0, 1]$, a float tensor.
        first: Value $\eta_0$ at 0.
        last: Value $\eta_T$ at 1.

    Returns:
        Tensor of the shape of `fraction`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.cosine import cosine
        >>> round(float(cosine(ops.array(0.5), first=0.8)), 4)
        0.4

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, equation 5.
    """
    return last + 0.5 * (first - last) * (1 + ops.cos(math.pi * fraction))


def cosine_decay(
    step, initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0
):
    r"""Return a rate that rises along a line, if asked to, and falls along half a cosine wave.

    $$ \eta_t = \eta_0 + (\eta_w - \eta_0) \frac{t}{T_w} \ (t < T_w), \qquad
       \eta_t = \eta_w \Big(\alpha + \tfrac{1 - \alpha}{2}
       \Big(1 + \cos \pi \frac{t - T_w}{T}\Big)\Big) $$

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Steps $T$ of the fall, after which the rate stays.
        alpha: Last rate as a share $\alpha$ of the largest.
        warmup_target: Rate $\eta_w$ at the end of the rise; None for no rise.
        warmup_steps: Steps $T_w$ of the rise.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.cosine import cosine_decay
        >>> steps = ops.array([1.0, 2.0, 7.0, 12.0])
        >>> [round(float(x), 4) for x in cosine_decay(steps, 0.0, 10, 0.0, 0.8, 2)]
        [0.4, 0.8, 0.4, 0.0]

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, equation 5; Goyal et al. 2017,
        arXiv:1706.02677, section 2.2 (the rise).
    """
    if warmup_target is None:
        top, warmup_steps = initial_learning_rate, 0
    else:
        top = warmup_target
    fraction = ops.clip((step - warmup_steps) / decay_steps, 0.0, 1.0)
    falling = cosine(fraction, top, alpha * top)
    if not warmup_steps:
        return falling
    rising = initial_learning_rate + (top - initial_learning_rate) * (step / warmup_steps)
    return ops.where(step < warmup_steps, rising, falling)


@saving.register_keras_serializable(package="dlprep.schedules")
class CosineDecay(Schedule):
    r"""The rate falls along half a cosine wave, after a rise if asked; see `cosine_decay`.

    $$ \eta_t = \eta_w \Big(\alpha + \tfrac{1 - \alpha}{2}
       \Big(1 + \cos \pi \frac{t - T_w}{T}\Big)\Big) $$

    Args:
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Steps $T$ of the fall, after which the rate stays.
        alpha: Last rate as a share $\alpha$ of the largest.
        name: Name of the scope in a TensorFlow graph.
        warmup_target: Rate $\eta_w$ at the end of the rise; None for no rise.
        warmup_steps: Steps $T_w$ of the rise; without `warmup_target` there is none.

    Raises:
        ValueError: If `decay_steps` is not positive, `alpha` not in [0, 1], `warmup_steps` or a
            rate negative, or a number not finite.

    Example:
        >>> from dlprep.schedules import CosineDecay
        >>> round(float(CosineDecay(0.8, decay_steps=10)(5)), 4)
        0.4

    Reference:
        Loshchilov, Hutter 2017, "SGDR", arXiv:1608.03983, equation 5; Goyal et al. 2017,
        arXiv:1706.02677, section 2.2 (the rise).
    """

    arguments = ("initial_learning_rate", "decay_steps", "alpha", "warmup_target", "warmup_steps")

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        alpha=0.0,
        name="CosineDecay",
        warmup_target=None,
        warmup_steps=0,
    ):
        rates = {"initial_learning_rate": initial_learning_rate, "warmup_target": warmup_target}
        check_numbers(least=0, **rates, warmup_steps=warmup_steps)
        check_numbers(above=0, decay_steps=decay_steps)
        check_numbers(least=0, most=1, alpha=alpha)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.alpha = alpha
        self.name = name
        self.warmup_target = warmup_target
        self.warmup_steps = warmup_steps

    def rate(self, step):
        return cosine_decay(
            float_step(step, self.initial_learning_rate),
            self.initial_learning_rate,
            self.decay_steps,
            self.alpha,
            self.warmup_target,
            self.warmup_steps,
        )
