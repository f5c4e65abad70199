"""Optimizers, metrics and callbacks do what Keras's do on random configurations."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from components.arrays import assert_close
from components.cases.metrics import METRICS
from components.differential.comparison import EXAMPLES, flags, seeds
from hypothesis import given
from hypothesis import strategies as st

from dlprep import callbacks, metrics, optimizers

rates = st.sampled_from([0.5, 0.9, 0.99])
OPTIMIZERS = {
    "Adadelta": {"rho": rates},
    "Adafactor": {"beta_2_decay": st.sampled_from([-0.8, -0.5]), "relative_step": flags},
    "Adagrad": {"initial_accumulator_value": rates},
    "Adam": {"beta_1": rates, "beta_2": rates, "amsgrad": flags},
    "AdamW": {"beta_1": rates, "beta_2": rates, "amsgrad": flags},
    "Adamax": {"beta_1": rates, "beta_2": rates},
    "Ftrl": {"l1_regularization_strength": rates, "l2_regularization_strength": rates},
    "Lamb": {"beta_1": rates, "beta_2": rates},
    "Lion": {"beta_1": rates, "beta_2": rates},
    "Muon": {"momentum": rates, "nesterov": flags},
    "Nadam": {"beta_1": rates, "beta_2": rates},
    "RMSprop": {"rho": rates, "momentum": st.sampled_from([0.0, 0.9]), "centered": flags},
    "SGD": {"momentum": st.sampled_from([0.0, 0.9]), "nesterov": flags},
}
CLIPPING = st.sampled_from([{}, {"clipnorm": 0.5}, {"clipvalue": 0.1}, {"global_clipnorm": 0.5}])
BASE = st.sampled_from(
    [
        {},
        {"weight_decay": 0.1},
        {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
        {"gradient_accumulation_steps": 2},
        {"loss_scale_factor": 4.0},
    ]
)
SHAPES = ((), (3,), (4, 2), (2, 3, 2))
SHARED_METRICS = [name for name in METRICS if hasattr(keras.metrics, name)]
CALLBACKS = {
    "EarlyStopping": {
        "patience": st.integers(0, 2),
        "min_delta": st.sampled_from([0.0, 0.3]),
        "baseline": st.sampled_from([None, 0.5]),
        "start_from_epoch": st.integers(0, 2),
        "restore_best_weights": flags,
    },
    "LearningRateScheduler": {"schedule": st.just(lambda epoch, rate: rate * 0.5 ** (epoch % 2))},
    "ReduceLROnPlateau": {
        "factor": st.sampled_from([0.1, 0.5]),
        "patience": st.integers(1, 2),
        "cooldown": st.integers(0, 2),
        "min_delta": st.sampled_from([0.0, 0.3]),
        "min_lr": st.sampled_from([0.0, 0.01]),
    },
    "TerminateOnNaN": {},
}


def drawn(data, options):
    return {name: data.draw(values, name) for name, values in options.items()}


def test_every_class_that_keras_has_is_compared():
    for table, ours, theirs in (
        (OPTIMIZERS, optimizers, keras.optimizers),
        (CALLBACKS, callbacks, keras.callbacks),
        (SHARED_METRICS, metrics, keras.metrics),
    ):
        names = [n for n in ours.__all__ if isinstance(getattr(theirs, n, None), type)]
        # SwapEMAWeights works inside `fit` alone: its test is the last of this file.
        names = {n for n in names if n[0].isupper()} - {"SwapEMAWeights"}
        assert sorted(table) == sorted(names)


def walk(optimizer, seed, sparse):
    """Take five steps with random gradients and return where they lead."""
    rng = np.random.default_rng(seed)
    shapes = [(5, 3)] if sparse else SHAPES
    variables = [keras.Variable(rng.normal(size=shape).astype("float32")) for shape in shapes]
    for _ in range(5):
        gradients = [rng.normal(size=shape).astype("float32") for shape in shapes]
        if sparse:
            rows = rng.choice(5, 2, replace=False)
            gradients = [tf.IndexedSlices(gradients[0][:2], rows, (5, 3))]
        optimizer.apply(gradients, variables)
    # The last variable's slots; Adafactor and Muon leave some of theirs out.
    slots = [v for v in optimizer.variables if v.shape == variables[-1].shape]
    return variables + (slots if type(optimizer).__name__ not in ("Adafactor", "Muon") else [])


@pytest.mark.parametrize("name", OPTIMIZERS)
@EXAMPLES
@given(data=st.data(), seed=seeds, clipping=CLIPPING, base=BASE, sparse=flags, scheduled=flags)
def test_optimizer_walks_where_that_of_keras_walks(
    name, data, seed, clipping, base, sparse, scheduled
):
    options = {**drawn(data, OPTIMIZERS[name]), **clipping, **base}
    sparse = sparse and not clipping and not base and name != "Muon"
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5) if scheduled else 0.1
    ours, theirs = (
        walk(getattr(module, name)(learning_rate=rate, **options), seed, sparse)
        for module in (optimizers, keras.optimizers)
    )
    for given_array, expected in zip(ours, theirs, strict=True):
        assert_close(given_array, expected, rtol=1e-4, atol=2e-5)


def batch(kind, rng):
    """Draw labels and predictions of the kinds that the table of metrics names."""
    scores = rng.uniform(size=(12, 3)).astype("float32")
    hot = np.eye(3, dtype="float32")[rng.integers(3, size=12)]
    return {
        "scores": lambda: (rng.integers(2, size=12), scores[:, 0]),
        "columns": lambda: (rng.integers(2, size=(12, 3)), scores),
        "logits": lambda: (rng.integers(2, size=12), rng.normal(size=12)),
        "tied": lambda: (rng.integers(2, size=12), rng.integers(9, size=12) / 8),
        "tied columns": lambda: (rng.integers(2, size=(12, 3)), rng.integers(9, size=(12, 3)) / 8),
        "labels": lambda: (rng.integers(3, size=12), rng.integers(3, size=12)),
        "onehot": lambda: (hot, scores),
        "onehot logits": lambda: (hot, np.log(scores)),
        "classes": lambda: (rng.integers(3, size=12), scores),
        "numbers": lambda: (rng.normal(size=(12, 2)), rng.normal(size=(12, 2))),
        "values": lambda: (rng.normal(size=12),),
        "rows of values": lambda: (rng.normal(size=(12, 3)),),
    }[kind]()


@pytest.mark.parametrize("name", SHARED_METRICS)
@EXAMPLES
@given(data=st.data(), seed=seeds, updates=st.integers(1, 3), weighted=flags)
def test_metric_equals_that_of_keras(name, data, seed, updates, weighted):
    row = data.draw(st.sampled_from(METRICS[name]))
    weighted = weighted and row["data"] != "columns"
    results = []
    for module in (metrics, keras.metrics):
        rng = np.random.default_rng(seed)
        metric = getattr(module, name)(**row["kwargs"])
        for _ in range(updates):
            weights = rng.uniform(size=12).astype("float32") if weighted else None
            metric.update_state(*batch(row["data"], rng), sample_weight=weights)
        results.append(metric.result())
    assert_close(*results, rtol=2e-5, atol=2e-6)


def train(callback, values, seed):
    """Feed a sequence of validation losses to a callback, as `fit` would."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.5), "mse")
    model.stop_training = False
    callback.set_model(model)
    callback.on_train_begin()
    rng, seen = np.random.default_rng(seed), []
    for epoch, value in enumerate(values):
        callback.on_epoch_begin(epoch)
        model.train_on_batch(rng.normal(size=(4, 2)), rng.normal(size=(4, 1)))
        callback.on_train_batch_end(0, {"loss": value})
        callback.on_epoch_end(epoch, {"val_loss": value, "loss": value})
        seen.append((model.stop_training, float(model.optimizer.learning_rate)))
        if model.stop_training:
            break
    callback.on_train_end()
    return seen, model.get_weights()


@pytest.mark.parametrize("name", CALLBACKS)
@EXAMPLES
@given(
    data=st.data(),
    values=st.lists(
        st.sampled_from([0.1, 0.5, 0.6, 1.0, float("inf"), float("nan")]), min_size=1, max_size=7
    ),
)
def test_callback_decides_as_that_of_keras(name, data, values):
    options = drawn(data, CALLBACKS[name])
    if name != "TerminateOnNaN":
        # If the first loss seen is NaN, Keras takes no later one for a better one.
        first = options.get("start_from_epoch", 0)
        values[first : first + 1] = [1.0 if x != x else x for x in values[first : first + 1]]
    ours, theirs = (
        train(getattr(module, name)(**options), values, seed=0)
        for module in (callbacks, keras.callbacks)
    )
    assert ours[0] == theirs[0]
    for given_array, expected in zip(ours[1], theirs[1], strict=True):
        assert_close(given_array, expected, rtol=1e-6)


def swap(module, swap_on_epoch, epochs, seed, **options):
    """Train with averaged weights that come in for the evaluation."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    model.compile(keras.optimizers.Adam(0.1, use_ema=True, **options), "mse", run_eagerly=True)
    x = np.random.default_rng(seed).normal(size=(12, 3)).astype("float32")
    history = model.fit(
        x[:, :2],
        x[:, 2:],
        batch_size=4,
        epochs=epochs,
        validation_split=0.3,
        verbose=0,
        callbacks=[module.SwapEMAWeights(swap_on_epoch=swap_on_epoch)],
    )
    return [*history.history.values(), *model.get_weights()]


@EXAMPLES
@given(
    swap_on_epoch=flags,
    epochs=st.integers(1, 3),
    seed=st.integers(0, 999),
    ema_momentum=rates,
    ema_overwrite_frequency=st.sampled_from([None, 2]),
)
def test_averaged_weights_come_and_go_as_with_keras(**options):
    ours, theirs = (swap(module, **options) for module in (callbacks, keras.callbacks))
    for given_array, expected in zip(ours, theirs, strict=True):
        assert_close(given_array, expected, rtol=1e-5, atol=1e-6)
