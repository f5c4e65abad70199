"""Adam: averages of the gradient and of its square, both corrected for their start at zero."""

from keras import ops, saving

from dlprep.optimizers.averages import bias_correction, moving_average
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


def adam(gradient, m, v, step, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    r"""Return the step of Adam.

    $$ m_t = \beta_1 m_{t-1} + (1 - \beta_1) g, \qquad
       v_t = \beta_2 v_{t-1} + (1 - \beta_2) g^2 $$
    $$ \Delta = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{v_t} + \hat\epsilon} $$

    A gradient whose square overflows makes $v$ infinite and the step zero: never NaN.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        v: Mean square $v_{t-1}$, of the same shape, zero at first.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Share of the old mean gradient that is kept, in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, in $[0, 1)$.
        epsilon: The paper's $\hat\epsilon$, added to the root before the bias is corrected. The
            $\epsilon$ of its algorithm 1, added after, is $\hat\epsilon / \sqrt{1 - \beta_2^t}$.

    Returns:
        The update $\Delta$ to subtract, $m_t$ and $v_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adam import adam
        >>> zero = ops.array(0.0)
        >>> update, m, v = adam(ops.array(2.0), zero, zero, step=ops.array(1.0), learning_rate=0.1)
        >>> round(float(update), 4), round(float(m), 4), round(float(v), 4)
        (0.1, 0.2, 0.004)

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1 in the form that ends section 2.
    """
    m, v = moments(gradient, m, v, beta_1, beta_2)
    return corrected(m, v, step, learning_rate, beta_1, beta_2, epsilon), m, v


def amsgrad(
    gradient, m, v, v_hat, step, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7
):
    r"""Return the step of Adam that divides by the largest mean square so far.

    $$ \hat v_t = \max(\hat v_{t-1}, v_t), \qquad
       \Delta = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{\hat v_t} + \hat\epsilon} $$

    The paper leaves the bias uncorrected; Keras corrects it, and so does this.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        v: Mean square $v_{t-1}$, of the same shape, zero at first.
        v_hat: Largest mean square $\hat v_{t-1}$, of the same shape, zero at first.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Share of the old mean gradient that is kept, in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, in $[0, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root.

    Returns:
        The update $\Delta$ to subtract, $m_t$, $v_t$ and $\hat v_t$, of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adam import amsgrad
        >>> zero, one = ops.array(0.0), ops.array(1.0)
        >>> update, m, v, v_hat = amsgrad(ops.array(2.0), zero, zero, one, one, learning_rate=0.1)
        >>> round(float(v), 4), round(float(v_hat), 4)
        (0.004, 1.0)

    Reference:
        Reddi, Kale, Kumar 2018, "On the convergence of Adam and beyond", arXiv:1904.09237,
        algorithm 2.
    """
    m, v = moments(gradient, m, v, beta_1, beta_2)
    v_hat = ops.maximum(v_hat, v)
    return corrected(m, v_hat, step, learning_rate, beta_1, beta_2, epsilon), m, v, v_hat


def moments(gradient, m, v, beta_1, beta_2):
    r"""Return the averages of the gradient and of its square.

    $$ m_t = \beta_1 m_{t-1} + (1 - \beta_1) g, \qquad
       v_t = \beta_2 v_{t-1} + (1 - \beta_2) g^2 $$

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape.
        v: Mean square $v_{t-1}$, of the same shape.
        beta_1: Share of the old mean gradient that is kept, in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, in $[0, 1)$.

    Returns:
        $m_t$ and $v_t$, of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adam import moments
        >>> m, v = moments(ops.array(2.0), ops.array(0.0), ops.array(0.0), 0.9, 0.99)
        >>> round(float(m), 4), round(float(v), 4)
        (0.2, 0.04)

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    return moving_average(m, gradient, beta_1), moving_average(v, ops.square(gradient), beta_2)


def corrected(m, v, step, learning_rate, beta_1, beta_2, epsilon):
    r"""Return Adam's step from the two averages.

    $$ \Delta = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m}{\sqrt{v} + \hat\epsilon} $$

    Args:
        m: Mean gradient, a tensor of any shape.
        v: Mean square, of the same shape.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Share of the old mean gradient that was kept, in $[0, 1)$.
        beta_2: Share of the old mean square that was kept, in $[0, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root.

    Returns:
        The update $\Delta$ to subtract, of the shape of `m`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.adam import corrected
        >>> update = corrected(ops.array(0.2), ops.array(0.04), ops.array(1.0), 0.1, 0.9, 0.99, 0.0)
        >>> round(float(update), 4)
        0.1

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, the form of algorithm 1 that ends section 2.
    """
    correction = ops.sqrt(bias_correction(beta_2, step)) / bias_correction(beta_1, step)
    rate = ops.multiply(learning_rate, correction)
    return ops.divide(ops.multiply(rate, m), ops.add(ops.sqrt(v), epsilon))


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class Adam(RuleOptimizer):
    r"""Adam, optionally with AMSGrad's maximum; see the functions `adam` and `amsgrad`.

    $$ \theta_t = \theta_{t-1} - \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{v_t} + \hat\epsilon} $$

    The averages of half-precision variables are kept in float32.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, a float in $[0, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root before the bias is corrected (see
            `adam`).
        amsgrad: Whether to divide by the largest mean square so far.
        {base_options}

    Example:
        >>> import keras
        >>> from dlprep.optimizers import Adam
        >>> weight = keras.Variable(1.0)
        >>> Adam(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.9

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1; Reddi, Kale, Kumar 2018, arXiv:1904.09237,
        algorithm 2 (AMSGrad).
    """

    options = {"beta_1": "[0, 1)", "beta_2": "[0, 1)", "epsilon": "[0, inf)", "amsgrad": None}
    counted = True

    def __init__(
        self,
        learning_rate=0.001,
        beta_1=0.9,
        beta_2=0.999,
        epsilon=1e-7,
        amsgrad=False,
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
        """Adam's equation or AMSGrad's."""
        return amsgrad if self.amsgrad else adam

    @property
    def slots(self):
        """The two averages, and the largest mean square where wanted."""
        averages = {"momentum": "_momentums", "velocity": "_velocities"}
        return [averages, {"velocity_hat": "_velocity_hats"}][: 1 + bool(self.amsgrad)]
