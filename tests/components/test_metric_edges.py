"""Metrics of what is not a number, of what does not count, and of settings that cannot work."""

import inspect
import re

import keras
import numpy as np
import pytest
from components.arrays import array
from components.cases.metrics import CASES, METRICS, REFUSED, data, measure, weights
from keras.src.backend import set_keras_mask

from dlprep import metrics

every = pytest.mark.parametrize(("name", "options", "kind"), CASES)
# As in Keras, the others know no mask.
MASKED = [
    case
    for case in CASES
    if issubclass(
        getattr(metrics, case.values[0]), (metrics.Mean, metrics.ExpectedCalibrationError)
    )
]
COUNTS = np.arange(20) % 3 != 1


def floats(kind, n=20):
    """Return data of a kind as floats, which can be NaN."""
    return [np.array(part, "float32") for part in data(kind, n)]


@every
@pytest.mark.parametrize("place", ["labels", "predictions", "weights"])
def test_a_nan_makes_the_result_nan(name, options, kind, place):
    parts, weight = floats(kind), weights(20)
    ({"labels": parts[0], "predictions": parts[-1], "weights": weight}[place])[1] = np.nan
    assert np.isnan(measure(getattr(metrics, name)(**options), parts, weight)).any()
    if place == "predictions" and len(parts) == 2 and parts[1].ndim == 2:
        parts[1][:] = np.nan
        assert np.isnan(measure(getattr(metrics, name)(**options), parts)).all()


@every
@pytest.mark.parametrize("junk", [np.nan, np.inf, 1e30])
def test_examples_without_weight_are_as_if_not_there(name, options, kind, junk):
    parts, weight = floats(kind), weights(20) * COUNTS
    expected = measure(
        getattr(metrics, name)(**options), [part[COUNTS] for part in parts], weight[COUNTS]
    )
    for part in parts:
        part[~COUNTS] = junk
    given = measure(getattr(metrics, name)(**options), parts, weight, batch=7)
    if name == "R2Score" and options.get("num_regressors"):
        return  # It counts examples, whatever they weigh, as in Keras.
    np.testing.assert_allclose(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("name", "options", "kind"), MASKED)
def test_masked_examples_are_as_if_not_there(name, options, kind):
    parts, weight, metric = floats(kind), weights(20), getattr(metrics, name)(**options)
    expected = measure(
        getattr(metrics, name)(**options), [part[COUNTS] for part in parts], weight[COUNTS]
    )
    for part in parts:
        part[~COUNTS] = np.nan
    *labels, scores = map(keras.ops.convert_to_tensor, parts)
    set_keras_mask(scores, keras.ops.convert_to_tensor(COUNTS))
    metric.update_state(*labels, scores, sample_weight=weight)
    np.testing.assert_allclose(array(metric.result()), expected, rtol=1e-5, atol=1e-6)


@every
def test_weights_of_any_shape_give_one_result(name, options, kind):
    parts = floats(kind)

    def result(weight):
        metric = getattr(metrics, name)(**options)
        metric.update_state(*parts, sample_weight=weight)
        return array(metric.result())

    np.testing.assert_allclose(result(weights(20)[:, None]), result(weights(20)), rtol=1e-6)
    for constant in (3.0, np.float32([3.0])):
        np.testing.assert_allclose(result(constant), result(np.full(20, 3.0)), rtol=1e-6)


@every
def test_variables_lists_and_booleans_are_measured(name, options, kind):
    parts = data(kind, 20)
    expected = measure(getattr(metrics, name)(**options), parts)
    forms = [lambda x: keras.Variable(x, dtype=x.dtype), lambda x: x.tolist()]
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        forms.append(tf.Variable)
    for form in forms:
        metric = getattr(metrics, name)(**options)
        metric.update_state(*map(form, parts))
        np.testing.assert_allclose(array(metric.result()), expected, rtol=1e-5)
    if len(parts) == 2 and set(np.unique(parts[0])) <= {0, 1} and kind != "labels":
        metric = getattr(metrics, name)(**options)
        metric.update_state(parts[0].astype(bool), parts[1])
        np.testing.assert_allclose(array(metric.result()), expected, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", sorted({case.values[2] for case in CASES} - {"values", "rows of values"})
)
def test_evaluate_gives_the_same_result(kind):
    rows = {case.id: case.values[:2] for case in CASES if case.values[2] == kind}
    y_true, y_pred = data(kind)
    made = [getattr(metrics, name)(name=f"m{i}", **o) for i, (name, o) in enumerate(rows.values())]
    model = keras.Sequential([keras.Input(y_pred.shape[1:]), keras.layers.Identity()])
    model.compile(loss=lambda _, y: 0.0 * keras.ops.sum(y), weighted_metrics=made)
    # 60 rows in batches of 25: the last one is smaller.
    given = model.evaluate(
        y_pred, y_true, sample_weight=weights(), batch_size=25, verbose=0, return_dict=True
    )
    for i, (name, options) in enumerate(rows.values()):
        expected = measure(getattr(metrics, name)(**options), (y_true, y_pred), weights())
        np.testing.assert_allclose(given[f"m{i}"], expected, rtol=1e-5, err_msg=name)


def test_every_setting_has_values_that_are_refused():
    for name in METRICS:
        settings = set(inspect.signature(getattr(metrics, name)).parameters) - {"name", "dtype"}
        assert {setting for setting, _ in REFUSED[name]} == settings


@pytest.mark.parametrize(
    "name, setting, value", [(name, *pair) for name, rows in REFUSED.items() for pair in rows]
)
def test_settings_that_cannot_work_are_refused(name, setting, value):
    wanted = value[-1] if isinstance(value, list) else value
    with pytest.raises(
        ValueError, match=rf"(?s){setting.replace('_', '.')}.*{re.escape(str(wanted))}"
    ):
        getattr(metrics, name)(**{setting: value})


@every
def test_the_public_attributes_are_those_of_keras(name, options, kind):
    if not hasattr(keras.metrics, name):
        pytest.skip("Keras has no such metric")
    ours, theirs = (
        {n for n in dir(getattr(space, name)(**options)) if not n.startswith("_")}
        for space in (metrics, keras.metrics)
    )
    assert theirs <= ours


@every
def test_an_overridden_method_is_called(name, options, kind):
    class Custom(getattr(metrics, name)):
        resets = 0

        def update_state(self, *args, **kwargs):
            super().update_state(*args, **kwargs)

        def result(self):
            return 2.0 * super().result()

        def reset_state(self):
            Custom.resets += 1
            super().reset_state()

    custom, plain = Custom(**options), getattr(metrics, name)(**options)
    np.testing.assert_allclose(measure(custom, data(kind)), 2.0 * measure(plain, data(kind)), 1e-6)
    custom.reset_state()
    assert Custom.resets == 1
