"""Adamax: Adam with the largest recent gradient in place of the root mean square."""

from keras import ops, saving

from dlprep.optimizers.averages import bias_correction, moving_average
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


def adamax(gradient, m, u, step, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    r"""Return the step of Adamax.

    $$ m_t = \beta_1 m_{t-1} + (1 - \beta_1) g, \qquad u_t = \max(\beta_2 u_{t-1}, |g|), \qquad
       \Delta = \frac{\eta}{1 - \beta_1^t} \frac{m_t}{u_t + \epsilon} $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        u: Fading maximum $u_{t-1}$, of the same shape, zero at first.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Share of the old mean gradient that is kept, in $[0, 1)$.
        beta_2: Factor by which the maximum fades, in $[0, 1)$.
        epsilon: Small number $\epsilon$ added to the maximum.

    Returns:
        The update $\Delta$ to subtract, $m_t$ and $u_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adamax import adamax
        >>> zero, one = ops.array(0.0), ops.array(1.0)
        >>> update, m, u = adamax(ops.array(2.0), zero, ops.array(8.0), one, learning_rate=0.1)
        >>> round(float(update), 4), round(float(u), 4)
        (0.025, 7.992)

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 2; $\epsilon$ is Keras's.
    """
    m = moving_average(m, gradient, beta_1)
    u = ops.maximum(ops.multiply(beta_2, u), ops.absolute(gradient))
    rate = ops.divide(learning_rate, bias_correction(beta_1, step))
    return ops.divide(ops.multiply(rate, m), ops.add(u, epsilon)), m, u


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Adamax(RuleOptimizer):
    r"""Adamax: Adam in the infinity norm; see the function `adamax`.

    $$ u_t = \max(\beta_2 u_{t-1}, |g_t|), \qquad
       \theta_t = \theta_{t-1} - \frac{\eta}{1 - \beta_1^t} \frac{m_t}{u_t + \epsilon} $$

    The maximum does not start too small, so only the mean gradient is corrected.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        beta_2: Factor by which the maximum fades, a float in $[0, 1)$.
        epsilon: Small number $\epsilon$ added to the maximum.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Adamax
        >>> weight = keras.Variable(1.0)
        >>> Adamax(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.9

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 2.
    """

    rule = staticmethod(adamax)
    slots = [{"momentum": "_m", "norm": "_u"}]
    options = {"beta_1": "[0, 1)", "beta_2": "[0, 1]", "epsilon": "[0, inf)"}
    counted = True

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
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
