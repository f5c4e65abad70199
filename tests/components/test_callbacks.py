"""What every callback has to do, checked on each row of the table."""

import inspect

import keras
import numpy as np
import pytest
from components.arrays import array
from components.cases.callbacks import CALLBACKS, VARIANTS

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


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("name", IN_KERAS)
def test_what_keras_s_callback_shows_ours_shows_too(name):
    ours, theirs = (getattr(f, name)(**CALLBACKS[name]) for f in (callbacks, keras.callbacks))
    for callback in (ours, theirs):
        fit(callback)
    shown = [attribute for attribute in dir(theirs) if not attribute.startswith("_")]
    assert len(shown) > 20
    assert [attribute for attribute in shown if not hasattr(ours, attribute)] == []


VALUES = [5.0, 4.9, 4.8, 5.2, 5.3, 4.0, 3.0, 3.1, 3.2, 3.3]


def story(callback, capsys):
    """Return what a callback does with logged values, how often it speaks and what it raises."""
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    callback.set_model(model)
    callback.on_train_begin()
    events = []
    for epoch, value in enumerate(VALUES):
        model.set_weights([np.full((2, 1), float(epoch)), np.zeros(1)])
        callback.on_epoch_begin(epoch, {})
        try:
            callback.on_train_batch_end(0, {"loss": float("nan") if epoch == 8 else value})
        except RuntimeError as error:
            events.append(type(error))
        callback.on_epoch_end(epoch, {"val_loss": value, "other": 10.0 - value})
        events.append(float(array(model.optimizer.learning_rate)))
        if model.stop_training:
            break
    callback.on_train_end()
    lines = capsys.readouterr().out.splitlines()
    return events, array(model.layers[0].kernel).tolist(), len([*filter(None, lines)])


FURTHER = [(name, row) for name, rows in VARIANTS.items() for row in rows]


@pytest.mark.parametrize(("name", "more"), FURTHER)
def test_an_option_does_what_it_does_in_keras_and_would_be_missed(name, more, capsys):
    known = inspect.signature(getattr(callbacks, name)).parameters
    options = {**({"mode": "min"} if "mode" in known else {}), **CALLBACKS[name], **more}
    given = story(getattr(callbacks, name)(**options), capsys)
    assert given == story(getattr(keras.callbacks, name)(**options), capsys)
    for option in more.keys() - CALLBACKS[name].keys():
        without = {key: options[key] for key in options if key != option}
        without |= {"mode": "min"} if option == "mode" else {}
        assert story(getattr(callbacks, name)(**without), capsys) != given


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
