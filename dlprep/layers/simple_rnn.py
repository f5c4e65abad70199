"""The plain recurrent layer: the state is an activation of the input and the state before."""

from operator import attrgetter

from keras import ops, saving

from dlprep.layers.recurrent import RecurrentCell, RecurrentLayer


def simple_rnn_step(z, h, recurrent_kernel, activation=ops.tanh):
    r"""Make one step of a plain recurrent network.

    $$ h_t = f(z_t + h_{t-1} U), \quad z_t = x_t W + b $$

    The handbook writes $h_t = f(W_{xh} x_t + W_{hh} h_{t-1} + b_h)$, with columns.

    Args:
        z: The input's share $z_t$, shape `(batch, units)`; `dense` computes it.
        h: State $h_{t-1}$, shape `(batch, units)`.
        recurrent_kernel: Weights $U$, shape `(units, units)`.
        activation: Function $f$.

    Returns:
        State $h_t$, shape `(batch, units)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.simple_rnn import simple_rnn_step
        >>> h = simple_rnn_step(ops.ones((1, 1)), ops.ones((1, 1)), ops.ones((1, 1)), ops.relu)
        >>> float(h[0, 0])
        2.0

    Reference:
        Elman 1990, "Finding structure in time"; handbook, chapter 8, algorithm 1.
    """
    return activation(z + ops.matmul(h, recurrent_kernel))


@saving.register_keras_serializable(package="dlprep.layers")
class SimpleRNNCell(RecurrentCell):
    r"""One step of the plain recurrent layer (`simple_rnn_step`).

    $$ h_t = f(x_t W + h_{t-1} U + b) $$

    Args:
        units: Size of the state, a positive integer.
        activation: Function $f$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(features, units)`.
        recurrent_initializer: Initial $U$, shape `(units, units)`.
        bias_initializer: Initial $b$, shape `(units,)`.
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
        sequence: One step's inputs, shape `(batch, features)`.
        states: List of the state $h_{t-1}$, shape `(batch, units)`, or the state itself.
        training: Whether units are dropped.

    Raises:
        ValueError: If `units` is not a positive integer or a rate lies outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import SimpleRNNCell
        >>> output, states = SimpleRNNCell(4)(np.ones((2, 3)), [np.zeros((2, 4))])
        >>> tuple(output.shape), len(states)
        ((2, 4), 1)

    Reference:
        Elman 1990, "Finding structure in time"; handbook, chapter 8, algorithm 1.
    """

    seed_first = True

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
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

    def call(self, sequence, states, training=False):
        z = self.project(sequence, training)
        alone = not isinstance(states, (list, tuple))
        h = self.drop_state(states if alone else states[0], training)
        h = simple_rnn_step(z, h, self.recurrent_kernel, self.activation)
        return h, h if alone else [h]


@saving.register_keras_serializable(package="dlprep.layers")
class SimpleRNN(RecurrentLayer):
    r"""Plain recurrent layer: `SimpleRNNCell` along the time axis.

    $$ h_t = f(x_t W + h_{t-1} U + b) $$

    A subclass may override `inner_loop`, and Keras's private methods are not called.

    Args:
        units: Size of the state and of the output, a positive integer.
        activation: Function $f$; None leaves the sum as it is.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(features, units)`.
        recurrent_initializer: Initial $U$, shape `(units, units)`.
        bias_initializer: Initial $b$, shape `(units,)`.
        kernel_regularizer: Penalty on $W$.
        recurrent_regularizer: Penalty on $U$.
        bias_regularizer: Penalty on $b$.
        activity_regularizer: Penalty on the output.
        kernel_constraint: Projection of $W$ after each update.
        recurrent_constraint: Projection of $U$ after each update.
        bias_constraint: Projection of $b$ after each update.
        dropout: Share of the input's features dropped in training, the same at all steps.
        recurrent_dropout: Share of the state's units dropped where they feed $U$.
        return_sequences: Whether to return the outputs of all steps, not only of the last.
        return_state: Whether to return the last state too.
        go_backwards: Whether to read the sequence from its end.
        stateful: Whether a batch starts from the state in which the last one ended.
        unroll: Whether to write the loop out in the graph.
        seed: Integer that makes the dropout masks reproducible.
        **kwargs: Options of every Keras layer, and `zero_output_for_mask` of `RNN`.

    Call arguments:
        sequences: Inputs of shape `(batch, T, features)`.
        initial_state: State $h_0$ of shape `(batch, units)`, or a list of it; None for zeros or, if
            `stateful`, the state in which the last batch ended.
        mask: Booleans of shape `(batch, T)`, False at steps to skip.
        training: Whether units are dropped.

    Raises:
        ValueError: If `units` is not a positive integer or a rate lies outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import SimpleRNN
        >>> tuple(SimpleRNN(4)(np.ones((2, 7, 3))).shape)
        (2, 4)

    Reference:
        Elman 1990, "Finding structure in time"; handbook, chapter 8, algorithm 1.
    """

    cell_class = SimpleRNNCell
    units = property(attrgetter("cell.units"))

    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        seed=None,
        **kwargs,
    ):
        super().__init__(locals(), **kwargs)
