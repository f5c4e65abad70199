"""Convolution layers over sequences and images."""

from keras import saving

from dlprep.layers.convolution_base import Convolution, check_filters


@saving.register_keras_serializable(package="dlprep.layers")
class Conv1D(Convolution):
    r"""Convolution over a sequence (`convolution`).

    $$ y_{i f} = g\Big(b_f + \sum_{a, c} x_{s i + d a,\, c}\, W_{a c f}\Big) $$

    Args:
        filters: Number of output channels $f$.
        kernel_size: Size of the window.
        strides: Step $s$ between windows.
        padding: "valid" keeps whole windows only, "same" pads with zeros to keep the length divided
            by the stride;
            "causal" pads only before the start, so that no output sees a later input.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        dilation_rate: Distance $d$ between a window's entries; not together with strides.
        groups: Number of parts that channels and filters split into.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(window, channels / groups, filters)`.
        bias_initializer: Initial $b$, shape `(filters,)`.
        kernel_regularizer: Penalty on $W$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes are not positive or do not fit together, or the input is smaller than
            the window.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Conv1D
        >>> tuple(Conv1D(4, 3)(np.ones((2, 8, 3))).shape)
        (2, 6, 4)

    Reference:
        Waibel et al. 1989, "Phoneme recognition using time-delay neural networks", section II; van
        den Oord et al. 2016, arXiv:1609.03499, section 2.1 (causal, dilated).
    """

    rank = 1

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        check_filters(filters, groups)
        super().__init__(locals(), **kwargs)


@saving.register_keras_serializable(package="dlprep.layers")
class Conv2D(Convolution):
    r"""Convolution over an image (`convolution`).

    $$ y_{i j f} = g\Big(b_f + \sum_{a, b, c} x_{s i + d a,\, s j + d b,\, c}\, W_{a b c f}\Big) $$

    Args:
        filters: Number of output channels $f$.
        kernel_size: Size of the window, one integer or one per axis.
        strides: Step $s$ between windows, one integer or one per axis.
        padding: "valid" keeps whole windows only, "same" pads with zeros to keep the length divided
            by the stride.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        dilation_rate: Distance $d$ between a window's entries; not together with strides.
        groups: Number of parts that channels and filters split into.
        activation: Function $g$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(height, width, channels / groups, filters)`.
        bias_initializer: Initial $b$, shape `(filters,)`.
        kernel_regularizer: Penalty on $W$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        bias_constraint: Projection of $b$ after each update.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes are not positive or do not fit together, or the input is smaller than
            the window.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import Conv2D
        >>> tuple(Conv2D(4, 3)(np.ones((2, 8, 9, 3))).shape)
        (2, 6, 7, 4)

    Reference:
        LeCun, Bottou, Bengio, Haffner 1998, "Gradient-based learning", section II.A.
    """

    rank = 2

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
        groups=1,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        check_filters(filters, groups)
        super().__init__(locals(), **kwargs)
