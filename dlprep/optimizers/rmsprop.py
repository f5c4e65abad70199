"""RMSprop: divide each gradient component by the root of its own mean square."""

from keras import ops, saving

from dlprep.optimizers.averages import moving_average
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


def rmsprop(gradient, velocity, learning_rate=0.001, rho=0.9, epsilon=1e-7):
    r"""Return the step of RMSprop.

    $$ v_t = \rho v_{t-1} + (1 - \rho) g^2, \qquad \Delta = \frac{\eta g}{\sqrt{v_t + \epsilon}} $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        velocity: Mean square $v_{t-1}$, of the same shape, zero at first.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        rho: Share of the old mean square that is kept, in $[0, 1)$.
        epsilon: Small number $\epsilon$ under the root.

    Returns:
        The update $\Delta$ to subtract and the mean square $v_t$, of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.rmsprop import rmsprop
        >>> update, velocity = rmsprop(ops.array(2.0), ops.array(0.0), learning_rate=0.1)
        >>> round(float(update), 4), round(float(velocity), 4)
        (0.3162, 0.4)

    Reference:
        Tieleman, Hinton 2012, "Neural networks for machine learning", lecture 6.5.
    """
    velocity = moving_average(velocity, ops.square(gradient), rho)
    return root_scaled(gradient, velocity, learning_rate, epsilon), velocity


def centered_rmsprop(
    gradient, velocity, average_gradient, learning_rate=0.001, rho=0.9, epsilon=1e-7
):
    r"""Return the step of RMSprop with the variance in place of the mean square.

    $$ m_t = \rho m_{t-1} + (1 - \rho) g, \qquad
       \Delta = \frac{\eta g}{\sqrt{v_t - m_t^2 + \epsilon}} $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        velocity: Mean square $v_{t-1}$, of the same shape, zero at first.
        average_gradient: Mean $m_{t-1}$, of the same shape, zero at first.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        rho: Share of the old averages that is kept, in $[0, 1)$.
        epsilon: Small number $\epsilon$ under the root.

    Returns:
        The update $\Delta$ to subtract, the mean square $v_t$ and the mean $m_t$, all of the shape
        of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.rmsprop import centered_rmsprop
        >>> zero = ops.array(0.0)
        >>> update, velocity, average = centered_rmsprop(ops.array(2.0), zero, zero, 0.1)
        >>> round(float(update), 4), round(float(average), 4)
        (0.3333, 0.2)

    Reference:
        Graves 2013, "Generating sequences with recurrent neural networks", arXiv:1308.0850,
        equations 38 to 40.
    """
    velocity = moving_average(velocity, ops.square(gradient), rho)
    average = moving_average(average_gradient, gradient, rho)
    root, mean = ops.sqrt(velocity), ops.absolute(average)
    # v - m^2 as a product: rounding cannot make it negative unnoticed, nor overflow inf - inf.
    variance = ops.maximum(ops.multiply(ops.subtract(root, mean), ops.add(root, mean)), 0.0)
    return root_scaled(gradient, variance, learning_rate, epsilon), velocity, average


def heavy_rmsprop(
    gradient,
    velocity,
    accumulated,
    *average_gradient,
    learning_rate=0.001,
    rho=0.9,
    momentum=0.9,
    epsilon=1e-7,
):
    r"""Return the step of RMSprop with momentum.

    $$ b_t = \mu b_{t-1} + \Delta_t, \qquad \Delta = b_t $$

    of the steps $\Delta_t$ of `rmsprop`, or of `centered_rmsprop` where there is a mean gradient.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        velocity: Mean square $v_{t-1}$, of the same shape, zero at first.
        accumulated: Accumulated steps $b_{t-1}$, of the same shape, zero at first.
        *average_gradient: Mean $m_{t-1}$, of the same shape, zero at first; or nothing.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        rho: Share of the old averages that is kept, in $[0, 1)$.
        momentum: Share $\mu$ of the accumulated steps that is kept, in $[0, 1]$.
        epsilon: Small number $\epsilon$ under the root.

    Returns:
        The update $\Delta$ to subtract, $v_t$, $b_t$ and, where given, the mean $m_t$, all of the
        shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.rmsprop import heavy_rmsprop
        >>> zero, one = ops.array(0.0), ops.array(1.0)
        >>> update, *_ = heavy_rmsprop(ops.array(2.0), zero, one, learning_rate=0.1)
        >>> round(float(update), 4)
        1.2162

    Reference:
        Graves 2013, "Generating sequences with recurrent neural networks", arXiv:1308.0850,
        equations 38 to 41.
    """
    rule = centered_rmsprop if average_gradient else rmsprop
    update, velocity, *mean = rule(
        gradient, velocity, *average_gradient, learning_rate, rho, epsilon
    )
    accumulated = ops.add(ops.multiply(momentum, accumulated), update)
    return accumulated, velocity, accumulated, *mean


def root_scaled(gradient, square, learning_rate, epsilon):
    r"""Return the gradient over a root: $\eta g / \sqrt{s + \epsilon}$.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        square: Mean square, variance or sum of squares $s$, of the same shape.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        epsilon: Small number $\epsilon$ under the root.

    Returns:
        Tensor of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.rmsprop import root_scaled
        >>> round(float(root_scaled(ops.array(6.0), ops.array(9.0), 0.1, 0.0)), 4)
        0.2

    Reference:
        Duchi, Hazan, Singer 2011, "Adaptive subgradient methods", equation 1.
    """
    return ops.divide(ops.multiply(learning_rate, gradient), ops.sqrt(ops.add(square, epsilon)))


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class RMSprop(RuleOptimizer):
    r"""RMSprop, optionally centered and with momentum; see `rmsprop` and `centered_rmsprop`.

    $$ v_t = \rho v_{t-1} + (1 - \rho) g_t^2, \qquad
       \theta_t = \theta_{t-1} - \frac{\eta g_t}{\sqrt{v_t + \epsilon}} $$

    With momentum, $b_t = \mu b_{t-1} + \Delta_t$ of the scaled steps is subtracted. Texts disagree
    on $\epsilon$: here, as in Keras and the handbook's formula, it is under the root; the
    handbook's code and PyTorch add it to the root.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        rho: Share of the old mean square that is kept, in $[0, 1)$.
        momentum: Share $\mu$ of the accumulated steps that is kept; 0 keeps none.
        epsilon: Small number $\epsilon$ under the root.
        centered: Whether to divide by the standard deviation instead of the root mean square.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import RMSprop
        >>> weight = keras.Variable(1.0)
        >>> RMSprop(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.6838

    Reference:
        Tieleman, Hinton 2012, "Neural networks for machine learning", lecture 6.5; Graves 2013,
        arXiv:1308.0850, equations 38 to 41 (centered, with momentum).
    """

    options = {"rho": "[0, 1)", "momentum": "[0, 1]", "epsilon": "[0, inf)", "centered": None}

    def __init__(
        self,
        learning_rate=0.001,
        rho=0.9,
        momentum=0.0,
        epsilon=1e-7,
        centered=False,
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

    @property
    def rule(self):
        """The equation with or without momentum, of the mean square or of the variance."""
        if self.momentum:
            return heavy_rmsprop
        return centered_rmsprop if self.centered else rmsprop

    @property
    def slots(self):
        """The mean squares, and the accumulated steps and mean gradients where wanted."""
        momenta = [{"momentum": "_momentums"}] if self.momentum else []
        means = [{"average_gradient": "_average_gradients"}] if self.centered else []
        return [{"velocity": "_velocities"}, *momenta, *means]
