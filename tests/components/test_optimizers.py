"""Checks that every optimizer passes, in every variant of the table."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.cases.optimizers import IMPOSSIBLE, IMPOSSIBLE_BASE, OPTIMIZERS
from components.oracles.optimizers import ORACLES, path

from dlprep import optimizers

CASES = [
    pytest.param(name, options, id="-".join([name, *(k for k in options if k != "learning_rate")]))
    for name, variants in OPTIMIZERS.items()
    for options in variants
]
every = pytest.mark.parametrize(("name", "options"), CASES)


def make(name, options, **more):
    """Return the optimizer; what Lookahead does not know itself goes to the SGD that it wraps."""
    options = {**options, **more}
    if name == "Lookahead":
        own = {key: options.pop(key) for key in ("sync_period", "slow_step")}
        return optimizers.Lookahead(optimizers.SGD(**options), **own)
    return getattr(optimizers, name)(**options)


def still(name, options, **more):
    """Return the optimizer without weight decay."""
    decays = [key for key in defaults(name) if key.endswith("weight_decay")]
    return make(name, options, **dict.fromkeys(["weight_decay", *decays], 0.0), **more)


def move(optimizer, start, gradients, dtype="float32"):
    """Return the values of one variable after each gradient: an embedding where that matters."""
    embedding = not getattr(optimizer, "exclude_embeddings", True)
    variable = keras.Variable(start, dtype=dtype, name="embeddings" if embedding else None)
    values = []
    for gradient in gradients:
        optimizer.apply([keras.ops.convert_to_tensor(gradient, dtype)], [variable])
        values.append(keras.ops.convert_to_numpy(keras.ops.cast(variable, "float32")))
    return np.stack(values)


@pytest.fixture
def start(rng):
    return rng.normal(size=(4, 3)).astype("float32")


@pytest.fixture
def gradients(rng):
    return rng.normal(size=(6, 4, 3)).astype("float32")


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def defaults(name):
    """Return the arguments of an optimizer beside Keras's own, with their defaults."""
    optimizer = getattr(optimizers, name)
    parameters = inspect.signature(optimizer).parameters
    return {key: parameters[key].default for key in optimizer.options if key in parameters}


def test_every_public_optimizer_has_a_row():
    classes = [name for name in optimizers.__all__ if name[0].isupper()]
    assert sorted(OPTIMIZERS) == sorted(ORACLES) == sorted(IMPOSSIBLE) == classes


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_numbers_of_a_row_differ(name):
    for row in OPTIMIZERS[name]:
        numbers = [v for v in row.values() if isinstance(v, float)]
        assert len(numbers) == len(set(numbers)), "two options of one value can be confused"


@every
def test_every_option_of_a_row_changes_the_steps(name, options, start, gradients):
    expected = path(name, start, gradients, **options)
    # Muon's layers decide which of its two rules there is an option for; Keras's Adafactor has
    # `relative_step` for nothing.
    for option in options.keys() & defaults(name).keys() - {"exclude_layers", "relative_step"}:
        other = 1.0 if name == "Lookahead" else defaults(name)[option]
        fewer = {**options, option: other}
        change = np.abs(path(name, start, gradients, **fewer) - expected).max()
        assert change > 1e-4, option


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name != "Lookahead"])
def test_impossible_base_options_are_refused_and_the_docstring_says_so(name):
    optimizer = getattr(optimizers, name)
    documented = inspect.getdoc(optimizer).partition("\nRaises:\n")[2].partition("\nExample:")[0]
    for options in IMPOSSIBLE_BASE:
        named = list(options)[-1]
        with pytest.raises(ValueError, match=f"`{named}`"):
            optimizer(**options)
        assert named.replace("_rate", " rate") in documented.replace("_rate", " rate")


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [(name, *pair) for name, pairs in IMPOSSIBLE.items() for pair in pairs],
)
def test_an_argument_that_cannot_work_is_refused_by_name(name, option, value):
    wrapped = {"inner_optimizer": "sgd"} if name == "Lookahead" else {}
    with pytest.raises(ValueError, match=rf"`{option}` (must|needs to) be .*{value}"):
        getattr(optimizers, name)(**wrapped, **{option: value})


@every
def test_six_steps_equal_the_reference(name, options, start, gradients):
    expected = path(name, start.astype("float64"), gradients.astype("float64"), **options)
    actual = move(make(name, options), start, gradients)
    np.testing.assert_allclose(actual - start, expected - start, rtol=1e-5, atol=1e-6)


@every
def test_six_steps_equal_keras(name, options, start, gradients):
    theirs = getattr(keras.optimizers, name, None)
    if theirs is None:
        pytest.skip("Keras has no such optimizer")
    actual, expected = (move(o, start, gradients) for o in (make(name, options), theirs(**options)))
    # Keras takes 1 - beta^t in float32, which is off by 5e-5 of itself for beta = 0.999.
    np.testing.assert_allclose(actual - start, expected - start, rtol=1e-4, atol=1e-5)


@pytest.mark.slow
@pytest.mark.turns(2)
@every
def test_a_quadratic_reaches_its_minimum(name, options):
    target, curvature = np.array([[3.0, -2.0], [0.5, 1.0]]), np.array([[1.0, 0.5], [2.0, 1.0]])
    # FTRL's weights are proportional to the rate: they would follow its decay to zero.
    last = 1.0 if name == "Ftrl" else 0.0
    schedule = keras.optimizers.schedules.CosineDecay(options["learning_rate"], 150, last)
    optimizer = still(name, options, learning_rate=schedule)
    variable = keras.Variable(np.ones((2, 2)), dtype="float32")
    for _ in range(150):
        gradient = curvature * (keras.ops.convert_to_numpy(variable) - target)
        optimizer.apply([keras.ops.convert_to_tensor(gradient, "float32")], [variable])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(variable), target, atol=0.1)


@every
def test_a_zero_gradient_leaves_the_weights_still(name, options, start):
    if name == "Ftrl":
        pytest.skip("its weights are those of the leader, zero before any gradient")
    optimizer = still(name, options)
    values = move(optimizer, start, np.zeros((3, *start.shape)))
    np.testing.assert_array_equal(values[-1], start)


def train(model, x, y, steps):
    for _ in range(steps):
        model.train_on_batch(x, y)
    return model.get_weights()


@every
def test_training_saved_and_continued_equals_training_without_a_break(name, options, rng, tmp_path):
    x, y = rng.normal(size=(8, 3)).astype("float32"), rng.normal(size=(8, 2)).astype("float32")
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(make(name, options), "mean_squared_error")
    train(model, x, y, 2)
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert type(loaded.optimizer) is getattr(optimizers, name)
    for expected, actual in zip(train(model, x, y, 2), train(loaded, x, y, 2), strict=True):
        np.testing.assert_allclose(actual, expected, rtol=1e-6)


@every
def test_a_schedule_sets_the_rate_of_each_step(name, options, start, gradients):
    rates = [options["learning_rate"] * factor for factor in (1.0, 0.5, 2.0)]
    schedule = keras.optimizers.schedules.PiecewiseConstantDecay([0, 1], rates)
    scheduled = move(make(name, options, learning_rate=schedule), start, gradients[:3])
    optimizer, by_hand = make(name, options), keras.Variable(start)
    for rate, gradient in zip(rates, gradients[:3], strict=True):
        optimizer.learning_rate = rate
        optimizer.apply([keras.ops.array(gradient)], [by_hand])
    by_hand = keras.ops.convert_to_numpy(by_hand)
    np.testing.assert_allclose(scheduled[-1], by_hand, rtol=1e-5, atol=1e-6)


@every
def test_the_global_norm_shortens_all_gradients_by_one_factor(name, options, start, gradients):
    pair = [keras.ops.array(g) for g in (gradients[0] * 100, gradients[1])]
    factor = 0.5 / np.sqrt(np.sum((gradients[0] * 100) ** 2) + np.sum(gradients[1] ** 2))
    clipped, plain = ([keras.Variable(start), keras.Variable(start)] for _ in range(2))
    make(name, options, global_clipnorm=0.5).apply(pair, clipped)
    make(name, options).apply([g * factor for g in pair], plain)
    for a, b in zip(clipped, plain, strict=True):
        a, b = keras.ops.convert_to_numpy(a), keras.ops.convert_to_numpy(b)
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@every
def test_two_accumulated_gradients_make_one_step_of_their_mean(name, options, start, gradients):
    pairs = gradients.reshape(3, 2, *start.shape)
    accumulating = make(name, options, gradient_accumulation_steps=2)
    np.testing.assert_allclose(
        move(accumulating, start, gradients)[1::2],
        move(make(name, options), start, pairs.mean(1)),
        rtol=1e-5,
        atol=1e-6,
    )


@every
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_half_precision_variables_follow_float32_with_a_memory_in_float32(
    name, options, start, gradients, dtype
):
    optimizer = make(name, options)
    small = gradients * 1e-3
    values = move(optimizer, start, small, dtype)
    exact = move(make(name, options), start, small)
    tolerance = {"float16": 0.01, "bfloat16": 0.1}[dtype]
    np.testing.assert_allclose(values, exact, atol=tolerance)
    memory = [v for v in optimizer.variables if len(v.shape)]
    assert all(v.dtype == "float32" for v in memory)


@every
@pytest.mark.parametrize("size", [1e30, 1e-41])
def test_huge_and_denormal_gradients_never_make_nan(name, options, start, size):
    signs = np.sign(start)
    optimizer = make(name, options)
    values = move(optimizer, start, np.stack([signs * size, signs, -signs]).astype("float32"))
    assert np.isfinite(values).all()
    for variable in optimizer.variables:
        assert not np.isnan(keras.ops.convert_to_numpy(variable)).any()


@every
def test_the_config_survives_json(name, options):
    optimizer = make(name, options, clipnorm=2.0, use_ema=True)
    config = json.loads(json.dumps(optimizer.get_config()))
    again = type(optimizer).from_config(dict(config))
    assert again.get_config() == optimizer.get_config()
    arguments = set(inspect.signature(type(optimizer)).parameters) - {"kwargs"}
    assert arguments <= set(config)


@every
def test_signature_and_config_equal_those_of_keras(name, options):
    theirs = getattr(keras.optimizers, name, None)
    if theirs is None:
        pytest.skip("Keras has no such optimizer")
    ours = getattr(optimizers, name)
    assert inspect.signature(ours) == inspect.signature(theirs)
    assert ours(**options).get_config().keys() == theirs(**options).get_config().keys()
