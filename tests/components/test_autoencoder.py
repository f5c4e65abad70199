import keras
import numpy as np
import pytest
from keras import ops

from dlprep.models import Autoencoder
from dlprep.reference import autoencoder as reference

rng = np.random.default_rng(0)
X = (rng.normal(size=(32, 5)) * [3, 2, 0.5, 0.3, 0.1]).astype("float32")


def linear(**options):
    """Make an autoencoder of two matrices around a code of two numbers."""
    keras.utils.set_random_seed(0)
    parts = (keras.layers.Dense(units, use_bias=False) for units in (2, 5))
    return Autoencoder(*parts, **options)


def test_one_step_equals_the_reference():
    model = linear()
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.build(X.shape)
    E, D = (ops.convert_to_numpy(w).astype(float) for w in model.trainable_weights)
    loss = model.train_on_batch(X)
    assert loss == pytest.approx(reference.linear_autoencoder(X, E, D), rel=1e-5)
    for weight, start, gradient in zip(
        model.trainable_weights,
        (E, D),
        reference.linear_autoencoder_backward(X.astype(float), E, D),
        strict=True,
    ):
        np.testing.assert_allclose(weight, start - 0.1 * gradient, rtol=1e-4, atol=1e-6)


def test_linear_code_reaches_the_principal_components_and_not_less():
    model = linear()
    model.compile(keras.optimizers.Adam(0.05), "mse")
    model.fit(np.tile(X, (300, 1)), batch_size=32, shuffle=False, verbose=0)
    least = reference.least_error(X.astype(float), 2)
    assert 0.999 * least < model.evaluate(X, verbose=0) < 1.05 * least


def test_corruption_damages_the_input_but_not_the_target():
    model = linear(corruption=keras.layers.Dropout(1.0))
    model.compile(keras.optimizers.SGD(0.0), "mse")
    # Everything is dropped: a decoder without bias restores zeros.
    assert model.train_on_batch(X) == pytest.approx(np.mean(X**2), rel=1e-5)
    assert not np.allclose(model.predict(X, verbose=0), 0)


def test_metrics_compare_with_the_input_too():
    model = linear()
    model.compile("sgd", "mse", metrics=["mae"])
    logs = model.evaluate(X, return_dict=True, verbose=0)
    expected = np.mean(np.abs(model.predict(X, verbose=0) - X))
    assert logs["mae"] == pytest.approx(expected, rel=1e-5)


def test_other_targets_may_be_given():
    model = linear()
    model.compile("sgd", "mse")
    expected = np.mean((model.predict(X, verbose=0) - 1) ** 2)
    assert model.evaluate(X, np.ones_like(X), verbose=0) == pytest.approx(expected, rel=1e-5)
