"""Several cells as one: the output of each is the input of the next."""

import inspect

from keras import layers, ops, saving, tree

from dlprep.stand_in import StandIn


def takes_training(cell):
    """Return whether the cell's `call` has an argument `training`.

    Args:
        cell: A cell.
    """
    return "training" in inspect.signature(cell.call).parameters


def output_size(cell):
    """Return the size of a cell's output: what it says, or its first state's.

    Args:
        cell: A cell.
    """
    if getattr(cell, "output_size", None) is not None:
        return cell.output_size
    return tree.flatten(cell.state_size)[0]


def initial_states(cell, batch_size, dtype):
    """Return the states of a cell before the first step: its own, or zeros.

    Args:
        cell: A cell.
        batch_size: Number of rows.
        dtype: Type of the zeros.
    """
    if hasattr(cell, "get_initial_state"):
        return cell.get_initial_state(batch_size=batch_size)
    if isinstance(cell.state_size, int):
        return ops.zeros((batch_size, cell.state_size), dtype)
    return [ops.zeros((batch_size, size), dtype) for size in cell.state_size]


def draw_masks(cell, step_input, states):
    """Let every cell that drops units draw its masks once, for all steps of the sequence.

    Args:
        cell: A cell, or stacked ones.
        step_input: The first step's input.
        states: The first states.
    """
    if hasattr(cell, "get_dropout_mask"):
        cell.get_dropout_mask(step_input)
        cell.get_recurrent_dropout_mask(states[0])
    for inner, state in zip(getattr(cell, "cells", ()), states, strict=False):
        state = state if tree.is_nested(state) else [state]
        draw_masks(inner, step_input, state)
        size = output_size(inner)
        step_input = ops.zeros((ops.shape(step_input)[0], size), step_input.dtype)


def forget_masks(cell):
    """Let the next sequence draw new masks.

    Args:
        cell: A cell, or stacked ones.
    """
    if hasattr(cell, "reset_dropout_mask"):
        cell.reset_dropout_mask()
        cell.reset_recurrent_dropout_mask()
    for inner in getattr(cell, "cells", ()):
        forget_masks(inner)


@saving.register_keras_serializable(package="dlprep.layers")
class StackedRNNCells(layers.StackedRNNCells, metaclass=StandIn):
    r"""Run several cells at each time step, one on the output of the other.

    $$ (h^{[l]}_t, s^{[l]}_t) = \mathrm{cell}^{[l]}(h^{[l-1]}_t, s^{[l]}_{t-1}),
       \quad h^{[0]}_t = x_t $$

    Args:
        cells: List of cells, the first nearest to the input.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        inputs: One step's inputs, shape `(batch, features)`.
        states: List of each cell's state or list of states.
        training: Whether the call is part of training; handed to the cells that ask for it.
        **kwargs: Handed to every cell.

    Raises:
        ValueError: If there is no cell, or one lacks `call` or `state_size`.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import RNN, SimpleRNNCell, StackedRNNCells
        >>> cells = StackedRNNCells([SimpleRNNCell(4), SimpleRNNCell(5)])
        >>> tuple(RNN(cells)(np.ones((2, 7, 3))).shape)
        (2, 5)

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 10.5 and figure 10.13a.
    """

    def __init__(self, cells, **kwargs):
        if not cells:
            raise ValueError(f"StackedRNNCells needs one cell at least, not {cells!r}.")
        super().__init__(cells, **kwargs)

    @property
    def state_size(self):
        """State sizes of all cells, as a list."""
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        """Output size of the last cell."""
        return output_size(self.cells[-1])

    def get_initial_state(self, batch_size=None):
        """Return the states of all cells before the first step.

        Args:
            batch_size: Number of rows.
        """
        return [initial_states(cell, batch_size, self.compute_dtype) for cell in self.cells]

    def build(self, input_shape):
        for cell in self.cells:
            if isinstance(cell, layers.Layer) and not cell.built:
                cell.build(input_shape)
                cell.built = True
            input_shape = (input_shape[0], output_size(cell))

    def call(self, inputs, states, training=False, **kwargs):
        new_states = []
        for cell, state in zip(self.cells, states, strict=True):
            given = {**kwargs, "training": training} if takes_training(cell) else kwargs
            apply = cell if callable(cell) else cell.call
            nested = tree.is_nested(state)
            before = list(state) if nested else [state]
            inputs, after = apply(inputs, before, **given)
            # A cell may follow another dtype policy, but the loop needs states of one type.
            after = [ops.cast(new, old.dtype) for new, old in zip(after, before, strict=True)]
            new_states.append(after if nested else after[0])
        return ops.cast(inputs, self.compute_dtype), new_states

    def get_config(self):
        cells = [saving.serialize_keras_object(cell) for cell in self.cells]
        return {**super().get_config(), "cells": cells}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        cells = [
            saving.deserialize_keras_object(cell, custom_objects=custom_objects)
            for cell in config["cells"]
        ]
        return cls(**{**config, "cells": cells})
