"""Long short-term memory: a cell state that gates write to, read from and forget."""

from operator import attrgetter

from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.recurrent import RecurrentCell, RecurrentLayer, check_cudnn


def lstm_step(z, h, c, recurrent_kernel, activation=ops.tanh, recurrent_activation=ops.sigmoid):
    r"""Make one step of a long short-term memory.

    $$ (\hat\imath, \hat f, \hat c, \hat o) = z_t + h_{t-1} U, \quad z_t = x_t W + b $$
    $$ c_t = \sigma(\hat f) \odot c_{t-1} + \sigma(\hat\imath) \odot g(\hat c), \quad
       h_t = \sigma(\hat o) \odot g(c_t) $$

    The sum in $c_t$ lets the gradient pass a step multiplied by the forget gate alone.

    Args:
        z: The input's share $z_t$ of all four gates, shape `(batch, 4 units)`.
        h: Output $h_{t-1}$, shape `(batch, units)`.
        c: Cell state $c_{t-1}$, shape `(batch, units)`.
        recurrent_kernel: Weights $U$, shape `(units, 4 units)`.
        activation: Function $g$.
        recurrent_activation: Function $\sigma$ of the gates.

    Returns:
        The pair $(h_t, c_t)$, each of shape `(batch, units)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.lstm import lstm_step
        >>> forget_all = ops.array([[0.0, -100.0, 0.0, 0.0]])
        >>> h, c = lstm_step(forget_all, ops.zeros((1, 1)), ops.ones((1, 1)), ops.zeros((1, 4)))
        >>> float(c[0, 0])
        0.0

    Reference:
        Hochreiter, Schmidhuber 1997, "Long short-term memory"; the forget gate from Gers,
        Schmidhuber, Cummins 2000, equations 1 to 8; handbook, chapter 8.
    """
    gates = z + ops.matmul(h, recurrent_kernel)
    i, f, candidate, o = ops.split(gates, 4, axis=-1)
    keep, write = recurrent_activation(f) * c, recurrent_activation(i) * activation(candidate)
    c = keep + write
    return recurrent_activation(o) * activation(c), c


@saving.register_keras_serializable(package="dlprep.layers")
class LSTMCell(RecurrentCell):
    r"""One step of a long short-term memory (`lstm_step`); the gates stand in the order i, f, c, o.

    $$ c_t = f_t \odot c_{t-1} + i_t \odot g(\hat c_t), \quad h_t = o_t \odot g(c_t) $$

    Args:
        units: Size of the state, a positive integer.
        activation: Function $g$ of the candidate and of the cell state where it is put out.
        recurrent_activation: Function $\sigma$ of the gates.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(features, 4 units)`.
        recurrent_initializer: Initial $U$, shape `(units, 4 units)`.
        bias_initializer: Initial $b$, shape `(4 units,)`.
        unit_forget_bias: Whether the forget gate's bias starts at 1, which keeps memory at first.
        kernel_regularizer: Penalty on $W$.
        recurrent_regularizer: Penalty on $U$.
        bias_regularizer: Penalty on $b$.
        kernel_constraint: Projection of $W$ after each update.
        recurrent_constraint: Projection of $U$ after each update.
        bias_constraint: Projection of $b$ after each update.
        dropout: Share of the input's features dropped in training.
        recurrent_dropout: Share of the state's units dropped where they feed $U$.
        seed: Integer that makes the dropout masks reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: One step's inputs, shape `(batch, features)`.
        states: List of $h_{t-1}$ and $c_{t-1}$, each of shape `(batch, units)`.
        training: Whether units are dropped.

    Raises:
        ValueError: If `units` is not a positive integer or a rate lies outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import LSTMCell
        >>> output, states = LSTMCell(4)(np.ones((2, 3)), [np.zeros((2, 4)), np.zeros((2, 4))])
        >>> tuple(output.shape), len(states)
        ((2, 4), 2)

    Reference:
        Gers, Schmidhuber, Cummins 2000, "Learning to forget", equations 1 to 8.
    """

    gates = 4

    def __init__(
        self,
        units,
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
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._store(locals())
        self.state_size = [units, units]

    def _build_bias(self, wide):
        if not self.unit_forget_bias:
            return super()._build_bias(wide)

        def start(shape, dtype=None):
            first = self.bias_initializer((self.units,), dtype=dtype)
            ones = ops.ones((self.units,), dtype=dtype)
            rest = self.bias_initializer((2 * self.units,), dtype=dtype)
            return ops.concatenate([first, ones, rest])

        return settings.weight(self, "bias", (wide,), initializer=start)

    def call(self, inputs, states, training=False):
        z = self.project(inputs, training)
        h, c = self.drop_state(states[0], training), states[1]
        activations = (self.activation, self.recurrent_activation)
        h, c = lstm_step(z, h, c, self.recurrent_kernel, *activations)
        return h, [h, c]


@saving.register_keras_serializable(package="dlprep.layers")
class LSTM(RecurrentLayer):
    r"""Long short-term memory: `LSTMCell` along the time axis.

    $$ c_t = f_t \odot c_{t-1} + i_t \odot g(\hat c_t), \quad h_t = o_t \odot g(c_t) $$

    Dropout uses one mask per sequence for all four gates; Keras draws one per gate as soon as
    `recurrent_dropout` is set.

    A subclass may override `inner_loop`, and Keras's private methods are not called.

    Args:
        units: Size of the state, a positive integer.
        activation: Function $g$ of the candidate and of the cell state where it is put out.
        recurrent_activation: Function $\sigma$ of the gates.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(features, 4 units)`.
        recurrent_initializer: Initial $U$, shape `(units, 4 units)`.
        bias_initializer: Initial $b$, shape `(4 units,)`.
        unit_forget_bias: Whether the forget gate's bias starts at 1, which keeps memory at first.
        kernel_regularizer: Penalty on $W$.
        recurrent_regularizer: Penalty on $U$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        recurrent_constraint: Projection of $U$ after each update.
        bias_constraint: Projection of $b$ after each update.
        dropout: Share of the input's features dropped in training, the same at all steps.
        recurrent_dropout: Share of the state's units dropped where they feed $U$.
        seed: Integer that makes the dropout masks reproducible.
        return_sequences: Whether to return the outputs of all steps, not only of the last.
        return_state: Whether to return the last states too.
        go_backwards: Whether to read the sequence from its end.
        stateful: Whether a batch starts from the states in which the last one ended.
        unroll: Whether to write the loop out in the graph.
        use_cudnn: "auto" or False; this implementation does not call cuDNN, so True makes the call
            raise.
        **kwargs: Options of every Keras layer, and `zero_output_for_mask` of `RNN`.

    Call arguments:
        sequences: Inputs of shape `(batch, T, features)`.
        initial_state: List of $h_0$ and $c_0$, each of shape `(batch, units)`; None for zeros or,
            if `stateful`, the states in which the last batch ended.
        mask: Booleans of shape `(batch, T)`, False at steps to skip.
        training: Whether units are dropped.

    Raises:
        ValueError: If `units` is not a positive integer, a rate lies outside 0 to 1, `use_cudnn` is
            unknown, or True when the layer is called, or states or mask do not fit.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import LSTM
        >>> tuple(LSTM(4, return_sequences=True)(np.ones((2, 7, 3))).shape)
        (2, 7, 4)

    Reference:
        Gers, Schmidhuber, Cummins 2000, "Learning to forget", equations 1 to 8.
    """

    cell_class = LSTMCell
    units = property(attrgetter("cell.units"))
    recurrent_activation = property(attrgetter("cell.recurrent_activation"))
    unit_forget_bias = property(attrgetter("cell.unit_forget_bias"))

    def __init__(
        self,
        units,
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
        unroll=False,
        use_cudnn="auto",
        **kwargs,
    ):
        check_cudnn(use_cudnn)
        super().__init__(locals(), **kwargs)
        self.use_cudnn = use_cudnn

    def get_config(self):
        return {**super().get_config(), "use_cudnn": self.use_cudnn}
