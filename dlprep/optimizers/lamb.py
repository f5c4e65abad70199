"""Lamb: Adam's step, scaled in each variable to the length of its weights."""

from keras import ops, saving

from dlprep.optimizers.adam import corrected, moments
from dlprep.optimizers.averages import bias_correction
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


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
class Lamb(RuleOptimizer):
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

    rule = staticmethod(lamb)
    slots = [{"momentum": "_momentums", "velocity": "_velocities"}]
    options = {"beta_1": "[0, 1)", "beta_2": "[0, 1)", "epsilon": "[0, inf)"}
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
