import keras
import numpy as np
import pytest
from components.gradients import value_and_gradient

from dlprep.callbacks import GradientNorms

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, 3)).astype("float32"), RNG.normal(size=(12, 1)).astype("float32")


def network(*layers, shape=(3,), dtype="float32", **compiled):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input(shape, dtype=dtype), *layers])
    model.compile(**{"optimizer": "sgd", "loss": "mse", **compiled})
    return model


def test_norms_are_those_of_the_gradient():
    dense = keras.layers.Dense(1, kernel_regularizer=keras.regularizers.L2(0.1), name="unit")
    model, norms = network(dense), GradientNorms(X, Y)
    kernel = keras.ops.convert_to_numpy(dense.kernel)

    def cost(weights):
        w, b = weights[:3], weights[3]
        residual = keras.ops.subtract(keras.ops.matmul(X, w) + b, Y)
        return keras.ops.mean(residual**2) + 0.1 * keras.ops.sum(w**2)

    _, gradient = value_and_gradient(cost, np.concatenate([kernel, [[0.0]]]))
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[norms])
    assert norms.history["unit"][0] == pytest.approx(np.linalg.norm(gradient), rel=1e-5)


def test_rows_without_a_weight_have_no_say():
    weights = np.repeat([1.0, 0.0], 6)
    model = network(keras.layers.Dense(1, name="unit"))
    # Keras divides by the number of rows, of whatever weight.
    weighted, half = GradientNorms(X, Y, sample_weight=weights), GradientNorms(X[:6], Y[:6])
    model.fit(X, Y, verbose=0, callbacks=[weighted, half])
    halves = np.multiply(weighted.history["unit"], 2)
    np.testing.assert_allclose(halves, half.history["unit"], rtol=1e-5)


def test_one_norm_before_training_and_one_per_epoch():
    model, norms = network(keras.layers.Dense(2), keras.layers.Dense(1)), GradientNorms(X, Y)
    model.fit(X, Y, epochs=3, verbose=0, callbacks=[norms])
    assert [len(series) for series in norms.history.values()] == [4, 4]
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[norms])
    assert [len(series) for series in norms.history.values()] == [2, 2]


def test_every_epoch_is_measured_anew():
    model, norms = network(keras.layers.Dense(1, name="unit")), GradientNorms(X, Y)
    model.optimizer.learning_rate = 0.0
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[norms])
    first = norms.history["unit"][0]
    assert norms.history["unit"] == pytest.approx([first] * 3, rel=1e-5)


def test_training_goes_on_as_without_it():
    def fit(watched):
        layers = [
            keras.layers.Embedding(7, 4),
            keras.layers.Flatten(),
            keras.layers.BatchNormalization(),
            keras.layers.Dense(1, kernel_constraint="unit_norm"),
        ]
        model = network(*layers, shape=(3,), dtype="int32", optimizer="adam", metrics=["mae"])
        tokens = np.random.default_rng(1).integers(0, 7, (12, 3))
        found = [GradientNorms(tokens, Y)] if watched else []
        history = model.fit(tokens, Y, epochs=2, batch_size=4, verbose=0, callbacks=found)
        return history.history, model.get_weights()

    (losses, weights), (plain_losses, plain_weights) = fit(True), fit(False)
    assert losses == plain_losses
    for watched, plain in zip(weights, plain_weights, strict=True):
        np.testing.assert_array_equal(watched, plain)


def test_an_embedding_adds_up_the_rows_of_a_repeated_token():
    model = network(
        keras.layers.Embedding(4, 1, embeddings_initializer="ones", name="tokens"),
        keras.layers.Flatten(),
        shape=(2,),
        dtype="int32",
    )
    norms = GradientNorms(np.array([[3, 3]]), np.array([[0.0, 0.0]]))
    model.fit(np.array([[3, 3]]), np.array([[0.0, 0.0]]), epochs=1, verbose=0, callbacks=[norms])
    assert norms.history["tokens"][0] == pytest.approx(2.0)


@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_deep_sigmoids_vanish_and_rectifiers_do_not(activation):
    start = "he_normal" if activation == "relu" else "glorot_uniform"
    layers = [keras.layers.Dense(16, activation, kernel_initializer=start) for _ in range(10)]
    layers[0].name = "first"
    norms = GradientNorms(X, Y)
    model = network(*layers, keras.layers.Dense(1))
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[norms])
    assert ("first" in norms.vanishing()) == (activation == "sigmoid")


def test_a_huge_gradient_is_named():
    model, norms = network(keras.layers.Dense(1, name="unit")), GradientNorms(1e4 * X, Y)
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[norms])
    assert norms.exploding() == ["unit"]
    assert norms.exploding(limit=1e12) == []
    norms.history["unit"].append(float("nan"))
    assert norms.exploding(limit=1e12) == ["unit"]


def test_the_model_gets_its_optimizer_back():
    model, norms = network(keras.layers.Dense(1), optimizer="adam"), GradientNorms(X, Y)
    adam = model.optimizer
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[norms])
    assert model.optimizer is adam
    assert not model.run_eagerly
