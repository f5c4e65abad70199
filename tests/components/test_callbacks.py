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


@pytest.mark.parametrize("name", IN_KERAS)
def test_what_keras_s_callback_shows_ours_shows_too(name):
    ours, theirs = (getattr(f, name)(**CALLBACKS[name]) for f in (callbacks, keras.callbacks))
    for callback in (ours, theirs):
        fit(callback)
    shown = [attribute for attribute in dir(theirs) if not attribute.startswith("_")]
    assert len(shown) > 20
    assert [attribute for attribute in shown if not hasattr(ours, attribute)] == []


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch runs single steps")
@pytest.mark.parametrize("name", CALLBACKS)
def test_several_steps_per_execution_work_or_are_refused(name):
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True), "mse", steps_per_execution=2)
    callback = getattr(callbacks, name)(**CALLBACKS[name])
    x, y = np.ones((16, 2), "float32"), np.ones((16, 1), "float32")
    options = {"validation_data": (x, y), "batch_size": 4, "verbose": 0, "callbacks": [callback]}
    if name == "LearningRateFinder":
        with pytest.raises(ValueError, match="steps_per_execution=1.*2"):
            model.fit(x, y, **options)
    else:
        assert np.isfinite(model.fit(x, y, **options).history["loss"]).all()


@pytest.mark.parametrize("name", CALLBACKS)
def test_epochs_without_logs_or_with_none_raise_nothing_unforeseen(name):
    callback = getattr(callbacks, name)(**CALLBACKS[name])
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True), "mse")
    x, y = np.ones((4, 2), "float32"), np.ones((4, 1), "float32")
    model.fit(x, y, verbose=0)
    callback.set_model(model)
    callback.set_params({"epochs": 1, "steps": 1, "verbose": 0})
    callback.on_train_begin(None)
    callback.on_epoch_begin(0, None)
    callback.on_train_batch_begin(0, None)
    if name in ("EarlyStopping", "ReduceLROnPlateau"):
        with pytest.warns(UserWarning, match="`val_loss`, which is not available"):
            callback.on_epoch_end(0, None)
    elif name == "BiasVarianceDiagnosis":
        with pytest.raises(ValueError, match="'val_loss' in the logs"):
            callback.on_epoch_end(0, None)
    else:
        callback.on_epoch_end(0, None)
    callback.on_train_end(None)
