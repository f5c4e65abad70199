"""Feature scaling: standardise, or map to an interval, with statistics learned from data."""

import math

import numpy as np
from keras import backend, layers, ops, saving, utils

from dlprep.layers import settings
from dlprep.layers.layer import Layer
from dlprep.layers.moments import check_axes
from dlprep.layers.precision import widen


def merge_moments(first, second):
    r"""Join the count, mean and variance of two samples into those of both together.

    $$ \mu = \mu_a + \frac{n_b}{n} \delta, \quad
       \sigma^2 = \frac{n_a \sigma_a^2 + n_b \sigma_b^2}{n} + \frac{n_a n_b}{n^2} \delta^2, \quad
       \delta = \mu_b - \mu_a $$

    Args:
        first: Triple $(n_a, \mu_a, \sigma_a^2)$ of a count and two arrays.
        second: Triple $(n_b, \mu_b, \sigma_b^2)$, likewise.

    Returns:
        The triple $(n, \mu, \sigma^2)$.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers.normalization import merge_moments
        >>> count, mean, variance = merge_moments((1, np.float64(1), np.float64(0)), (1, 3.0, 0.0))
        >>> count, float(mean), float(variance)
        (2, 2.0, 1.0)

    Reference:
        Chan, Golub, LeVeque 1979, "Updating formulae and a pairwise algorithm for computing sample
        variances", equation 2.1.
    """
    (n_a, mean_a, variance_a), (n_b, mean_b, variance_b) = first, second
    share, delta = n_b / (n_a + n_b), mean_b - mean_a
    variance = (1 - share) * variance_a + share * variance_b + share * (1 - share) * delta**2
    return n_a + n_b, mean_a + share * delta, variance


def batches(data):
    """Yield the arrays of a data set that are not empty; of a tuple, the first entry.

    Args:
        data: An array, a tensor, a `keras.utils.PyDataset`, a `tf.data.Dataset` or an iterable of
            batches.

    Raises:
        TypeError: If the data or a batch is none of these.
        ValueError: If there is no batch with a row.
    """
    if backend.is_keras_tensor(data):
        raise TypeError("adapt() needs data, not a symbolic tensor.")
    if hasattr(data, "shape"):
        data = [data]
    elif isinstance(data, utils.PyDataset):
        data = map(data.__getitem__, range(len(data)))
    elif hasattr(data, "element_spec"):
        spec = data.element_spec
        spec = spec[0] if isinstance(spec, tuple) else spec
        data = data.batch(128) if len(spec.shape) == 1 else data
    elif not hasattr(data, "__iter__"):
        raise TypeError(f"Unsupported data type {type(data)}: adapt() needs arrays or batches.")
    found = False
    for batch in data:
        batch = batch[0] if isinstance(batch, (list, tuple)) else batch
        if not hasattr(batch, "shape"):
            raise TypeError(f"adapt() needs batches with a `.shape`, not {type(batch).__name__}.")
        # No row says nothing, but its mean would be NaN.
        if 0 not in batch.shape:
            found = True
            yield ops.convert_to_numpy(batch) if not isinstance(batch, np.ndarray) else batch
    if not found:
        raise ValueError("adapt() received an empty iterable: give it at least one row.")


@saving.register_keras_serializable(package="dlprep.layers")
class Normalization(Layer, layers.Normalization):
    r"""Standardise features with a mean and a variance that are given or learned by `adapt`.

    $$ y = \frac{x - \mu}{\sigma} $$

    `adapt` computes in float64 and merges batches by `merge_moments`. Of Keras's class it has the
    type, which `FeatureSpace` asks for, and the passage through a `tf.data` pipeline.

    Args:
        axis: Axis or axes that keep statistics of their own; None keeps one pair for all.
        mean: Mean $\mu$, or None to learn it.
        variance: Variance $\sigma^2$, or None to learn it.
        invert: Whether to go back, $x = \mu + \sigma y$.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If only one of mean and variance is given, or shapes do not fit.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Normalization
        >>> layer = Normalization()
        >>> layer.adapt(np.array([[1.0], [3.0]]))
        >>> float(layer(np.array([[5.0]]))[0, 0])
        3.0

    Reference:
        LeCun, Bottou, Orr, Mueller 1998, "Efficient backprop", section 4.3.
    """

    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        axis = settings.native(axis)
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        check_statistics(mean, variance, self.axis)
        self.input_mean, self.input_variance, self.invert = mean, variance, invert
        self.mean = self.variance = self._shape = None
        self.supports_masking = True
        # The statistics need the input as it came, not rounded to half precision.
        self.autocast = False

    def build(self, input_shape):
        if input_shape is None:
            return
        self._shape, rank = tuple(input_shape), len(input_shape)
        if self.axis:
            check_axes(self.axis, self._shape)
        self._kept = sorted(axis % rank for axis in self.axis)
        shape = tuple(input_shape[axis] for axis in self._kept)
        if None in shape:
            raise ValueError(
                f"All `axis` values to be kept must have a known size: axis={self.axis} of an "
                f"input of shape {self._shape}."
            )
        if self.input_mean is None:
            frozen = {"shape": shape, "trainable": False, "autocast": False}
            self.adapt_mean = self.add_weight(name="mean", initializer="zeros", **frozen)
            self.adapt_variance = self.add_weight(name="variance", initializer="ones", **frozen)
            self.count = self.add_weight(
                name="count", shape=(), dtype="int", initializer="zeros", trainable=False
            )
        self.built = True
        self.finalize_state()

    def adapt(self, data):
        """Learn the mean and the variance.

        Args:
            data: An array, a tensor, a data set or an iterable of batches; of a tuple, the first
                entry.

        Raises:
            ValueError: If there is no data, shapes differ, or the layer was given a mean.
            TypeError: If the data is of another kind.
        """
        if self.input_mean is not None:
            raise ValueError(
                "adapt() learns a mean and a variance, but this layer was given both: make one "
                "without `mean` and `variance`."
            )
        total = None
        for batch in batches(data):
            if not self.built:
                self.build((None, *batch.shape[1:]) if 0 not in self._axes(batch) else batch.shape)
            self._check_shape(batch.shape)
            total = (
                self._moments(batch)
                if total is None
                else merge_moments(total, self._moments(batch))
            )
        self.adapt_mean.assign(total[1])
        self.adapt_variance.assign(total[2])
        self.finalize_state()

    def _axes(self, batch):
        return [axis % batch.ndim for axis in self.axis if -batch.ndim <= axis < batch.ndim]

    def _check_shape(self, shape):
        if len(shape) != len(self._shape) or any(shape[a] != self._shape[a] for a in self._kept):
            raise ValueError(
                f"adapt() was given data of an incompatible shape {tuple(shape)}: the layer was "
                f"built for {self._shape}."
            )

    def _moments(self, batch):
        batch = np.asarray(batch, np.float64)
        axes = tuple(axis for axis in range(batch.ndim) if axis not in self._kept)
        count = math.prod(batch.shape[axis] for axis in axes)
        return count, batch.mean(axes), batch.var(axes)

    def finalize_state(self):
        """Take over the learned or given statistics, shaped to broadcast to the input."""
        if not self.built:
            return
        given = self.input_mean is not None
        mean = self.input_mean if given else self.adapt_mean
        variance = self.input_variance if given else self.adapt_variance
        self.mean, self.variance = (
            widen(self._spread(ops.convert_to_tensor(value)), self.compute_dtype)
            for value in (mean, variance)
        )

    def _spread(self, value):
        full = [size if axis in self._kept else 1 for axis, size in enumerate(self._shape)]
        kept = self._kept[len(self._kept) - len(value.shape) :]
        sizes = dict(zip(kept, value.shape, strict=True))
        value = ops.reshape(value, [sizes.get(axis, 1) for axis in range(len(full))])
        return ops.broadcast_to(value, full)

    def call(self, inputs):
        if self.mean is None:
            raise ValueError("Build Normalization before calling it: call `.build(input_shape)`.")
        numpy, cast = self.backend.numpy, self.backend.core.cast
        mean, variance = (self.convert_weight(value) for value in (self.mean, self.variance))
        x = cast(inputs, backend.standardize_dtype(mean.dtype))
        # A constant feature stays 0 instead of becoming 0 / 0.
        deviation = numpy.maximum(numpy.sqrt(variance), backend.epsilon())
        y = mean + x * deviation if self.invert else (x - mean) / deviation
        return cast(y, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        own = {"axis": self.axis, "invert": self.invert}
        for name in ("mean", "variance"):
            value = getattr(self, f"input_{name}")
            own[name] = None if value is None else np.asarray(value).tolist()
        return {**super().get_config(), **own}

    def get_build_config(self):
        return {"input_shape": self._shape} if self._shape else None

    def build_from_config(self, config):
        if config:
            self.build(config["input_shape"])


def check_statistics(mean, variance, axis):
    """Raise unless mean and variance are both given, in one shape, or both left to be learned.

    Args:
        mean: The constructor's argument.
        variance: The constructor's argument.
        axis: Tuple of the kept axes.

    Raises:
        ValueError: If they do not fit together.
    """
    if (mean is None) != (variance is None):
        raise ValueError(
            "When setting values directly, both `mean` and `variance` must be set, not only "
            f"{'variance' if mean is None else 'mean'}."
        )
    if np.shape(mean) != np.shape(variance):
        raise ValueError(
            "`mean` and `variance` must have the same shape, not "
            f"{np.shape(mean)} and {np.shape(variance)}."
        )
    if mean is not None and not (np.isfinite(mean).all() and np.greater_equal(variance, 0).all()):
        raise ValueError(
            f"`mean` must be finite and `variance` not negative, not {mean!r} and {variance!r}."
        )
    if len(np.shape(mean)) > len(axis):
        raise ValueError(
            f"The rank of `mean` must be at most the number of axes ({len(axis)}), but its shape "
            f"is {np.shape(mean)}."
        )
