"""Lamb: Adam's step, scaled in each variable to the length of its weights."""

from keras import ops, saving

from dlprep.optimizers.adam import corrected, moments
from dlprep.optimizers.averages import bias_correction
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.counted import CountedOptimizer
from dlprep.optimizers.fused import fused_step
from dlprep.optimizers.slots import add_slots, operands, precision, step_number


def lamb(
    gradient, variable, m, v, step, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    r"""Return the step of Lamb.

    $$ r = \frac{\hat m_t}{\sqrt{\hat v_t} + \epsilon}, \qquad
       \Delta = \eta \frac{\lVert \theta \rVert_2}{\lVert r \rVert_2} \, r $$

    with Adam's corrected averages; the ratio is one where either norm is zero.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        variable: Weights $\theta$, of the same shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        v: Mean square $v_{t-1}$, of the same shape, zero at first.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$ in units of the weights' length.
        beta_1: Share of the old mean gradient that is kept, in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, in $[0, 1)$.
        epsilon: Small number $\epsilon$ added to the corrected root.

    Returns:
        The update $\Delta$ to subtract, $m_t$ and $v_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.lamb import lamb
        >>> zero, weights = ops.zeros(2), ops.array([3.0, 4.0])
        >>> update, m, v = lamb(ops.array([1.0, 0.0]), weights, zero, zero, ops.array(1.0), 0.1)
        >>> round(float(update[0]), 4)
        0.5

    Reference:
        You et al. 2020, "Large batch optimization for deep learning", arXiv:1904.00962, algorithm 2
        without its weight decay.
    """
    m, v = moments(gradient, m, v, beta_1, beta_2)
    # corrected() adds epsilon before the correction, so it is handed over scaled.
    root = ops.sqrt(bias_correction(beta_2, step))
    direction = corrected(m, v, step, 1.0, beta_1, beta_2, ops.multiply(epsilon, root))
    lengths = [ops.sqrt(ops.sum(ops.square(x))) for x in (variable, direction)]
    usable = ops.logical_and(lengths[0] > 0, lengths[1] > 0)
    ratio = ops.where(usable, lengths[0] / ops.where(usable, lengths[1], 1.0), 1.0)
    return ops.multiply(learning_rate * ratio, direction), m, v


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Lamb(CountedOptimizer):
    r"""Lamb: layerwise steps for very large batches; see the function `lamb`.

    $$ \theta_t = \theta_{t-1}
       - \eta \frac{\lVert \theta_{t-1} \rVert_2}{\lVert r_t \rVert_2} \, r_t $$

    where $r_t$ is Adam's step of length one learning rate. The paper adds $\lambda \theta$ to $r_t$
    before the ratio; Keras, and so this, decays the weights apart from it.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, a float in $[0, 1)$.
        epsilon: Small number $\epsilon$ added to the corrected root.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Lamb
        >>> weight = keras.Variable([3.0, 4.0])
        >>> Lamb(learning_rate=0.1).apply([keras.ops.array([1.0, 0.0])], [weight])
        >>> round(float(weight[0]), 4)
        2.5

    Reference:
        You et al. 2020, "Large batch optimization for deep learning", arXiv:1904.00962,
        algorithm 2.
    """

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
        super().__init__(
            learning_rate=learning_rate,
            weight_decay=weight_decay,
            clipnorm=clipnorm,
            clipvalue=clipvalue,
            global_clipnorm=global_clipnorm,
            use_ema=use_ema,
            ema_momentum=ema_momentum,
            ema_overwrite_frequency=ema_overwrite_frequency,
            loss_scale_factor=loss_scale_factor,
            gradient_accumulation_steps=gradient_accumulation_steps,
            name=name,
            **kwargs,
        )
        self.beta_1 = beta_1
        self.beta_2 = beta_2
        self.epsilon = epsilon

    def build(self, variables):
        """Create the two averages of every variable.

        Args:
            variables: Model variables.
        """
        if self.built:
            return
        super().build(variables)
        self._momentums, self._velocities = add_slots(self, variables, ["momentum", "velocity"])

    def update_step(self, gradient, variable, learning_rate):
        """Move one variable.

        Args:
            gradient: Its gradient.
            variable: The model variable.
            learning_rate: Step size of this step.
        """
        gradient, learning_rate = operands(gradient, variable, learning_rate)
        step = step_number(self, variable)
        index = self._get_variable_index(variable)
        slots = [self._momentums[index], self._velocities[index]]
        options = (step, learning_rate, self.beta_1, self.beta_2, self.epsilon)
        weights = ops.cast(variable, precision(variable.dtype))
        fused_step(self, variable, slots, lamb, gradient, weights, *slots, *options)

    def get_config(self):
        """Return the constructor arguments."""
        return {
            **super().get_config(),
            "beta_1": self.beta_1,
            "beta_2": self.beta_2,
            "epsilon": self.epsilon,
        }
