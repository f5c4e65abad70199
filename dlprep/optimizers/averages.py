r"""Exponentially weighted averages: the memory of every adaptive optimizer.

An average that starts at zero is too small at first; dividing it by the bias correction
$1 - \beta^t$ mends that.
"""

import math

from keras import ops


def moving_average(average, value, beta):
    r"""Move an exponentially weighted average towards a new value.

    $$ v_t = \beta v_{t-1} + (1 - \beta) \theta_t $$

    Args:
        average: The average so far $v_{t-1}$, a tensor of any shape.
        value: The new value $\theta_t$, of the same shape.
        beta: Share of the old average that is kept, a float in $[0, 1)$; the average reaches back
            over about $1 / (1 - \beta)$ values.

    Returns:
        Tensor of the same shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.averages import moving_average
        >>> round(float(moving_average(ops.array(10.0), ops.array(20.0), beta=0.9)), 4)
        11.0

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, algorithm 1.
    """
    return ops.add(ops.multiply(beta, average), ops.multiply(1 - beta, value))


def bias_correction(beta, step):
    r"""Return the total weight of the values in an average that began at zero.

    $$ 1 - \beta^t = -\operatorname{expm1}(t \ln \beta) $$

    Args:
        beta: Share of the old average that is kept, a float in $[0, 1)$.
        step: Number of values averaged $t \ge 1$, a float tensor.

    Returns:
        Tensor of the shape of `step`.

    Example:
        >>> from keras import ops
        >>> from dlprep.optimizers.averages import bias_correction
        >>> round(float(bias_correction(0.9, ops.array(2.0))), 4)
        0.19

    Reference:
        Kingma, Ba 2015, arXiv:1412.6980, section 3.
    """
    # float32 holds 0.999 only to 1e-8, so 1 - beta would be off by 5e-5 of itself; ln(beta) is
    # taken in double precision and rounded once.
    rate = math.log(beta) if beta > 0 else -math.inf
    return ops.negative(ops.expm1(ops.multiply(step, rate)))
