"""The length of every layer's gradient while training goes on."""

import contextlib

import keras
import numpy as np
from keras import ops


class GradientNorms(keras.callbacks.Callback):
    r"""Record the norm of every layer's gradient on a fixed batch, before training and each epoch.

    $$g_\ell = \Big( \sum_{w \in \text{layer } \ell}
    \big\| \partial L / \partial w \big\|_2^2 \Big)^{1/2}$$

    The batch goes through the model's own training step (its loss, its regularizers, dropout and
    all) with an optimizer that writes the gradients down instead of using them; afterwards every
    variable is what it was. Loss scaling for float16 is left out. On PyTorch dropout draws from
    the global generator: there a run with dropout differs from one without this callback.

    Args:
        x: Inputs of the batch, as for `fit`; a few dozen rows do.
        y: Its targets; `None` where the model needs none.
        sample_weight: Weights of its rows, or `None`.

    Attributes:
        history: Layer -> list of norms; the first was taken before training.

    Raises:
        ValueError: The model has not been compiled (when `fit` begins).

    Example:
        >>> import keras, numpy as np
        >>> from dlprep import callbacks
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, name="unit")])
        >>> model.compile("sgd", "mse")
        >>> x, y = np.ones((4, 2)), np.zeros((4, 1))
        >>> norms = callbacks.GradientNorms(x, y)
        >>> fitted = model.fit(x, y, epochs=3, verbose=0, callbacks=[norms])
        >>> len(norms.history["unit"])
        4

    Reference:
        Glorot, Bengio 2010, Understanding the difficulty of training deep feedforward neural
        networks, section 4.2; Pascanu, Mikolov, Bengio 2013, arXiv:1211.5063, section 2.
    """

    def __init__(self, x, y=None, sample_weight=None):
        super().__init__()
        self.x, self.y, self.sample_weight = x, y, sample_weight
        self.history = {}

    def on_train_begin(self, logs=None):
        self.history = {}
        self._recorder = GradientRecorder()
        self._measure()

    def on_epoch_end(self, epoch, logs=None):
        self._measure()

    def vanishing(self, ratio=1e-3):
        """Name the layers whose latest norm is below `ratio` times the largest layer's."""
        latest = self._latest()
        return [name for name, norm in latest.items() if norm < ratio * max(latest.values())]

    def exploding(self, limit=1e3):
        """Name the layers whose latest norm is above `limit` or not finite."""
        return [name for name, norm in self._latest().items() if not norm <= limit]

    def _latest(self):
        return {name: norms[-1] for name, norms in self.history.items()}

    def _measure(self):
        with (
            _kept(self.model),
            _swapped(
                self.model,
                optimizer=self._recorder,
                train_function=None,
                run_eagerly=True,
                jit_compile=False,
                steps_per_execution=1,
            ),
        ):
            self.model.train_on_batch(self.x, self.y, self.sample_weight)
        squares = {}
        for variable, gradient in self._recorder.recorded():
            layer = _layer_of(variable, self.model)
            squares[layer] = squares.get(layer, 0.0) + np.sum(np.square(gradient))
        for layer, square in squares.items():
            self.history.setdefault(layer, []).append(float(np.sqrt(square)))


class GradientRecorder(keras.optimizers.Optimizer):
    """An optimizer that stores the gradients and leaves the variables alone."""

    def __init__(self):
        super().__init__(learning_rate=0.0)

    def build(self, variables):
        if not self.built:
            super().build(variables)
            self._recorded_variables = list(variables)
            self._slots = [
                self.add_variable_from_reference(variable, "gradient") for variable in variables
            ]

    def update_step(self, gradient, variable, learning_rate):
        slot = self._slots[self._get_variable_index(variable)]
        # Adding, unlike assigning, sums the repeated rows of an embedding's sparse gradient.
        self.assign(slot, ops.zeros(slot.shape, slot.dtype))
        self.assign_add(slot, ops.cast(gradient, slot.dtype))

    def recorded(self):
        """Return pairs of a variable and its latest gradient in NumPy float64."""
        gradients = [ops.convert_to_numpy(slot).astype("float64") for slot in self._slots]
        return list(zip(self._recorded_variables, gradients, strict=True))


@contextlib.contextmanager
def _kept(model):
    """Give every variable of the model its value back."""
    kept = [(variable, ops.copy(variable)) for variable in model.variables]
    try:
        yield
    finally:
        for variable, value in kept:
            variable.assign(value)


@contextlib.contextmanager
def _swapped(model, **attributes):
    """Set attributes of the model for a while."""
    kept = {name: getattr(model, name) for name in attributes}
    try:
        for name, value in attributes.items():
            setattr(model, name, value)
        yield
    finally:
        for name, value in kept.items():
            setattr(model, name, value)


def _layer_of(variable, model):
    """Return the path of the layer that owns the variable, without the model's name."""
    layer = variable.path.rpartition("/")[0]
    return layer.removeprefix(f"{model.name}/")
