import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from keras import ops

from dlprep import layers
from dlprep.layers import Dense
from dlprep.layers.dense import dense
from dlprep.reference.dense import dense as dense_columns


def test_equals_the_reference_transposed():
    rng = np.random.default_rng(0)
    x, kernel, bias = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=2)
    expected = dense_columns(x.T, kernel.T, bias[:, None]).T
    assert_close(dense(*map(np.float32, (x, kernel, bias))), expected, rtol=1e-5)


def test_activation_follows_the_bias():
    layer = Dense(1, activation="relu", kernel_initializer="ones", bias_initializer="ones")
    assert_same(layer(np.array([[-3.0], [2.0]])), [[0.0], [3.0]])


def test_weights_carry_their_regularizer_and_constraint():
    layer = Dense(2, kernel_regularizer="l2", bias_constraint="non_neg")
    layer.build((None, 3))
    assert layer.kernel.regularizer.get_config()["l2"] == pytest.approx(0.01)
    assert layer.bias.constraint is layer.bias_constraint
    assert len(layer.losses) == 1


def test_activity_regularizer_sees_the_output():
    layer = Dense(1, activity_regularizer="l1", kernel_initializer="ones")
    layer(np.array([[4.0]]))
    assert float(array(layer.losses[0])) == pytest.approx(0.04)


@pytest.mark.parametrize("units", [0, -1, 2.0, None, "3", True])
def test_units_must_be_a_positive_integer(units):
    with pytest.raises(ValueError, match="positive integer"):
        Dense(units)


@pytest.mark.parametrize("name", ["Dense", "Embedding"])
@pytest.mark.parametrize(
    "given", [{"lora_rank": 2, "lora_alpha": 3.0}, {"quantization_config": "int8"}]
)
def test_adapters_are_refused_by_name(name, given):
    sizes = {"Dense": (3,), "Embedding": (3, 2)}[name]
    with pytest.raises(ValueError, match=f"keras.layers.{name}"):
        getattr(layers, name)(*sizes, **given)


def test_works_on_the_last_axis_of_any_rank():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    layer = Dense(5)
    whole = ops.convert_to_numpy(layer(x))
    assert_close(whole[1, 2], layer(x[1, 2:3])[0], rtol=1e-5)
