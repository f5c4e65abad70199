import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same

from dlprep.layers import Dense, LoRADense
from dlprep.reference.lora import lora

rng = np.random.default_rng(0)
X = rng.normal(size=(3, 5)).astype("float32")


def adapted(**options):
    """Make a layer in which nothing is zero."""
    layer = LoRADense(4, rank=2, **options)
    layer.build(X.shape)
    for weight in layer.weights:
        weight.assign(rng.normal(size=weight.shape))
    return layer


def test_equals_the_reference():
    layer = adapted(alpha=6.0)
    W, A, B, b = (array(w).astype(float) for w in (layer.kernel, layer.down, layer.up, layer.bias))
    expected = lora(X.astype(float), W, A, B, 6 / 2) + b
    assert_close(layer(X), expected, rtol=1e-5, atol=1e-5)


def test_starts_as_the_layer_it_adapts():
    trained, layer = Dense(4), LoRADense(4, rank=2)
    expected = trained(X)
    layer.build(X.shape)
    layer.kernel.assign(trained.kernel)
    assert_close(layer(X), expected, rtol=1e-6)


def test_training_leaves_the_frozen_weights_alone():
    layer = adapted()
    before = [array(weight) for weight in (layer.kernel, layer.bias)]
    model = keras.Sequential([keras.Input((5,)), layer])
    model.compile("sgd", "mse")
    model.train_on_batch(X, np.zeros((3, 4)))
    for old, new in zip(before, (layer.kernel, layer.bias), strict=True):
        assert_same(old, new)


def test_merging_keeps_the_output():
    layer = adapted(alpha=6.0)
    before = array(layer(X))
    layer.merge()
    assert_close(layer(X), before, rtol=1e-4, atol=1e-5)
    assert not np.any(array(layer.up))


@pytest.mark.parametrize("name", ["units", "rank"])
def test_sizes_must_be_positive_integers(name):
    with pytest.raises(ValueError, match=name):
        LoRADense(**{"units": 2, "rank": 2, name: 0})
