"""What every callback has to do, checked on each row of the table."""

import inspect

import keras
import numpy as np
import pytest
from components.cases.callbacks import CALLBACKS

from dlprep import callbacks

IN_KERAS = [name for name in CALLBACKS if hasattr(keras.callbacks, name)]


def fit(callback):
    """Train a small model with validation data; return it and its history."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    x = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")
    y = x.sum(axis=1, keepdims=True)
    history = model.fit(
        x, y, validation_data=(x, y), epochs=3, batch_size=8, verbose=0, callbacks=[callback]
    )
    return model, history


def test_every_callback_has_a_row():
    assert sorted(CALLBACKS) == list(callbacks.__all__)


@pytest.mark.parametrize("name", CALLBACKS)
def test_works_in_fit_twice(name):
    callback = getattr(callbacks, name)(**CALLBACKS[name])
    for _ in range(2):
        _, history = fit(callback)
        assert np.isfinite(history.history["loss"]).all()


@pytest.mark.parametrize("name", IN_KERAS)
def test_signature_is_that_of_keras(name):
    theirs = getattr(keras.callbacks, name)
    assert str(inspect.signature(getattr(callbacks, name))) == str(inspect.signature(theirs))
