"""Run our layer and Keras's own on the same weights and inputs, and compare all that comes out.

`EXAMPLES=200 pytest tests/components/differential` draws more than the usual three of each.
"""

import os

import keras
import numpy as np
import tensorflow as tf
from components.arrays import assert_close
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st

from dlprep import layers

EXAMPLES = settings(
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
    deadline=None,
    max_examples=int(os.environ.get("EXAMPLES", 3)),
    suppress_health_check=list(HealthCheck),
)
# bfloat16 keeps 8 bits and float16 11, and the two round at different places.
TOLERANCE = {"float32": 2e-5, "float64": 2e-5, "mixed_bfloat16": 5e-2, "mixed_float16": 1e-2}
flags = st.booleans()
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 5)


class Case:
    """A configuration and what the layer is called with.

    Args:
        config: Constructor arguments, or a function from `dlprep.layers` or `keras.layers` to them.
        *shapes: Shape of every input, with the batch.
        high: Inputs are integers below this number, instead of real numbers.
        listed: Whether the inputs come as one list, instead of as arguments.
        inside: Name of the layer that runs this one, for cells.
        only: The one dtype that can be compared, if not all can.
        **call: Further arguments of the call.
    """

    def __init__(self, config, *shapes, high=None, listed=False, inside=None, only=None, **call):
        self.config = config if callable(config) else lambda namespace: config
        self.shapes, self.high, self.listed, self.inside = shapes, high, listed, inside
        self.only, self.call = only, call

    def __repr__(self):
        return f"{self.config(keras.layers)} on {self.shapes} with {self.call}"

    def build(self, name, namespace, dtype):
        layer = getattr(namespace, name)(**self.config(namespace), dtype=dtype)
        return getattr(namespace, self.inside)(layer, dtype=dtype) if self.inside else layer

    def inputs(self, seed):
        rng = np.random.default_rng(seed)
        if self.high:
            return [tf.constant(rng.integers(self.high, size=s), "int32") for s in self.shapes]
        return [tf.constant(rng.normal(size=s), "float32") for s in self.shapes]

    def run(self, layer, inputs):
        """Return outputs and penalties, and gradients of a random projection of them."""
        with tf.GradientTape() as tape:
            tape.watch([x for x in inputs if x.dtype.is_floating])
            outputs = layer(inputs, **self.call) if self.listed else layer(*inputs, **self.call)
            outputs = [tf.convert_to_tensor(y) for y in tf.nest.flatten(outputs) + layer.losses]
            real = [y for y in outputs if y.dtype.is_floating]
            total = sum(tf.reduce_sum(tf.cast(y, "float64") * direction(y.shape)) for y in real)
        sources = [x for x in inputs if x.dtype.is_floating]
        sources += [weight.value for weight in layer.trainable_weights]
        gradients = tape.gradient(total, sources, unconnected_gradients="zero") if sources else []
        return outputs, [tf.convert_to_tensor(gradient) for gradient in gradients]


def direction(shape):
    """Return fixed numbers of a shape, so that no two outputs' gradients cancel."""
    return np.random.default_rng(0).normal(size=shape)


def assert_equal_to_keras(name, case, seed, dtype="float32", traced=False):
    """Check outputs, gradients and the weights that the call moved; ours in a graph if `traced`."""
    ours, theirs = (case.build(name, namespace, dtype) for namespace in (layers, keras.layers))
    inputs = case.inputs(seed)
    case.run(ours, inputs), case.run(theirs, inputs)
    rng = np.random.default_rng(seed)
    floating = [w for w in theirs.weights if keras.backend.is_float_dtype(w.dtype)]
    for weight in floating:
        weight.assign(rng.uniform(0.2, 0.9, weight.shape) * rng.choice([-1, 1]))
    for weight in floating:
        if "variance" in weight.path or "stddev" in weight.path:
            weight.assign(abs(weight))
    ours.set_weights(theirs.get_weights())
    for layer in (ours, theirs):
        if getattr(layer, "stateful", False):
            layer.reset_state()
            case.run(layer, inputs)
    run = tf.function(case.run, autograph=False) if traced else case.run
    (outputs, gradients), expected = run(ours, inputs), case.run(theirs, inputs)
    assume(not misplaces_bias(theirs, outputs[0].shape))
    tolerance = TOLERANCE[dtype]
    compare(outputs, expected[0], tolerance)
    if "mixed" not in dtype:
        compare(gradients, expected[1], 5 * tolerance)
    compare(ours.get_weights(), theirs.get_weights(), tolerance)


def misplaces_bias(layer, shape):
    """Whether Keras, as many channels as columns before it, adds the bias to the columns."""
    first = getattr(layer, "data_format", None) == "channels_first"
    return first and getattr(layer, "use_bias", False) and shape[1] == shape[-1]


def compare(given, expected, tolerance):
    """Check arrays by pairs; the absolute tolerance follows the largest entry."""
    for ours, theirs in zip(given, expected, strict=True):
        ours, theirs = (tf.cast(x, "float64").numpy() for x in (ours, theirs))
        largest = max(1.0, np.abs(theirs).max(initial=0.0))
        assert_close(ours, theirs, rtol=tolerance, atol=tolerance * largest)
