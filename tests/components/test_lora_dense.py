import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same

from dlprep import layers
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


@pytest.mark.parametrize("namespace", [keras.layers, layers], ids=["keras", "dlprep"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_trained_layer_is_adapted_and_merged_back(namespace, bias):
    trained = namespace.Dense(
        4, "tanh", bias, bias_initializer="ones", activity_regularizer="l1", name="trained"
    )
    expected = array(trained(X))
    layer = LoRADense.from_dense(trained, 2, alpha=6.0)
    assert_close(layer(X), expected, rtol=1e-6)
    assert layer.trainable_weights == [layer.down, layer.up]
    revived = LoRADense.from_config(layer.get_config())
    assert (revived.name, revived.rank, revived.alpha, revived.use_bias) == ("trained", 2, 6, bias)
    layer.up.assign(rng.normal(size=(2, 4)))
    adapted = array(layer(X))
    assert np.abs(adapted - expected).max() > 0.1
    merged = layer.merge()
    assert type(merged) is Dense and len(merged.trainable_weights) == 1 + bias
    for after in (merged, layer):
        assert_close(after(X), adapted, rtol=1e-4, atol=1e-5)
    assert_close(merged.losses[0], 0.01 * np.abs(adapted).sum() / 3, 1e-4)
    # What was trained before stays as it was.
    assert_same(trained(X), expected)


def test_adapting_keeps_the_policy_unless_another_is_given():
    trained = keras.layers.Dense(4, dtype="mixed_bfloat16")
    trained.build(X.shape)
    assert LoRADense.from_dense(trained, 2).compute_dtype == "bfloat16"
    assert LoRADense.from_dense(trained, 2, dtype="float32", name="other").name == "other"


@pytest.mark.parametrize("dense", [keras.layers.Dense, Dense])
def test_a_merged_layer_has_all_settings_of_the_trained_one(dense):
    trained = dense(
        4,
        activation="tanh",
        bias_initializer="ones",
        kernel_regularizer="l2",
        bias_regularizer="l1",
        activity_regularizer="l1",
        kernel_constraint="max_norm",
        bias_constraint="non_neg",
    )
    trained(X)
    layer = LoRADense.from_dense(trained, 2)
    assert len(layer.losses) == 0
    revived = LoRADense.from_config(layer.get_config())
    revived(X)
    assert revived.merge().get_config() == Dense.from_config(trained.get_config()).get_config()


@pytest.mark.parametrize("given", [keras.layers.Dense(3), Dense(3), keras.layers.ReLU(), "dense"])
def test_only_a_built_dense_layer_can_be_adapted(given):
    with pytest.raises(ValueError, match="needs a built Dense, not quantised"):
        LoRADense.from_dense(given, 2)


def test_a_quantised_layer_is_refused():
    trained = keras.layers.Dense(4)
    trained.build(X.shape)
    trained.quantize("int8")
    with pytest.raises(ValueError, match="needs a built Dense, not quantised"):
        LoRADense.from_dense(trained, 2)


@pytest.mark.parametrize("alpha", [float("nan"), float("inf"), "16"])
def test_alpha_must_be_a_number(alpha):
    with pytest.raises(ValueError, match="`alpha` must be a finite number"):
        LoRADense(2, 2, alpha=alpha)


@pytest.mark.parametrize("name", ["units", "rank"])
def test_sizes_must_be_positive_integers(name):
    with pytest.raises(ValueError, match=name):
        LoRADense(**{"units": 2, "rank": 2, name: 0})
