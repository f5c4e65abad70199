"""What the recurrent cells share: weights for one or more gates, and dropout masks kept in time."""

import functools
from operator import attrgetter

from keras import InputSpec, ops, random, regularizers
from keras.src.layers.rnn.dropout_rnn_cell import DropoutRNNCell
from keras.src.utils.naming import to_snake_case

from dlprep.layers import settings
from dlprep.layers.dropout import check_rate, inverted_dropout, keep_mask
from dlprep.layers.layer import Layer
from dlprep.layers.rnn import RNN
from dlprep.layers.time_loop import time_loop


class RecurrentCell(Layer, DropoutRNNCell):
    r"""Base of the cells: the input's share of all gates is one product, the state's another.

    $$ z_t = x_t W + b, \quad s_t = f(z_t, s_{t-1}) $$

    A subclass sets `gates` and writes its `call`, of which `project` is the first half. All $z$ at
    once, before the loop, would save no time on a CPU: what a loop reads, it has to store.

    The dropout masks are drawn once per sequence by `RNN`, ours or Keras's, and then hold for all
    its steps; called by itself, the cell draws new ones each time. Of Keras's `DropoutRNNCell` it
    has the type alone, which Keras's `RNN` asks for.

    Args:
        implementation: Chose between equal ways of computing the same in Keras; kept, without
            effect.
        **kwargs: Options of every Keras layer, such as `name` and `dtype`.

    Raises:
        ValueError: If a size is not a positive integer or a rate outside 0 to 1.

    Example:
        >>> from dlprep.layers import LSTMCell
        >>> LSTMCell(3).gates
        4

    Reference:
        Gal, Ghahramani 2016, arXiv:1512.05287, equation 7, for the masks kept in time.
    """

    gates = 1
    # Whether Keras draws the dropout's seed before the weights' own: a global seed then gives both
    # libraries the same weights.
    seed_first = False

    def __init__(self, implementation=2, **kwargs):
        super().__init__(**kwargs)
        self.implementation = implementation

    def _store(self, arguments, size="units"):
        """Keep the constructor's arguments, the size and the rates checked."""
        units = arguments[size]
        settings.check_positive(**{size: units})
        for name in ("dropout", "recurrent_dropout"):
            check_rate(arguments[name], name)
        seed = settings.native(arguments["seed"])
        generator = random.SeedGenerator(seed) if self.seed_first else None
        settings.store(self, arguments)
        self.seed_generator = generator or random.SeedGenerator(seed)
        self.state_size = self.output_size = settings.native(units)
        self.input_mask = self.state_mask = None

    def build(self, input_shape):
        wide = self.gates * self.units
        self.kernel = settings.weight(self, "kernel", (input_shape[-1], wide))
        self.recurrent_kernel = settings.weight(self, "recurrent_kernel", (self.units, wide))
        self.bias = self._build_bias(wide) if self.use_bias else None

    def _build_bias(self, wide):
        return settings.weight(self, "bias", (wide,))

    def project(self, inputs, training=False):
        """Return the input's share of a step, $z = x W + b$.

        Args:
            inputs: Tensor of shape `(batch, features)`.
            training: Whether units are dropped.
        """
        inputs = ops.cast(inputs, self.compute_dtype)
        if training and self.dropout:
            mask = self.input_mask
            if mask is None:
                mask = self._draw(inputs, self.dropout)
            inputs = inverted_dropout(inputs, mask, self.dropout)
        return self._project(inputs)

    def _project(self, inputs):
        z = ops.matmul(inputs, self.kernel)
        # Not ops.add: TensorFlow would fuse it with the product into a kernel that starts slowly.
        return z if self.bias is None else z + self._input_bias()

    def _input_bias(self):
        return self.bias

    def drop_state(self, state, training=False):
        """Return the previous output as the gates see it.

        Args:
            state: Tensor of shape `(batch, units)`.
            training: Whether units are dropped.
        """
        if not training or not self.recurrent_dropout:
            return state
        mask = self.state_mask
        if mask is None:
            mask = self._draw(state, self.recurrent_dropout)
        return inverted_dropout(state, mask, self.recurrent_dropout)

    def _draw(self, like, rate):
        return keep_mask(ops.shape(like), rate, self.seed_generator)

    def get_dropout_mask(self, step_input):
        """Draw the input's mask and keep it until it is reset.

        Args:
            step_input: Tensor of shape `(batch, features)`.
        """
        if self.dropout:
            self.input_mask = self._draw(step_input, self.dropout)
        return self.input_mask

    def get_recurrent_dropout_mask(self, state):
        """Draw the state's mask and keep it until it is reset.

        Args:
            state: Tensor of shape `(batch, units)`.
        """
        if self.recurrent_dropout:
            self.state_mask = self._draw(state, self.recurrent_dropout)
        return self.state_mask

    def reset_dropout_mask(self):
        """Forget the input's mask."""
        self.input_mask = None

    def reset_recurrent_dropout_mask(self):
        """Forget the state's mask."""
        self.state_mask = None

    def get_initial_state(self, batch_size=None):
        """Return zeros for every state.

        Args:
            batch_size: Number of rows.
        """
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [ops.zeros((batch_size, size), self.compute_dtype) for size in sizes]


class RecurrentLayer(RNN):
    r"""Base of the layers that run one of our cells and show its settings as their own.

    $$ (y_t, s_t) = \mathrm{cell}(x_t, s_{t-1}) $$

    A subclass sets `cell_class`.

    Args:
        arguments: `locals()` of the subclass's constructor, which the cell and `RNN` share out.
        **kwargs: Options of every Keras layer, and `implementation` of the cell.

    Example:
        >>> from dlprep.layers import LSTM
        >>> LSTM(3).units
        3

    Reference:
        Goodfellow, Bengio, Courville 2016, "Deep Learning", section 10.2.
    """

    cell_class = None

    activation = property(attrgetter("cell.activation"))
    use_bias = property(attrgetter("cell.use_bias"))
    kernel_initializer = property(attrgetter("cell.kernel_initializer"))
    recurrent_initializer = property(attrgetter("cell.recurrent_initializer"))
    bias_initializer = property(attrgetter("cell.bias_initializer"))
    kernel_regularizer = property(attrgetter("cell.kernel_regularizer"))
    recurrent_regularizer = property(attrgetter("cell.recurrent_regularizer"))
    bias_regularizer = property(attrgetter("cell.bias_regularizer"))
    kernel_constraint = property(attrgetter("cell.kernel_constraint"))
    recurrent_constraint = property(attrgetter("cell.recurrent_constraint"))
    bias_constraint = property(attrgetter("cell.bias_constraint"))
    dropout = property(attrgetter("cell.dropout"))
    recurrent_dropout = property(attrgetter("cell.recurrent_dropout"))

    def __init__(self, arguments, **kwargs):
        shared = {name: kwargs[name] for name in ("dtype", "trainable") if name in kwargs}
        if "implementation" in kwargs:
            shared["implementation"] = kwargs.pop("implementation")
        own = settings.pick(arguments, self.cell_class)
        cell = self.cell_class(**own, name=to_snake_case(self.cell_class.__name__), **shared)
        activity = arguments["activity_regularizer"]
        options = settings.pick(arguments, RNN)
        super().__init__(cell, **options, activity_regularizer=activity, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def inner_loop(self, sequences, initial_state, mask, training=False):
        if getattr(self, "use_cudnn", "auto") is True:
            raise ValueError(
                'use_cudnn=True cannot be kept: this layer has no cuDNN path, so pass "auto" or '
                "False, or use the layer of keras.layers."
            )
        check_states(initial_state, self.cell.get_initial_state(ops.shape(sequences)[0]))
        step = functools.partial(self.cell, training=training)
        return time_loop(step, sequences, initial_state, mask, **self._loop_options())

    def get_config(self):
        own = self._loop_config()
        own["activity_regularizer"] = regularizers.serialize(self.activity_regularizer)
        return {**own, **settings.config(self.cell, self._cell_settings())}

    def _cell_settings(self):
        return settings.names(self.cell_class)

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


def check_states(states, zeros):
    """Raise unless the states before the first step have the shapes of a cell's own.

    Args:
        states: List of states.
        zeros: The cell's own.

    Raises:
        ValueError: If a length that is known differs.
    """
    for given, expected in zip(states, zeros, strict=True):
        pairs = zip(given.shape, expected.shape, strict=False)
        fits = len(given.shape) == len(expected.shape)
        if not fits or any(a != b for a, b in pairs if None not in (a, b)):
            raise ValueError(
                f"An initial state of shape {tuple(expected.shape)} is needed, not "
                f"{tuple(given.shape)}."
            )


def check_cudnn(use_cudnn):
    """Raise unless the argument is one that Keras knows.

    Args:
        use_cudnn: The constructor's argument.

    Raises:
        ValueError: If it is none of "auto", True and False.
    """
    if use_cudnn not in ("auto", True, False):
        raise ValueError(f'`use_cudnn` must be "auto", True or False, not {use_cudnn!r}.')
