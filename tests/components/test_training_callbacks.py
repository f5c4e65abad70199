import keras
import numpy as np
import pytest

from dlprep import callbacks

RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def network(optimizer=None, **compiled):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(0.1), "mse", **compiled)
    return model


def replay(callback, values, name="val_loss", **fitted):
    """Feed one logged value per epoch; return the epochs that were run and the rates after them."""
    model = fitted.pop("model", None) or network()
    callback.set_model(model)
    callback.on_train_begin()
    model.stop_training, rates = False, []
    for epoch, value in enumerate(values):
        model.set_weights([np.full((3, 1), float(epoch)), np.zeros(1)])
        callback.on_epoch_end(epoch, {name: value})
        rates.append(float(numpy(model.optimizer.learning_rate)))
        if model.stop_training:
            break
    callback.on_train_end()
    return epoch + 1, rates, model


@pytest.mark.parametrize(
    ("values", "settings", "epochs"),
    [
        ([5, 4, 3, 4, 5, 6], {"patience": 2}, 5),
        ([5, 4, 3, 4, 2, 3, 1], {"patience": 2}, 7),
        ([5, 4.95, 4.9, 4.85], {"patience": 2, "min_delta": 0.5}, 3),
        ([1, 2, 3], {"patience": 0}, 2),
        ([5, 4, 3, 2], {"patience": 2, "baseline": 1.0}, 4),
        ([5, 4, 5, 5], {"patience": 3, "baseline": 1.0}, 3),
        ([9, 1, 5, 4, 3, 4, 5], {"patience": 2, "start_from_epoch": 2}, 7),
        ([float("nan"), 3, 2, 3], {"patience": 2}, 4),
        ([1, 2, 3, 2, 1], {"patience": 2, "mode": "max"}, 5),
        # A change of exactly `min_delta` is none, though 0.8 - 0.7 > 0.1 in binary.
        ([0.8, 0.7, 0.6, 0.5], {"patience": 1, "min_delta": 0.1}, 2),
        ([0.7, 0.8, 0.9, 1.0], {"patience": 1, "min_delta": 0.1, "mode": "max"}, 2),
        ([1, 1, 1, 1, 1], {"patience": 1, "start_from_epoch": 2}, 4),
        ([1, 0.5, 0.5, 0.5], {"patience": 2, "baseline": 0.5}, 3),
    ],
)
def test_early_stopping_counts_epochs_without_improvement(values, settings, epochs):
    assert replay(callbacks.EarlyStopping(**settings), values)[0] == epochs


def test_the_best_weights_come_back():
    stopper = callbacks.EarlyStopping(patience=2, restore_best_weights=True)
    *_, model = replay(stopper, [3, 1, 2, 2, 2])
    assert model.get_weights()[0].tolist() == [[1.0]] * 3
    assert (stopper.best, stopper.best_epoch, stopper.stopped_epoch) == (1, 1, 3)


GRID = [round(0.1 * i, 1) for i in range(10)]
OPTIONS = {
    "EarlyStopping": {
        "patience": range(4),
        "min_delta": (0, 0.1, -0.2),
        "baseline": (None, 0.3),
        "restore_best_weights": (False, True),
        "start_from_epoch": range(3),
    },
    "ReduceLROnPlateau": {
        "patience": range(4),
        "min_delta": (0, 0.1, -0.2),
        "factor": (0.0, 0.5),
        "cooldown": range(3),
        "min_lr": (0.0, 0.025, 0.1),
    },
}


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("seed", range(20))
def test_on_numbers_full_of_ties_ours_does_what_keras_s_does(name, seed):
    rng = np.random.default_rng(seed)
    options = {key: values[rng.integers(len(values))] for key, values in OPTIONS[name].items()}
    options["mode"] = ("min", "max")[seed % 2]
    values = rng.choice(GRID, 12).tolist()
    ours = getattr(callbacks, name)(**options)
    theirs = getattr(keras.callbacks, name)(**options)
    (epochs, rates, model), expected = replay(ours, values), replay(theirs, values)
    assert (epochs, rates) == expected[:2], options
    np.testing.assert_array_equal(model.get_weights()[0], expected[2].get_weights()[0])
    for attribute in ("best", "wait", "best_epoch", "stopped_epoch", "cooldown_counter"):
        assert getattr(ours, attribute, None) == getattr(theirs, attribute, None), attribute


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("EarlyStopping", {"patience": -1}, "`patience`.*-1"),
        ("EarlyStopping", {"start_from_epoch": -1}, "`start_from_epoch`.*-1"),
        ("EarlyStopping", {"min_delta": float("nan")}, "`min_delta`.*nan"),
        ("EarlyStopping", {"baseline": float("nan")}, "`baseline`.*nan"),
        ("ReduceLROnPlateau", {"factor": 1.0}, "factor=1.0"),
        ("ReduceLROnPlateau", {"factor": -0.1}, "`factor`.*-0.1"),
        ("ReduceLROnPlateau", {"factor": float("nan")}, "`factor`.*nan"),
        ("ReduceLROnPlateau", {"patience": -1}, "`patience`.*-1"),
        ("ReduceLROnPlateau", {"cooldown": -1}, "`cooldown`.*-1"),
        ("ReduceLROnPlateau", {"min_lr": -1.0}, "`min_lr`.*-1.0"),
        ("ReduceLROnPlateau", {"min_delta": float("inf")}, "`min_delta`.*inf"),
        ("BiasVarianceDiagnosis", {"tolerance": -0.1}, "`tolerance`.*-0.1"),
        ("BiasVarianceDiagnosis", {"optimal": float("nan")}, "`optimal`.*nan"),
    ],
)
def test_impossible_arguments_are_refused(name, options, message):
    with pytest.raises(ValueError, match=message):
        getattr(callbacks, name)(**options)


@pytest.mark.parametrize("name", OPTIONS)
def test_a_subclass_may_read_the_number_its_own_way(name):
    class Doubled(getattr(callbacks, name)):
        def get_monitor_value(self, logs):
            return 2.0 * logs["mine"]

    callback = Doubled(patience=1, mode="min")
    replay(callback, [3.0, 1.0], name="mine")
    assert callback.best == 2.0


def test_a_number_that_is_not_logged_warns_and_changes_nothing():
    for callback in (callbacks.EarlyStopping(), callbacks.ReduceLROnPlateau(patience=1)):
        with pytest.warns(UserWarning, match="`val_loss`.*not available.*loss"):
            epochs, rates, _ = replay(callback, [1], name="loss")
        assert (epochs, rates) == (1, [pytest.approx(0.1)])


def test_direction_is_asked_from_the_metric():
    for metric, expected in [("accuracy", keras.ops.greater), ("mae", keras.ops.less)]:
        stopper = callbacks.EarlyStopping(monitor=f"val_{metric}", patience=9)
        model = network(metrics=[metric])
        model.fit(X, Y, validation_data=(X, Y), verbose=0, callbacks=[stopper])
        assert stopper.monitor_op is expected
    with pytest.raises(ValueError, match="mode='max'"):
        replay(callbacks.EarlyStopping(monitor="charm"), [1])
    with pytest.warns(UserWarning, match="sideways"):
        callbacks.EarlyStopping(mode="sideways")


def test_a_plateau_lowers_the_rate_down_to_the_floor():
    settings = {"factor": 0.5, "patience": 2, "min_lr": 0.03, "min_delta": 0.0}
    _, rates, _ = replay(callbacks.ReduceLROnPlateau(**settings), [1, 1, 1, 1, 1, 0.5, 1, 1, 1])
    expected = [0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.03, 0.03, 0.03]
    assert rates == pytest.approx(expected)


def test_cooldown_postpones_the_next_reduction():
    settings = {"factor": 0.5, "patience": 1, "cooldown": 3}
    _, rates, _ = replay(callbacks.ReduceLROnPlateau(**settings), [1] * 7)
    assert rates == pytest.approx([0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025])
    with pytest.raises(ValueError, match="factor=1.5"):
        callbacks.ReduceLROnPlateau(factor=1.5)


def test_a_schedule_may_take_one_argument_or_two():
    for schedule in (lambda epoch: 0.1 / 2**epoch, lambda epoch, rate: rate / 2 if epoch else rate):
        model = network()
        watch = callbacks.LearningRateScheduler(schedule)
        history = model.fit(X, Y, epochs=3, verbose=0, callbacks=[watch]).history
        assert history["learning_rate"] == pytest.approx([0.1, 0.05, 0.025])


def test_what_a_schedule_raises_is_not_hidden():
    def broken(epoch, rate):
        raise TypeError("my own mistake")

    with pytest.raises(TypeError, match="my own mistake"):
        network().fit(X, Y, verbose=0, callbacks=[callbacks.LearningRateScheduler(broken)])
    wrong = callbacks.LearningRateScheduler(lambda epoch: "fast")
    with pytest.raises(ValueError, match="'fast'"):
        network().fit(X, Y, verbose=0, callbacks=[wrong])


def test_verbose_callbacks_speak(capsys):
    scheduler = callbacks.LearningRateScheduler(lambda epoch: 0.25, verbose=1)
    network().fit(X, Y, verbose=0, callbacks=[scheduler])
    replay(callbacks.ReduceLROnPlateau(patience=1, verbose=1), [1, 1])
    stopper = callbacks.EarlyStopping(verbose=1, restore_best_weights=True)
    replay(stopper, [1, 2])
    said = capsys.readouterr().out
    for part in ("rate to 0.25", "Epoch 2: ReduceLROnPlateau", "Epoch 2: early", "best epoch: 1"):
        assert part in said


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_training_stops_at_the_first_loss_that_is_no_number(bad, capsys):
    broken = Y.copy()
    broken[8:16] = bad
    model = network()
    seen = []
    count = keras.callbacks.LambdaCallback(on_train_batch_end=lambda b, logs: seen.append(b))
    stop = callbacks.TerminateOnNaN()
    model.fit(X, broken, batch_size=8, epochs=3, shuffle=False, verbose=0, callbacks=[stop, count])
    assert seen == [0, 1]
    assert "Batch 1" in capsys.readouterr().out
    with pytest.raises(RuntimeError, match="batch 1"):
        loud = callbacks.TerminateOnNaN(raise_error=True)
        network().fit(X, broken, batch_size=8, shuffle=False, verbose=0, callbacks=[loud])
