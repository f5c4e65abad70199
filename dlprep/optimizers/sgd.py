"""Gradient descent, with momentum and with Nesterov's look ahead."""

from keras import backend, ops, saving

from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments, precision, summed, widen


def sgd(gradient, learning_rate=0.01):
    r"""Return the step of plain gradient descent.

    $$ \Delta = \eta g, \qquad \theta \leftarrow \theta - \Delta $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        learning_rate: Step size $\eta$, a float or scalar tensor.

    Returns:
        The update $\Delta$ to subtract, of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.sgd import sgd
        >>> round(float(sgd(ops.array(2.0), learning_rate=0.1)), 4)
        0.2

    Reference:
        Robbins, Monro 1951, "A stochastic approximation method".
    """
    return ops.multiply(learning_rate, gradient)


def momentum(gradient, velocity, learning_rate=0.01, momentum=0.9, nesterov=False):
    r"""Return the step of gradient descent with momentum, in Keras's convention.

    $$ v_t = \mu v_{t-1} - \eta g, \qquad \Delta = -v_t $$

    and with Nesterov's look ahead $\Delta = -(\mu v_t - \eta g)$.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        velocity: Velocity $v_{t-1}$, of the same shape, zero at first.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        momentum: Share $\mu$ of the velocity that is kept, in $[0, 1]$.
        nesterov: Whether to step to where the new velocity will lead.

    Returns:
        The update $\Delta$ to subtract and the velocity $v_t$, both of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.sgd import momentum
        >>> update, velocity = momentum(ops.array(2.0), ops.array(-1.0), 0.1, momentum=0.5)
        >>> round(float(update), 4), round(float(velocity), 4)
        (0.7, -0.7)

    Reference:
        Sutskever, Martens, Dahl, Hinton 2013, "On the importance of initialization and momentum in
        deep learning", equations 1 to 4; Nesterov's in the variables after the look ahead (Bengio,
        Boulanger-Lewandowski, Pascanu 2013, arXiv:1212.0901, equation 7).
    """
    step = ops.multiply(learning_rate, gradient)
    velocity = ops.subtract(ops.multiply(momentum, velocity), step)
    ahead = ops.subtract(ops.multiply(momentum, velocity), step) if nesterov else velocity
    return ops.negative(ahead), velocity


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class SGD(RuleOptimizer):
    r"""Gradient descent, optionally with momentum; see the functions `sgd` and `momentum`.

    $$ v_t = \mu v_{t-1} - \eta g_t, \qquad \theta_t = \theta_{t-1} + v_t $$

    Two conventions are called momentum. Keras, PyTorch (with the step size outside) and Sutskever
    et al. *accumulate*: the velocity above, which under a constant gradient grows to
    $-\eta g / (1 - \mu)$. Andrew Ng's course and the notes that follow it *average*:

    $$ v_t = \beta v_{t-1} + (1 - \beta) g_t, \qquad \theta_t = \theta_{t-1} - \alpha v_t $$

    With $\mu = \beta$ and $\eta = \alpha (1 - \beta)$ both take the same steps, and their
    velocities differ by the factor $-\alpha$. With $\beta = 0.9$ a learning rate of 0.1 for the
    average is 0.01 here: carried over unchanged, it would step ten times too far.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        momentum: Share $\mu$ of the velocity that is kept, a float in $[0, 1]$; 0 keeps none.
        nesterov: Whether to use Nesterov's momentum.
        {base_options}

    Raises:
        ValueError: If `momentum` is not a float in $[0, 1]$.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import SGD
        >>> weight = keras.Variable(1.0)
        >>> SGD(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.8

    Reference:
        Sutskever, Martens, Dahl, Hinton 2013, "On the importance of initialization and momentum in
        deep learning", equations 1 to 4.
    """

    rule = staticmethod(momentum)
    options = {"momentum": "[0, 1]", "nesterov": None}
    momentums = ()

    def __init__(
        self,
        learning_rate=0.01,
        momentum=0.0,
        nesterov=False,
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
        if not isinstance(momentum, float):
            raise ValueError(f"`momentum` must be a float between [0, 1]. Received: {momentum}")
        super().__init__(**arguments(locals()))

    @property
    def slots(self):
        """The velocity, unless there is no momentum."""
        return [{"momentum": "momentums"}] if self.momentum else []

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable; without momentum only the rows that a sparse gradient has.

        Args:
            gradient: Its gradient.
            variable: The model variable.
            learning_rate: Step size of this step.
        """
        if self.momentum:
            super().update_step(gradient, variable, learning_rate)
            return
        # Rows are added one by one, which a narrow weight may not feel.
        wide = precision(variable) == backend.standardize_dtype(variable.dtype)
        gradient = (widen if wide else summed)(gradient, variable)
        self.assign_sub(variable, sgd(gradient, widen(learning_rate, variable)))
