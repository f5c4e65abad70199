"""Convolutional LSTM: a long short-term memory whose products are convolutions."""

from operator import attrgetter

from keras import InputSpec, ops, saving

from dlprep.layers import settings, windows
from dlprep.layers.convolution_base import add_bias, check_filters
from dlprep.layers.recurrent import RecurrentCell, RecurrentLayer


def conv_lstm_step(
    z, h, c, recurrent_kernel, activation=ops.tanh, recurrent_activation=ops.sigmoid, axis=-1
):
    r"""Make one step of a convolutional long short-term memory.

    $$ (\hat\imath, \hat f, \hat c, \hat o) = z_t + h_{t-1} * U, \quad z_t = x_t * W + b $$
    $$ c_t = \sigma(\hat f) \odot c_{t-1} + \sigma(\hat\imath) \odot g(\hat c), \quad
       h_t = \sigma(\hat o) \odot g(c_t) $$

    Args:
        z: The input's share $z_t$ of all four gates, shape `(batch, height, width, 4 filters)`.
        h: Output $h_{t-1}$, shape `(batch, height, width, filters)`.
        c: Cell state $c_{t-1}$, shaped as `h`.
        recurrent_kernel: Weights $U$, shape `(*window, filters, 4 filters)`.
        activation: Function $g$.
        recurrent_activation: Function $\sigma$ of the gates.
        axis: The channel axis, -1 or 1.

    Returns:
        The pair $(h_t, c_t)$, shaped as `h`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.conv_lstm import conv_lstm_step
        >>> state, U = ops.ones((1, 5, 5, 2)), ops.ones((3, 3, 2, 8))
        >>> tuple(conv_lstm_step(ops.ones((1, 5, 5, 8)), state, state, U)[0].shape)
        (1, 5, 5, 2)

    Reference:
        Shi et al. 2015, arXiv:1506.04214, equation 3, without the peepholes.
    """
    layout = "channels_last" if axis == -1 else "channels_first"
    hidden = windows.over_rows(
        lambda h: ops.conv(h, recurrent_kernel, padding="same", data_format=layout), h
    )
    i, f, candidate, o = ops.split(z + hidden, 4, axis=axis)
    c = recurrent_activation(f) * c + recurrent_activation(i) * activation(candidate)
    return recurrent_activation(o) * activation(c), c


class ConvLSTMCell(RecurrentCell):
    r"""One step of a convolutional long short-term memory (`conv_lstm_step`).

    $$ c_t = f_t \odot c_{t-1} + i_t \odot g(\hat c_t), \quad h_t = o_t \odot g(c_t) $$

    Args:
        arguments: The constructor arguments of `ConvLSTM2D` by name.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If sizes do not fit together or a rate lies outside 0 to 1.

    Example:
        >>> from dlprep.layers import ConvLSTM2D
        >>> ConvLSTM2D(4, 3).cell.state_size
        [4, 4]

    Reference:
        Shi et al. 2015, arXiv:1506.04214, equation 3.
    """

    gates = 4
    seed_first = True

    def __init__(self, arguments, **kwargs):
        super().__init__(**kwargs)
        check_filters(arguments["filters"])
        self._store({k: v for k, v in arguments.items() if k in SHARED}, size="filters")
        for name in ("kernel_size", "strides", "dilation_rate"):
            setattr(self, name, windows.sizes(arguments[name], 2, name))
        self.padding, self.data_format = (
            windows.padding(self.padding),
            windows.layout(self.data_format),
        )
        if max(self.strides) > 1 and max(self.dilation_rate) > 1:
            raise ValueError(
                "Specifying `strides > 1` is not compatible with `dilation_rate > 1`: "
                f"strides={self.strides}, dilation_rate={self.dilation_rate}."
            )
        self.state_size = [self.filters, self.filters]

    def build(self, input_shape):
        spatial = windows.spatial(input_shape, self.data_format)
        channels = windows.channels(input_shape, self.data_format)
        if None in (*spatial, channels):
            raise ValueError(
                f"ConvLSTM2D needs fixed sizes but for batch and time, not {tuple(input_shape)}."
            )
        self._step_shape = tuple(input_shape[1:])
        wide = 4 * self.filters
        self.kernel = settings.weight(self, "kernel", (*self.kernel_size, channels, wide))
        shape = (*self.kernel_size, self.filters, wide)
        self.recurrent_kernel = settings.weight(self, "recurrent_kernel", shape)
        self.bias = self._build_bias(wide) if self.use_bias else None

    def _build_bias(self, wide):
        def start(shape, dtype=None):
            parts = [
                self.bias_initializer((size,), dtype=dtype)
                for size in (self.filters, self.filters, 2 * self.filters)
            ]
            if self.unit_forget_bias:
                parts[1] = ops.ones((self.filters,), dtype=dtype)
            return ops.concatenate(parts)

        return settings.weight(self, "bias", (wide,), initializer=start)

    def _project(self, inputs):
        options = (self.strides, self.padding, self.data_format, self.dilation_rate)
        z = windows.over_rows(lambda x: ops.conv(x, self.kernel, *options), inputs)
        return z if self.bias is None else add_bias(z, self.bias, self.data_format)

    def call(self, inputs, states, training=False):
        z = self.project(inputs, training)
        h, c = self.drop_state(states[0], training), states[1]
        axis = -1 if self.data_format == "channels_last" else 1
        activations = (self.activation, self.recurrent_activation)
        h, c = conv_lstm_step(z, h, c, self.recurrent_kernel, *activations, axis)
        return h, [h, c]

    def state_shape(self, step_shape):
        """Return the shape of a state, without the batch, for the shape of a step's input.

        Args:
            step_shape: Shape of one step of one row.
        """
        lengths = [
            windows.output_length(length, size, stride, self.padding, dilation)
            for length, size, stride, dilation in zip(
                windows.spatial((None, *step_shape), self.data_format),
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                strict=True,
            )
        ]
        return windows.batch_shape(None, lengths, self.filters, self.data_format)[1:]

    def get_initial_state(self, batch_size=None):
        """Return zeros for both states.

        Args:
            batch_size: Number of rows.
        """
        shape = (batch_size, *self.state_shape(self._step_shape))
        return [ops.zeros(shape, self.compute_dtype) for _ in range(2)]


@saving.register_keras_serializable(package="dlprep.layers")
class ConvLSTM2D(RecurrentLayer):
    r"""Convolutional long short-term memory over image sequences (`conv_lstm_step`).

    $$ c_t = f_t \odot c_{t-1} + i_t \odot g(\hat c_t), \quad h_t = o_t \odot g(c_t) $$

    Dropout uses one mask per sequence for all four gates; Keras draws one per gate.

    Args:
        filters: Number of output channels.
        kernel_size: Size of the windows, one integer or one per axis.
        strides: Step between the input's windows, one integer or one per axis.
        padding: "valid" or "same", for the input; the state's convolution keeps its size.
        data_format: "channels_last" or "channels_first"; None takes Keras's setting.
        dilation_rate: Distance between the entries of the input's window; not with strides.
        activation: Function $g$ of the candidate and of the cell state where it is put out.
        recurrent_activation: Function of the gates.
        use_bias: Whether a bias is added.
        kernel_initializer: Initial input kernel, shape `(*window, channels, 4 filters)`.
        recurrent_initializer: Initial state kernel, shape `(*window, filters, 4 filters)`.
        bias_initializer: Initial bias, shape `(4 filters,)`.
        unit_forget_bias: Whether the forget gate's bias starts at 1.
        kernel_regularizer: Penalty on the input kernel.
        recurrent_regularizer: Penalty on the state kernel.
        bias_regularizer: Penalty on the bias.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of the input kernel after each update.
        recurrent_constraint: Projection of the state kernel after each update.
        bias_constraint: Projection of the bias after each update.
        dropout: Share of the input dropped in training, the same at all steps.
        recurrent_dropout: Share of the state dropped where it is convolved.
        seed: Integer that makes the dropout masks reproducible.
        return_sequences: Whether to return the outputs of all steps, not only of the last.
        return_state: Whether to return the last states too.
        go_backwards: Whether to read the sequence from its end.
        stateful: Whether a batch starts from the states in which the last one ended.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        sequences: Images of shape `(batch, T, rows, columns, channels)`, or
            `(batch, T, channels, rows, columns)` with "channels_first".
        initial_state: List of $h_0$ and $c_0$, each shaped as an output step; None for zeros or, if
            `stateful`, the states in which the last batch ended.
        mask: Booleans of shape `(batch, T)`, False at steps to skip.
        training: Whether units are dropped.

    Raises:
        ValueError: If sizes do not fit together or a rate lies outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import ConvLSTM2D
        >>> tuple(ConvLSTM2D(4, 3, padding="same")(np.ones((2, 5, 6, 7, 3))).shape)
        (2, 6, 7, 4)

    Reference:
        Shi et al. 2015, arXiv:1506.04214, equation 3, without the peepholes.
    """

    cell_class = ConvLSTMCell

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        activation="tanh",
        recurrent_activation="sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        **kwargs,
    ):
        super().__init__({**locals(), "arguments": locals()}, **kwargs)
        self.input_spec = InputSpec(ndim=5)

    filters = property(attrgetter("cell.filters"))
    kernel_size = property(attrgetter("cell.kernel_size"))
    strides = property(attrgetter("cell.strides"))
    padding = property(attrgetter("cell.padding"))
    data_format = property(attrgetter("cell.data_format"))
    dilation_rate = property(attrgetter("cell.dilation_rate"))
    recurrent_activation = property(attrgetter("cell.recurrent_activation"))
    unit_forget_bias = property(attrgetter("cell.unit_forget_bias"))

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        batch, steps = sequences_shape[:2]
        state = (batch, *self.cell.state_shape(sequences_shape[2:]))
        output = (batch, steps, *state[1:]) if self.return_sequences else state
        return (output, state, state) if self.return_state else output

    def _cell_settings(self):
        return SHARED


# The arguments of the layer that its cell keeps: all from `filters` to `seed` but the activity's.
SHARED = [n for n in settings.names(ConvLSTM2D)[:23] if n != "activity_regularizer"]
