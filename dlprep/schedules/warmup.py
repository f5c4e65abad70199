"""Schedules that begin low: warm-up with a cosine, the Transformer's, and one cycle."""

from keras import ops, saving

from dlprep.schedules.cosine import cosine, cosine_decay
from dlprep.schedules.schedule import Schedule, check_numbers, float_step


def inverse_square_root(step, units, warmup_steps=4000, scale=1.0):
    r"""Return the Transformer's rate: a line up, then the inverse root of the step.

    $$ \eta_t = s \, d^{-1/2} \min\big((t + 1)^{-1/2}, (t + 1) \, T_w^{-3/2}\big) $$

    The paper counts steps from one, hence $t + 1$.

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        units: Width $d$ of the model.
        warmup_steps: Steps $T_w$ of the rise; the largest rate is $s / \sqrt{d T_w}$.
        scale: Factor $s$.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.warmup import inverse_square_root
        >>> rates = inverse_square_root(ops.array([1.0, 3.0, 15.0]), units=4, warmup_steps=4)
        >>> [round(float(rate), 4) for rate in rates]
        [0.125, 0.25, 0.125]

    Reference:
        Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762, equation 3.
    """
    count = step + 1
    return scale * units**-0.5 * ops.minimum(ops.rsqrt(count), count * warmup_steps**-1.5)


def one_cycle(step, largest, total_steps, rise=0.3, start_divisor=25.0, end_divisor=1e4):
    r"""Return a rate that rises and falls once, both along half a cosine wave.

    $$ \frac{\eta_w}{a} \to \eta_w \ \text{in}\ r T \ \text{steps}, \qquad
       \eta_w \to \frac{\eta_w}{a b} \ \text{in the remaining}\ (1 - r) T $$

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        largest: Largest rate $\eta_w$.
        total_steps: Steps $T$ of the cycle, after which the rate stays.
        rise: Share $r$ of the steps in which the rate rises, in $(0, 1)$.
        start_divisor: Factor $a$ from the first rate to the largest.
        end_divisor: Factor $b$ from the last rate to the first.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.warmup import one_cycle
        >>> rates = one_cycle(ops.array([0.0, 5.0, 10.0]), 0.8, 10, rise=0.5, end_divisor=2.0)
        >>> [round(float(rate), 4) for rate in rates]
        [0.032, 0.8, 0.016]

    Reference:
        Smith, Topin 2018, "Super-convergence", arXiv:1708.07120, section 3; cosine instead of
        lines.
    """
    first, turn = largest / start_divisor, rise * total_steps
    rising = cosine(ops.clip(step / turn, 0.0, 1.0), first, largest)
    fraction = ops.clip((step - turn) / (total_steps - turn), 0.0, 1.0)
    return ops.where(step < turn, rising, cosine(fraction, largest, first / end_divisor))


@saving.register_keras_serializable(package="dlprep.schedules")
class WarmupCosineDecay(Schedule):
    r"""A line from zero up, then half a cosine wave down, within a number of steps.

    $$ \eta_t = \eta_w \frac{t + 1}{T_w} \ (t < T_w), \qquad
       \eta_t = \eta_w \Big(\alpha + \tfrac{1 - \alpha}{2}
       \Big(1 + \cos \pi \frac{t - T_w}{T - T_w}\Big)\Big) $$

    Unlike Keras's `CosineDecay` with a warm-up, it counts the rise among the total, and already the
    first step has a rate above zero.

    Args:
        learning_rate: Largest rate $\eta_w$.
        total_steps: Steps $T$ of the rise and the fall, after which the rate stays.
        warmup_steps: Steps $T_w$ of the rise, fewer than `total_steps`.
        alpha: Last rate as a share $\alpha$ of the largest.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `warmup_steps` is negative or not less than `total_steps`, `alpha` not in
            [0, 1], a rate negative, or a number not finite.

    Example:
        >>> from dlprep.schedules import WarmupCosineDecay
        >>> schedule = WarmupCosineDecay(0.8, total_steps=12, warmup_steps=2)
        >>> [round(float(schedule(step)), 4) for step in (0, 1, 7, 12)]
        [0.4, 0.8, 0.4, 0.0]

    Reference:
        Goyal et al. 2017, arXiv:1706.02677, section 2.2; Loshchilov, Hutter 2017,
        arXiv:1608.03983, equation 5.
    """

    arguments = ("learning_rate", "total_steps", "warmup_steps", "alpha")

    def __init__(
        self,
        learning_rate,
        total_steps,
        warmup_steps=0,
        alpha=0.0,
        name="WarmupCosineDecay",
    ):
        check_numbers(least=0, learning_rate=learning_rate, total_steps=total_steps)
        check_numbers(least=0, most=1, alpha=alpha)
        if not 0 <= warmup_steps < total_steps:
            raise ValueError(
                "`warmup_steps` must be at least 0 and less than `total_steps`. "
                f"Received: warmup_steps={warmup_steps}, total_steps={total_steps}"
            )
        self.learning_rate = learning_rate
        self.total_steps = total_steps
        self.warmup_steps = warmup_steps
        self.alpha = alpha
        self.name = name

    def rate(self, step):
        step = float_step(step, self.learning_rate)
        falling = cosine_decay(
            step - self.warmup_steps,
            self.learning_rate,
            self.total_steps - self.warmup_steps,
            self.alpha,
        )
        rising = self.learning_rate * (step + 1) / max(1, self.warmup_steps)
        return ops.where(step < self.warmup_steps, rising, falling)


@saving.register_keras_serializable(package="dlprep.schedules")
class InverseSquareRootDecay(Schedule):
    r"""The Transformer's schedule, also called Noam's; see `inverse_square_root`.

    $$ \eta_t = s \, d^{-1/2} \min\big((t + 1)^{-1/2}, (t + 1) \, T_w^{-3/2}\big) $$

    Args:
        units: Width $d$ of the model.
        warmup_steps: Steps $T_w$ of the rise.
        scale: Factor $s$.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `units` or `warmup_steps` is not positive, a rate negative, or a
            number not finite.

    Example:
        >>> from dlprep.schedules import InverseSquareRootDecay
        >>> round(float(InverseSquareRootDecay(units=4, warmup_steps=4)(3)), 4)
        0.25

    Reference:
        Vaswani et al. 2017, "Attention is all you need", arXiv:1706.03762, equation 3.
    """

    arguments = ("units", "warmup_steps", "scale")

    def __init__(self, units, warmup_steps=4000, scale=1.0, name="InverseSquareRootDecay"):
        check_numbers(least=0, scale=scale)
        check_numbers(above=0, units=units, warmup_steps=warmup_steps)
        self.units = units
        self.warmup_steps = warmup_steps
        self.scale = scale
        self.name = name

    def rate(self, step):
        step = float_step(step, self.scale)
        return inverse_square_root(step, self.units, self.warmup_steps, self.scale)


@saving.register_keras_serializable(package="dlprep.schedules")
class OneCycle(Schedule):
    r"""One rise and one fall of the rate in a whole training; see `one_cycle`.

    $$ \frac{\eta_w}{a} \to \eta_w \to \frac{\eta_w}{a b} $$

    The paper lowers the momentum while the rate rises; a schedule cannot.

    Args:
        learning_rate: Largest rate $\eta_w$.
        total_steps: Steps of the cycle, after which the rate stays.
        rise: Share of the steps in which the rate rises, in $(0, 1)$.
        start_divisor: Factor $a$ from the first rate to the largest.
        end_divisor: Factor $b$ from the last rate to the first.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `total_steps` or a divisor is not positive, `rise` not in $(0, 1)$, a
            rate negative, or a number not finite.

    Example:
        >>> from dlprep.schedules import OneCycle
        >>> round(float(OneCycle(0.8, total_steps=10, rise=0.5)(5)), 4)
        0.8

    Reference:
        Smith, Topin 2018, "Super-convergence", arXiv:1708.07120, section 3.
    """

    arguments = ("learning_rate", "total_steps", "rise", "start_divisor", "end_divisor")

    def __init__(
        self,
        learning_rate,
        total_steps,
        rise=0.3,
        start_divisor=25.0,
        end_divisor=1e4,
        name="OneCycle",
    ):
        divisors = {"start_divisor": start_divisor, "end_divisor": end_divisor}
        check_numbers(least=0, learning_rate=learning_rate)
        check_numbers(above=0, total_steps=total_steps, rise=rise, **divisors)
        if rise >= 1:
            raise ValueError(f"`rise` must be in (0, 1). Received: rise={rise}")
        self.learning_rate = learning_rate
        self.total_steps = total_steps
        self.rise = rise
        self.start_divisor = start_divisor
        self.end_divisor = end_divisor
        self.name = name

    def rate(self, step):
        return one_cycle(
            float_step(step, self.learning_rate),
            self.learning_rate,
            self.total_steps,
            self.rise,
            self.start_divisor,
            self.end_divisor,
        )
