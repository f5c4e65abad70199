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


def noam(steps, units, warmup_steps):
    return rules.inverse_square_root(steps, units, warmup_steps)


def one_cycle(steps, learning_rate, total_steps, rise):
    return rules.one_cycle(steps, learning_rate, total_steps, rise)


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
        ("WarmupCosineDecay", (0.1, 10, 10), "warmup_steps=10, total_steps=10"),
        ("WarmupCosineDecay", (0.1, 10, -1), "at least 0.*warmup_steps=-1"),
    ],
)
def test_impossible_arguments_are_named(name, options, message):
    with pytest.raises(ValueError, match=message):
        getattr(schedules, name)(*options)
