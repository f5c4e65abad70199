"""Losses as `fit` and users call them: any weights, any container, subclasses, bad settings."""

import inspect
import re

import keras
import numpy as np
import pytest
from components.arrays import array
from components.cases.loss_refusals import REFUSED
from components.cases.losses import LOSSES, ROWS, make, predictions, targets

from dlprep import losses

every = pytest.mark.parametrize("name", LOSSES)
WEIGHTS = np.float32([0.5, 0.25, 2.0, 1.0, 0.75, 3.0])
SEQUENCES = [
    name
    for name, row in LOSSES.items()
    if row["y_pred"] in ("real", "logits", "positive") and not row.get("mixes")
    if row["y_true"] != "index"
]


@every
def test_weights_of_any_shape_give_one_result(name):
    y_true, y_pred, values = targets(name), predictions(name), make(name, reduction=None)
    values = array(values(targets(name), predictions(name)))
    for reduction in ("sum", "sum_over_batch_size", "mean_with_sample_weight"):
        if "masks" in LOSSES[name]:
            continue  # Rows without a mistake leave its mean.
        loss = make(name, reduction=reduction)
        for weight in (WEIGHTS, WEIGHTS[:, None], 3.0, np.float32([3.0])):
            full = np.broadcast_to(np.reshape(weight, -1), ROWS)
            divisor = {"sum": 1, "sum_over_batch_size": ROWS}.get(reduction, full.sum())
            given = array(loss(y_true, y_pred, sample_weight=weight))
            np.testing.assert_allclose(given, (full * values).sum() / divisor, rtol=1e-5)


@pytest.mark.parametrize("name", SEQUENCES)
def test_a_weight_of_an_example_holds_for_all_its_steps(name):
    pair = targets(name), predictions(name)
    steps = [np.stack([part, part[::-1], part], 1) for part in pair]
    values = array(make(name, reduction=None)(*steps))
    assert values.shape == (ROWS, 3)
    for weight in (WEIGHTS, WEIGHTS[:, None], WEIGHTS[:, None] * [1.0, 2.0, 0.0]):
        full = np.broadcast_to(weight.reshape(ROWS, -1), values.shape)
        given = array(make(name)(*steps, sample_weight=weight))
        np.testing.assert_allclose(given, (full * values).mean(), rtol=1e-5)


def test_weights_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"sample_weight must.*\(2,\).*\(3,\)"):
        losses.MeanSquaredError()(np.ones((2, 4)), np.ones((2, 4)), sample_weight=np.ones(3))


@every
def test_variables_lists_and_arrays_are_alike(name):
    y_true, y_pred = targets(name), predictions(name)
    expected = array(make(name)(y_true, y_pred))
    forms = [keras.Variable, np.ndarray.tolist, lambda x: x.astype("float64")]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        forms.append(tf.Variable)
    function, settings = make(name).fn, LOSSES[name].get("kwargs", {})
    for form in forms:
        pair = form(y_true), form(y_pred)
        np.testing.assert_allclose(array(make(name)(*pair)), expected, rtol=1e-5)
        assert np.isfinite(array(function(*pair, **settings))).all()
    if LOSSES[name]["y_true"] in ("binary", "index", "one hot"):
        given = make(name)(y_true.astype("int32"), y_pred)
        np.testing.assert_allclose(array(given), expected, rtol=1e-5)
    if LOSSES[name]["y_true"] == "binary":
        np.testing.assert_allclose(array(make(name)(y_true > 0, y_pred)), expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["BinaryCrossentropy", "Hinge", "MeanSquaredError", "Huber"])
def test_fit_delivers_flat_labels_weights_and_a_smaller_last_batch(name):
    rng = np.random.default_rng(0)
    y, scores = rng.integers(2, size=7), rng.normal(size=(7, 1)).astype("float32")
    weight = rng.uniform(size=7).astype("float32")
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss=make(name))
    given = model.evaluate(scores, y, sample_weight=weight, batch_size=4, verbose=0)
    rows = array(make(name, reduction=None)(y[:, None], scores))
    np.testing.assert_allclose(given, (weight * rows).mean(), rtol=1e-5)


@pytest.mark.parametrize("name", [name for name in LOSSES if hasattr(keras.losses, name)])
def test_the_public_attributes_are_those_of_keras(name):
    ours, theirs = make(name), make(name, keras.losses)
    assert {n for n in dir(theirs) if not n.startswith("_")} <= set(dir(ours))
    assert ours.fn is getattr(losses, theirs.fn.__name__)
    assert (ours.name, ours.reduction, ours.dtype) == (theirs.name, theirs.reduction, theirs.dtype)


@every
def test_an_overridden_call_is_called(name):
    class Doubled(getattr(losses, name)):
        def call(self, y_true, y_pred):
            return keras.ops.multiply(super().call(y_true, y_pred), 2.0)

    settings = LOSSES[name].get("kwargs", {})
    loss, plain = Doubled(reduction="sum", **settings), make(name, reduction="sum")
    pair = targets(name), predictions(name)
    np.testing.assert_allclose(array(loss(*pair)), 2.0 * array(plain(*pair)), rtol=1e-5)


def test_every_setting_has_values_that_are_refused():
    assert REFUSED.keys() == LOSSES.keys()
    for name, rows in REFUSED.items():
        settings = set(inspect.signature(getattr(losses, name)).parameters) - {"name", "dtype"}
        assert {setting for setting, _ in rows} == settings


@pytest.mark.parametrize(
    "name, setting, value", [(name, *pair) for name, rows in REFUSED.items() for pair in rows]
)
def test_settings_that_cannot_work_are_refused(name, setting, value):
    with pytest.raises(ValueError, match=rf"(?s){setting}.*{re.escape(str(value))}"):
        getattr(losses, name)(**{setting: value})
    if setting != "reduction":
        with pytest.raises(ValueError, match=rf"(?s){setting}.*{re.escape(str(value))}"):
            make(name).fn(targets(name), predictions(name), **{setting: value})


@pytest.mark.parametrize("label", [-1, 3, 1.5, np.nan])
@pytest.mark.parametrize(
    "name", ["CTC", "CategoricalGeneralizedCrossEntropy", "SparseCategoricalCrossentropy"]
)
def test_a_label_that_is_no_class_makes_its_row_nan(name, label):
    y_true = targets(name)
    y_true[(2,) + (0,) * (y_true.ndim - 1)] = label
    values = array(make(name, reduction=None)(y_true, predictions(name)))
    assert np.isnan(values).tolist() == [row == 2 for row in range(ROWS)]
