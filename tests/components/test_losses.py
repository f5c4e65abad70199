"""What every loss has to do, checked on each row of the table."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.cases import LOSSES
from components.gradients import value_and_gradient

from dlprep import losses
from dlprep.reference import losses as reference

ROWS, WIDTH = 5, 3
IN_KERAS = [name for name in LOSSES if hasattr(keras.losses, name)]
# Arguments that Keras's configurations forget.
FORGOTTEN = {"SparseCategoricalCrossentropy": {"axis"}}


def make(row, namespace=losses, **options):
    """Build the loss of a row from `dlprep.losses` or `keras.losses`."""
    return getattr(namespace, row)(**LOSSES[row].get("kwargs", {}), **options)


def targets(name, seed=0):
    """Draw targets of the row's kind."""
    rng = np.random.default_rng(seed)
    index = rng.integers(0, WIDTH, ROWS)
    return {
        "real": rng.normal(size=(ROWS, WIDTH)),
        "binary": rng.integers(0, 2, (ROWS, WIDTH)),
        "index": index,
        "one hot": np.eye(WIDTH)[index],
    }[LOSSES[name]["y_true"]].astype("float32")


def predictions(name, kind=None, seed=1):
    """Draw predictions of the row's kind, or make those of another kind from the targets."""
    rng, y = np.random.default_rng(seed), targets(name)
    marked = np.eye(WIDTH, dtype="float32")[y.astype(int)] if y.ndim == 1 else y
    logits = rng.normal(size=(ROWS, WIDTH))
    return {
        "real": logits,
        "logits": 3.0 * logits,
        "y_true": y,
        "certain logits": 200.0 * marked - 100.0,
    }[kind or LOSSES[name]["y_pred"]].astype("float32")


def rows(name, y_pred, namespace=losses):
    """Return the row's loss of every row of `y_pred` as NumPy."""
    loss = make(name, namespace, reduction=None)(targets(name), y_pred)
    return keras.ops.convert_to_numpy(loss)


def function_of(name):
    """Return the function that the class calls, and the settings it gets."""
    snake = "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
    return snake, LOSSES[name].get("kwargs", {})


def test_every_loss_has_a_row():
    assert sorted(LOSSES) == [name for name in losses.__all__ if name[0].isupper()]


@pytest.mark.parametrize("name", LOSSES)
def test_no_reduction_gives_one_value_per_row(name):
    assert rows(name, predictions(name)).shape == (ROWS,)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("extreme", [1e4, -1e4])
def test_value_and_gradient_are_finite_far_out(name, extreme):
    y_pred = predictions(name)
    y_pred[:, 0] = extreme
    y_pred[2] = extreme
    value, gradient = value_and_gradient(
        lambda p: make(name, reduction=None)(targets(name), p), y_pred
    )
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", LOSSES)
def test_the_minimum_is_known_and_nothing_is_below(name):
    best = rows(name, predictions(name, LOSSES[name]["best"]))
    np.testing.assert_allclose(best, LOSSES[name].get("minimum", 0.0), rtol=1e-5, atol=1e-6)
    assert (rows(name, predictions(name)) >= best - 1e-6).all()


@pytest.mark.parametrize("name", LOSSES)
def test_a_step_down_the_gradient_lowers_every_row(name):
    y_pred = predictions(name)
    loss = make(name, reduction=None)
    before, gradient = value_and_gradient(lambda p: loss(targets(name), p), y_pred)
    assert (np.abs(gradient).max(axis=1) > 1e-6).all()
    assert (rows(name, y_pred - 0.01 * gradient) < before).all()


@pytest.mark.parametrize("name", LOSSES)
def test_sample_weights_scale_the_rows(name):
    weights = np.float32([0.0, 1.0, 2.0, 0.5, 3.0])
    loss = make(name)(targets(name), predictions(name), sample_weight=weights)
    expected = np.sum(weights * rows(name, predictions(name))) / ROWS
    np.testing.assert_allclose(float(loss), expected, rtol=1e-5)


@pytest.mark.parametrize("name", LOSSES)
def test_config_survives_json_with_every_argument(name):
    loss = make(name, reduction="sum", name="renamed", dtype="float16")
    config = json.loads(json.dumps(loss.get_config()))
    assert config.keys() == set(inspect.signature(type(loss)).parameters)
    revived = type(loss).from_config(config)
    assert (revived.get_config(), revived.dtype) == (config, "float16")
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert type(again) is type(loss)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_is_computed_in_full(name, dtype):
    function, settings = function_of(name)
    half = keras.ops.convert_to_tensor(predictions(name), dtype=dtype)
    rounded = keras.ops.cast(half, "float32")
    value = getattr(losses, function)(targets(name), half, **settings)
    assert keras.backend.standardize_dtype(value.dtype) == dtype
    full = getattr(losses, function)(targets(name), rounded, **settings)
    value, full = (keras.ops.convert_to_numpy(keras.ops.cast(v, "float32")) for v in (value, full))
    # Half of the spacing of numbers near 1: 2^-11 and 2^-8.
    np.testing.assert_allclose(value, full, rtol={"float16": 6e-4, "bfloat16": 5e-3}[dtype])


@pytest.mark.parametrize("name", LOSSES)
def test_trains_compiled(name):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(WIDTH)])
    model.compile(keras.optimizers.SGD(0.01), make(name))
    x = np.random.default_rng(3).normal(size=(ROWS, 4))
    first = model.train_on_batch(x, targets(name))
    assert model.train_on_batch(x, targets(name)) < first


@pytest.mark.parametrize("name", IN_KERAS)
def test_signatures_and_config_are_those_of_keras(name):
    ours, theirs = getattr(losses, name), getattr(keras.losses, name)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    extra = make(name).get_config().keys() - make(name, keras.losses).get_config().keys()
    assert extra == FORGOTTEN.get(name, set())
    function, _ = function_of(name)
    ours, theirs = getattr(losses, function), getattr(keras.losses, function)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))


@pytest.mark.parametrize("name", IN_KERAS)
def test_values_are_those_of_keras(name):
    expected = rows(name, predictions(name), keras.losses)
    np.testing.assert_allclose(rows(name, predictions(name)), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient_equal_the_reference(name):
    function, settings = function_of(name)
    oracle = getattr(reference, function)
    known = inspect.signature(oracle).parameters
    settings = {key: value for key, value in settings.items() if key in known}
    y, y_pred = targets(name), predictions(name)
    y = y.astype(int) if y.ndim == 1 else y.astype("float64")
    expected, expected_gradient = oracle(y, y_pred.astype("float64"), **settings)
    value, gradient = value_and_gradient(
        lambda p: make(name, reduction=None)(targets(name), p), y_pred
    )
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-5, atol=1e-6)
