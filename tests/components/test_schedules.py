"""Every schedule against the reference, against Keras, and inside an optimizer."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.cases.schedules import SCHEDULES

from dlprep import optimizers, schedules
from dlprep.reference import schedules as rules

STEPS = np.arange(40)


def stairs(rule):
    """Return the rule with Keras's `staircase`: the step is that at which its period began."""

    def rate(steps, initial_learning_rate, decay_steps, staircase=False, **decay):
        steps = steps // decay_steps * decay_steps if staircase else steps
        return rule(steps, initial_learning_rate, decay_steps, *decay.values())

    return rate


def constant(steps, learning_rate):
    return np.full(len(steps), learning_rate)


def cosine(
    steps, initial_learning_rate, decay_steps, alpha=0.0, warmup_target=None, warmup_steps=0
):
    top = initial_learning_rate if warmup_target is None else warmup_target
    rising = np.interp(steps, [0, warmup_steps], [initial_learning_rate, top])
    falling = rules.cosine(steps - warmup_steps, top, decay_steps, alpha)
    return np.where(steps < warmup_steps, rising, falling)


def restarts(steps, initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0):
    options = (first_decay_steps, t_mul, m_mul, alpha)
    return rules.cosine_restarts(steps, initial_learning_rate, *options)


def noam(steps, units, warmup_steps, scale=1.0):
    return rules.inverse_square_root(steps, units, warmup_steps, scale)


def one_cycle(steps, learning_rate, total_steps, rise=0.3, start_divisor=25.0, end_divisor=1e4):
    return rules.one_cycle(steps, learning_rate, total_steps, rise, start_divisor, end_divisor)


def polynomial(
    steps, initial_learning_rate, decay_steps, end_learning_rate=1e-4, power=1.0, cycle=False
):
    ends = np.full(len(steps), decay_steps)
    if cycle:
        ends = decay_steps * np.maximum(1, np.ceil(steps / decay_steps))
    return rules.polynomial(steps, initial_learning_rate, ends, end_learning_rate, power)


def warmup_cosine(steps, learning_rate, total_steps, warmup_steps=0, alpha=0.0):
    return rules.warmup_cosine(steps, learning_rate, total_steps, warmup_steps, alpha)


REFERENCES = {
    "Constant": constant,
    "CosineDecay": cosine,
    "CosineDecayRestarts": restarts,
    "ExponentialDecay": stairs(rules.exponential),
    "InverseSquareRootDecay": noam,
    "InverseTimeDecay": stairs(rules.inverse_time),
    "OneCycle": one_cycle,
    "PiecewiseConstantDecay": rules.piecewise,
    "PolynomialDecay": polynomial,
    "SquareRootDecay": stairs(rules.square_root),
    "WarmupCosineDecay": warmup_cosine,
}
CASES = [
    pytest.param(name, options, id=f"{name}-{number}")
    for name, variants in SCHEDULES.items()
    for number, options in enumerate(variants)
]
every = pytest.mark.parametrize(("name", "options"), CASES)


def rates(schedule, steps=STEPS):
    return np.array([float(schedule(keras.ops.convert_to_tensor(int(s)))) for s in steps])


def test_every_public_schedule_has_a_row_and_stands_where_keras_keeps_it():
    assert sorted(SCHEDULES) == sorted(REFERENCES) == schedules.__all__
    assert optimizers.schedules.__all__ == schedules.__all__
    for name in schedules.__all__:
        assert getattr(optimizers.schedules, name) is getattr(schedules, name)


@every
def test_the_rates_equal_the_reference(name, options):
    expected = REFERENCES[name](STEPS, **options)
    actual = rates(getattr(schedules, name)(**options))
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-7)


@every
def test_signature_config_and_rates_equal_those_of_keras(name, options):
    theirs = getattr(keras.optimizers.schedules, name, None)
    if theirs is None:
        pytest.skip("Keras has no such schedule")
    ours = getattr(schedules, name)
    assert inspect.signature(ours) == inspect.signature(theirs)
    assert ours(**options).get_config() == theirs(**options).get_config()
    actual, expected = rates(ours(**options)), rates(theirs(**options))
    np.testing.assert_allclose(actual, expected, rtol=1e-5, atol=1e-7)


@every
def test_the_config_survives_json_and_an_optimizer(name, options):
    schedule = getattr(schedules, name)(**options)
    config = json.loads(json.dumps(schedule.get_config()))
    assert type(schedule).from_config(config).get_config() == config
    saved = keras.saving.serialize_keras_object(optimizers.SGD(learning_rate=schedule))
    again = keras.saving.deserialize_keras_object(json.loads(json.dumps(saved)))
    np.testing.assert_allclose(float(again.learning_rate), float(schedule(0)), rtol=1e-6)


@every
def test_an_optimizer_steps_at_the_rate_of_each_step(name, options):
    schedule = getattr(schedules, name)(**options)
    optimizer, weight = optimizers.SGD(learning_rate=schedule), keras.Variable(0.0)
    values = []
    for _ in range(6):
        optimizer.apply([keras.ops.array(-1.0)], [weight])
        values.append(float(keras.ops.convert_to_numpy(weight)))
    np.testing.assert_allclose(values, np.cumsum(rates(schedule, range(6))), rtol=1e-5)


@pytest.mark.parametrize("ratio", [2.0, 2.5, 3.0, 10.0])
def test_every_restart_is_at_the_top(ratio):
    schedule = schedules.CosineDecayRestarts(1.0, 1, t_mul=ratio)
    starts = [(ratio**i - 1) / (ratio - 1) for i in range(10)]
    actual = [float(schedule(start)) for start in starts]
    np.testing.assert_allclose(actual, 1.0, rtol=1e-5)


def test_a_polynomial_cycle_begins_at_the_initial_rate():
    assert float(schedules.PolynomialDecay(0.5, 10, cycle=True)(0)) == pytest.approx(0.5)


STEP_TYPES = {
    "int": int,
    "float": float,
    "numpy int64": np.int64,
    "numpy float64": np.float64,
    "int32 tensor": lambda step: keras.ops.convert_to_tensor(step, "int32"),
    "float16 tensor": lambda step: keras.ops.convert_to_tensor(step, "float16"),
    "bfloat16 tensor": lambda step: keras.ops.convert_to_tensor(step, "bfloat16"),
    "variable": lambda step: keras.Variable(step, dtype="int32", trainable=False),
}


@every
@pytest.mark.parametrize("kind", STEP_TYPES)
def test_a_step_of_any_type_has_a_rate_in_float32(name, options, kind):
    schedule = getattr(schedules, name)(**options)
    actual = [schedule(STEP_TYPES[kind](step)) for step in (0, 3, 7, 20, 33)]
    assert {keras.backend.standardize_dtype(rate.dtype) for rate in actual} == {"float32"}
    expected = REFERENCES[name](np.array([0, 3, 7, 20, 33]), **options)
    np.testing.assert_allclose([float(rate) for rate in actual], expected, rtol=1e-5, atol=1e-7)


@every
@pytest.mark.parametrize("step", [2**24 - 1, 2**24 + 1, 2**31 - 1])
def test_a_step_far_beyond_the_end_has_a_rate(name, options, step):
    rate = float(getattr(schedules, name)(**options)(keras.ops.convert_to_tensor(step, "int32")))
    if name == "CosineDecayRestarts":  # Its reference counts the periods one by one.
        top = options["initial_learning_rate"]
        nearby = np.array([options.get("alpha", 0.0) * top, top])
    else:
        nearby = REFERENCES[name](step + np.arange(-64, 65), **options)
    # Float32 counts to 2**24: in a cycle the rate is that of a step nearby.
    assert nearby.min() * (1 - 1e-5) - 1e-7 <= rate <= nearby.max() * (1 + 1e-5) + 1e-7


@every
def test_a_rate_in_half_precision_is_computed_in_float32(name, options):
    half = {
        key: np.float16(value) if key.endswith("learning_rate") else value
        for key, value in options.items()
    }
    rate = getattr(schedules, name)(**half)(keras.ops.convert_to_tensor(5, "int32"))
    assert keras.backend.standardize_dtype(rate.dtype) == "float32"
    np.testing.assert_allclose(
        float(rate), REFERENCES[name](np.array([5]), **options)[0], rtol=2e-3
    )


def test_a_boundary_is_the_last_step_of_its_piece_even_where_float32_cannot_count():
    schedule = schedules.PiecewiseConstantDecay([2**24, 2**24 + 1], [0.3, 0.2, 0.1])
    assert rates(schedule, [2**24, 2**24 + 1, 2**24 + 2]) == pytest.approx([0.3, 0.2, 0.1])


def numbers():
    """Yield every argument of every row that is a number."""
    for name, variants in SCHEDULES.items():
        parameters = inspect.signature(getattr(schedules, name)).parameters.values()
        flags = {"name", "boundaries", "values", "staircase", "cycle"}
        for argument in (p.name for p in parameters if p.name not in flags):
            row = next((row for row in variants if argument in row), variants[-1])
            yield pytest.param(name, row, argument, id=f"{name}-{argument}")


@pytest.mark.parametrize(("name", "row", "argument"), [*numbers()])
@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_a_number_that_is_not_finite_is_refused_by_name(name, row, argument, value):
    with pytest.raises(ValueError, match=rf"{argument}={value}"):
        getattr(schedules, name)(**{**row, argument: value})


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("CosineDecay", (0.1, 1)),
        ("CosineDecay", (0.1, 1, 0.0, "name", 0.0, 0)),
        ("CosineDecayRestarts", (0.1, 1, 1.0, 0.0, 0.0)),
        ("ExponentialDecay", (0.1, 1, 0.0)),
        ("InverseTimeDecay", (0.1, 1, 0.0)),
        ("PolynomialDecay", (0.1, 1, 0.0, 0.0)),
        ("PiecewiseConstantDecay", ([3, 3], [0.1, 0.2, 0.3])),
        ("PiecewiseConstantDecay", ([], [0.1])),
        ("WarmupCosineDecay", (0.1, 1)),
    ],
)
def test_arguments_at_the_edge_of_what_is_possible_work(name, options):
    assert np.isfinite(rates(getattr(schedules, name)(*options), range(5))).all()


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("ExponentialDecay", (0.1, 0, 0.5), "decay_steps=0"),
        ("CosineDecayRestarts", (0.1, -1), "first_decay_steps=-1"),
        ("PiecewiseConstantDecay", ([1], [0.1]), "1 less than"),
        ("OneCycle", (0.1, 10, 1.0), "rise=1.0"),
        ("OneCycle", (0.1, 10, 0.3, 0.0), "start_divisor=0.0"),
        ("OneCycle", (0.1, 10, 0.3, 25.0, 0), "end_divisor=0"),
        ("OneCycle", (0.1, 10, 0.3, float("nan")), "start_divisor=nan"),
        ("InverseSquareRootDecay", (0,), "units=0"),
        ("InverseSquareRootDecay", (4, 0), "warmup_steps=0"),
        ("CosineDecayRestarts", (0.1, 10, 0), "t_mul=0"),
        ("CosineDecayRestarts", (0.1, 10, -2.0), "t_mul=-2.0"),
        ("CosineDecayRestarts", (0.1, 10, 0.5), "t_mul=0.5"),
        ("CosineDecayRestarts", (0.1, 10, 0.999), "t_mul=0.999"),
        ("CosineDecayRestarts", (0.1, 10, 1.0, -1.0), "m_mul=-1.0"),
        ("CosineDecayRestarts", (0.1, 10, 1.0, 1.0, -0.1), "alpha=-0.1"),
        ("CosineDecayRestarts", (0.1, 10, 1.0, 1.0, 2), "alpha=2"),
        ("CosineDecay", (0.1, 0), "decay_steps=0"),
        ("CosineDecay", (0.1, 10, 2), "<= 1.*alpha=2"),
        ("CosineDecay", (-0.1, 10), "initial_learning_rate=-0.1"),
        ("CosineDecay", (0.1, 10, 0.0, "name", -0.2), "warmup_target=-0.2"),
        ("CosineDecayRestarts", (-0.1, 10), "initial_learning_rate=-0.1"),
        ("ExponentialDecay", (-0.1, 10, 0.5), "initial_learning_rate=-0.1"),
        ("InverseTimeDecay", (-0.1, 10, 0.5), "initial_learning_rate=-0.1"),
        ("SquareRootDecay", (-0.1, 10), "initial_learning_rate=-0.1"),
        ("PolynomialDecay", (0.1, 10, -0.1), "end_learning_rate=-0.1"),
        ("PiecewiseConstantDecay", ([3], [0.1, -0.1]), r"values\[1\]=-0.1"),
        ("Constant", (-0.1,), "learning_rate=-0.1"),
        ("OneCycle", (-0.1, 10), "learning_rate=-0.1"),
        ("InverseSquareRootDecay", (4, 5, -1.0), "scale=-1.0"),
        ("WarmupCosineDecay", (-0.1, 10), "learning_rate=-0.1"),
        ("WarmupCosineDecay", (0.1, 10, 2, 2.0), "alpha=2.0"),
        ("CosineDecay", (0.1, "10"), "decay_steps='10'"),
        ("CosineDecay", (0.1, 10, -0.1), "alpha=-0.1"),
        ("CosineDecay", (0.1, 10, 0.0, "name", 0.2, -1), "warmup_steps=-1"),
        ("ExponentialDecay", (0.1, 10, -0.5), "decay_rate=-0.5"),
        ("InverseTimeDecay", (0.1, 10, -0.5), "decay_rate=-0.5"),
        ("InverseTimeDecay", (0.1, 0, 0.5), "decay_steps=0"),
        ("SquareRootDecay", (0.1, 0), "decay_steps=0"),
        ("PolynomialDecay", (0.1, 0), "decay_steps=0"),
        ("PolynomialDecay", (0.1, 10, 0.0, -1.0), "power=-1.0"),
        ("PiecewiseConstantDecay", ([9, 3], [0.1, 0.2, 0.3]), r"boundaries=\[9, 3\]"),
        ("PiecewiseConstantDecay", ([3], [0.1, float("nan")]), r"values\[1\]=nan"),
        ("PiecewiseConstantDecay", ([float("inf")], [0.1, 0.2]), r"boundaries\[0\]=inf"),
        ("OneCycle", (0.1, 0), "total_steps=0"),
        ("OneCycle", (0.1, 10, 0.0), "rise=0.0"),
        ("WarmupCosineDecay", (0.1, 10, 2, -0.1), "alpha=-0.1"),
        ("WarmupCosineDecay", (0.1, 10, 10), "warmup_steps=10, total_steps=10"),
        ("WarmupCosineDecay", (0.1, 10, -1), "at least 0.*warmup_steps=-1"),
    ],
)
def test_impossible_arguments_are_named(name, options, message):
    with pytest.raises(ValueError, match=message):
        getattr(schedules, name)(*options)
