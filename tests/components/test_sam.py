"""Sharpness-aware minimisation by hand, and what a second pass over a batch must not change."""

import keras
import numpy as np
import pytest

from dlprep import optimizers
from dlprep.models.sam import SAM, perturbation


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(8, 3)).astype("float32"), rng.normal(size=(8, 1)).astype("float32")


def wrapped(rho, *layers, optimizer=None):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(1, use_bias=False)])
    sam = SAM(model, rho=rho)
    sam.compile(optimizer or optimizers.SGD(0.1), "mean_squared_error", metrics=["mae"])
    return sam


def test_the_perturbation_has_the_given_length_and_the_direction_of_the_gradient():
    gradients = [np.array([3.0, 0.0], "float32"), np.array([[4.0]], "float32")]
    away = perturbation([keras.ops.convert_to_tensor(g) for g in gradients], rho=0.1)
    for e, g in zip(away, gradients, strict=True):
        np.testing.assert_allclose(keras.ops.convert_to_numpy(e), 0.02 * g, rtol=1e-6)
    (still,) = perturbation([keras.ops.zeros(2)])
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(still), 0.0)


def test_a_step_equals_the_one_by_hand(data):
    x, y = data
    sam = wrapped(rho=0.5)
    w = sam.get_weights()[0].astype("float64")

    def gradient(w):
        return 2 * x.T @ (x @ w - y) / len(x)

    g = gradient(w)
    expected = w - 0.1 * gradient(w + 0.5 * g / np.linalg.norm(g))
    sam.train_on_batch(x, y)
    np.testing.assert_allclose(sam.get_weights()[0], expected, rtol=1e-5)


def test_without_a_perturbation_it_trains_as_the_model_does(data):
    sam = wrapped(rho=0.0)
    plain = keras.models.clone_model(sam.model)
    plain.set_weights(sam.get_weights())
    plain.compile(optimizers.SGD(0.1), "mean_squared_error", metrics=["mae"])
    logs = [model.train_on_batch(*data, return_dict=True) for model in (sam, plain)]
    assert logs[0] == pytest.approx(logs[1])
    np.testing.assert_allclose(sam.get_weights()[0], plain.get_weights()[0], rtol=1e-6)


def test_running_statistics_see_a_batch_once(data):
    sam = wrapped(0.5, keras.layers.BatchNormalization(momentum=0.5))
    sam.train_on_batch(*data)
    moving = sam.model.layers[0].moving_mean
    expected = 0.5 * data[0].mean(0)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(moving), expected, rtol=1e-5, atol=1e-6)


def test_logs_are_those_of_the_weights_before_the_step_for_every_row_once(data):
    x, y = data
    keras.utils.set_random_seed(0)
    inputs = keras.Input((3,))
    outputs = {name: keras.layers.Dense(1, name=name)(inputs) for name in ("a", "b")}
    targets = {"a": y, "b": 2 * y}
    sam = SAM(keras.Model(inputs, outputs), rho=0.5)
    sam.compile(optimizers.SGD(0.0), {"a": "mean_squared_error", "b": "mean_squared_error"})
    errors = sam.predict(x, verbose=0)
    expected = {name: np.mean((errors[name] - targets[name]) ** 2) for name in targets}
    logs = sam.fit(x, targets, batch_size=5, verbose=0).history
    assert logs["loss"] == [pytest.approx(sum(expected.values()), rel=1e-5)]
    # Keras on TensorFlow takes the mean over batches, of whatever size, for the parts of a loss.
    logs = sam.fit(x, targets, batch_size=8, verbose=0).history
    assert [logs[f"{name}_loss"][0] for name in expected] == pytest.approx([*expected.values()])


def test_rows_of_an_embedding_count_once_each():
    tokens, targets = np.array([[1], [1], [2]]), np.array([[1.0], [2.0], [3.0]], "float32")
    layers = (
        keras.layers.Embedding(4, 1, embeddings_initializer="zeros"),
        keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros"),
    )
    tables = []
    for layer, x in zip(layers, (tokens, np.eye(4, dtype="float32")[tokens[:, 0]]), strict=True):
        sam = SAM(keras.Sequential([keras.Input(x.shape[1:]), layer, keras.layers.Flatten()]), 0.5)
        sam.compile(optimizers.SGD(0.1), "mean_squared_error")
        sam.train_on_batch(x, targets)
        tables.append(sam.get_weights()[0])
    np.testing.assert_allclose(*tables, rtol=1e-5)


def test_it_saves_reloads_and_goes_on(data, tmp_path):
    sam = wrapped(0.1, keras.layers.Dense(4, "relu"), optimizer=optimizers.Adam(0.01))
    sam.fit(*data, epochs=2, verbose=0)
    sam.save(tmp_path / "sam.keras")
    loaded = keras.models.load_model(tmp_path / "sam.keras")
    assert type(loaded) is SAM
    assert loaded.rho == 0.1
    sam.train_on_batch(*data)
    loaded.train_on_batch(*data)
    for a, b in zip(sam.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6)


@pytest.mark.parametrize("rho", [-1, float("nan")])
def test_an_impossible_length_is_named(rho):
    with pytest.raises(ValueError, match=f"`rho`.*{rho}"):
        SAM(keras.Sequential([keras.layers.Dense(1)]), rho=rho)
