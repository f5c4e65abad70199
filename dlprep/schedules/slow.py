"""The slowest schedules: fading with the root of time, and not at all."""

from keras import ops, saving

from dlprep.schedules.decay import periods
from dlprep.schedules.schedule import Schedule, check_numbers, float_step


def square_root_decay(step, initial_learning_rate, decay_steps=1, staircase=False):
    r"""Return a rate that fades with the root of the period's number, the first being one.

    $$ \eta_t = \frac{\eta_0}{\sqrt{1 + t / T}} $$

    Args:
        step: Number of the step $t \ge 0$, a float tensor.
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Length $T$ of a period, in steps.
        staircase: Whether the rate is constant within each period of `decay_steps`.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.schedules.slow import square_root_decay
        >>> round(float(square_root_decay(ops.array(30.0), 0.8, 10)), 4)
        0.4

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2 (square root decay).
    """
    return initial_learning_rate * ops.rsqrt(1 + periods(step, decay_steps, staircase))


@saving.register_keras_serializable(package="dlprep.schedules")
class SquareRootDecay(Schedule):
    r"""The rate fades with the root of time; see the function `square_root_decay`.

    $$ \eta_t = \frac{\eta_0}{\sqrt{1 + t / T}} $$

    With one epoch per period and `staircase=True` this is the notes' $\alpha_0$ over the root of
    the epoch's number.

    Args:
        initial_learning_rate: Rate $\eta_0$ of the first step.
        decay_steps: Length $T$ of a period, in steps.
        staircase: Whether the rate is constant within each period of `decay_steps`.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If `decay_steps` is not positive, a rate negative, or a number not finite.

    Example:
        >>> from dlprep.schedules import SquareRootDecay
        >>> round(float(SquareRootDecay(0.8, decay_steps=10)(30)), 4)
        0.4

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2 (square root decay).
    """

    arguments = ("initial_learning_rate", "decay_steps", "staircase")

    def __init__(
        self,
        initial_learning_rate,
        decay_steps=1,
        staircase=False,
        name="SquareRootDecay",
    ):
        check_numbers(least=0, initial_learning_rate=initial_learning_rate)
        check_numbers(above=0, decay_steps=decay_steps)
        self.initial_learning_rate = initial_learning_rate
        self.decay_steps = decay_steps
        self.staircase = staircase
        self.name = name

    def rate(self, step):
        return square_root_decay(
            float_step(step, self.initial_learning_rate),
            self.initial_learning_rate,
            self.decay_steps,
            self.staircase,
        )


@saving.register_keras_serializable(package="dlprep.schedules")
class Constant(Schedule):
    r"""The same rate at every step.

    $$ \eta_t = \eta_0 $$

    Args:
        learning_rate: The rate $\eta_0$.
        name: Name of the scope in a TensorFlow graph.

    Raises:
        ValueError: If the rate is negative or not finite.

    Example:
        >>> from dlprep.schedules import Constant
        >>> round(float(Constant(0.1)(1000)), 4)
        0.1

    Reference:
        Mountassir, section 3.3 (constant learning rate).
    """

    arguments = ("learning_rate",)

    def __init__(self, learning_rate, name="Constant"):
        check_numbers(least=0, learning_rate=learning_rate)
        self.learning_rate = learning_rate
        self.name = name

    def rate(self, step):
        return ops.full_like(float_step(step, self.learning_rate), self.learning_rate)
