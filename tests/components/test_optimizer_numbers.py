"""What single optimizers promise beyond the common checks, in numbers."""

import keras
import numpy as np
import pytest
from keras import ops

from dlprep import optimizers
from dlprep.optimizers import adafactor, adam, averages, newton_schulz, radam, rmsprop, sgd
from dlprep.reference import optimizers as rules


def array(x, dtype="float32"):
    return ops.convert_to_tensor(x, dtype)


def number(x):
    return float(ops.convert_to_numpy(x))


def after(optimizer, gradients, start=0.0):
    """Return a scalar weight after a list of gradients."""
    weight = keras.Variable(start, dtype="float32")
    for gradient in gradients:
        optimizer.apply([array(gradient)], [weight])
    return number(weight.value)


def test_the_two_momentum_conventions_agree_at_converted_rates():
    gradients = [1.0, -2.0, 0.5, 3.0]
    ours = after(optimizers.SGD(learning_rate=0.02, momentum=0.9), gradients)
    theta, v = 0.0, 0.0
    for g in gradients:
        theta, v = rules.averaged_momentum(theta, g, v, alpha=0.2, beta=0.9)
    assert ours == pytest.approx(theta, rel=1e-6)


def test_momentum_under_a_constant_gradient_reaches_ten_times_the_step():
    velocity = array(0.0)
    for _ in range(200):
        update, velocity = sgd.momentum(array(1.0), velocity, 0.1, momentum=0.9)
    assert number(update) == pytest.approx(1.0, rel=1e-5)


@pytest.mark.parametrize("beta", [0.9, 0.999, 0.9999])
@pytest.mark.parametrize("step", [1, 2, 10, 1000, 100_000])
def test_the_bias_correction_is_exact_from_the_first_step_to_the_hundred_thousandth(beta, step):
    expected = -np.expm1(step * np.log(np.float64(beta)))
    assert number(averages.bias_correction(beta, array(step))) == pytest.approx(expected, rel=3e-7)


def test_no_memory_needs_no_correction():
    assert number(averages.bias_correction(0.0, array(1.0))) == 1.0


def test_adam_with_a_constant_gradient_steps_by_the_rate_for_ever():
    m = v = array(1.0)
    for step in (1e5, 1e6):
        update, *_ = adam.adam(array(1.0), m, v, array(step), learning_rate=0.1)
        assert number(update) == pytest.approx(0.1, rel=1e-5)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e4])
def test_adam_does_not_see_the_scale_of_the_gradient(scale):
    gradients = [scale, -2 * scale, 0.5 * scale]
    moved = after(optimizers.Adam(learning_rate=0.1, epsilon=1e-12), gradients)
    assert moved == pytest.approx(
        after(optimizers.Adam(learning_rate=0.1, epsilon=1e-12), [1, -2, 0.5])
    )


def test_the_paper_and_keras_place_epsilon_apart_by_the_root_of_the_correction():
    g, theta, ours = 1e-6, 0.0, 0.0
    m = v = 0.0
    slots = [array(0.0), array(0.0)]
    for t in (1, 2, 3):
        late = 1e-7 / np.sqrt(1 - 0.999**t)
        theta, m, v = rules.adam(theta, g, m, v, t, epsilon=late)
        update, *slots = adam.adam(array(g), *slots, array(float(t)), epsilon=1e-7)
        ours -= number(update)
    assert ours == pytest.approx(theta, rel=1e-5)
    plain, _, _ = rules.adam(0.0, g, 0.0, 0.0, 1, epsilon=1e-7)
    assert abs(plain) > 2 * abs(rules.adam(0.0, g, 0.0, 0.0, 1, epsilon=late)[0])


def test_decoupled_decay_shrinks_all_weights_alike_and_an_l2_penalty_does_not():
    start, gradient = np.array([1.0, 1.0], "float32"), np.array([1e-2, 1e2])

    def shrinkage(optimizer, penalty):
        weight, bare = keras.Variable(start), keras.Variable(start)
        optimizer.apply([array(gradient + penalty * start)], [weight])
        optimizers.Adam(learning_rate=0.1).apply([array(gradient)], [bare])
        return ops.convert_to_numpy(ops.subtract(bare, weight))

    decoupled = shrinkage(optimizers.AdamW(learning_rate=0.1, weight_decay=0.5), 0.0)
    np.testing.assert_allclose(decoupled, 0.05, rtol=1e-5)
    coupled = shrinkage(optimizers.Adam(learning_rate=0.1), 0.5)
    # Adam's first step has the length of the rate, whatever the penalty adds to the gradient.
    assert np.abs(coupled).max() < 1e-4


@pytest.mark.parametrize("wrap", [lambda o: o, lambda o: optimizers.Lookahead(o, slow_step=1.0)])
@pytest.mark.parametrize("by_name", [True, False])
def test_weight_decay_can_spare_the_biases(wrap, by_name):
    kernel, bias = (keras.Variable([1.0], name=name) for name in ("kernel", "bias"))
    optimizer = wrap(optimizers.AdamW(learning_rate=0.1, weight_decay=0.5))
    spared = {"var_names": ["bias"]} if by_name else {"var_list": [bias]}
    optimizer.exclude_from_weight_decay(**spared)
    optimizer.apply([array([0.0])] * 2, [kernel, bias])
    assert number(kernel[0]) == pytest.approx(0.95)
    assert number(bias[0]) == 1.0


def test_amsgrad_remembers_a_large_gradient_and_adam_forgets_it():
    gradients = [100.0] + [0.1] * 100
    adam_walk = after(optimizers.Adam(0.1, beta_2=0.9), gradients)
    amsgrad_walk = after(optimizers.AMSGrad(0.1, beta_2=0.9), gradients)
    assert amsgrad_walk > 5 * adam_walk


def test_centered_rmsprop_of_a_constant_gradient_is_finite():
    velocity = average = array(0.0)
    for _ in range(500):
        update, velocity, average = rmsprop.centered_rmsprop(array(100.0), velocity, average, 0.001)
        assert np.isfinite(number(update))


def test_rmsprop_of_a_huge_gradient_stops_instead_of_nan():
    zero = array(0.0)
    for values in (
        rmsprop.rmsprop(array(1e30), zero),
        rmsprop.centered_rmsprop(array(1e30), zero, zero),
    ):
        assert not any(np.isnan(number(value)) for value in values)


@pytest.mark.parametrize("step", [1, 4, 5, 6, 10, 100, 1000, 5000, 100_000])
def test_the_sample_length_of_radam_is_exact_in_float32(step):
    expected = 1999 - 2 * step * 0.999**step / (1 - np.float64(0.999) ** step)
    assert number(radam.sample_length(array(step), 0.999)) == pytest.approx(expected, rel=2e-6)


def test_radam_becomes_adam_and_begins_as_momentum():
    assert number(radam.rectification(array(1999.0), 0.999)) == pytest.approx(1.0)
    assert number(radam.rectification(array(4.996), 0.999)) < 0.03
    assert after(optimizers.RAdam(0.1), [3.0]) == pytest.approx(-0.3)


def test_lion_moves_every_weight_equally_far():
    weight = keras.Variable(np.zeros(4, "float32"))
    optimizers.Lion(0.1).apply([array([1e-6, -1.0, 1e6, 0.0])], [weight])
    np.testing.assert_allclose(ops.convert_to_numpy(weight), [-0.1, 0.1, -0.1, 0.0], rtol=1e-6)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_lamb_steps_by_the_rate_in_units_of_the_weights_length(scale):
    start = scale * np.array([3.0, 4.0], "float32")
    weight = keras.Variable(start)
    optimizers.Lamb(0.1).apply([array([1.0, 1e-3])], [weight])
    moved = np.linalg.norm(ops.convert_to_numpy(weight) - start)
    assert moved == pytest.approx(0.1 * 5 * scale, rel=1e-4)


def test_lamb_moves_weights_that_are_zero():
    weight = keras.Variable(np.zeros(2, "float32"))
    optimizers.Lamb(0.1).apply([array([1.0, -1.0])], [weight])
    np.testing.assert_allclose(ops.convert_to_numpy(weight), [-0.1, 0.1], rtol=1e-5)


def test_an_l1_penalty_makes_weights_of_ftrl_exactly_zero():
    def weights(l1):
        weight = keras.Variable(np.zeros(2, "float32"))
        optimizer = optimizers.Ftrl(0.1, l1_regularization_strength=l1)
        for _ in range(3):
            optimizer.apply([array([0.1, 5.0])], [weight])
        return ops.convert_to_numpy(weight)

    assert (weights(0.0) < -0.01).all()
    assert weights(1.0)[0] == 0.0
    assert weights(1.0)[1] < -0.1


@pytest.mark.parametrize("shape", [(4, 4), (3, 7), (7, 3)])
def test_newton_schulz_brings_singular_values_near_one(shape):
    rng = np.random.default_rng(0)
    u, _ = np.linalg.qr(rng.normal(size=(7, 7)))
    v, _ = np.linalg.qr(rng.normal(size=(7, 7)))
    rank = min(shape)
    matrix = u[: shape[0], :rank] * np.geomspace(1.0, 20.0, rank) @ v[:rank, : shape[1]]
    x = ops.convert_to_numpy(newton_schulz.newton_schulz(array(matrix)))
    singular = np.linalg.svd(x, compute_uv=False)
    assert singular.min() > 0.6
    assert singular.max() < 1.25


@pytest.mark.parametrize("scale", [1e-3, 1e30])
def test_newton_schulz_does_not_see_the_scale(scale):
    matrix = np.random.default_rng(0).normal(size=(3, 5)).astype("float32")
    scaled = newton_schulz.newton_schulz(array(matrix * np.float32(scale)))
    plain = newton_schulz.newton_schulz(array(matrix))
    # The epsilon of 1e-7 beside a norm of 4e-3 is 3e-5 of it.
    np.testing.assert_allclose(
        ops.convert_to_numpy(scaled), ops.convert_to_numpy(plain), rtol=1e-3, atol=1e-4
    )


def test_muon_leaves_vectors_embeddings_and_named_layers_to_adamw():
    shapes = {
        "kernel": (3, 2),
        "bias": (3,),
        "embeddings": (3, 2),
        "output": (3, 2),
        "conv": (1, 1, 2, 2),
    }
    variables = [keras.Variable(np.zeros(s, "float32"), name=n) for n, s in shapes.items()]
    optimizer = optimizers.Muon(exclude_layers=["output"])
    optimizer.build(variables)
    by_muon = [v is None for v in optimizer.adam_velocities]
    assert by_muon == [True, False, False, False, False]


def test_adafactor_keeps_rows_and_columns_only():
    variable = keras.Variable(np.ones((30, 20), "float32"))
    optimizer = optimizers.Adafactor()
    optimizer.build([variable])
    assert sum(v.shape[0] for v in optimizer.variables if len(v.shape)) == 50
    assert all(len(v.shape) < 2 for v in optimizer.variables)


def test_adafactor_restores_a_second_moment_of_rank_one():
    square = np.outer([1.0, 4.0, 9.0], [1.0, 16.0])
    slots = adafactor.mean_squares(array(np.sqrt(square)), [ops.zeros(3), ops.zeros(2)], array(1.0))
    np.testing.assert_allclose(
        ops.convert_to_numpy(adafactor.second_moment(slots)), square, rtol=1e-5
    )


def test_nadam_counts_a_step_once_for_all_variables():
    optimizer = optimizers.Nadam(0.1)
    variables = [keras.Variable([1.0]), keras.Variable([1.0])]
    for _ in range(3):
        optimizer.apply([array([1.0])] * 2, variables)
    expected = np.prod([0.9 * (1 - 0.5 * 0.96**t) for t in (1, 2, 3)])
    assert number(optimizer._u_product.value) == pytest.approx(expected, rel=1e-5)


def test_lookahead_starts_from_the_weights_of_the_first_step():
    optimizer = optimizers.Lookahead(optimizers.SGD(0.1), sync_period=1, slow_step=0.5)
    weight = keras.Variable(0.0)
    optimizer.build([weight])
    weight.assign(1.0)
    optimizer.apply([array(2.0)], [weight])
    assert number(weight.value) == pytest.approx(0.9)


def test_lookahead_hands_the_learning_rate_through():
    optimizer = optimizers.Lookahead(optimizers.SGD(0.1))
    optimizer.learning_rate = 0.05
    assert number(optimizer.inner_optimizer.learning_rate) == pytest.approx(0.05)
    assert number(optimizer.learning_rate) == pytest.approx(0.05)


def test_half_precision_gradients_whose_square_vanishes_do_not_explode():
    weight = keras.Variable([1.0], dtype="float16")
    optimizer = optimizers.Adam(learning_rate=0.01)
    for _ in range(3):
        optimizer.apply([array([1e-4], "float16")], [weight])
    assert number(ops.cast(weight[0], "float32")) == pytest.approx(0.97, abs=2e-3)
