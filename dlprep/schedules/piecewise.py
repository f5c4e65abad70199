"""Schedules of pieces: constant ones, or one polynomial that may come again."""

from keras import ops, saving

from dlprep.schedules.schedule import Schedule, check_numbers, float_step


def piecewise_constant(step, boundaries, values):
    r"""Return the value of the piece that a step lies in.

    $$ \eta_t = v_i \ \text{for}\ b_{i-1} < t \le b_i $$

    Args:
        step: Number of the step $t$, a tensor.
        boundaries: Last step $b_i$ of each piece but the last, increasing.
        values: Rate $v_i$ of each piece, one more than boundaries.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.piecewise import piecewise_constant
        >>> [round(float(piecewise_constant(ops.array(t), [10], [0.1, 0.01])), 4) for t in (10, 11)]
        [0.1, 0.01]

    Reference:
        He, Zhang, Ren, Sun 2016, "Deep residual learning", arXiv:1512.03385, section 3.4.
    """
    rate = values[-1]
    for boundary, value in reversed(list(zip(boundaries, values[:-1], strict=True))):
        rate = ops.where(step <= ops.cast(boundary, step.dtype), value, rate)
    return rate


def polynomial_decay(
    step, initial_learning_rate, decay_steps, end_learning_rate=0.0001, power=1.0, cycle=False
):
    r"""Return a rate that falls along a power of the time left.

    $$ \eta_t = (\eta_0 - \eta_T) \Big(1 - \frac{t}{T}\Big)^p + \eta_T $$

    After $T$ the rate stays at $\eta_T$; in a cycle $T$ is instead the next multiple of itself.

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Steps $T$ to the end.
        end_learning_rate: Rate $\eta_T$ at the end.
        power: Power $p$; 1 is linear.
        cycle: Whether the rate rises again after the end.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.piecewise import polynomial_decay
        >>> round(float(polynomial_decay(ops.array(5.0), 0.8, 10, end_learning_rate=0.0)), 4)
        0.4

    Reference:
        Chen et al. 2018, "DeepLab", arXiv:1606.00915, section 4.1 (power 0.9).
    """
    if cycle:
        decay_steps = decay_steps * ops.maximum(1.0, ops.ceil(step / decay_steps))
    left = 1 - ops.minimum(step, decay_steps) / decay_steps
    return (initial_learning_rate - end_learning_rate) * ops.power(left, power) + end_learning_rate


@saving.register_keras_serializable(package="dlprep.schedules")
class PiecewiseConstantDecay(Schedule):
    r"""A constant rate per piece; see the function `piecewise_constant`.

    $$ \eta_t = v_i \ \text{for}\ b_{i-1} < t \le b_i $$

    Args:
        boundaries: Last step $b_i$ of each piece but the last, increasing.
        values: Rate $v_i$ of each piece, one more than boundaries.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If there is not one value more than boundaries, the boundaries decrease, a
            rate negative, or a number not finite.

    Example:
        >>> from dlprep.schedules import PiecewiseConstantDecay
        >>> round(float(PiecewiseConstantDecay([10], [0.1, 0.01])(11)), 4)
        0.01

    Reference:
        He, Zhang, Ren, Sun 2016, "Deep residual learning", arXiv:1512.03385, section 3.4.
    """

    arguments = ("boundaries", "values")

    def __init__(self, boundaries, values, name="PiecewiseConstant"):
        if len(boundaries) != len(values) - 1:
            raise ValueError(
                "The length of boundaries should be 1 less than the length of values. "
                f"Received: boundaries={boundaries}, values={values}"
            )
        check_numbers(**{f"boundaries[{i}]": step for i, step in enumerate(boundaries)})
        check_numbers(least=0, **{f"values[{i}]": rate for i, rate in enumerate(values)})
        if any(last < first for first, last in zip(boundaries, boundaries[1:], strict=False)):
            raise ValueError(f"`boundaries` must not decrease. Received: boundaries={boundaries}")
        self.boundaries = boundaries
        self.values = values
        self.name = name

    def rate(self, step):
        step = ops.convert_to_tensor(step)
        values = [float_step(value, value) for value in self.values]
        return piecewise_constant(step, self.boundaries, values)


@saving.register_keras_serializable(package="dlprep.schedules")
class PolynomialDecay(Schedule):
    r"""The rate falls along a power of the time left; see the function `polynomial_decay`.

    $$ \eta_t = (\eta_0 - \eta_T) \Big(1 - \frac{t}{T}\Big)^p + \eta_T $$

    Args:
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Steps $T$ to the end.
        end_learning_rate: Rate $\eta_T$ at the end.
        power: Power $p$; 1 is linear.
        cycle: Whether the rate rises again after the end.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `decay_steps` is not positive, `power` negative, a rate negative, or a
            number not finite.

    Example:
        >>> from dlprep.schedules import PolynomialDecay
        >>> round(float(PolynomialDecay(0.8, decay_steps=10, end_learning_rate=0.0)(5)), 4)
        0.4

    Reference:
        Chen et al. 2018, "DeepLab", arXiv:1606.00915, section 4.1 (power 0.9).
    """

    arguments = ("initial_learning_rate", "decay_steps", "end_learning_rate", "power", "cycle")

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        end_learning_rate=0.0001,
        power=1.0,
        cycle=False,
        name="PolynomialDecay",
    ):
        rates = {"end_learning_rate": end_learning_rate}
        check_numbers(least=0, initial_learning_rate=initial_learning_rate, **rates)
        check_numbers(above=0, decay_steps=decay_steps)
        check_numbers(least=0, power=power)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.end_learning_rate = end_learning_rate
        self.power = power
        self.cycle = cycle
        self.name = name

    def rate(self, step):
        return polynomial_decay(
            float_step(step, self.initial_learning_rate),
            self.initial_learning_rate,
            self.decay_steps,
            self.end_learning_rate,
            self.power,
            self.cycle,
        )
