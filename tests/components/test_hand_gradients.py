"""The gradients derived by hand in the reference are those of the layers, for every weight."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.gradient_cases import CASES, SEEDED, TOKENS, normal
from components.gradients import value_and_gradient
from keras import ops

from dlprep import layers
from dlprep.layers.feed_forward import load_imbalance
from dlprep.models import VariationalAutoencoder
from dlprep.reference import embedding
from dlprep.reference import feed_forward as reference
from dlprep.reference import variational_autoencoder as vae
from dlprep.reference.activations import softmax


def run(case, tensors):
    """Call a layer in training with these inputs, and these weights in place of its own."""
    count = len(case.shapes)
    inputs, weights = tensors[:count], tensors[count:]
    state = list(zip(case.layer.trainable_variables, weights, strict=True))
    with keras.StatelessScope(state_mapping=state):
        return case.call(case.layer, *inputs, **{"training": True, **case.options})


def split(flat, arrays):
    """Cut a vector into parts of the arrays' shapes: all gradients come from one backward pass."""
    ends = np.cumsum([a.size for a in arrays]).tolist()
    return [
        ops.reshape(flat[end - a.size : end], a.shape) for end, a in zip(ends, arrays, strict=True)
    ]


@pytest.mark.parametrize("name", CASES)
def test_value_and_gradients_equal_the_reference(name):
    rng = np.random.default_rng(0)
    case = CASES[name]
    # A call instead would use the first draw of the seed up.
    if not case.layer.built:
        case.layer.build(case.shapes[0] if case.shapes else TOKENS.shape)
    shapes = [*case.shapes, *(weight.shape for weight in case.layer.trainable_weights)]
    given = [rng.normal(size=shape).astype("float32") for shape in shapes]
    frozen = [array(weight) for weight in case.layer.non_trainable_weights]
    expected, backward = case.oracle(*(np.float64(tensor) for tensor in (*given, *frozen)))
    dY = rng.normal(size=expected.shape).astype("float32")
    value, gradient = value_and_gradient(
        lambda flat: ops.multiply(run(case, split(flat, given)), dY),
        np.concatenate([tensor.ravel() for tensor in given]),
    )
    assert_close(value, dY * expected, rtol=1e-5, atol=1e-5)
    for ours, theirs in zip(split(gradient, given), backward(np.float64(dY)), strict=True):
        assert_close(ours, theirs, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot"])
def test_indicators_equal_the_reference(mode):
    expected = getattr(embedding, mode)(TOKENS, 5)
    assert_same(layers.CategoryEncoding(5, mode)(TOKENS), expected)


def test_gradient_of_the_load_imbalance_equals_the_reference():
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(6, 4)).astype("float32")
    shares = (scores > np.sort(scores)[:, [1]]) / np.float32(2)
    value, gradient = value_and_gradient(
        lambda scores: load_imbalance(shares, ops.softmax(scores)), scores
    )
    P = softmax(scores.astype(float))
    assert_close(value, reference.load_imbalance(shares, P), rtol=1e-5)
    assert_close(gradient, reference.load_imbalance_backward(shares, P), rtol=1e-5, atol=1e-6)


def test_gradients_of_a_variational_autoencoder_equal_the_reference():
    rng = np.random.default_rng(0)
    x = rng.uniform(size=(6, 3)).astype("float32")
    model = VariationalAutoencoder(layers.Dense(4), layers.Dense(3), beta=0.5, **SEEDED)
    model.build(x.shape)
    weights = [rng.normal(size=weight.shape).astype("float32") for weight in model.weights]
    wide = [weight.astype(float) for weight in weights]
    noise = normal((6, 2)).astype(float)
    J, cache = vae.variational_autoencoder(x.astype(float), noise, *wide, beta=0.5)
    expected = vae.variational_autoencoder_backward(x.astype(float), noise, wide[2], cache, 0.5)

    def loss(flat):
        state = list(zip(model.trainable_variables, split(flat, weights), strict=True))
        with keras.StatelessScope(state_mapping=state, collect_losses=True):
            return model.compute_loss(x, y_pred=model(x))

    value, gradient = value_and_gradient(loss, np.concatenate([w.ravel() for w in weights]))
    assert_close(value, J, rtol=1e-5)
    for ours, theirs in zip(split(gradient, weights), expected, strict=True):
        assert_close(ours, theirs, rtol=1e-5, atol=1e-5)
