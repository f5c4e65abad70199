"""What every loss has to do, checked on each row of the table."""

import inspect
import json
from functools import partial

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.cases.losses import LOSSES, ROWS, VARIANTS, WIDTH, make, predictions, targets
from components.gradients import value_and_gradient

from dlprep import losses
from dlprep.reference import (
    divergences,
    embedding_losses,
    generative_losses,
    margin_losses,
    regression_losses,
)
from dlprep.reference import losses as basic_losses

ORACLES = {
    name: oracle
    for module in (
        basic_losses,
        divergences,
        embedding_losses,
        generative_losses,
        margin_losses,
        regression_losses,
    )
    for name, oracle in vars(module).items()
}
IN_KERAS = [name for name in LOSSES if hasattr(keras.losses, name)]
WITH_MINIMUM = [name for name in LOSSES if "best" in LOSSES[name]]
ALONG_AN_AXIS = [name for name in LOSSES if "axis" in inspect.signature(make(name).fn).parameters]


def best(name):
    """Make the predictions that reach the row's minimum."""
    y, kind = targets(name), LOSSES[name]["best"]
    marked = np.eye(WIDTH)[y.astype(int)] if y.ndim == 1 else y
    certain = 200.0 * marked - 100.0
    # Each label for two steps, a blank between them.
    times = np.insert(np.repeat(y, 2, axis=-1), 2, 0, axis=-1) if kind == "timed" else [0]
    return {
        "certain": certain,
        "certain and prior": np.concatenate([certain, np.zeros((ROWS, 4))], -1),
        "fitting distances": 2.0 * (1.0 - y),
        "marked": marked,
        "right": 2.0 * y,
        "teacher": y[..., -WIDTH:],
        "timed": 200.0 * np.eye(WIDTH)[np.asarray(times, int)],
        "y_true": y,
    }[kind].astype("float32")


def rows(name, y_pred, namespace=losses):
    """Return the row's loss of every row of `y_pred` as NumPy."""
    loss = make(name, namespace, reduction=None)(targets(name), y_pred)
    return keras.ops.convert_to_numpy(loss)


def snake(name):
    """Return the name of the function that the class calls."""
    return make(name).fn.__name__


def function_of(name):
    """Return that name and the settings the function gets."""
    return snake(name), LOSSES[name].get("kwargs", {})


CASES = [
    (name, settings, kind)
    for name, row in LOSSES.items()
    for settings, kind in [(row.get("kwargs", {}), row["y_pred"]), *VARIANTS.get(name, [])]
]


def test_every_loss_has_a_row():
    assert sorted(LOSSES) == [name for name in losses.__all__ if name[0].isupper()]


@pytest.mark.parametrize("name", LOSSES)
def test_no_reduction_gives_one_value_per_row(name):
    assert rows(name, predictions(name)).shape == (ROWS,)


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("side", [0, 1])
def test_value_and_gradient_are_finite_far_out(name, side):
    y_pred, loss = predictions(name), make(name, reduction=None)
    extreme = LOSSES[name].get("extremes", (-1e4, 1e4))[side]
    y_pred[:, 0] = extreme
    y_pred[2] = extreme
    value, gradient = value_and_gradient(lambda p: loss(targets(name), p), y_pred)
    assert np.isfinite(value).all()
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", ALONG_AN_AXIS)
@pytest.mark.parametrize("axis", [0, 1, -2])
def test_rows_may_lie_along_any_axis(name, axis):
    fn, settings = make(name).fn, {**LOSSES[name].get("kwargs", {}), "axis": -1}
    y, p = (part.reshape(2, 3, *part.shape[1:]) for part in (targets(name), predictions(name)))
    expected = array(fn(y, p, **settings))
    assert expected.shape == y.shape[:2]
    y, p = (np.moveaxis(part, -1, axis) if part.ndim == 3 else part for part in (y, p))
    assert_close(fn(y, p, **settings | {"axis": axis}), expected, rtol=1e-5, atol=1e-6)
    if "axis" in inspect.signature(getattr(losses, name)).parameters:
        loss = getattr(losses, name)(**settings | {"axis": axis}, reduction=None)
        assert_close(loss(y, p), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", WITH_MINIMUM)
def test_the_minimum_is_known_and_nothing_is_below(name):
    minimum = LOSSES[name].get("minimum", 0.0)
    minimum = minimum(targets(name)) if callable(minimum) else minimum
    lowest = rows(name, best(name))
    np.testing.assert_allclose(lowest, np.broadcast_to(minimum, ROWS), rtol=1e-5, atol=1e-6)
    assert (rows(name, predictions(name)) >= lowest - 1e-6).all()


@pytest.mark.parametrize("name", LOSSES)
def test_a_step_down_the_gradient_lowers_the_loss(name):
    y_pred, loss = predictions(name), make(name, reduction=None)
    before, gradient = value_and_gradient(lambda p: loss(targets(name), p), y_pred)
    assert np.abs(gradient).max() > 1e-3
    after = rows(name, y_pred - 3e-4 * gradient)
    if LOSSES[name].get("mixes"):
        before, after = before.sum(), after.sum()
    assert np.all(after < before)


@pytest.mark.parametrize("name", [name for name in LOSSES if "masks" not in LOSSES[name]])
def test_sample_weights_scale_the_rows(name):
    weights = np.float32([0.0, 1.0, 2.0, 0.5, 3.0, 1.5])
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
    shape, unit = predictions(name).shape[1:], keras.ops.normalize
    layers = [
        keras.layers.Dense(int(np.prod(shape))),
        keras.layers.Reshape(shape),
        keras.layers.Activation(
            {"distribution": "softmax", "positive": "softplus", "directions": unit}.get(
                LOSSES[name]["y_pred"]
            )
        ),
    ]
    model = keras.Sequential([keras.Input((4,)), *layers])
    model.compile(keras.optimizers.SGD(1e-3), make(name))
    x = np.random.default_rng(3).normal(size=(ROWS, 4))
    first = model.train_on_batch(x, targets(name))
    assert model.train_on_batch(x, targets(name)) < first


@pytest.mark.parametrize("name", IN_KERAS)
def test_signatures_and_config_are_those_of_keras(name):
    ours, theirs = getattr(losses, name), getattr(keras.losses, name)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))
    extra = make(name).get_config().keys() - make(name, keras.losses).get_config().keys()
    assert extra == {*LOSSES[name].get("more_in_config", [])}
    function, _ = function_of(name)
    ours, theirs = getattr(losses, function), getattr(keras.losses, function)
    assert str(inspect.signature(ours)) == str(inspect.signature(theirs))


@pytest.mark.parametrize("name, settings, kind", [case for case in CASES if case[0] in IN_KERAS])
def test_values_and_gradients_are_those_of_keras(name, settings, kind):
    ours, theirs = (
        value_and_gradient(
            partial(loss(reduction=None, **settings), targets(name)),
            predictions(name, kind),
        )
        for loss in (getattr(losses, name), getattr(keras.losses, name))
    )
    np.testing.assert_allclose(ours[0], theirs[0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(ours[1], theirs[1], rtol=1e-4, atol=1e-5)


def test_every_loss_has_an_oracle():
    functions = {name for name in losses.__all__ if name.islower()} | set(map(snake, LOSSES))
    unknown = {name for name in functions - ORACLES.keys() if not hasattr(keras.losses, name)}
    assert unknown == set()


@pytest.mark.parametrize(
    "name, settings, kind", [case for case in CASES if snake(case[0]) in ORACLES]
)
def test_value_and_gradient_equal_the_reference(name, settings, kind):
    oracle = ORACLES[snake(name)]
    from_logits = settings.get("from_logits")
    ignored = set(settings) - set(inspect.signature(oracle).parameters) - {"from_logits"}
    if "axis" in ignored and settings["axis"] == 0:
        return  # Keras is the oracle of these, and of the next.
    if ignored - {"axis"} and settings.get("ignore_class") != 7:
        return
    if "from_logits" in inspect.signature(getattr(losses, name)).parameters and not from_logits:
        return
    known = {key: value for key, value in settings.items() if key not in ignored}
    known.pop("from_logits", None)
    y, y_pred = targets(name), predictions(name, kind)
    loss = getattr(losses, name)(reduction=None, **settings)
    exact = y.astype(int) if y.ndim == 1 else y.astype("float64")
    expected, expected_gradient = oracle(exact, y_pred.astype("float64"), **known)
    value, gradient = value_and_gradient(lambda p: loss(y, p), y_pred)
    np.testing.assert_allclose(value, expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-5, atol=1e-5)


@pytest.mark.skipif(
    keras.backend.result_type("float64", float) != "float64",
    reason="Keras promotes no further than single precision on this backend",
)
@pytest.mark.parametrize("name", [name for name in LOSSES if snake(name) in ORACLES])
def test_double_precision_is_kept(name):
    function, settings = function_of(name)
    y, y_pred = targets(name), predictions(name).astype("float64")
    exact = y.astype(int) if y.ndim == 1 else y.astype("float64")
    known = {
        k: v for k, v in settings.items() if k in inspect.signature(ORACLES[function]).parameters
    }
    expected, _ = ORACLES[function](exact, y_pred, **known)
    double = keras.ops.convert_to_tensor(y_pred, "float64")
    given = array(getattr(losses, function)(exact, double, **settings))
    assert given.dtype == "float64"
    np.testing.assert_allclose(given, expected, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("name", LOSSES)
def test_targets_of_another_batch_are_refused(name):
    with pytest.raises(ValueError, match=r"\(4,.*\(6,|\(6,.*\(4,"):
        make(name)(targets(name)[:4], predictions(name))


@pytest.mark.parametrize("name", [name for name in LOSSES if "counts_rows" not in LOSSES[name]])
def test_a_loss_can_stand_in_a_functional_model(name):
    loss, y, y_pred = make(name), targets(name), predictions(name)
    inputs = [keras.Input(array.shape[1:]) for array in (y, y_pred)]
    model = keras.Model(inputs, loss.call(*inputs))
    # A hinge takes zeros and ones for signs.
    for labels in (y, np.maximum(y, 0)) if LOSSES[name]["y_true"] == "sign" else (y,):
        expected = make(name, reduction=None)(labels, y_pred)
        np.testing.assert_allclose(model([labels, y_pred]), expected, rtol=1e-5, atol=1e-6)
