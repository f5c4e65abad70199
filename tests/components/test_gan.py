"""Adversarial models in numbers: one step against the reference, and what training reaches."""

from functools import partial

import keras
import numpy as np
import pytest
from components.cases.models import dense
from keras import ops

from dlprep.models import GAN, WassersteinGAN
from dlprep.models.input_gradient import input_gradient
from dlprep.models.parts import frozen
from dlprep.models.wasserstein_gan import interpolate
from dlprep.reference import adversarial as reference

rng = np.random.default_rng(0)
X = rng.normal(2, 1, size=(8, 3)).astype("float32")
CASES = [
    (GAN, {}, reference.gan),
    (WassersteinGAN, {"critic_steps": 1}, reference.wasserstein_gan),
    (
        WassersteinGAN,
        {"critic_steps": 1, "penalty_weight": 3.0},
        partial(reference.wasserstein_gan, penalty=3.0),
    ),
]


def make(cls, rates=(0.1, 0.2), **options):
    """Make a linear generator and discriminator with random biases."""
    keras.utils.set_random_seed(0)
    model = cls(dense(2, 3), dense(3, 1), latent_dim=2, seed=7, **options)
    model.compile(*(keras.optimizers.SGD(rate) for rate in rates))
    for network in (model.generator, model.discriminator):
        network.layers[0].bias.assign(rng.normal(size=network.layers[0].bias.shape))
    return model


def arrays(model):
    """Return the weights of both networks in float64: A, c, w, b."""
    return [ops.convert_to_numpy(weight).astype(float) for weight in model.trainable_weights]


@pytest.mark.parametrize(("cls", "options", "oracle"), CASES)
def test_one_step_equals_the_reference(cls, options, oracle):
    model = make(cls, **options)
    before = arrays(model)
    codes = keras.random.normal((8, 2), seed=keras.random.SeedGenerator(7))
    losses, gradients = oracle(X.astype(float), ops.convert_to_numpy(codes).astype(float), *before)
    logs = model.train_on_batch(X, return_dict=True)
    assert logs["loss"] == pytest.approx(sum(losses), rel=1e-5)
    assert logs["generator_loss"] == pytest.approx(losses[0], rel=1e-5)
    rates = (0.1, 0.1, 0.2, 0.2)
    for old, new, gradient, rate in zip(before, arrays(model), gradients, rates, strict=True):
        np.testing.assert_allclose(new, old - rate * gradient, rtol=1e-4, atol=1e-5)


def test_generator_waits_for_the_critic():
    model = make(WassersteinGAN, critic_steps=3)
    moved = []
    for _ in range(6):
        before = arrays(model)
        model.train_on_batch(X)
        moved.append(
            [not np.array_equal(*pair) for pair in zip(before, arrays(model), strict=True)]
        )
    assert [row[0] for row in moved] == [False, False, True] * 2
    assert all(row[2] for row in moved)


def test_a_waiting_generator_keeps_its_optimizer_as_it_was():
    model = make(WassersteinGAN, critic_steps=2)
    model.compile("adam", "adam")
    model.train_on_batch(X)
    player = model.optimizer.generator_optimizer
    assert int(player.iterations) == 0
    assert all(not np.any(weight) for weight in player.variables[2:])
    model.train_on_batch(X)
    assert int(player.iterations) == 1


def test_generator_moves_to_where_the_data_lies():
    keras.utils.set_random_seed(0)
    data = np.random.default_rng(0).normal(3, 0.5, size=(5120, 1)).astype("float32")
    critic = keras.Sequential(
        [keras.Input((1,)), keras.layers.Dense(16, "leaky_relu"), keras.layers.Dense(1)]
    )
    # A heavier penalty would hold a critic that starts with the wrong sign: to turn, its slope has
    # to pass zero, where the penalty is its whole weight.
    options = {"critic_steps": 3, "penalty_weight": 1.0}
    model = WassersteinGAN(dense(1, 1), critic, latent_dim=1, seed=0, **options)
    model.compile(*(keras.optimizers.Adam(0.02, beta_1=0.5) for _ in range(2)))
    assert abs(ops.mean(model.generate(1000))) < 0.2
    model.fit(data, batch_size=64, epochs=5, verbose=0)
    assert 2 < ops.mean(model.generate(1000)) < 4


def test_slope_of_a_network_row_by_row():
    network = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x**2)])
    x = ops.array([[1.0, 2.0], [3.0, -4.0]])
    slope = ops.convert_to_numpy(input_gradient(network, x))
    np.testing.assert_allclose(slope, 2 * ops.convert_to_numpy(x))


def test_penalised_points_lie_between_a_real_row_and_its_generated_one():
    real, fake = rng.normal(size=(2, 3, 2, 2)).astype("float32")
    points = interpolate(*map(ops.array, (real, fake)), ops.array([0.0, 1.0, 0.25]))
    expected = [fake[0], real[1], 0.25 * real[2] + 0.75 * fake[2]]
    np.testing.assert_allclose(ops.convert_to_numpy(points), expected, rtol=1e-5, atol=1e-6)


def test_every_row_draws_its_own_point_between():
    model = make(WassersteinGAN)
    critic = keras.Sequential([keras.Input((3,)), keras.layers.Lambda(lambda x: x**2)])
    model.discriminator, model.penalty_weight = critic, 5.0
    shares = keras.random.uniform((8,), seed=keras.random.SeedGenerator(7))
    # Between 0 and a row of ones the slope of the sum of squares is twice the share, everywhere.
    slopes = 2 * np.sqrt(3) * ops.convert_to_numpy(shares)
    given = model.penalty(ops.ones((8, 3)), ops.zeros((8, 3)), training=True)
    assert float(given) == pytest.approx(5 * np.mean((slopes - 1) ** 2), rel=1e-5)


@pytest.mark.parametrize("cls", [GAN, WassersteinGAN])
def test_new_data_come_from_the_generator_as_it_is_used(cls):
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dropout(1.0)])
    model = cls(generator, dense(2, 1), latent_dim=2, seed=7)
    # In training all would be dropped.
    assert np.all(ops.convert_to_numpy(model.generate(4)))


def test_frozen_network_gives_the_same_output():
    network = dense(3, 2, "tanh")
    given, expected = (ops.convert_to_numpy(y) for y in (frozen(network, ops.array(X)), network(X)))
    np.testing.assert_allclose(given, expected, rtol=1e-6)


def test_wrong_arguments():
    for options in ({"latent_dim": 0}, {"latent_dim": 2.0}, {"latent_dim": True}):
        with pytest.raises(ValueError, match="latent_dim"):
            GAN(dense(2, 3), dense(3, 1), **options)
    nan = float("nan")
    impossible = [{"critic_steps": 0}, {"critic_steps": True}]
    for options in (*impossible, {"penalty_weight": -1.0}, {"penalty_weight": nan}):
        with pytest.raises(ValueError, match=next(iter(options))):
            WassersteinGAN(dense(2, 3), dense(3, 1), 2, **options)
    with pytest.raises(ValueError, match="sample weights"):
        make(GAN).train_on_batch(X, sample_weight=np.ones(8))
