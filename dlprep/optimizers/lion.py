"""Lion: the sign of an average of gradients, so that every weight moves equally far."""

from keras import ops, saving

from dlprep.optimizers.averages import moving_average
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


def lion(gradient, m, learning_rate=0.001, beta_1=0.9, beta_2=0.99):
    r"""Return the step of Lion.

    $$ \Delta = \eta \operatorname{sign}(\beta_1 m_{t-1} + (1 - \beta_1) g), \qquad
       m_t = \beta_2 m_{t-1} + (1 - \beta_2) g $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Share of the mean gradient in the step, in $(0, 1]$.
        beta_2: Share of the old mean gradient that is kept, in $[0, 1)$.

    Returns:
        The update $\Delta$ to subtract and $m_t$, both of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.lion import lion
        >>> update, m = lion(ops.array(-2.0), ops.array(0.0), learning_rate=0.1)
        >>> round(float(update), 4), round(float(m), 4)
        (-0.1, -0.02)

    Reference:
        Chen et al. 2023, "Symbolic discovery of optimization algorithms", arXiv:2302.06675,
        algorithm 2.
    """
    update = ops.multiply(learning_rate, ops.sign(moving_average(m, gradient, beta_1)))
    return update, moving_average(m, gradient, beta_2)


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Lion(RuleOptimizer):
    r"""Lion: steps of one size in every weight; see the function `lion`.

    $$ \theta_t = \theta_{t-1} - \eta \operatorname{sign}(\beta_1 m_{t-1} + (1 - \beta_1) g_t) $$

    It keeps one average where Adam keeps two. The paper takes a learning rate 3 to 10 times smaller
    than AdamW's and a weight decay larger by the same factor.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Share of the mean gradient in the step, a float in $(0, 1]$.
        beta_2: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        {base_options}

    Raises:
        ValueError: If `beta_1` is not in $(0, 1]$.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Lion
        >>> weight = keras.Variable(1.0)
        >>> Lion(learning_rate=0.1).apply([keras.ops.array(-2.0)], [weight])
        >>> round(float(weight), 4)
        1.1

    Reference:
        Chen et al. 2023, "Symbolic discovery of optimization algorithms", arXiv:2302.06675,
        algorithm 2.
    """

    rule = staticmethod(lion)
    slots = [{"momentum": "_momentums"}]
    options = {"beta_1": "(0, 1]", "beta_2": "[0, 1]"}

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.99,
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
        if not 0 < beta_1 <= 1:
            raise ValueError(
                "Argument `beta_1` must be in the [0, 1] range. Otherwise, the optimizer "
                f"degenerates to SignSGD. Received: beta_1={beta_1}."
            )
        super().__init__(**arguments(locals()))
