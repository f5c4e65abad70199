"""Gated recurrent unit: one state, an update gate and a reset gate."""

from operator import attrgetter

from keras import ops, saving

from dlprep.layers import settings
from dlprep.layers.recurrent import RecurrentCell, RecurrentLayer, check_cudnn


def gru_step(
    x,
    h,
    recurrent_kernel,
    bias=None,
    seen=None,
    reset_after=True,
    activation=ops.tanh,
    recurrent_activation=ops.sigmoid,
):
    r"""Make one step of a gated recurrent unit.

    $$ z_t = \sigma(x_z + h_{t-1} U_z + b_z), \quad r_t = \sigma(x_r + h_{t-1} U_r + b_r) $$
    $$ \tilde h_t = g(x_h + r_t \odot (h_{t-1} U_h + b_h)) \text{ after, or }
       g(x_h + (r_t \odot h_{t-1}) U_h) \text{ before} $$
    $$ h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t $$

    Here $z$ is the share kept; some texts swap $z$ and $1 - z$.

    Args:
        x: The input's share $(x_z, x_r, x_h)$ of the gates, shape `(batch, 3 units)`.
        h: State $h_{t-1}$, shape `(batch, units)`.
        recurrent_kernel: Weights $(U_z, U_r, U_h)$, shape `(units, 3 units)`.
        bias: Bias $(b_z, b_r, b_h)$ of the state's share, shape `(3 units,)`, or None; only used
            with `reset_after`.
        seen: The state as the gates see it after dropout, or None for $h_{t-1}$ itself.
        reset_after: Whether the reset gate acts after the product with $U_h$.
        activation: Function $g$ of the candidate.
        recurrent_activation: Function $\sigma$ of the gates.

    Returns:
        State $h_t$, shape `(batch, units)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.layers.gru import gru_step
        >>> keep_all = ops.array([[100.0, 0.0, 0.0]])
        >>> float(gru_step(keep_all, 0.5 * ops.ones((1, 1)), ops.ones((1, 3)))[0, 0])
        0.5

    Reference:
        Cho et al. 2014, arXiv:1406.1078, equations 5 to 8 (before); version 1 of the same paper
        and cuDNN (after).
    """
    seen = h if seen is None else seen
    # One product for all gates: slices of the weights inside a loop make its gradient slow.
    inner = ops.matmul(seen, recurrent_kernel)
    inner = inner if bias is None else ops.add(inner, bias)
    (x_z, x_r, x_h), (h_z, h_r, h_h) = (ops.split(part, 3, axis=-1) for part in (x, inner))
    z, r = recurrent_activation(x_z + h_z), recurrent_activation(x_r + h_r)
    if reset_after:
        candidate = activation(x_h + r * h_h)
    else:
        U_h = recurrent_kernel[:, -h.shape[-1] :]
        candidate = activation(x_h + ops.matmul(r * seen, U_h))
    return z * h + (1 - z) * candidate


@saving.register_keras_serializable(package="dlprep.layers")
class GRUCell(RecurrentCell):
    r"""One step of a gated recurrent unit (`gru_step`); the gates stand in the order z, r, h.

    $$ h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t $$

    Args:
        units: Size of the state, a positive integer.
        activation: Function $g$ of the candidate.
        recurrent_activation: Function $\sigma$ of the gates.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(features, 3 units)`.
        recurrent_initializer: Initial $U$, shape `(units, 3 units)`.
        bias_initializer: Initial $b$, shape `(2, 3 units)`: the input's and the state's share;
            `(3 units,)` if `reset_after` is False.
        kernel_regularizer: Penalty on $W$.
        recurrent_regularizer: Penalty on $U$.
        bias_regularizer: Penalty on $b$.
        kernel_constraint: Projection of $W$ after each update.
        recurrent_constraint: Projection of $U$ after each update.
        bias_constraint: Projection of $b$ after each update.
        dropout: Share of the input's features dropped in training.
        recurrent_dropout: Share of the state's units dropped where they feed $U$.
        reset_after: Whether the reset gate acts after the product with $U$, as in cuDNN, or before,
            as in the paper.
        seed: Integer that makes the dropout masks reproducible.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: One step's inputs, shape `(batch, features)`.
        states: List of the state $h_{t-1}$, shape `(batch, units)`, or the state itself.
        training: Whether units are dropped.

    Raises:
        ValueError: If `units` is not a positive integer or a rate lies outside 0 to 1.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GRUCell
        >>> output, states = GRUCell(4)(np.ones((2, 3)), [np.zeros((2, 4))])
        >>> tuple(output.shape), len(states)
        ((2, 4), 1)

    Reference:
        Cho et al. 2014, arXiv:1406.1078, equations 5 to 8.
    """

    gates = 3

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
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
        reset_after=True,
        seed=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self._store(locals())

    def _build_bias(self, wide):
        return settings.weight(self, "bias", (2, wide) if self.reset_after else (wide,))

    def _input_bias(self):
        return self.bias[0] if self.reset_after else self.bias

    def call(self, inputs, states, training=False):
        z = self.project(inputs, training)
        alone = not isinstance(states, (list, tuple))
        h = states if alone else states[0]
        bias = self.bias[1] if self.use_bias and self.reset_after else None
        seen = self.drop_state(h, training)
        activations = (self.activation, self.recurrent_activation)
        h = gru_step(z, h, self.recurrent_kernel, bias, seen, self.reset_after, *activations)
        return h, h if alone else [h]


@saving.register_keras_serializable(package="dlprep.layers")
class GRU(RecurrentLayer):
    r"""Gated recurrent unit: `GRUCell` along the time axis.

    $$ h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde h_t $$

    Dropout uses one mask per sequence for all three gates; Keras draws one per gate as soon as
    `recurrent_dropout` is set.

    A subclass may override `inner_loop`, and Keras's private methods are not called.

    Args:
        units: Size of the state, a positive integer.
        activation: Function $g$ of the candidate.
        recurrent_activation: Function $\sigma$ of the gates.
        use_bias: Whether $b$ is added.
        kernel_initializer: Initial $W$, shape `(features, 3 units)`.
        recurrent_initializer: Initial $U$, shape `(units, 3 units)`.
        bias_initializer: Initial $b$, shape `(2, 3 units)`: the input's and the state's share;
            `(3 units,)` if `reset_after` is False.
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
        return_state: Whether to return the last state too.
        go_backwards: Whether to read the sequence from its end.
        stateful: Whether a batch starts from the state in which the last one ended.
        unroll: Whether to write the loop out in the graph.
        reset_after: Whether the reset gate acts after the product with $U$, as in cuDNN, or before,
            as in the paper.
        use_cudnn: "auto" or False; this implementation does not call cuDNN, so True makes the call
            raise.
        **kwargs: Options of every Keras layer, and `zero_output_for_mask` of `RNN`.

    Call arguments:
        sequences: Inputs of shape `(batch, T, features)`.
        initial_state: State $h_0$ of shape `(batch, units)`, or a list of it; None for zeros or, if
            `stateful`, the state in which the last batch ended.
        mask: Booleans of shape `(batch, T)`, False at steps to skip.
        training: Whether units are dropped.

    Raises:
        ValueError: If `units` is not a positive integer, a rate lies outside 0 to 1, `use_cudnn` is
            unknown, or True when the layer is called, or states or mask do not fit.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import GRU
        >>> tuple(GRU(4)(np.ones((2, 7, 3))).shape)
        (2, 4)

    Reference:
        Cho et al. 2014, arXiv:1406.1078, equations 5 to 8.
    """

    cell_class = GRUCell
    units = property(attrgetter("cell.units"))
    recurrent_activation = property(attrgetter("cell.recurrent_activation"))
    reset_after = property(attrgetter("cell.reset_after"))

    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="sigmoid",
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
        seed=None,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=True,
        use_cudnn="auto",
        **kwargs,
    ):
        check_cudnn(use_cudnn)
        super().__init__(locals(), **kwargs)
        self.use_cudnn = use_cudnn

    def get_config(self):
        return {**super().get_config(), "use_cudnn": self.use_cudnn}
