"""Two callbacks in either order do what Keras's two do in that order."""

import functools
import itertools

import keras
import numpy as np
import pytest

from dlprep import callbacks

X = np.random.default_rng(0).normal(size=(16, 2)).astype("float32")
Y = X.sum(axis=1, keepdims=True)

# name -> constructor arguments; `min_delta` so large that each of them acts within five epochs
BOTH = {
    "EarlyStopping": {"patience": 2, "restore_best_weights": True, "min_delta": 0.05},
    "LearningRateScheduler": {"schedule": lambda epoch, rate: 0.8 * rate},
    "ReduceLROnPlateau": {"patience": 1, "min_delta": 0.2, "factor": 0.5},
    "SwapEMAWeights": {"swap_on_epoch": True},
    "TerminateOnNaN": {},
}
KERAS_ALONE = {
    "ModelCheckpoint": {"filepath": "{epoch}.weights.h5", "save_weights_only": True},
    "CSVLogger": {"filename": "log.csv"},
}
OURS_ALONE = {
    "ActivationStatistics": {"x": X[:4]},
    "BiasVarianceDiagnosis": {},
    "GradientNorms": {"x": X[:4], "y": Y[:4]},
}
OPTIONS = {**BOTH, **KERAS_ALONE, **OURS_ALONE}
# Where the order is this one, Keras 3.15 leaves the raw weights in the model; see the next test.
STOPPED = {"EarlyStopping", "SwapEMAWeights"}


@functools.cache
def start():
    """Return a model, compiled once for all runs, and the values of its variables."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.5), "mse")
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    return model, [(variable, keras.ops.convert_to_numpy(variable)) for variable in variables]


def run(folder, *watchers):
    """Train with these callbacks; return logs, final weights and what they wrote."""
    model, values = start()
    for variable, value in values:
        variable.assign(value)
    for watcher in watchers:
        for name in ("filepath", "filename"):
            if hasattr(watcher, name):
                setattr(watcher, name, str(folder / getattr(watcher, name)))
    options = {"epochs": 5, "batch_size": 8, "shuffle": False, "verbose": 0}
    history = model.fit(X, Y, validation_data=(X, Y), callbacks=list(watchers), **options).history
    weights, saved = model.get_weights(), []
    for file in sorted(folder.glob("*.h5")):
        model.load_weights(file)
        saved += model.get_weights()
    logged = [file.read_text() for file in folder.glob("*.csv")]
    return history, weights, saved, logged


def made(name, family):
    family = family if hasattr(family, name) else keras.callbacks
    return getattr(family, name)(**OPTIONS[name])


def equal(one, other):
    assert one[0].keys() == other[0].keys()
    for name, values in one[0].items():
        np.testing.assert_allclose(values, other[0][name], rtol=1e-5, err_msg=name)
    for mine, theirs in zip((*one[1], *one[2]), (*other[1], *other[2]), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-5, atol=1e-7)
    assert len(one[3]) == len(other[3])


PAIRS = [
    pytest.param(pair, id=" then ".join(pair))
    for pair in itertools.permutations([*BOTH, *KERAS_ALONE], 2)
    if {*pair} & {*BOTH} and {*pair} != STOPPED
]


@pytest.mark.slow
@pytest.mark.turns(2)
@pytest.mark.parametrize("pair", PAIRS)
def test_two_callbacks_do_what_keras_s_do(pair, tmp_path):
    results = []
    mixed = [(callbacks, keras.callbacks)] if pair[1] in BOTH else []
    for families in [(keras.callbacks, keras.callbacks), (callbacks, callbacks), *mixed]:
        folder = tmp_path / str(len(results))
        folder.mkdir()
        watchers = [made(name, family) for name, family in zip(pair, families, strict=True)]
        results.append(run(folder, *watchers))
    for result in results[1:]:
        equal(result, results[0])


@pytest.mark.slow
@pytest.mark.turns(2)
@pytest.mark.parametrize("name", OURS_ALONE)
@pytest.mark.parametrize("other", [*BOTH, *KERAS_ALONE])
def test_a_callback_that_only_watches_changes_nothing_in_either_order(name, other, tmp_path):
    expected = run(tmp_path, made(other, callbacks))
    for order in (1, -1):
        watchers = [made(name, callbacks), made(other, callbacks)][::order]
        equal(run(tmp_path, *watchers), expected)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("family", [callbacks, keras.callbacks], ids=["ours", "Keras's"])
def test_the_average_stays_where_another_callback_ends_the_training(order, family, tmp_path):
    stop = family.EarlyStopping(patience=1, min_delta=9.0)
    swap = callbacks.SwapEMAWeights(swap_on_epoch=True)
    kept = []
    watch = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: kept.append(swap.model.get_weights())
    )
    history, weights, *_ = run(tmp_path, *[stop, swap][::order], watch)
    assert len(history["loss"]) == 2
    for mine, averaged in zip(weights, kept[-1], strict=True):
        np.testing.assert_allclose(mine, averaged, rtol=1e-6)
