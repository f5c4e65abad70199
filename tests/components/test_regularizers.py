"""What every penalty has to do, checked on each row of the table."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.cases.regularizers import REGULARIZERS
from components.gradients import value_and_gradient

from dlprep import regularizers
from dlprep.reference import penalties

W = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
REFERENCE = {
    "L1": lambda W: penalties.l1(W, 0.3),
    "L1L2": lambda W: penalties.l1_l2(W, 0.3, 0.2),
    "L2": lambda W: penalties.l2(W, 0.3),
    "OrthogonalRegularizer": lambda W: [
        np.transpose(part) for part in penalties.orthogonal(W.T, 0.3)
    ],
}


def make(name, namespace=regularizers):
    return getattr(namespace, name)(**REGULARIZERS[name])


def test_every_regularizer_has_a_row_and_a_reference():
    public = [name for name in regularizers.__all__ if name[0].isupper()]
    assert sorted(REGULARIZERS) == sorted(REFERENCE) == public


@pytest.mark.parametrize("name", REGULARIZERS)
def test_penalty_and_gradient_equal_the_reference(name):
    penalty, gradient = value_and_gradient(make(name), W)
    expected, expected_gradient = REFERENCE[name](W.astype("float64"))
    np.testing.assert_allclose(penalty, expected, rtol=1e-5)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_value_signature_and_config_are_those_of_keras(name):
    ours, theirs = make(name), make(name, keras.regularizers)
    assert inspect.signature(type(ours)) == inspect.signature(type(theirs))
    assert ours.get_config() == pytest.approx(theirs.get_config())
    np.testing.assert_allclose(float(ours(W)), float(theirs(keras.ops.array(W))), rtol=1e-5)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_config_survives_json(name):
    config = make(name).get_config()
    assert config == REGULARIZERS[name]
    assert type(make(name)).from_config(json.loads(json.dumps(config))).get_config() == config
    serialized = keras.saving.serialize_keras_object(make(name))
    assert type(keras.saving.deserialize_keras_object(serialized)) is type(make(name))


@pytest.mark.parametrize("name", REGULARIZERS)
def test_penalty_and_gradient_are_finite_at_zero(name):
    penalty, gradient = value_and_gradient(make(name), np.zeros((2, 2)))
    assert penalty == 0.0
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", REGULARIZERS)
def test_half_precision_weights_are_summed_in_full(name):
    # 40,000 terms: in float16 the sum would stop growing at 2,048 times the step.
    weights = keras.ops.cast(np.full((200, 200), 0.01), "float16")
    exact = float(make(name)(keras.ops.cast(weights, "float32")))
    given = make(name)(weights)
    assert keras.backend.standardize_dtype(given.dtype) == "float16"
    assert float(given) == pytest.approx(exact, rel=1e-3)


@pytest.mark.parametrize("name", REGULARIZERS)
def test_a_layer_reports_its_penalty_and_trains_with_it(name):
    layer = keras.layers.Dense(2, kernel_regularizer=make(name), kernel_initializer="ones")
    layer.build((None, 3))
    expected = make(name)(keras.ops.convert_to_numpy(layer.kernel))
    given = keras.ops.convert_to_numpy(layer.losses[0])
    assert float(given) == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("name", ["L1", "L2"])
@pytest.mark.parametrize("wrong", [-0.1, float("nan"), float("inf"), "much"])
def test_a_factor_that_cannot_weigh_is_refused(name, wrong):
    with pytest.raises(ValueError, match="non-negative float"):
        getattr(regularizers, name)(wrong)


@pytest.mark.parametrize("name", ["L1", "L2"])
def test_none_is_the_default_factor(name):
    config = getattr(regularizers, name)(None).get_config()
    assert config == {name.lower(): 0.01}


def test_each_factor_of_the_elastic_net_defaults_to_nothing():
    assert regularizers.L1L2(None, None).get_config() == {"l1": 0.0, "l2": 0.0}
    assert float(regularizers.L1L2(l2=0.5)(W)) == pytest.approx(0.5 * np.sum(W**2), rel=1e-5)
    with pytest.raises(ValueError, match="l2.*non-negative"):
        regularizers.L1L2(l2=-1.0)


def test_orthogonal_vectors_cost_nothing_whatever_their_lengths():
    rotation, _ = np.linalg.qr(np.random.default_rng(1).normal(size=(4, 4)))
    scaled = (rotation * [1.0, 2.0, 3.0, 4.0]).astype("float32")
    columns, rows = (regularizers.OrthogonalRegularizer(mode=m) for m in ("columns", "rows"))
    assert float(columns(scaled)) == pytest.approx(0.0, abs=1e-7)
    assert float(rows(scaled)) > 1e-4


def test_the_orthogonal_penalty_refuses_what_is_no_matrix_and_no_mode():
    with pytest.raises(ValueError, match=r"rank 2.*\(3,\)"):
        regularizers.OrthogonalRegularizer()(np.ones(3))
    with pytest.raises(ValueError, match="mode=diagonal"):
        regularizers.OrthogonalRegularizer(mode="diagonal")


def test_a_single_vector_makes_no_pair():
    assert float(regularizers.OrthogonalRegularizer()(np.ones((1, 3), "float32"))) == 0


def test_the_gradient_of_short_vectors_is_bounded():
    penalty = regularizers.OrthogonalRegularizer(1.0)
    _, gradient = value_and_gradient(penalty, np.array([[1e-13, 0.0], [1.0, 1.0]]))
    assert np.abs(gradient).max() <= 1e6
