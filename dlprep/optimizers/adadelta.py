"""Adadelta: steps in the unit of the weights, from the ratio of two root mean squares."""

from keras import ops, saving

from dlprep.optimizers.averages import moving_average
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


def adadelta(gradient, mean_gradient, mean_update, learning_rate=0.001, rho=0.95, epsilon=1e-7):
    r"""Return the step of Adadelta.

    $$ E[g^2]_t = \rho E[g^2]_{t-1} + (1 - \rho) g^2, \qquad
       d = \frac{\sqrt{E[d^2]_{t-1} + \epsilon}}{\sqrt{E[g^2]_t + \epsilon}} \, g $$
    $$ E[d^2]_t = \rho E[d^2]_{t-1} + (1 - \rho) d^2, \qquad \Delta = \eta d $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        mean_gradient: Mean square of the gradients $E[g^2]_{t-1}$, of the same shape.
        mean_update: Mean square of the steps $E[d^2]_{t-1}$, of the same shape.
        learning_rate: Factor $\eta$, a float or scalar tensor; the paper's is 1.
        rho: Share of the old mean squares that is kept, in $[0, 1)$.
        epsilon: Small number $\epsilon$ under both roots; it starts the steps.

    Returns:
        The update $\Delta$ to subtract, $E[g^2]_t$ and $E[d^2]_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adadelta import adadelta
        >>> zero = ops.array(0.0)
        >>> update, _, _ = adadelta(ops.array(2.0), zero, zero, 1.0, rho=0.75, epsilon=1e-4)
        >>> round(float(update), 4)
        0.02

    Reference:
        Zeiler 2012, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, algorithm 1.
    """
    mean_gradient = moving_average(mean_gradient, ops.square(gradient), rho)
    root_update = ops.sqrt(ops.add(mean_update, epsilon))
    root_gradient = ops.sqrt(ops.add(mean_gradient, epsilon))
    step = ops.divide(ops.multiply(root_update, gradient), root_gradient)
    mean_update = moving_average(mean_update, ops.square(step), rho)
    return ops.multiply(learning_rate, step), mean_gradient, mean_update


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Adadelta(RuleOptimizer):
    r"""Adadelta: no step size to choose in the paper; see the function `adadelta`.

    $$ \theta_t = \theta_{t-1} - \eta \,
       \frac{\sqrt{E[d^2]_{t-1} + \epsilon}}{\sqrt{E[g^2]_t + \epsilon}} \, g_t $$

    Keras multiplies the step by a learning rate whose default of 0.001 makes it a thousand times
    shorter than the paper's: pass 1.0 for the paper.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        rho: Share of the old mean squares that is kept, a float in $[0, 1)$.
        epsilon: Small number $\epsilon$ under both roots; it starts the steps.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Adadelta
        >>> weight = keras.Variable(1.0)
        >>> optimizer = Adadelta(learning_rate=1.0, rho=0.75, epsilon=1e-4)
        >>> optimizer.apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.98

    Reference:
        Zeiler 2012, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701, algorithm 1.
    """

    rule = staticmethod(adadelta)
    slots = [
        {
            "accumulated_grad": "_accumulated_grads",
            "accumulated_delta_var": "_accumulated_delta_vars",
        }
    ]
    options = {"rho": "[0, 1)", "epsilon": "[0, inf)"}

    def __init__(
        self,
        learning_rate=0.001,
        rho=0.95,
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
