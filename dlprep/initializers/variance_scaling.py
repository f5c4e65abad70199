"""Initializers whose variance keeps signals, or gradients, from growing or dying layer by layer."""

import math

import keras

from dlprep.initializers.initializer import store
from dlprep.initializers.random import RandomInitializer

# A standard normal cut at two standard deviations has this standard deviation.
TRUNCATED_STDDEV = math.sqrt(1 - 4 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2)))


def fans(shape, input_axes=None, output_axes=None):
    r"""Count the inputs and the outputs of one unit of a kernel.

    $$n_\text{in} = k_1 k_2 \cdots C_\text{in}, \qquad n_\text{out} = k_1 k_2 \cdots C_\text{out}$$

    where $k_1 k_2 \cdots$ is the receptive field of a convolution (1 for a dense kernel).

    Args:
        shape: The kernel's shape, Keras's order: receptive field, inputs, outputs.
        input_axes: Axes whose product is the fan-in, where the order is another.
        output_axes: Axes whose product is the fan-out; needed together with `input_axes`.

    Returns:
        `(fan_in, fan_out)`, integers.

    Example:
        >>> from dlprep import initializers
        >>> initializers.fans((3, 3, 16, 32))
        (144, 288)

    Reference:
        He et al. 2015, arXiv:1502.01852, section 2.2.
    """
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[i] for i in input_axes), math.prod(shape[i] for i in output_axes)
    if len(shape) < 2:
        return (math.prod(shape),) * 2
    *field, inputs, outputs = shape
    return math.prod(field) * inputs, math.prod(field) * outputs


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class VarianceScaling(RandomInitializer, keras.initializers.VarianceScaling):
    r"""Draw weights whose variance is a scale over the fan.

    $$w \sim \mathcal D, \qquad \operatorname{E} w = 0, \qquad \operatorname{Var} w = \frac{s}{n},
    \qquad n \in \Big\{ n_\text{in},\ n_\text{out},\ \frac{n_\text{in} + n_\text{out}}{2} \Big\}$$

    A uniform $\mathcal D$ reaches to $\pm\sqrt{3 s / n}$; a truncated normal is widened first, so
    that the variance holds after cutting at two standard deviations.

    Of Keras's class it has the type alone: `EinsumDense` tells its axes to initializers of it.

    Args:
        scale: $s > 0$.
        mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`: which $n$.
        distribution: `"truncated_normal"` (or `"normal"`), `"untruncated_normal"` or `"uniform"`.
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: An argument is not one of these.

    Example:
        >>> from dlprep import initializers
        >>> kernel = initializers.VarianceScaling(2.0, "fan_out", seed=0)((3, 4))
        >>> tuple(kernel.shape)
        (3, 4)

    Reference:
        https://keras.io/api/layers/initializers/#variancescaling-class
    """

    def __init__(
        self,
        scale=1.0,
        mode="fan_in",
        distribution="truncated_normal",
        seed=None,
        input_axes=None,
        output_axes=None,
    ):
        distribution = distribution.lower()
        distribution = "truncated_normal" if distribution == "normal" else distribution
        _check(scale, mode, distribution, input_axes, output_axes)
        super().__init__(seed)
        store(self, scale=scale, mode=mode, distribution=distribution)
        store(self, input_axes=input_axes, output_axes=output_axes)

    def __call__(self, shape, dtype=None):
        fan_in, fan_out = fans(tuple(shape), self.input_axes, self.output_axes)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        stddev = math.sqrt(self.scale / max(1.0, fan))
        if self.distribution == "uniform":
            limit = math.sqrt(3) * stddev
            return keras.random.uniform(shape, -limit, limit, dtype=dtype, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return keras.random.normal(shape, 0.0, stddev, dtype=dtype, seed=self.seed)
        wide = stddev / TRUNCATED_STDDEV
        return keras.random.truncated_normal(shape, 0.0, wide, dtype=dtype, seed=self.seed)


def _check(scale, mode, distribution, input_axes, output_axes):
    if not scale > 0:
        raise ValueError(f"Argument `scale` must be positive float, received {scale}")
    modes = ("fan_in", "fan_out", "fan_avg")
    if mode not in modes:
        raise ValueError(f"Invalid `mode` argument: {mode!r}, expected one of {modes}")
    distributions = ("uniform", "truncated_normal", "untruncated_normal")
    if distribution not in distributions:
        raise ValueError(
            f"Invalid `distribution` argument: {distribution!r}, expected one of {distributions}"
        )
    if (input_axes is None) != (output_axes is None):
        raise ValueError(
            "Give both `input_axes` and `output_axes` or neither, received "
            f"input_axes={input_axes} and output_axes={output_axes}"
        )
