"""Graphs whose batches have unknown sizes, as `tf.data` may deliver, give the same values."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close
from components.cases import losses as loss_cases
from components.cases.layers import LAYERS
from components.cases.metrics import CASES, data
from components.test_layers import apply, build, draw

from dlprep import losses, metrics

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the other backends know every size"
)

# Some halve the last size, ELBO splits its predictions by it, and sampling draws anew.
NEED_A_SIZE = {"RotaryEmbedding", "SinusoidalPositionEncoding", "GaussianSampling", "ELBO"}


def in_graph(function, *arrays):
    import tensorflow as tf

    signature = [tf.TensorSpec([None] * x.ndim, x.dtype) for x in arrays]
    return tf.function(function, signature, autograph=False)(*arrays)


@pytest.mark.parametrize("name", [name for name in LAYERS if name not in NEED_A_SIZE])
def test_a_layer_needs_no_sizes(name):
    layer, inputs = build(name), draw(name)
    if LAYERS[name].get("cell"):
        pytest.skip("RNN asks for the cell's size")
    expected = apply(name, layer, inputs)
    assert_close(in_graph(lambda *x: apply(name, layer, list(x)), *inputs), expected, 1e-5, 1e-6)


@pytest.mark.parametrize("name", [name for name in loss_cases.LOSSES if name not in NEED_A_SIZE])
def test_a_loss_needs_no_sizes(name):
    loss, pair = loss_cases.make(name), (loss_cases.targets(name), loss_cases.predictions(name))
    assert_close(in_graph(loss, *pair), loss(*pair), rtol=1e-5, atol=1e-6)


def test_labels_in_a_column_may_have_an_unknown_width():
    name = "CategoricalGeneralizedCrossEntropy"
    label, y_pred = loss_cases.targets(name), loss_cases.predictions(name)
    loss = losses.CategoricalGeneralizedCrossEntropy()
    assert_close(in_graph(loss, label[:, None], y_pred), loss(label, y_pred), rtol=1e-5)


@pytest.mark.parametrize(("name", "options", "kind"), CASES)
def test_a_metric_needs_no_sizes(name, options, kind):
    if options.get("multi_label"):
        pytest.skip("one column of counts for each label")
    arrays = [np.asarray(part) for part in data(kind)]
    metric = getattr(metrics, name)(**options)
    metric.update_state(*arrays)
    expected = keras.ops.convert_to_numpy(metric.result())
    metric.reset_state()
    in_graph(lambda *batch: metric.update_state(*batch), *arrays)
    assert_close(metric.result(), expected, rtol=1e-5)
