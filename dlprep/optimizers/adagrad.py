"""Adagrad: divide each gradient component by the root of the sum of its past squares."""

from keras import ops, saving

from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rmsprop import root_scaled
from dlprep.optimizers.rule import RuleOptimizer, arguments


def adagrad(gradient, total, learning_rate=0.001, epsilon=1e-7):
    r"""Return the step of Adagrad.

    $$ G_t = G_{t-1} + g^2, \qquad \Delta = \frac{\eta g}{\sqrt{G_t + \epsilon}} $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        total: Sum of squares $G_{t-1}$, of the same shape.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        epsilon: Small number $\epsilon$ under the root.

    Returns:
        The update $\Delta$ to subtract and the sum $G_t$, of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adagrad import adagrad
        >>> update, total = adagrad(ops.array(3.0), ops.array(16.0), learning_rate=0.1)
        >>> round(float(update), 4), float(total)
        (0.06, 25.0)

    Reference:
        Duchi, Hazan, Singer 2011, "Adaptive subgradient methods", equation 1 with the diagonal
        matrix.
    """
    total = ops.add(total, ops.square(gradient))
    return root_scaled(gradient, total, learning_rate, epsilon), total


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Adagrad(RuleOptimizer):
    r"""Adagrad: each component has its own, ever smaller, step size.

    $$ G_t = G_{t-1} + g_t^2, \qquad
       \theta_t = \theta_{t-1} - \frac{\eta g_t}{\sqrt{G_t + \epsilon}} $$

    The sum never shrinks, so the steps fade like $1 / \sqrt{t}$ under gradients of equal size.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        initial_accumulator_value: First value $G_0$, not negative.
        epsilon: Small number $\epsilon$ under the root.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Adagrad
        >>> weight = keras.Variable(1.0)
        >>> optimizer = Adagrad(learning_rate=0.1, initial_accumulator_value=0.0)
        >>> optimizer.apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.9

    Reference:
        Duchi, Hazan, Singer 2011, "Adaptive subgradient methods for online learning and stochastic
        optimization", equation 1 with the diagonal matrix.
    """

    rule = staticmethod(adagrad)
    slots = [{"accumulator": "_accumulators"}]
    options = {"initial_accumulator_value": "[0, inf)", "epsilon": "[0, inf)"}

    def __init__(
        self,
        learning_rate=0.001,
        initial_accumulator_value=0.1,
        epsilon=1e-7,
        weight_decay=None,
        clipnorm=None,
        clipvalue=None,
        global_clipnorm=None,
        use_ema=False,
        ema_momentum=0.99,
        ema_overwrite_frequency=None,
        loss_scale_factor=None,
        gradient_accumulation_steps=None,
        name=None,
        **kwargs,
    ):
        super().__init__(**arguments(locals()))
