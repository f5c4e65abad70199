"""Schedules that fade from period to period: by a factor, or with inverse time."""

from keras import ops, saving

from dlprep.schedules.schedule import Schedule, check_numbers, float_step


def periods(step, decay_steps, staircase=False):
    r"""Return how many periods have passed: $t / T$, or $\lfloor t / T \rfloor$ in a staircase.

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        decay_steps: Length $T$ of a period, in steps.
        staircase: Whether only whole periods count.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.decay import periods
        >>> float(periods(ops.array(25.0), 10)), float(periods(ops.array(25.0), 10, staircase=True))
        (2.5, 2.0)

    Reference:
        Mountassir, section 3.3 (step-based decay).
    """
    passed = ops.divide(step, decay_steps)
    return ops.floor(passed) if staircase else passed


def exponential_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    r"""Return a rate that shrinks by the same factor in every period.

    $$ \eta_t = \eta_0 \, d^{\,t / T} $$

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Length $T$ of a period, in steps.
        decay_rate: Factor $d$ per period.
        staircase: Whether the rate is constant within each period of `decay_steps`.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.decay import exponential_decay
        >>> round(float(exponential_decay(ops.array(20.0), 0.8, 10, 0.5)), 4)
        0.2

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2; Mountassir, section 3.3.
    """
    return initial_learning_rate * ops.power(decay_rate, periods(step, decay_steps, staircase))


def inverse_time_decay(step, initial_learning_rate, decay_steps, decay_rate, staircase=False):
    r"""Return a rate that fades with inverse time.

    $$ \eta_t = \frac{\eta_0}{1 + k \, t / T} $$

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Length $T$ of a period, in steps.
        decay_rate: Growth $k$ of the denominator per period.
        staircase: Whether the rate is constant within each period of `decay_steps`.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.decay import inverse_time_decay
        >>> round(float(inverse_time_decay(ops.array(20.0), 0.8, 10, 0.5)), 4)
        0.4

    Reference:
        Robbins, Monro 1951; Okoli, "Notes on deep learning", section 2.3.2.
    """
    return initial_learning_rate / (1 + decay_rate * periods(step, decay_steps, staircase))


@saving.register_keras_serializable(package="dlprep.schedules")
class ExponentialDecay(Schedule):
    r"""The rate shrinks by a factor per period; see the function `exponential_decay`.

    $$ \eta_t = \eta_0 \, d^{\,t / T} $$

    With `staircase=True` and a factor of one half this is the seeds' step decay.

    Args:
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Length $T$ of a period, in steps.
        decay_rate: Factor $d$ per period.
        staircase: Whether the rate is constant within each period of `decay_steps`.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `decay_steps` is not positive, `decay_rate` or the rate negative, or a
            number not finite.

    Example:
        >>> from dlprep.schedules import ExponentialDecay
        >>> round(float(ExponentialDecay(0.8, decay_steps=10, decay_rate=0.5)(20)), 4)
        0.2

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2; Mountassir, section 3.3.
    """

    arguments = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase")

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        decay_rate,
        staircase=False,
        name="ExponentialDecay",
    ):
        check_numbers(least=0, initial_learning_rate=initial_learning_rate)
        check_numbers(above=0, decay_steps=decay_steps)
        check_numbers(least=0, decay_rate=decay_rate)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def rate(self, step):
        return exponential_decay(
            float_step(step, self.initial_learning_rate),
            self.initial_learning_rate,
            self.decay_steps,
            self.decay_rate,
            self.staircase,
        )


@saving.register_keras_serializable(package="dlprep.schedules")
class InverseTimeDecay(Schedule):
    r"""The rate fades with inverse time; see the function `inverse_time_decay`.

    $$ \eta_t = \frac{\eta_0}{1 + k \, t / T} $$

    Args:
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Length $T$ of a period, in steps.
        decay_rate: Growth $k$ of the denominator per period.
        staircase: Whether the rate is constant within each period of `decay_steps`.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `decay_steps` is not positive, `decay_rate` or the rate negative, or a
            number not finite.

    Example:
        >>> from dlprep.schedules import InverseTimeDecay
        >>> round(float(InverseTimeDecay(0.8, decay_steps=10, decay_rate=0.5)(20)), 4)
        0.4

    Reference:
        Robbins, Monro 1951; Okoli, "Notes on deep learning", section 2.3.2.
    """

    arguments = ("initial_learning_rate", "decay_steps", "decay_rate", "staircase")

    def __init__(
        self,
        initial_learning_rate,
        decay_steps,
        decay_rate,
        staircase=False,
        name="InverseTimeDecay",
    ):
        check_numbers(least=0, initial_learning_rate=initial_learning_rate)
        check_numbers(above=0, decay_steps=decay_steps)
        check_numbers(least=0, decay_rate=decay_rate)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.decay_rate = decay_rate
        self.staircase = staircase
        self.name = name

    def rate(self, step):
        return inverse_time_decay(
            float_step(step, self.initial_learning_rate),
            self.initial_learning_rate,
            self.decay_steps,
            self.decay_rate,
            self.staircase,
        )
