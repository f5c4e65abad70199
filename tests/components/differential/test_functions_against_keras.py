"""Activations, losses, initializers, regularizers, constraints and schedules equal Keras's."""

from functools import partial

import keras
import numpy as np
import pytest
from components.arrays import assert_close
from components.differential.comparison import EXAMPLES, flags, seeds
from components.gradients import value_and_gradient
from hypothesis import given
from hypothesis import strategies as st

from dlprep import activations, constraints, initializers, losses, regularizers
from dlprep.optimizers import schedules

slopes = st.floats(0.125, 2, width=16)
ACTIVATIONS = {
    "celu": {"alpha": slopes},
    "elu": {"alpha": slopes},
    "gelu": {"approximate": flags},
    "glu": {"axis": st.sampled_from([-1, 1])},
    "hard_shrink": {"threshold": slopes},
    "leaky_relu": {"negative_slope": slopes},
    "log_softmax": {"axis": st.sampled_from([-1, 1])},
    "relu": {
        "negative_slope": slopes,
        "max_value": st.sampled_from([None, 3.0]),
        "threshold": slopes,
    },
    "soft_shrink": {"threshold": slopes},
    "softmax": {"axis": st.sampled_from([-1, 1])},
    "squareplus": {"b": slopes},
    "threshold": {"threshold": slopes, "default_value": slopes},
}
SHARED_ACTIVATIONS = [n for n in activations.__all__ if hasattr(keras.activations, n)]
# TensorFlow's own sparsemax does not always add up to 1.
SHARED_ACTIVATIONS.remove("sparsemax")

delta = {"delta": slopes}
focal = {"alpha": st.floats(0.125, 1, width=16), "gamma": st.sampled_from([0.5, 1.0, 2.0])}
smoothing = {"from_logits": flags, "label_smoothing": st.sampled_from([0.0, 0.1])}
# loss name -> kind of labels and predictions, and arguments
LOSSES = {
    "BinaryCrossentropy": ("binary", smoothing),
    "BinaryFocalCrossentropy": ("binary", smoothing | focal | {"apply_class_balancing": flags}),
    "CTC": ("sequence", {}),
    "CategoricalCrossentropy": ("distribution", smoothing),
    "CategoricalFocalCrossentropy": ("distribution", smoothing | focal),
    "CategoricalGeneralizedCrossEntropy": ("class", {"q": st.sampled_from([0.3, 0.7])}),
    "CategoricalHinge": ("distribution", {}),
    "Circle": ("direction", {"gamma": slopes, "margin": st.sampled_from([0.2, 0.4])}),
    "CosineSimilarity": ("real", {}),
    "Dice": ("distribution", {"axis": st.sampled_from([None, 1])}),
    "Hinge": ("binary", {}),
    "Huber": ("real", delta),
    "KLDivergence": ("real", {}),
    "LogCosh": ("real", {}),
    "MeanAbsoluteError": ("real", {}),
    "MeanAbsolutePercentageError": ("real", {}),
    "MeanSquaredError": ("real", {}),
    "MeanSquaredLogarithmicError": ("real", {}),
    "Poisson": ("distribution", {}),
    "SparseCategoricalCrossentropy": ("class", {"from_logits": flags, "ignore_class": st.none()}),
    "SquaredHinge": ("binary", {}),
    "Tversky": ("distribution", {"alpha": slopes, "beta": slopes}),
}
REDUCTIONS = st.sampled_from([None, "none", "sum", "mean", "sum_over_batch_size"])

fractions = st.floats(0.125, 0.875, width=16)
REGULARIZERS = {
    "L1": {"l1": fractions},
    "L1L2": {"l1": fractions, "l2": fractions},
    "L2": {"l2": fractions},
    "OrthogonalRegularizer": {"factor": fractions, "mode": st.sampled_from(["rows", "columns"])},
}
CONSTRAINTS = {
    "MaxNorm": {"max_value": slopes, "axis": st.integers(0, 1)},
    "MinMaxNorm": {"min_value": fractions, "max_value": st.just(1.5), "rate": fractions},
    "NonNeg": {},
    "UnitNorm": {"axis": st.integers(0, 1)},
}
steps = st.integers(1, 50)
SCHEDULES = {
    "CosineDecay": {
        "decay_steps": steps,
        "alpha": fractions,
        "warmup_target": st.none() | slopes,
        "warmup_steps": steps,
    },
    "CosineDecayRestarts": {
        "first_decay_steps": steps,
        "t_mul": st.sampled_from([1.0, 1.5, 2.0]),
        "m_mul": fractions,
        "alpha": fractions,
    },
    "ExponentialDecay": {"decay_steps": steps, "decay_rate": fractions, "staircase": flags},
    "InverseTimeDecay": {"decay_steps": steps, "decay_rate": fractions, "staircase": flags},
    "PiecewiseConstantDecay": {},
    "PolynomialDecay": {
        "decay_steps": steps,
        "end_learning_rate": fractions,
        "power": slopes,
        "cycle": flags,
    },
}
modes = {
    "scale": slopes,
    "mode": st.sampled_from(["fan_in", "fan_out", "fan_avg"]),
    "distribution": st.sampled_from(["truncated_normal", "untruncated_normal", "uniform"]),
}
INITIALIZERS = {
    "Constant": {"value": slopes},
    "Identity": {"gain": slopes},
    "Orthogonal": {"gain": slopes},
    "RandomNormal": {"mean": slopes, "stddev": slopes},
    "RandomUniform": {"minval": st.just(-1.0), "maxval": slopes},
    "TruncatedNormal": {"mean": slopes, "stddev": slopes},
    "VarianceScaling": modes,
}
SEEDED = {"seed": st.integers(0, 1000)}


def drawn(data, options):
    return {name: data.draw(values, name) for name, values in options.items()}


def shared(ours, theirs):
    """Return the names of the classes that both have."""
    return [n for n in ours.__all__ if n[0].isupper() and hasattr(theirs, n)]


@pytest.mark.parametrize(
    "table, ours, theirs",
    [
        (LOSSES, losses, keras.losses),
        (REGULARIZERS, regularizers, keras.regularizers),
        (CONSTRAINTS, constraints, keras.constraints),
        (SCHEDULES, schedules, keras.optimizers.schedules),
    ],
    ids=["losses", "regularizers", "constraints", "schedules"],
)
def test_every_class_that_keras_has_is_compared(table, ours, theirs):
    assert sorted(table) == shared(ours, theirs)


@pytest.mark.parametrize("name", SHARED_ACTIVATIONS)
@EXAMPLES
@given(data=st.data(), seed=seeds, width=st.sampled_from([1.0, 10.0, 1e4]))
def test_activation_equals_that_of_keras(name, data, seed, width):
    options = drawn(data, ACTIVATIONS.get(name, {}))
    x = np.random.default_rng(seed).normal(scale=width, size=(3, 4, 6))
    if name == "exponential":
        x = x.clip(-80, 80)
    if name in ("squareplus", "gelu"):
        # Keras's forms cancel to zero far below zero.
        x = x.clip(-1, None)
    ours, theirs = (
        value_and_gradient(partial(getattr(module, name), **options), x)
        for module in (activations, keras.activations)
    )
    for given_array, expected in zip(ours, theirs, strict=True):
        assert_close(given_array, expected, rtol=1e-5, atol=2e-6)


def labels_and_predictions(kind, seed, from_logits, width):
    """Draw a batch: labels, and predictions that the loss is defined for."""
    rng = np.random.default_rng(seed)
    distribution = rng.dirichlet(np.ones(5), 6)
    scores = rng.normal(scale=width, size=(6, 5))
    y_pred = scores if from_logits or kind == "real" else distribution
    y_true = {
        "binary": lambda: rng.integers(2, size=(6, 5)),
        "distribution": lambda: rng.dirichlet(np.ones(5), 6),
        "real": lambda: rng.normal(size=(6, 5)),
        "class": lambda: rng.integers(5, size=6),
        "direction": lambda: rng.integers(3, size=6),
        "sequence": lambda: np.sort(rng.integers(0, 5, size=(6, 3)))[:, ::-1].copy(),
    }[kind]()
    if kind == "direction":
        y_pred = scores / np.linalg.norm(scores, axis=-1, keepdims=True)
    if kind == "sequence":
        y_pred = rng.normal(size=(6, 9, 5))
    return y_true, y_pred


def weighted_loss(module, name, options, reduction, y_true, weights):
    """Return a module's loss as a function of the predictions."""
    loss = getattr(module, name)(reduction=reduction, **options)
    return lambda y_pred: loss(y_true, y_pred, sample_weight=weights)


@pytest.mark.parametrize("name", LOSSES)
@EXAMPLES
@given(data=st.data(), seed=seeds, reduction=REDUCTIONS, weighted=flags)
def test_loss_equals_that_of_keras(name, data, seed, reduction, weighted):
    kind, options = LOSSES[name]
    # Keras's focal losses clip the probability that they make of a logit.
    width = 1.0 if "Focal" in name else data.draw(st.sampled_from([1.0, 30.0]))
    options = drawn(data, options)
    y_true, y_pred = labels_and_predictions(kind, seed, options.get("from_logits"), width)
    weights = None
    if weighted and name != "Dice" and name != "Tversky":
        weights = np.random.default_rng(seed).uniform(size=6).astype("float32")
    ours, theirs = (
        value_and_gradient(weighted_loss(module, name, options, reduction, y_true, weights), y_pred)
        for module in (losses, keras.losses)
    )
    for given_array, expected in zip(ours, theirs, strict=True):
        largest = max(1.0, np.abs(expected).max())
        assert_close(given_array, expected, rtol=2e-5, atol=5e-6 * largest)


@pytest.mark.parametrize("name", REGULARIZERS)
@EXAMPLES
@given(data=st.data(), seed=seeds)
def test_regularizer_equals_that_of_keras(name, data, seed):
    options = drawn(data, REGULARIZERS[name])
    x = np.random.default_rng(seed).normal(size=(4, 3))
    ours, theirs = (
        value_and_gradient(getattr(module, name)(**options), x)
        for module in (regularizers, keras.regularizers)
    )
    assert_close(ours[0], theirs[0], rtol=1e-5)
    assert_close(ours[1], theirs[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", CONSTRAINTS)
@EXAMPLES
@given(data=st.data(), seed=seeds)
def test_constraint_equals_that_of_keras(name, data, seed):
    options = drawn(data, CONSTRAINTS[name])
    w = keras.ops.array(np.random.default_rng(seed).normal(size=(4, 3)), "float32")
    ours, theirs = (
        getattr(module, name)(**options)(w) for module in (constraints, keras.constraints)
    )
    assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", SCHEDULES)
@EXAMPLES
@given(data=st.data(), step=st.integers(0, 200))
def test_schedule_equals_that_of_keras(name, data, step):
    if name == "PiecewiseConstantDecay":
        boundaries = sorted(data.draw(st.sets(steps, min_size=1, max_size=4)))
        rates = [data.draw(slopes) for _ in range(len(boundaries) + 1)]
        options = {"boundaries": boundaries, "values": rates}
    else:
        options = {"initial_learning_rate": data.draw(slopes), **drawn(data, SCHEDULES[name])}
    ours, theirs = (
        getattr(module, name)(**options)(step) for module in (schedules, keras.optimizers.schedules)
    )
    assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", shared(initializers, keras.initializers))
@EXAMPLES
@given(data=st.data(), rows=st.integers(1, 6), columns=st.integers(1, 6))
def test_initializer_draws_what_that_of_keras_draws(name, data, rows, columns):
    options = drawn(data, INITIALIZERS.get(name, {}))
    if name not in ("Constant", "Identity", "Ones", "Zeros"):
        options |= drawn(data, SEEDED)
    ours, theirs = (
        getattr(module, name)(**options)((rows, columns))
        for module in (initializers, keras.initializers)
    )
    assert_close(ours, theirs, rtol=1e-5, atol=1e-6)
