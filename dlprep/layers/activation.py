"""Activations as layers; the functions are those of `dlprep.activations`."""

import math
import warnings

from keras import InputSpec, saving

from dlprep import activations
from dlprep.layers import settings
from dlprep.layers.layer import Layer


class Elementwise(Layer):
    """Base of the layers without weights that keep the shape of their input.

    Args:
        arguments: The subclass's constructor arguments by name.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Example:
        >>> from dlprep.layers import ELU
        >>> ELU().compute_output_shape((None, 3))
        (None, 3)
    """

    def __init__(self, arguments, **kwargs):
        super().__init__(**kwargs)
        settings.store(self, arguments)
        self.supports_masking = True
        self._build_at_init()

    def compute_output_shape(self, input_shape):
        return input_shape


@saving.register_keras_serializable(package="dlprep.layers")
class Activation(Elementwise):
    r"""Apply an activation function to every entry.

    $$ y = f(x) $$

    Args:
        activation: Function $f$, by name, config or itself.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If no activation function has that name.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Activation
        >>> [float(y) for y in Activation("relu")(np.array([-1.0, 2.0]))]
        [0.0, 2.0]

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 6.3.
    """

    def __init__(self, activation, **kwargs):
        super().__init__(locals(), **kwargs)

    def call(self, inputs):
        return self.activation(inputs)


@saving.register_keras_serializable(package="dlprep.layers")
class ReLU(Elementwise):
    r"""Cut off what is negative (`dlprep.activations.relu`).

    $$ y = \begin{cases} s\, (x - \theta) & x \le \theta \\ x & \theta < x < m \\
       m & \text{else} \end{cases} $$

    Args:
        max_value: Upper limit $m$, or None for none.
        negative_slope: Slope $s$ below the threshold.
        threshold: Threshold $\theta$.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If an argument is negative.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import ReLU
        >>> [float(y) for y in ReLU(max_value=6)(np.array([-1.0, 2.0, 9.0]))]
        [0.0, 2.0, 6.0]

    Reference:
        Nair, Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
    """

    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        if max_value is not None and not max_value >= 0:
            raise ValueError(
                f"max_value of a ReLU layer cannot be a negative value, but is {max_value}."
            )
        for name, value in (("negative_slope", negative_slope), ("threshold", threshold)):
            if value is None or not value >= 0:
                raise ValueError(
                    f"{name} of a ReLU layer cannot be None or a negative value, but is {value}."
                )
        super().__init__(locals(), **kwargs)

    def call(self, inputs):
        return activations.relu(inputs, self.negative_slope, self.max_value, self.threshold)


@saving.register_keras_serializable(package="dlprep.layers")
class LeakyReLU(Elementwise):
    r"""Let a share of what is negative through (`dlprep.activations.leaky_relu`).

    $$ y = \begin{cases} x & x \ge 0 \\ s\, x & x < 0 \end{cases} $$

    Args:
        negative_slope: Slope $s$ of the negative side.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`; `alpha` is the old name
            of the slope.

    Raises:
        ValueError: If the slope is None or negative.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import LeakyReLU
        >>> [float(y) for y in LeakyReLU(0.5)(np.array([-1.0, 2.0]))]
        [-0.5, 2.0]

    Reference:
        Maas, Hannun, Ng 2013, "Rectifier nonlinearities improve neural network acoustic models",
        section 2.
    """

    def __init__(self, negative_slope=0.3, **kwargs):
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
            warnings.warn("`alpha` is deprecated: use `negative_slope`.", stacklevel=2)
        if negative_slope is None or not negative_slope >= 0:
            raise ValueError(
                "The negative_slope value of a Leaky ReLU layer cannot be None or negative, but is "
                f"{negative_slope}."
            )
        super().__init__(locals(), **kwargs)

    def call(self, inputs):
        return activations.leaky_relu(inputs, self.negative_slope)


@saving.register_keras_serializable(package="dlprep.layers")
class ELU(Elementwise):
    r"""Bend what is negative towards a floor (`dlprep.activations.elu`).

    $$ y = \begin{cases} x & x \ge 0 \\ \alpha\, (e^x - 1) & x < 0 \end{cases} $$

    Args:
        alpha: Depth $\alpha$ of the floor.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If `alpha` is not a finite number.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import ELU
        >>> [float(y) for y in ELU(alpha=2.0)(np.array([-100.0, 3.0]))]
        [-2.0, 3.0]

    Reference:
        Clevert, Unterthiner, Hochreiter 2015, arXiv:1511.07289, equation 15.
    """

    def __init__(self, alpha=1.0, **kwargs):
        settings.check_range(-math.inf, math.inf, alpha=alpha)
        super().__init__(locals(), **kwargs)

    def call(self, inputs):
        return activations.elu(inputs, self.alpha)


@saving.register_keras_serializable(package="dlprep.layers")
class PReLU(Layer):
    r"""Leaky rectifier whose slopes are learned (`dlprep.activations.prelu`).

    $$ y = \begin{cases} x & x \ge 0 \\ \alpha\, x & x < 0 \end{cases} $$

    Args:
        alpha_initializer: Initial slopes $\alpha$, shaped as one example.
        alpha_regularizer: Penalty on the slopes.
        alpha_constraint: Projection of the slopes after each update.
        shared_axes: Axes along which one slope is shared, counted from 1 after the batch; 0 means
            the last axis, as in Keras.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: When built, if the input has not all of `shared_axes`.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import PReLU
        >>> layer = PReLU(alpha_initializer="ones", shared_axes=[1, 2])
        >>> tuple(layer(np.ones((2, 4, 5, 3))).shape), tuple(layer.alpha.shape)
        ((2, 4, 5, 3), (1, 1, 3))

    Reference:
        He, Zhang, Ren, Sun 2015, arXiv:1502.01852, equation 1.
    """

    def __init__(
        self,
        alpha_initializer="Zeros",
        alpha_regularizer=None,
        alpha_constraint=None,
        shared_axes=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        settings.store(self, locals())
        if isinstance(self.shared_axes, int):
            self.shared_axes = [self.shared_axes]
        self.supports_masking = True

    def build(self, input_shape):
        shared = self.shared_axes or []
        if not set(shared) <= set(range(len(input_shape))):
            raise ValueError(f"`shared_axes` {shared} are not all in a shape of {input_shape}.")
        sizes = {axis: size for axis, size in enumerate(input_shape) if axis not in (0, *shared)}
        shape = list(input_shape[1:])
        for axis in shared:
            shape[axis - 1] = 1
        self.alpha = settings.weight(self, "alpha", shape)
        self.input_spec = InputSpec(ndim=len(input_shape), axes=sizes if shared else {})

    def call(self, inputs):
        return activations.prelu(inputs, self.alpha)

    def compute_output_shape(self, input_shape):
        return input_shape
