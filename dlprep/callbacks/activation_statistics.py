"""What every layer puts out while training goes on: its spread, and its dead units."""

import keras
import numpy as np
from keras import ops, tree


class ActivationStatistics(keras.callbacks.Callback):
    r"""Record mean, spread and dead units of every layer on a fixed batch.

    $$\mu = \operatorname{E} a, \qquad \sigma = \sqrt{\operatorname{E} (a - \mu)^2}, \qquad
    \text{zero} = P(a = 0), \qquad \text{dead} = P_j \big( a_{ij} = 0 \ \forall i \big)$$

    over the rows $i$ and units $j$ (the last axis) of a layer's outputs $a$, before training and
    after every epoch, with the layers as they are at inference. Where a layer puts out several
    tensors, or is called several times, their units stand side by side. A unit of a rectifier that
    is zero for every row gets no gradient any more.

    Args:
        x: Inputs of the batch as for `predict`: an array, or a list or dict of arrays where the
            model has several inputs; a few dozen rows do.
        layers: Names of the layers to watch; `None` for all.

    Attributes:
        history: Layer -> statistic (`"mean"`, `"std"`, `"zero"`, `"dead"`) -> list of numbers.

    Raises:
        ValueError: The model is neither Sequential nor functional, or lacks a layer that was named
            (when `fit` begins).

    Example:
        >>> import keras, numpy as np
        >>> from dlprep import callbacks
        >>> layer = keras.layers.Dense(4, "relu", bias_initializer=keras.initializers.Constant(-9))
        >>> model = keras.Sequential([keras.Input((2,)), layer])
        >>> model.compile("sgd", "mse")
        >>> watch = callbacks.ActivationStatistics(np.ones((8, 2)))
        >>> fitted = model.fit(np.ones((8, 2)), np.ones((8, 4)), verbose=0, callbacks=[watch])
        >>> watch.history[layer.name]["dead"]
        [1.0, 1.0]

    Reference:
        Glorot, Bengio 2010, section 3; Lu et al. 2020, Dying ReLU, arXiv:1903.06733, section 2.
    """

    def __init__(self, x, layers=None):
        super().__init__()
        self.x = x
        self.layers = layers
        self.history = {}

    def on_train_begin(self, logs=None):
        graph = self._graph()
        watched = {layer.name: _outputs(layer, graph) for layer in self._watched()}
        self._probe = keras.Model(graph.input, watched)
        self.history = {name: {} for name in watched}
        self._measure()

    def on_epoch_end(self, epoch, logs=None):
        self._measure()

    def dead(self, share=0.5):
        """Name the layers of which at least `share` of the units are dead by now."""
        return [name for name, series in self.history.items() if series["dead"][-1] >= share]

    def _graph(self):
        if not self.model.built:
            self.model(self.x)
        graph = getattr(self.model, "_functional", self.model)
        if not getattr(graph, "inputs", None):
            raise ValueError(
                "ActivationStatistics needs a Sequential or functional model: only these say what "
                "lies between their layers"
            )
        return graph

    def _watched(self):
        if self.layers is not None:
            return [self.model.get_layer(name) for name in self.layers]
        inputs = keras.layers.InputLayer
        return [layer for layer in self.model.layers if not isinstance(layer, inputs)]

    def _measure(self):
        for name, outputs in self._probe(self.x, training=False).items():
            outputs = [ops.convert_to_numpy(output) for output in tree.flatten(outputs)]
            for statistic, value in statistics(*outputs).items():
                self.history[name].setdefault(statistic, []).append(value)


def statistics(*activations):
    """Return mean, standard deviation, share of zeros and share of dead units as floats."""
    tables = [a.reshape(-1, a.shape[-1]).astype("float64") for a in activations]
    numbers = np.concatenate([table.ravel() for table in tables])
    return {
        "mean": float(numbers.mean()),
        "std": float(numbers.std()),
        "zero": float(np.mean(numbers == 0)),
        "dead": float(np.mean(np.concatenate([np.all(table == 0, axis=0) for table in tables]))),
    }


def _outputs(layer, graph):
    """Return what a layer puts out in this graph: it may stand in others too."""
    nodes = [node for row in graph._nodes_by_depth.values() for node in row]
    return [out for node in nodes if node.operation is layer for out in node.output_tensors]
