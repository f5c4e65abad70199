"""Bidirectional: read a sequence both ways and join what was seen."""

import inspect

from keras import layers, ops, saving

from dlprep.stand_in import StandIn

MERGES = {
    "sum": ops.add,
    "mul": ops.multiply,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "concat": lambda forward, backward: ops.concatenate([forward, backward], axis=-1),
    None: lambda forward, backward: (forward, backward),
}


@saving.register_keras_serializable(package="dlprep.layers")
class Bidirectional(layers.Layer, metaclass=StandIn):
    r"""Run one recurrent layer forward and one backward over the sequence and join the outputs.

    $$ y_t = \mathrm{merge}(\overrightarrow{h}_t, \overleftarrow{h}_t) $$

    Args:
        layer: Recurrent layer that reads forward; a copy of it is used.
        merge_mode: "concat", "sum", "mul", "ave", or None for both outputs apart.
        weights: Arrays to start from, the forward layer's first, or None.
        backward_layer: Recurrent layer that reads backward (`go_backwards=True`); None takes a
            copy of `layer`.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Call arguments:
        sequences: Inputs of shape `(batch, T, features)`.
        initial_state: List of the states before the first step, the forward layer's and then the
            backward layer's, each of shape `(batch, size)`; None leaves the start to the layers.
        mask: Booleans of shape `(batch, T)`, False at steps to skip.
        training: Whether the call is part of training; handed to both layers.

    Raises:
        ValueError: If the layers do not fit together, the merge is unknown, or the initial states
            are not those of both layers.

    Example:
        >>> import numpy as np
        >>> from dlprep.layers import LSTM, Bidirectional
        >>> tuple(Bidirectional(LSTM(4, return_sequences=True))(np.ones((2, 7, 3))).shape)
        (2, 7, 8)

    Reference:
        Schuster, Paliwal 1997, "Bidirectional recurrent neural networks", figure 3.
    """

    def __init__(
        self,
        layer,
        merge_mode="concat",
        weights=None,
        backward_layer=None,
        **kwargs,
    ):
        for given in (layer, layer if backward_layer is None else backward_layer):
            if not isinstance(given, layers.Layer):
                raise ValueError(f"Bidirectional needs Keras layers, not {given!r}.")
        if merge_mode not in MERGES:
            raise ValueError(
                f"Invalid merge mode: {merge_mode!r}. It must be one of {list(MERGES)}."
            )
        super().__init__(**kwargs)
        self.merge_mode = merge_mode
        self.forward_layer = copy(layer, "forward")
        self.backward_layer = backward_layer or copy(layer, "backward", go_backwards=True)
        self._check_directions()
        for inner in (self.forward_layer, self.backward_layer):
            if hasattr(inner, "zero_output_for_mask"):
                inner.zero_output_for_mask = inner.return_sequences
        self.stateful, self.return_state = layer.stateful, layer.return_state
        self.return_sequences, self.input_spec = layer.return_sequences, layer.input_spec
        self.supports_masking = True
        self._start = weights

    def _check_directions(self):
        forward, backward = self.forward_layer, self.backward_layer
        if forward.go_backwards == backward.go_backwards:
            raise ValueError(
                "The two layers of Bidirectional must read in different directions, but both have "
                f"go_backwards={forward.go_backwards}."
            )
        for name in ("stateful", "return_sequences", "return_state"):
            if getattr(forward, name) != getattr(backward, name):
                raise ValueError(
                    f"The two layers of Bidirectional must agree in `{name}`, but it is "
                    f"{getattr(forward, name)} forward and {getattr(backward, name)} backward."
                )

    def build(self, sequences_shape, initial_state_shape=None):
        for inner in (self.forward_layer, self.backward_layer):
            if not inner.built:
                inner.build(sequences_shape)
                inner.built = True
        if self._start:
            self.set_weights(self._start)

    def call(self, sequences, initial_state=None, mask=None, training=None):
        states = self._split(initial_state)
        forward, backward = (
            inner(sequences, initial_state=state, **accepted(inner, training=training, mask=mask))
            for inner, state in zip((self.forward_layer, self.backward_layer), states, strict=True)
        )
        last = ()
        if self.return_state:
            last = (*forward[1:], *backward[1:])
            forward, backward = forward[0], backward[0]
        if self.return_sequences:
            backward = ops.flip(backward, axis=1)
        dtype = self.compute_dtype
        output = MERGES[self.merge_mode](ops.cast(forward, dtype), ops.cast(backward, dtype))
        if not self.return_state:
            return output
        return (*output, *last) if self.merge_mode is None else (output, *last)

    def _split(self, initial_state):
        if initial_state is None:
            return None, None
        half, odd = divmod(len(initial_state), 2)
        if odd:
            raise ValueError(
                f"Bidirectional needs the states of both layers, not {len(initial_state)} in all."
            )
        return initial_state[:half], initial_state[half:]

    @property
    def states(self):
        """The states of both layers kept between batches, or None."""
        forward, backward = self.forward_layer.states, self.backward_layer.states
        return (*forward, *backward) if forward and backward else None

    def reset_state(self):
        """Set the states kept between batches to zero.

        Raises:
            AttributeError: If the layers are not stateful.
        """
        if not self.stateful:
            raise AttributeError("Layer must be stateful.")
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    reset_states = reset_state

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        shape, states = self.forward_layer.compute_output_shape(sequences_shape), ()
        if self.return_state:
            shape, states = shape[0], tuple(shape[1:])
        if self.merge_mode is None:
            return (shape, shape, *states, *states)
        shape = (*shape[:-1], 2 * shape[-1]) if self.merge_mode == "concat" else tuple(shape)
        return (shape, *states, *states) if self.return_state else shape

    def compute_mask(self, _, mask):
        mask = mask[0] if isinstance(mask, list) else mask
        mask = mask if self.return_sequences else None
        masks = [mask, mask] if self.merge_mode is None else [mask]
        if not self.return_state:
            return tuple(masks) if self.merge_mode is None else mask
        count = len(getattr(self.forward_layer, "state_size", ()))
        return (*masks, *[None] * (2 * count))

    def get_config(self):
        inner = {"layer": self.forward_layer, "backward_layer": self.backward_layer}
        own = {name: saving.serialize_keras_object(layer) for name, layer in inner.items()}
        return {**super().get_config(), "merge_mode": self.merge_mode, **own}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        inner = {
            name: saving.deserialize_keras_object(config[name], custom_objects=custom_objects)
            for name in ("layer", "backward_layer")
            if config.get(name) is not None
        }
        return cls(**{**config, **inner})


def copy(layer, direction, **changes):
    """Return a new layer with the same settings, named after its direction.

    Args:
        layer: A recurrent layer.
        direction: Prefix of the name.
        **changes: Settings that differ.
    """
    serialized = saving.serialize_keras_object(layer)
    name = f"{direction}_{layer.name.removeprefix(f'{direction}_')}"
    serialized["config"] = {**serialized["config"], **changes, "name": name}
    new = saving.deserialize_keras_object(serialized)
    if hasattr(layer, "use_cudnn"):
        new.use_cudnn = layer.use_cudnn
    return new


def accepted(layer, **arguments):
    """Return those arguments that the layer's `call` takes.

    Args:
        layer: A layer.
        **arguments: Arguments by name.
    """
    known = inspect.signature(layer.call).parameters
    return {name: value for name, value in arguments.items() if name in known}
