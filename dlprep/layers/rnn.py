"""Recurrent layer: one cell applied step after step, its state carried along."""

from types import SimpleNamespace

from keras import Variable, layers, ops, saving, tree

from dlprep.layers import settings
from dlprep.layers.stacked_rnn_cells import (
    StackedRNNCells,
    draw_masks,
    forget_masks,
    initial_states,
    output_size,
    takes_training,
)
from dlprep.layers.time_loop import time_loop
from dlprep.stand_in import StandIn

LOOP_OPTIONS = ("return_sequences", "go_backwards", "unroll", "zero_output_for_mask")


@saving.register_keras_serializable(package="dlprep.layers")
class RNN(layers.Layer, metaclass=StandIn):
    r"""Run a cell over a sequence (`time_loop`).

    $$ (y_t, s_t) = \mathrm{cell}(x_t, s_{t-1}) $$

    Masked steps are skipped: they leave the state as it was.

    Args:
        cell: Object with `call(inputs, states)` that returns `(output, new_states)` and with
            `state_size`, an integer or a list of integers; a list of cells is stacked. It may have
            `output_size` and `get_initial_state(batch_size)`.
        return_sequences: Whether to return the outputs of all steps, not only of the last.
        return_state: Whether to return the last states too.
        go_backwards: Whether to read the sequence from its end; outputs come in the order read.
        stateful: Whether a batch starts from the states in which the last one ended.
        unroll: Whether to write the loop out in the graph: faster for short sequences.
        zero_output_for_mask: Whether masked steps give 0 instead of the last output.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        sequences: Inputs of shape `(batch, T, ...)`.
        initial_state: List of the states before the first step, one for each of the cell's, shape
            `(batch, size)`. None takes those kept if `stateful`, else the cell's own, or zeros.
        mask: Booleans of shape `(batch, T)`, False at steps to skip.
        training: Whether the call is part of training; handed to a cell that asks for it.

    Raises:
        ValueError: If the cell lacks `call` or `state_size`, if `unroll` meets an open time axis,
            if `stateful` meets an open or another batch size, or if `initial_state` or `mask` do
            not fit.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import RNN, SimpleRNNCell
        >>> tuple(RNN(SimpleRNNCell(4), return_sequences=True)(np.ones((2, 7, 3))).shape)
        (2, 7, 4)

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 10.2; handbook, chapter 8.
    """

    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        zero_output_for_mask=False,
        **kwargs,
    ):
        cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        check_cell(cell)
        super().__init__(**kwargs)
        settings.store(self, locals())
        self.single_state = isinstance(cell.state_size, int)
        self.state_size = [cell.state_size] if self.single_state else list(cell.state_size)
        self.supports_masking = True
        # In a namespace, Keras does not count the states among the weights.
        self._memory = SimpleNamespace(states=None)

    @property
    def states(self):
        """The states kept between batches, or None unless `stateful`."""
        return self._memory.states

    def build(self, sequences_shape, initial_state_shape=None):
        if isinstance(self.cell, layers.Layer) and not self.cell.built:
            self.cell.build((sequences_shape[0], *sequences_shape[2:]))
            self.cell.built = True
        if self.stateful:
            self._remember(sequences_shape[0])

    def _remember(self, batch_size):
        if batch_size is None:
            raise ValueError(
                "A stateful RNN needs a fixed batch size: give `batch_size` to `keras.Input`."
            )
        self._memory.states = tree.map_structure(
            lambda state: Variable(
                state, trainable=False, dtype=self.variable_dtype, name="rnn_state"
            ),
            self.get_initial_state(batch_size),
        )

    def get_initial_state(self, batch_size):
        """Return the states before the first step: the cell's own, or zeros.

        Args:
            batch_size: Number of rows.
        """
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        states = initial_states(self.cell, batch_size, dtype)
        return list(states) if tree.is_nested(states) else [states]

    def reset_state(self):
        """Set the states kept between batches to zero."""
        for state in tree.flatten(self.states):
            if state is not None:
                state.assign(ops.zeros_like(state.value))

    reset_states = reset_state

    def call(self, sequences, initial_state=None, mask=None, training=False):
        if self.unroll and sequences.shape[1] is None:
            raise ValueError("Cannot unroll an RNN over an open time axis: fix it in keras.Input.")
        states = self._first_states(sequences, initial_state)
        mask = tree.flatten(mask)[0]
        if mask is not None:
            mask = fitting_mask(mask, sequences)
            wide = ops.reshape(mask, (*ops.shape(mask), *[1] * (len(sequences.shape) - 2)))
            # Whatever a masked step holds, infinity and NaN too, no gradient may meet it.
            sequences = ops.where(wide, sequences, ops.zeros_like(sequences))
        if sequences.shape[1] == 0:
            return self._nothing(sequences, states)
        draw_masks(self.cell, sequences[:, 0], states)
        last, outputs, states = self.inner_loop(sequences, states, mask, training)
        forget_masks(self.cell)
        states = tree.map_structure(lambda state: ops.cast(state, self.compute_dtype), states)
        if self.stateful:
            tree.map_structure(lambda kept, new: kept.assign(new), self.states, list(states))
        output = ops.cast(outputs if self.return_sequences else last, self.compute_dtype)
        return (output, *states) if self.return_state else output

    def _first_states(self, sequences, initial_state):
        if self.stateful:
            self._check_batch_size(sequences.shape[0])
        if initial_state is None:
            initial_state = self.states or self.get_initial_state(ops.shape(sequences)[0])
        states = list(initial_state) if tree.is_nested(initial_state) else [initial_state]
        if len(states) != len(self.state_size):
            raise ValueError(
                f"This cell has {len(self.state_size)} states, but `initial_state` holds "
                f"{len(states)}: pass one tensor for each."
            )
        dtype = getattr(self.cell, "compute_dtype", self.compute_dtype)
        return tree.map_structure(lambda state: ops.convert_to_tensor(state, dtype=dtype), states)

    def _check_batch_size(self, size):
        expected = tree.flatten(self.states)[0].shape[0]
        if size not in (None, expected):
            raise ValueError(
                f"A stateful RNN keeps the states of a batch size of {expected}, but {size} rows "
                "came: feed batches of one size."
            )

    def _nothing(self, sequences, states):
        shape = self.compute_output_shape((ops.shape(sequences)[0], *sequences.shape[1:]))
        output = ops.zeros(shape[0] if self.return_state else shape, self.compute_dtype)
        return (output, *states) if self.return_state else output

    def inner_loop(self, sequences, initial_state, mask, training=False):
        """Run the cell over the time axis.

        Args:
            sequences: Inputs of shape `(batch, T, ...)`.
            initial_state: List of states.
            mask: Booleans of shape `(batch, T)`, or None; where False, `sequences` are 0.
            training: Whether the layer is in training.
        """
        given = {"training": training} if takes_training(self.cell) else {}

        def step(inputs, states):
            output, states = self.cell(inputs, states, **given)
            return output, states if tree.is_nested(states) else [states]

        return time_loop(step, sequences, initial_state, mask, **self._loop_options())

    def _loop_options(self):
        return {name: getattr(self, name) for name in LOOP_OPTIONS}

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        batch, length = sequences_shape[:2]
        size = output_size(self.cell)
        output = (batch, length, size) if self.return_sequences else (batch, size)
        if not self.return_state:
            return output
        return output, *[
            (batch, n) if isinstance(n, int) else [(batch, m) for m in n] for n in self.state_size
        ]

    def compute_mask(self, _, mask):
        output = tree.flatten(mask)[0] if self.return_sequences else None
        return [output, *[None] * len(self.state_size)] if self.return_state else output

    def get_config(self):
        return {**self._loop_config(), "cell": saving.serialize_keras_object(self.cell)}

    def _loop_config(self):
        names = [name for name in settings.names(RNN) if name != "cell"]
        return {**super().get_config(), **settings.config(self, names)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        cell = saving.deserialize_keras_object(config["cell"], custom_objects=custom_objects)
        return cls(**{**config, "cell": cell})


def check_cell(cell):
    """Raise unless the object can serve as a cell.

    Args:
        cell: The constructor's argument.

    Raises:
        ValueError: If it lacks `call` or a usable `state_size`.
    """
    if not hasattr(cell, "call"):
        raise ValueError(f"RNN needs a `cell` with a `call` method, not {cell!r}.")
    if not isinstance(getattr(cell, "state_size", None), (int, list, tuple)):
        raise ValueError(
            "RNN needs a `cell` with `state_size`, an integer or a list of integers, one per "
            f"state: {cell!r} has {getattr(cell, 'state_size', None)!r}."
        )


def fitting_mask(mask, sequences):
    """Return a mask as booleans of shape `(batch, T)`.

    Args:
        mask: Tensor of shape `(batch, T)` or `(batch, T, 1)`, False or 0 at steps to skip.
        sequences: Tensor of shape `(batch, T, ...)`.

    Raises:
        ValueError: If the mask has another shape.
    """
    expected, given = sequences.shape[:2], mask.shape
    known = zip((*expected, 1), given, strict=False)
    if len(given) not in (2, 3) or any(a != b for a, b in known if None not in (a, b)):
        raise ValueError(
            f"The mask must have the sequences' first axes, {tuple(expected)}, not {tuple(given)}."
        )
    return ops.cast(mask if len(given) == 2 else mask[..., 0], "bool")
