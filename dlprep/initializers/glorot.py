"""Xavier Glorot's initialisation: for symmetric activations such as tanh."""

import keras

from dlprep.initializers.variance_scaling import VarianceScaling


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class GlorotUniform(VarianceScaling):
    r"""Draw weights uniformly, with the variance averaged over both directions.

    $$w \sim U(-a, a), \quad a = \sqrt{\frac{6}{n_\text{in} + n_\text{out}}}$$

    A compromise: the activations' variance would ask for $1/n_\text{in}$, the gradients' for
    $1/n_\text{out}$.

    Args:
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: `seed` is none of these, or only one kind of axes is given.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.GlorotUniform(seed=0)((3, 4)).shape)
        (3, 4)

    Reference:
        Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural
        networks, equation 16 (Xavier initialisation).
    """

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(1.0, "fan_avg", "uniform", seed, input_axes, output_axes)


@keras.saving.register_keras_serializable(package="dlprep.initializers")
class GlorotNormal(VarianceScaling):
    r"""Draw weights from a cut normal, with the variance averaged over both directions.

    $$w \sim \mathcal N_{[-2\sigma', 2\sigma']}(0, \sigma'^2),
    \quad \operatorname{Var} w = \frac{2}{n_\text{in} + n_\text{out}}$$

    The normal is cut at two standard deviations and widened beforehand to keep that variance.

    Args:
        seed: Integer, `keras.random.SeedGenerator` or `None`.
        input_axes: Axes that make up the fan-in, for an unusual kernel.
        output_axes: Axes that make up the fan-out.

    Raises:
        ValueError: `seed` is none of these, or only one kind of axes is given.

    Example:
        >>> from dlprep import initializers
        >>> tuple(initializers.GlorotNormal(seed=0)((3, 4)).shape)
        (3, 4)

    Reference:
        Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural
        networks, equation 12 (Xavier initialisation).
    """

    def __init__(self, seed=None, input_axes=None, output_axes=None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, input_axes, output_axes)
