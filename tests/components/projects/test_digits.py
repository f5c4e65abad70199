"""Whole projects on digits, built from dlprep alone: pictures, tables, generative models."""

import keras
import numpy as np
import pytest

from dlprep import layers, losses, metrics, models, optimizers
from dlprep.lab import data

pytestmark = [pytest.mark.slow, pytest.mark.turns(3)]

CROSSENTROPY = losses.SparseCategoricalCrossentropy(from_logits=True)


@pytest.fixture(scope="module")
def digits():
    return data.digits(np.random.default_rng(0))


def trained(model, x, y, epochs, batch_size=32, **settings):
    model.compile(
        optimizers.Adam(2e-3),
        CROSSENTROPY,
        metrics=[metrics.SparseCategoricalAccuracy()],
        **settings,
    )
    model.fit(x, y, batch_size=batch_size, epochs=epochs, verbose=0)
    return model


def test_a_convolutional_network_reads_digits(digits, seed, report):
    (x, y), (x_test, y_test) = digits
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dropout(0.3),
            layers.Dense(10),
        ]
    )
    trained(model, x.reshape(-1, 8, 8, 1), y, epochs=12)
    _, accuracy = model.evaluate(x_test.reshape(-1, 8, 8, 1), y_test, verbose=0)
    report(f"test accuracy {accuracy:.3f}")
    assert accuracy >= 0.97


def test_a_dense_network_with_normalisation_and_dropout_reads_digits(digits, seed, report):
    (x, y), (x_test, y_test) = digits
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((64,)),
            layers.Dense(128, use_bias=False),
            layers.BatchNormalization(momentum=0.9),
            layers.ReLU(),
            layers.Dropout(0.2),
            layers.Dense(10),
        ]
    )
    trained(model, x, y, epochs=15)
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    report(f"test accuracy {accuracy:.3f}")
    assert accuracy >= 0.95


def test_a_variational_autoencoder_improves_its_bound(digits, seed, report):
    (x, _), _ = digits
    keras.utils.set_random_seed(seed)
    encoder = keras.Sequential(
        [keras.Input((64,)), layers.Dense(64, activation="relu"), layers.Dense(16)]
    )
    decoder = keras.Sequential(
        [keras.Input((8,)), layers.Dense(64, activation="relu"), layers.Dense(64)]
    )
    model = models.VariationalAutoencoder(encoder, decoder, seed=seed)
    model.compile(optimizers.Adam(2e-3))
    history = model.fit(x, epochs=15, batch_size=64, verbose=0).history["loss"]
    report(f"negative bound from {history[0]:.1f} to {history[-1]:.1f} nats")
    assert history[-1] < 0.8 * history[0]
    assert np.isfinite(history).all()


def test_both_players_of_a_gan_stay_alive(digits, seed, report):
    (x, _), (x_test, _) = digits
    keras.utils.set_random_seed(seed)
    generator, discriminator = [keras.Input((16,))], [keras.Input((64,))]
    for _ in range(2):
        generator += [layers.Dense(128), layers.BatchNormalization(momentum=0.9), layers.ReLU()]
        discriminator += [layers.Dense(128), layers.LeakyReLU(0.2), layers.Dropout(0.3)]
    generator = keras.Sequential([*generator, layers.Dense(64, "sigmoid")])
    discriminator = keras.Sequential([*discriminator, layers.Dense(1)])
    model = models.GAN(generator, discriminator, latent_dim=16, seed=seed)
    model.compile(*(optimizers.Adam(1e-3, beta_1=0.5) for _ in range(2)))
    model.fit(x, epochs=30, batch_size=64, verbose=0)
    made = keras.ops.convert_to_numpy(model.generate(400))
    spread = made.std(axis=0).mean() / x.std(axis=0).mean()
    distance = np.linalg.norm(made.mean(0) - x.mean(0)) / np.linalg.norm(x.mean(0))
    real, fake = (discriminator.predict(rows, verbose=0) for rows in (x_test, made))
    told = (np.mean(real > 0) + np.mean(fake < 0)) / 2
    report(
        f"mean picture off by {distance:.2f} of its length, spread {spread:.2f} of the data's,",
        f"share that the discriminator tells right {told:.2f}",
    )
    assert distance < 0.3
    assert spread > 0.7, "the generator makes few pictures only"
    # In balance it guesses; one that has won, or lost, does not tell the generator where to go.
    assert 0.4 < told < 0.95
