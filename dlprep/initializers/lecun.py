"""Yann LeCun's initialisation: the signal's variance survives a linear layer."""

import keras

from dlprep.initializers.variance_scaling import VarianceScaling


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class LecunUniform(VarianceScaling):
    r"""Draw weights uniformly, with variance one over the fan-in.

    $$w \sim U(-a, a), \quad a = \sqrt{\frac{3}{n_\text{in}}}$$

    Keeps the variance of a linear or self-normalising (SELU) layer's signal.

    Args:
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: `seed` is none of these, or only one kind of axes is given.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.LecunUniform(seed=0)((3, 4)).shape)
        (3, 4)

    Reference:
        LeCun et al. 1998, Efficient BackProp, section 4.6; Klambauer et al. 2017, arXiv:1706.02515.
    """

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(1.0, "fan_in", "uniform", seed, input_axes, output_axes)


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class LecunNormal(VarianceScaling):
    r"""Draw weights from a cut normal, with variance one over the fan-in.

    $$w \sim \mathcal N_{[-2\sigma', 2\sigma']}(0, \sigma'^2),
    \quad \operatorname{Var} w = \frac{1}{n_\text{in}}$$

    Keeps the variance of a linear or self-normalising (SELU) layer's signal.

    Args:
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: `seed` is none of these, or only one kind of axes is given.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.LecunNormal(seed=0)((3, 4)).shape)
        (3, 4)

    Reference:
        LeCun et al. 1998, Efficient BackProp, section 4.6; Klambauer et al. 2017, arXiv:1706.02515.
    """

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(1.0, "fan_in", "truncated_normal", seed, input_axes, output_axes)
