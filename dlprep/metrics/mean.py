"""Weighted means over batches: the base of every metric that averages one number per example."""

from keras import metrics, ops, saving
from keras.src.backend import get_keras_mask

from dlprep.stand_in import StandIn


def same_rank(x, y):
    """Make two tensors of neighbouring ranks equal in rank, by an axis of length one at the end.

    A vector gets the axis; from a higher rank it is taken away.

    Args:
        x: A tensor.
        y: Another, of a rank that differs by one at most, or is left as it is.

    Returns:
        Both tensors.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.mean import same_rank
        >>> [tuple(z.shape) for z in same_rank(ops.ones((3, 1)), ops.ones(3))]
        [(3, 1), (3, 1)]
    """
    if len(x.shape) == len(y.shape) + 1 and x.shape[-1] == 1:
        if len(y.shape) == 1:
            return x, ops.expand_dims(y, -1)
        return ops.squeeze(x, -1), y
    if len(y.shape) == len(x.shape) + 1:
        return same_rank(y, x)[::-1]
    return x, y


def fits(shape, wanted):
    """Return whether two shapes agree in length and wherever both are known.

    Args:
        shape: A shape, None for unknown sizes.
        wanted: Another.

    Example:
        >>> from dlprep.metrics.mean import fits
        >>> fits((None, 3), (2, 3)), fits((2, 1), (2, 3))
        (True, False)
    """
    pairs = zip(shape, wanted, strict=False)
    return len(shape) == len(wanted) and all(a is None or b is None or a == b for a, b in pairs)


def broadcast_weight(sample_weight, values):
    """Give weights the shape of the values: one weight may stand for all values of an example.

    Args:
        sample_weight: Weights whose shape is the beginning of that of `values`, or that with an
            axis of length one more or less; None for ones.
        values: A tensor of shape `(batch, ...)`.

    Returns:
        Tensor of the shape of `values`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.mean import broadcast_weight
        >>> tuple(broadcast_weight(ops.ones(3), ops.ones((3, 4))).shape)
        (3, 4)
    """
    if sample_weight is None:
        return ops.ones_like(values)
    sample_weight = tensor(sample_weight, values.dtype)
    while len(sample_weight.shape) > len(values.shape) and sample_weight.shape[-1] == 1:
        sample_weight = ops.squeeze(sample_weight, -1)
    while len(sample_weight.shape) < len(values.shape):
        sample_weight = ops.expand_dims(sample_weight, -1)
    return ops.broadcast_to(sample_weight, ops.shape(values))


def weighted_sums(values, sample_weight=None):
    r"""Return what a batch adds to a weighted mean.

    $$ s = \frac{1}{k} \sum_{ij} w_{ij} v_{ij}, \qquad n = \frac{1}{k} \sum_{ij} w_{ij} $$

    for $k$ values per example, so that without weights $n$ is the number of examples.

    Args:
        values: Tensor of shape `(batch, ...)`, or a scalar.
        sample_weight: Weights as `broadcast_weight` takes them, or None for ones.

    Returns:
        The weighted sum $s$ and the weight $n$, two scalars.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.mean import weighted_sums
        >>> total, count = weighted_sums(ops.array([1.0, 5.0]), ops.array([3.0, 1.0]))
        >>> float(total), float(count)
        (8.0, 4.0)

    Reference:
        Keras 3, `keras.metrics.Mean`.
    """
    weight = broadcast_weight(sample_weight, values)
    # Batch size over number of values, which may be zero for an empty batch.
    examples = ops.shape(values)[0] if len(values.shape) else 1
    share = ops.divide_no_nan(
        ops.cast(examples, values.dtype), ops.cast(ops.size(values), values.dtype)
    )
    return ops.sum(weighted(values, weight)) * share, ops.sum(weight) * share


def tensor(x, dtype=None):
    """Return a tensor of anything like one, in its own dtype or another."""
    x = ops.convert_to_tensor(x)
    # TensorFlow's variables pass for tensors, but lack some of their attributes.
    x = x.read_value() if hasattr(x, "read_value") else x
    return x if dtype is None else ops.cast(x, dtype)


def weighted(values, weight):
    """Return weighted values, zero where the weight is, whatever the value."""
    return ops.where(weight == 0, ops.zeros_like(values), values * weight)


def unless_nan(values, *sources):
    """Return values, but NaN wherever one of the tensors they come from is, or its last axis."""
    for source in map(tensor, sources):
        if "float" in str(source.dtype):
            unknown = ops.isnan(source)
            if len(unknown.shape) > len(values.shape):
                unknown = ops.any(unknown, -1)
            values = ops.where(unknown, float("nan"), values)
    return values


@saving.register_keras_serializable(package="dlprep.metrics")
class Mean(metrics.Metric, metaclass=StandIn):
    r"""Weighted mean of the values it is given; see the function `weighted_sums`.

    $$ \bar v = \frac{\sum_i w_i v_i}{\sum_i w_i} $$

    Zero before any value.

    Args:
        name: Name of the metric.
        dtype: Type of the sums.

    Example:
        >>> from dlprep.metrics import Mean
        >>> metric = Mean()
        >>> float(metric([1.0, 3.0], sample_weight=[3.0, 1.0]))
        1.5

    Reference:
        Keras 3, `keras.metrics.Mean`.
    """

    def __init__(self, name="mean", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.total = self.add_variable((), "zeros", self.dtype, name="total")
        self.count = self.add_variable((), "zeros", self.dtype, name="count")

    def update_state(self, values, sample_weight=None):
        """Add a batch of values.

        Args:
            values: Tensor of shape `(batch, ...)`, or a scalar.
            sample_weight: Weights of the examples or of the single values, or None.
        """
        mask = get_keras_mask(values)
        values = tensor(values, self.dtype)
        total, count = weighted_sums(values, masked_weight(sample_weight, mask, self.dtype))
        self.total.assign_add(total)
        self.count.assign_add(count)

    def result(self):
        """Return the mean of all batches since the last reset, a scalar."""
        return ops.divide_no_nan(self.total, self.count)


def masked_weight(sample_weight, mask, dtype):
    """Return weights that are zero where a mask says so.

    Args:
        sample_weight: Weights, or None.
        mask: Booleans of the shape `(batch, ...)`, or None.
        dtype: Type of the weights.

    Returns:
        Tensor, or None where neither is given.

    Example:
        >>> from dlprep.metrics.mean import masked_weight
        >>> [float(w) for w in masked_weight([2.0, 3.0], [True, False], "float32")]
        [2.0, 0.0]
    """
    if sample_weight is not None:
        sample_weight = tensor(sample_weight, dtype)
    if mask is None:
        return sample_weight
    mask = ops.cast(mask, dtype)
    if sample_weight is None:
        return mask
    if len(sample_weight.shape) > len(mask.shape):
        return sample_weight * broadcast_weight(mask, sample_weight)
    return mask * broadcast_weight(sample_weight, mask)


class MeanOfPairs(Mean):
    r"""Mean of a function of label and prediction.

    $$ \frac{\sum_i w_i f(y_i, \hat y_i)}{\sum_i w_i} $$

    Args:
        fn: Called as `fn(y_true, y_pred, **settings)`; one number per example, or per position.
        name: Name of the metric.
        dtype: Type of the sums.
        **settings: The function's further arguments; each becomes an attribute and a config entry.

    Example:
        >>> from dlprep.metrics import MeanAbsoluteError
        >>> float(MeanAbsoluteError()([1.0, 2.0], [1.0, 4.0]))
        1.0

    Reference:
        Keras 3, `keras.metrics.MeanMetricWrapper`.
    """

    def __init__(self, fn, name, dtype, **settings):
        super().__init__(name=name, dtype=dtype)
        self._fn = fn
        self._fn_kwargs = settings
        for setting, value in settings.items():
            setattr(self, setting, value)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of labels and predictions.

        Args:
            y_true: Labels.
            y_pred: Predictions.
            sample_weight: Weights of the examples or positions, or None.
        """
        mask = get_keras_mask(y_pred)
        weight = masked_weight(sample_weight, mask, self.dtype)
        super().update_state(self._fn(y_true, y_pred, **self._fn_kwargs), weight)

    def get_config(self):
        """Return the constructor arguments."""
        return {**super().get_config(), **self._fn_kwargs}
