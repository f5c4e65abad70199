"""RAdam: Adam whose first steps are shortened while its mean square is still a guess."""

import math

from keras import ops, saving

from dlprep.optimizers.adam import corrected, moments
from dlprep.optimizers.averages import bias_correction
from dlprep.optimizers.base_options import describe
from dlprep.optimizers.rule import RuleOptimizer, arguments


def radam(gradient, m, v, step, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7):
    r"""Return the step of RAdam.

    $$ \Delta = \eta \, r_t \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{v_t} + \hat\epsilon} \ \text{if } \rho_t > 4, \qquad
       \Delta = \eta \frac{m_t}{1 - \beta_1^t} \ \text{otherwise} $$

    with Adam's averages, and $\rho_t$ and $r_t$ of `sample_length` and `rectification`.

    Args:
        gradient: Gradient $g$, a tensor of any shape.
        m: Mean gradient $m_{t-1}$, of the same shape, zero at first.
        v: Mean square $v_{t-1}$, of the same shape, zero at first.
        step: Number of this step $t \ge 1$, a float tensor.
        learning_rate: Step size $\eta$, a float or scalar tensor.
        beta_1: Share of the old mean gradient that is kept, in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, in $(0.6, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root, as in `adam`.

    Returns:
        The update $\Delta$ to subtract, $m_t$ and $v_t$, all of the shape of `gradient`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.radam import radam
        >>> zero = ops.array(0.0)
        >>> update, m, v = radam(ops.array(2.0), zero, zero, step=ops.array(1.0), learning_rate=0.1)
        >>> round(float(update), 4)
        0.2

    Reference:
        Liu et al. 2020, "On the variance of the adaptive learning rate and beyond",
        arXiv:1908.03265, algorithm 2.
    """
    m, v = moments(gradient, m, v, beta_1, beta_2)
    length = sample_length(step, beta_2)
    adaptive = corrected(m, v, step, learning_rate, beta_1, beta_2, epsilon)
    plain = ops.multiply(learning_rate / bias_correction(beta_1, step), m)
    update = ops.where(length > 4, rectification(length, beta_2) * adaptive, plain)
    return update, m, v


def sample_length(step, beta_2):
    r"""Return how many gradients the corrected mean square is worth.

    $$ \rho_t = \rho_\infty - \frac{2 t \beta_2^t}{1 - \beta_2^t}, \qquad
       \rho_\infty = \frac{2}{1 - \beta_2} - 1 $$

    Both terms are near 2000 at first and their difference near $t$, so float32 would lose four
    digits. With $u = -\frac{1}{2} \ln \beta_2$ and $L(z) = \coth z - 1 / z$ the same number is
    $\rho_t = t - t L(t u) + L(u)$.

    Args:
        step: Number of this step $t \ge 1$, a float tensor.
        beta_2: Share of the old mean square that is kept, in $(0, 1)$.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.radam import sample_length
        >>> round(float(sample_length(ops.array(5.0), beta_2=0.999)), 4)
        4.996

    Reference:
        Liu et al. 2020, arXiv:1908.03265, algorithm 2.
    """
    u = -0.5 * math.log(beta_2)
    constant = 1 / math.tanh(u) - 1 / u
    return step - step * langevin(step * u) + constant


def langevin(z):
    r"""Return $L(z) = \coth z - 1 / z$ for positive $z$.

    Args:
        z: Positive numbers, a float tensor.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.radam import langevin
        >>> round(float(langevin(ops.array(3.0))), 4)
        0.6716

    Reference:
        Abramowitz, Stegun 1964, "Handbook of mathematical functions", 4.5.67 (series).
    """
    square = z * z
    series = z / 3 * (1 - square / 15 * (1 - square * 2 / 21 * (1 - square / 10)))
    return ops.where(z < 0.5, series, 1 / ops.tanh(z) - 1 / z)


def rectification(length, beta_2):
    r"""Return the factor on Adam's step that undoes the variance of few gradients.

    $$ r_t = \sqrt{\frac{(\rho_t - 4)(\rho_t - 2) \rho_\infty}
       {(\rho_\infty - 4)(\rho_\infty - 2) \rho_t}} $$

    Args:
        length: Sample length $\rho_t$, a float tensor; the factor is zero up to 4.
        beta_2: Share of the old mean square that is kept, in $(0.6, 1)$.

    Returns:
        Tensor of the shape of `length`, in $[0, 1)$.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.radam import rectification
        >>> round(float(rectification(ops.array(1999.0), beta_2=0.999)), 4)
        1.0

    Reference:
        Liu et al. 2020, arXiv:1908.03265, algorithm 2.
    """
    limit = 2 / (1 - beta_2) - 1
    length = ops.maximum(length, 4.0)
    # Ratios first: the products of four lengths are near 1e13.
    ratio = (length - 4) / (limit - 4) * ((length - 2) / (limit - 2)) * (limit / length)
    return ops.sqrt(ratio)


@saving.register_keras_serializable(package="dlprep.optimizers")
@describe
class RAdam(RuleOptimizer):
    r"""Rectified Adam: a warm-up that follows from the variance; see the function `radam`.

    $$ \theta_t = \theta_{t-1} - \eta \, r_t \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}
       \frac{m_t}{\sqrt{v_t} + \hat\epsilon} $$

    With $\beta_2 = 0.999$ the first four steps are plain momentum, and $r_t$ then grows from 0.02
    to one over some thousands of steps.

    Args:
        learning_rate: Step size $\eta$, a float, a schedule, or a function without arguments.
        beta_1: Share of the old mean gradient that is kept, a float in $[0, 1)$.
        beta_2: Share of the old mean square that is kept, a float in $(0.6, 1)$.
        epsilon: Small number $\hat\epsilon$ added to the root, as in `adam`.
        **kwargs: Options of every Keras optimizer, such as `weight_decay` and `global_clipnorm`.

    Raises:
        ValueError: If `beta_1` is not in $[0, 1)$, `epsilon` is negative, or `beta_2` is not in
            $(0.6, 1)$: at 0.6 or less the mean square never becomes certain.

    Example:
        >>> import keras
        >>> from dlprep.optimizers import RAdam
        >>> weight = keras.Variable(1.0)
        >>> RAdam(learning_rate=0.1).apply([keras.ops.array(2.0)], [weight])
        >>> round(float(weight), 4)
        0.8

    Reference:
        Liu et al. 2020, "On the variance of the adaptive learning rate and beyond",
        arXiv:1908.03265, algorithm 2.
    """

    rule = staticmethod(radam)
    slots = [{"momentum": "_momentums", "velocity": "_velocities"}]
    # At a share of 0.6 or less the mean square never becomes certain.
    options = {"beta_1": "[0, 1)", "beta_2": "(0.6, 1)", "epsilon": "[0, inf)"}
    counted = True

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-7, **kwargs):
        super().__init__(**arguments(locals()))
