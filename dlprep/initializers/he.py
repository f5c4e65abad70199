"""Kaiming He's initialisation: for rectifiers."""

import keras

from dlprep.initializers.variance_scaling import VarianceScaling


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class HeUniform(VarianceScaling):
    r"""Draw weights uniformly, with twice the variance of a linear layer.

    $$w \sim U(-a, a), \quad a = \sqrt{\frac{6}{n_\text{in}}}$$

    The factor 2 makes up for the half of the signal that a rectifier cuts.

    Args:
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: `seed` is none of these, or only one kind of axes is given.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.HeUniform(seed=0)((3, 4)).shape)
        (3, 4)

    Reference:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(2.0, "fan_in", "uniform", seed, input_axes, output_axes)


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class HeNormal(VarianceScaling):
    r"""Draw weights from a cut normal, with twice the variance of a linear layer.

    $$w \sim \mathcal N_{[-2\sigma', 2\sigma']}(0, \sigma'^2),
    \quad \operatorname{Var} w = \frac{2}{n_\text{in}}$$

    The factor 2 makes up for the half of the signal that a rectifier cuts.

    Args:
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: `seed` is none of these, or only one kind of axes is given.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.HeNormal(seed=0)((3, 4)).shape)
        (3, 4)

    Reference:
        He et al. 2015, arXiv:1502.01852, equation 10.
    """

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(2.0, "fan_in", "truncated_normal", seed, input_axes, output_axes)
