"""Mean and variance, and standardising with them: what the normalisation layers share."""

from keras import ops


def moments(x, axes, weights=None, synchronized=False):
    r"""Return mean and variance over the given axes, the variance from squared deviations.

    $$ \mu = \frac{\sum_i w_i x_i}{\sum_i w_i}, \quad
       \sigma^2 = \frac{\sum_i w_i (x_i - \mu)^2}{\sum_i w_i} $$

    The shortcut $E[x^2] - \mu^2$ loses every digit of a small variance around a large mean.

    Args:
        x: Inputs of any shape, float32 or wider.
        axes: Axes to average over.
        weights: Weights $w$ of a shape that broadcasts to `x`, 0 for positions that do not count;
            None counts every position once. Where all weights are 0, both results are 0.
        synchronized: Whether to average over the replicas of a distribution strategy too.

    Returns:
        Mean and variance, with the averaged axes kept at size 1.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.moments import moments
        >>> mean, variance = moments(ops.array([[1.0], [3.0]]), axes=[0])
        >>> float(mean[0, 0]), float(variance[0, 0])
        (2.0, 1.0)

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1, the first two lines.
    """

    def average(values):
        if synchronized:
            return ops.moments(values, axes, keepdims=True, synchronized=True)[0]
        return ops.mean(values, axes, keepdims=True)

    if weights is None:
        mean = average(x)
        # The deviations add up to zero, so no gradient passes through the mean in here.
        return mean, average(ops.square(x - ops.stop_gradient(mean)))
    weights = ops.broadcast_to(weights, ops.shape(x))
    share = average(ops.cast(weights, x.dtype))
    # A select, not a product: padding may hold nan or inf.
    mean = ops.divide_no_nan(average(ops.where(weights, x, 0)), share)
    deviation = ops.where(weights, x - mean, 0)
    return mean, ops.divide_no_nan(average(ops.square(deviation)), share)


def standardize(x, mean, variance, gamma=None, beta=None, epsilon=1e-3):
    r"""Standardise with given statistics, then scale and shift.

    $$ y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta $$

    Args:
        x: Inputs of any shape.
        mean: Mean $\mu$, of a shape that broadcasts to `x`, as the next three.
        variance: Variance $\sigma^2$.
        gamma: Scale $\gamma$, or None for 1.
        beta: Shift $\beta$, or None for 0.
        epsilon: Number $\epsilon$ added to the variance.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.moments import standardize
        >>> float(standardize(ops.array([7.0]), mean=3.0, variance=4.0, epsilon=0.0)[0])
        2.0

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1, the last two lines.
    """
    # Subtract first: x / sigma - mu / sigma would cancel two large numbers.
    factor = ops.rsqrt(ops.cast(variance + epsilon, x.dtype))
    y = (x - mean) * (factor if gamma is None else factor * gamma)
    return y if beta is None else y + beta


def check_axes(axis, input_shape):
    """Return the input shape after making sure that it has the axes, each named once.

    Args:
        axis: An axis or several that a layer normalises, negative ones from the end.
        input_shape: Shape of the layer's input.

    Raises:
        ValueError: If there is no axis, or one that the input has not or that is named twice.
    """
    rank, axes = len(input_shape), [axis] if isinstance(axis, int) else axis
    if not axes or any(type(one) is not int or not -rank <= one < rank for one in axes):
        raise ValueError(
            f"Axis {axis!r} is out of bounds for input shape {input_shape}. "
            "All `axis` values must be in the range of its axes, and one has to be given."
        )
    if len({one % rank for one in axes}) < len(axes):
        raise ValueError(f"Axis {axis!r} names one of input shape {input_shape} twice.")
    return input_shape


def sorted_axes(axis, rank):
    """Return one or more axes as a sorted list of positive ones.

    Args:
        axis: An axis or several, negative ones from the end.
        rank: Number of axes of the input.
    """
    axes = [axis] if isinstance(axis, int) else axis
    return sorted(number % rank for number in axes)


def spread(weight, axes, x):
    """Return a weight that spans the axes, shaped and typed to broadcast to `x`.

    Args:
        weight: Tensor with one axis per entry of `axes`, or None.
        axes: Sorted positive axes of `x`.
        x: Tensor.
    """
    if weight is None:
        return None
    sizes = iter(weight.shape)
    shape = [next(sizes) if axis in axes else 1 for axis in range(len(x.shape))]
    return ops.cast(ops.reshape(weight, shape), x.dtype)
