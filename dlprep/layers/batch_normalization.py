"""Batch normalisation: standardise each channel with the statistics of the batch."""

from operator import index

from keras import InputSpec, config, ops, saving

from dlprep.layers import settings
from dlprep.layers.fused_batch_norm import fused_batch_norm, kernel_takes
from dlprep.layers.layer import Layer
from dlprep.layers.moments import check_axes, moments, standardize
from dlprep.layers.precision import widen


def batch_normalization(x, gamma=None, beta=None, axes=(0,), epsilon=1e-3):
    r"""Standardise with the statistics of the batch itself, then scale and shift.

    $$ y = \gamma \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta $$

    Args:
        x: Inputs, all axes but the channels' in `axes`, float32 or wider.
        gamma: Scale $\gamma$ that broadcasts to `x`, or None for 1.
        beta: Shift $\beta$ that broadcasts to `x`, or None for 0.
        axes: Axes of the mean and the variance.
        epsilon: Number $\epsilon$ added to the variance.

    Returns:
        Tensor of the shape of `x`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.batch_normalization import batch_normalization
        >>> y = batch_normalization(ops.array([[1.0], [3.0]]), gamma=2.0, beta=5.0, epsilon=0.0)
        >>> [float(value) for value in y[:, 0]]
        [3.0, 7.0]

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithm 1.
    """
    return standardize(x, *moments(x, axes), gamma, beta, epsilon)


def renorm_correction(mean, deviation, moving_mean, moving_deviation, clipping):
    r"""Return the factor and shift that turn batch statistics into moving ones.

    $$ r = \frac{\sigma_B}{\sigma}, \quad d = \frac{\mu_B - \mu}{\sigma} $$

    Both count as constants in the backward pass.

    Args:
        mean: Batch mean $\mu_B$.
        deviation: Batch standard deviation $\sigma_B$.
        moving_mean: Moving mean $\mu$.
        moving_deviation: Moving standard deviation $\sigma$, above 0.
        clipping: Dict with any of `rmin`, `rmax` (limits of $r$) and `dmax` (limit of $|d|$).

    Returns:
        The pair $(r, d)$, each of the shape of `mean`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.batch_normalization import renorm_correction
        >>> r, d = renorm_correction(*(ops.array(v) for v in (5.0, 3.0, 1.0, 2.0)), {"dmax": 1.0})
        >>> float(r), float(d)
        (1.5, 1.0)

    Reference:
        Ioffe 2017, arXiv:1702.03275, algorithm 1.
    """
    r = deviation / moving_deviation
    d = (mean - moving_mean) / moving_deviation
    if clipping.get("rmin") is not None:
        r = ops.maximum(r, clipping["rmin"])
    if clipping.get("rmax") is not None:
        r = ops.minimum(r, clipping["rmax"])
    if clipping.get("dmax") is not None:
        d = ops.clip(d, -clipping["dmax"], clipping["dmax"])
    return ops.stop_gradient(r), ops.stop_gradient(d)


@saving.register_keras_serializable(package="dlprep.layers")
class BatchNormalization(Layer):
    r"""Standardise each channel over the batch; mathematics: `moments` and `batch_normalization`.

    $$ y = \gamma \frac{x - \mu_B}{\sqrt{\sigma_B^2 + \epsilon}} + \beta, \quad
       \mu \leftarrow m \mu + (1 - m) \mu_B $$

    Training uses the batch's statistics and moves the running ones; inference, and a layer with
    `trainable = False`, uses the running ones. Masked positions do not count in the statistics, and
    what is not finite there counts as 0. As in Keras, a subclass may override
    `_moments(inputs, mask)`, the batch's mean and variance per channel, which only training calls;
    others of Keras's private methods are not called.

    Args:
        axis: The channel axis, which keeps its own statistics.
        momentum: Share $m$ of the old running statistics kept at each step.
        epsilon: Number $\epsilon$ added to the variance.
        center: Whether $\beta$ is added.
        scale: Whether $\gamma$ multiplies.
        beta_initializer: Initial $\beta$, shape `(channels,)`.
        gamma_initializer: Initial $\gamma$, shape `(channels,)`.
        moving_mean_initializer: Initial running mean, shape `(channels,)`.
        moving_variance_initializer: Initial running variance, shape `(channels,)`.
        beta_regularizer: Penalty on $\beta$.
        gamma_regularizer: Penalty on $\gamma$.
        beta_constraint: Projection of $\beta$ after each update.
        gamma_constraint: Projection of $\gamma$ after each update.
        renorm: Whether to correct by `renorm_correction`, so that training sees the running
            statistics too.
        renorm_clipping: Limits `rmin`, `rmax` and `dmax` of the correction; only with `renorm`.
        renorm_momentum: Momentum of the statistics that the correction refers to.
        synchronized: Whether replicas share statistics; TensorFlow only.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: Tensor of any shape, with the batch first.
        training: Whether to take the batch's statistics and move the running ones.
        mask: Booleans of the inputs' shape without the last axis, False where an entry does not
            count in the statistics.

    Raises:
        ValueError: If `synchronized` is asked for on another backend, if a momentum is outside 0 to
            1 or `epsilon` negative, if `renorm_clipping` is contradictory, if the input has not the
            axis, or if the mask does not have one axis less than the input.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import BatchNormalization
        >>> y = BatchNormalization()(np.array([[1.0], [3.0]]), training=True)
        >>> [round(float(value), 3) for value in y[:, 0]]
        [-1.0, 1.0]

    Reference:
        Ioffe, Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
    """

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        synchronized=False,
        **kwargs,
    ):
        if synchronized and config.backend() != "tensorflow":
            raise ValueError(
                "BatchNormalization(synchronized=True) needs the TensorFlow backend, "
                f"but this is {config.backend()}: leave it False."
            )
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.axis, self.momentum, self.epsilon = index(axis), float(momentum), float(epsilon)
        if renorm:
            self.renorm_clipping = check_clipping(renorm_clipping)
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False

    def build(self, input_shape):
        channels = (check_axes(self.axis, input_shape)[self.axis],)
        own = {"autocast": False}
        self.gamma = settings.weight(self, "gamma", channels, **own) if self.scale else None
        self.beta = settings.weight(self, "beta", channels, **own) if self.center else None
        frozen = own | {"trainable": False}
        self.moving_mean = settings.weight(self, "moving_mean", channels, **frozen)
        self.moving_variance = settings.weight(self, "moving_variance", channels, **frozen)
        if self.renorm:
            self._build_renorm(channels, frozen)
        self.input_spec = InputSpec(ndim=len(input_shape), axes={self.axis: channels[0]})

    def _build_renorm(self, channels, frozen):
        def start(shape, dtype=None):
            return ops.sqrt(clone(self.moving_variance_initializer)(shape, dtype=dtype))

        def add(name, initial):
            return self.add_weight(name=name, shape=channels, initializer=initial, **frozen)

        self.moving_stddev = add("moving_stddev", start)
        self.renorm_mean = add("renorm_mean", clone(self.moving_mean_initializer))
        self.renorm_stddev = add("renorm_stddev", start)

    def call(self, inputs, training=None, mask=None):
        if mask is not None and len(mask.shape) != len(inputs.shape) - 1:
            raise ValueError(
                "The mask of BatchNormalization needs one axis less than the input: "
                f"mask {tuple(mask.shape)}, input {tuple(inputs.shape)}."
            )
        x = widen(inputs, self.compute_dtype)
        if mask is not None:
            # Times a gradient of 0, the nan of a masked entry would be nan in gamma's.
            mask = ops.cast(mask, "bool")
            x = ops.where(ops.logical_or(ops.expand_dims(mask, -1), ops.isfinite(x)), x, 0)
        y = self._train(x, mask) if training and self.trainable else self._infer(x)
        return ops.cast(y, self.compute_dtype)

    def _infer(self, x):
        if kernel_takes(x, self.axis, self.epsilon):
            weights = (self.gamma, self.beta, self.moving_mean, self.moving_variance)
            return fused_batch_norm(x, *weights, self.epsilon)[0]
        statistics = (self.moving_mean, self.moving_variance, self.gamma, self.beta)
        return standardize(x, *(self._channelwise(s, x) for s in statistics), self.epsilon)

    def _train(self, x, mask):
        own = type(self)._moments is not BatchNormalization._moments
        plain = mask is None and not (own or self.renorm or self.synchronized)
        if plain and kernel_takes(x, self.axis, self.epsilon):
            y, *batch = fused_batch_norm(x, self.gamma, self.beta, epsilon=self.epsilon)
            self._move(*batch)
            return y
        batch_mean, batch_variance = batch = self._moments(x, mask)
        mean, variance, gamma, beta = (
            self._channelwise(values, x) for values in (*batch, self.gamma, self.beta)
        )
        if self.renorm:
            r, d = self._renorm(batch_mean, ops.sqrt(batch_variance + self.epsilon))
            y = standardize(x, mean, variance, epsilon=self.epsilon)
            y = y * self._channelwise(r, x) + self._channelwise(d, x)
            y = y if gamma is None else y * gamma
            return y if beta is None else y + beta
        self._move(batch_mean, batch_variance)
        return standardize(x, mean, variance, gamma, beta, self.epsilon)

    def _moments(self, inputs, mask):
        channel = self.axis % len(inputs.shape)
        axes = [axis for axis in range(len(inputs.shape)) if axis != channel]
        weights = None if mask is None else ops.expand_dims(mask, -1)
        found = moments(inputs, axes, weights, self.synchronized)
        return [ops.reshape(moment, (-1,)) for moment in found]

    def _move(self, mean, variance):
        move(self.moving_mean, mean, self.momentum)
        move(self.moving_variance, variance, self.momentum)

    def _renorm(self, mean, deviation):
        smallest = ops.sqrt(ops.cast(self.epsilon, mean.dtype))
        reference = (self.renorm_mean, ops.maximum(self.renorm_stddev, smallest))
        r, d = renorm_correction(mean, deviation, *reference, self.renorm_clipping)
        move(self.renorm_mean, mean, self.renorm_momentum)
        move(self.renorm_stddev, deviation, self.renorm_momentum)
        move(self.moving_mean, mean, self.momentum)
        move(self.moving_stddev, deviation, self.momentum)
        # Rounding can push the difference just below zero.
        self.moving_variance.assign(ops.relu(ops.square(self.moving_stddev) - self.epsilon))
        return r, d

    def _channelwise(self, values, x):
        if values is None:
            return None
        shape = [1] * len(x.shape)
        shape[self.axis] = -1
        return ops.cast(ops.reshape(values, shape), x.dtype)

    def compute_output_shape(self, input_shape):
        return check_axes(self.axis, input_shape)


def move(average, value, momentum):
    r"""Move a running average towards a value: $\mu \leftarrow m \mu + (1 - m) v$."""
    average.assign(average * momentum + ops.cast(value, average.dtype) * (1 - momentum))


def clone(initializer):
    """Return a copy of an initializer, so that two weights do not get the same draw."""
    return initializer.clone() if hasattr(initializer, "clone") else initializer


def check_clipping(clipping):
    """Return the renorm limits as a dict.

    Args:
        clipping: Dict with any of `rmin`, `rmax` and `dmax`, or None for no limits.

    Raises:
        ValueError: If a key is unknown or a limit is contradictory.
    """
    clipping = clipping or {}
    unknown = set(clipping) - {"rmin", "rmax", "dmax"}
    rmin, rmax, dmax = (clipping.get(key) for key in ("rmin", "rmax", "dmax"))
    if unknown:
        raise ValueError(
            f"Received invalid keys {sorted(unknown)} in `renorm_clipping`: use rmin, rmax, dmax."
        )
    if rmin is not None and rmax is not None and rmax < rmin:
        raise ValueError(f"rmax should be at least rmin, but rmin={rmin} and rmax={rmax}.")
    if dmax is not None and dmax < 0:
        raise ValueError(f"dmax should be non-negative, but is {dmax}.")
    return clipping
