import keras
import numpy as np
import pytest
from keras import ops

from dlprep.models import VariationalAutoencoder
from dlprep.models.variational_autoencoder import reconstruction_cost

rng = np.random.default_rng(0)
X = (rng.uniform(size=(6, 4)) > 0.5).astype("float32")


def array(tensor):
    return ops.convert_to_numpy(tensor).astype(float)


def make(codes=2, **options):
    """Make a model of two matrices around a code of two numbers."""
    keras.utils.set_random_seed(0)
    return VariationalAutoencoder(
        keras.layers.Dense(2 * codes), keras.layers.Dense(4), seed=5, **options
    )


def test_reconstruction_cost_is_the_coins_surprise():
    s = rng.normal(size=(6, 4))
    p = 1 / (1 + np.exp(-s))
    expected = -np.sum(X * np.log(p) + (1 - X) * np.log(1 - p), 1)
    for shape in ((6, 4), (6, 2, 2), (6, 2, 1, 2)):
        given = array(reconstruction_cost(X.reshape(shape), ops.array(s.reshape(shape))))
        np.testing.assert_allclose(given, expected, rtol=1e-5)


def test_reconstruction_cost_of_extreme_logits():
    cost = reconstruction_cost(ops.array([[0.0], [1.0]]), ops.array([[1e4], [1e4]]))
    np.testing.assert_array_equal(array(cost), [1e4, 0])


def test_loss_is_minus_the_evidence_bound():
    model = make(beta=0.5)
    model.compile("sgd")
    model.build(X.shape)
    mean, log_variance = (array(part) for part in model.encode(X))
    # The draw that the model's own generator will make.
    noise = array(keras.random.normal((6, 2), seed=keras.random.SeedGenerator(5)))
    z = mean + np.exp(log_variance / 2) * noise
    W, b = (array(weight) for weight in model.decoder.weights)
    cost = np.mean(np.sum(np.logaddexp(0, z @ W + b) - X * (z @ W + b), 1))
    divergence = np.sum(mean**2 + np.exp(log_variance) - 1 - log_variance, 1) / 2
    logs = model.test_on_batch(X, return_dict=True)
    assert logs["reconstruction"] == pytest.approx(cost, rel=1e-5)
    assert logs["loss"] == pytest.approx(cost + 0.5 * np.mean(divergence), rel=1e-5)


def test_training_approaches_the_entropy_of_independent_coins():
    coins = (np.random.default_rng(1).uniform(size=(512, 4)) < 0.8).astype("float32")
    model = make()
    model.compile(keras.optimizers.Adam(0.03))
    model.fit(np.tile(coins, (20, 1)), batch_size=128, epochs=3, verbose=0)
    entropy = -4 * (0.8 * np.log(0.8) + 0.2 * np.log(0.2))
    # The bound is tight where the code says nothing; the sample's entropy differs a little.
    assert model.evaluate(coins, verbose=0)[0] == pytest.approx(entropy, rel=0.05)
    assert np.mean(array(model.generate(2000, seed=0))) == pytest.approx(0.8, abs=0.05)


def test_calls_draw_anew():
    model = make()
    assert np.any(array(model(X)) != array(model(X)))


def test_wrong_arguments():
    for beta in (-1.0, float("nan")):
        with pytest.raises(ValueError, match=f"`beta`.*{beta}"):
            make(beta=beta)
    odd = VariationalAutoencoder(keras.layers.Dense(3), keras.layers.Dense(4))
    with pytest.raises(ValueError, match="even"):
        odd(X)
    model = make()
    model.compile("sgd")
    with pytest.raises(ValueError, match="sample weights"):
        model.train_on_batch(X, sample_weight=np.ones(6))
