import keras
import numpy as np
import pytest

from dlprep import callbacks

RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 3)).astype("float32")
Y = X.sum(axis=1, keepdims=True)


def network(*layers):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), *layers, keras.layers.Dense(1, name="out")])
    model.compile(keras.optimizers.Adam(0.01), "mse")
    return model


def test_statistics_are_those_of_the_outputs():
    layer = keras.layers.Dense(5, "relu", name="hidden")
    model, watch = network(layer), callbacks.ActivationStatistics(X, layers=["hidden"])
    expected = keras.ops.convert_to_numpy(layer(X))
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[watch])
    series = watch.history["hidden"]
    assert series["mean"][0] == pytest.approx(expected.mean(), rel=1e-5)
    assert series["std"][0] == pytest.approx(expected.std(), rel=1e-5)
    assert series["zero"][0] == pytest.approx((expected == 0).mean())
    assert series["dead"][0] == pytest.approx((expected == 0).all(0).mean())
    assert [len(values) for values in series.values()] == [3, 3, 3, 3]


def test_dead_units_are_found_and_stay_dead():
    bias = keras.initializers.Constant([-50.0, 0.0, -50.0, 0.0])
    hidden = keras.layers.Dense(4, "relu", bias_initializer=bias, name="hidden")
    watch = callbacks.ActivationStatistics(X)
    network(hidden).fit(X, Y, epochs=3, verbose=0, callbacks=[watch])
    assert watch.history["hidden"]["dead"] == [0.5] * 4
    assert watch.dead() == ["hidden"]
    assert watch.dead(share=0.6) == []


def test_dropout_is_off_while_statistics_are_taken():
    watch = callbacks.ActivationStatistics(np.ones((64, 3)))
    network(keras.layers.Dropout(0.5, name="drop")).fit(X, Y, verbose=0, callbacks=[watch])
    assert watch.history["drop"]["zero"] == [0.0, 0.0]


def test_a_model_without_a_graph_of_layers_is_refused():
    class Wrapped(keras.Model):
        def __init__(self):
            super().__init__()
            self.out = keras.layers.Dense(1)

        def call(self, x):
            return self.out(x)

    model = Wrapped()
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="Sequential or functional"):
        model.fit(X, Y, verbose=0, callbacks=[callbacks.ActivationStatistics(X)])


def test_the_range_test_leaves_everything_as_it_was():
    model = network(keras.layers.Dense(8, "tanh"), keras.layers.BatchNormalization())
    model.train_on_batch(X, Y)
    before = [np.array(v) for v in [*model.get_weights(), *_state(model.optimizer)]]
    finder = callbacks.LearningRateFinder(steps=12)
    model.fit(X, Y, epochs=12, batch_size=16, verbose=0, callbacks=[finder])
    after = [np.array(v) for v in [*model.get_weights(), *_state(model.optimizer)]]
    for old, new in zip(before, after, strict=True):
        np.testing.assert_array_equal(old, new)


def _state(optimizer):
    return [keras.ops.convert_to_numpy(variable) for variable in optimizer.variables]


def test_rates_rise_by_a_constant_factor():
    finder = callbacks.LearningRateFinder(start=1e-5, end=1e-1, steps=5, diverged=1e9)
    network().fit(X, Y, epochs=9, batch_size=32, verbose=0, callbacks=[finder])
    assert finder.rates == pytest.approx([1e-5, 1e-4, 1e-3, 1e-2, 1e-1])


def test_the_losses_are_those_of_the_batches():
    finder = callbacks.LearningRateFinder(start=1e-12, end=1e-11, steps=4, smoothing=0.0)
    model = network()
    expected = [
        float(np.mean((keras.ops.convert_to_numpy(model(X[i : i + 8])) - Y[i : i + 8]) ** 2))
        for i in range(0, 32, 8)
    ]
    model.fit(X, Y, batch_size=8, shuffle=False, verbose=0, callbacks=[finder])
    assert finder.losses == pytest.approx(expected, rel=1e-4)


def test_a_rate_that_diverges_ends_the_test_early():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(), "mse")
    finder = callbacks.LearningRateFinder(start=1e-3, end=1e3, steps=60, smoothing=0.5)
    model.fit(X, Y, epochs=60, batch_size=32, verbose=0, callbacks=[finder])
    assert len(finder.rates) < 60
    # Plain gradient descent on this quadratic diverges beyond 2 over its largest curvature.
    limit = 2.0 / np.linalg.eigvalsh(2.0 * X.T @ X / len(X)).max()
    assert 0.01 * limit < finder.suggestion() < 1.5 * limit


def test_a_suggestion_needs_a_run():
    with pytest.raises(ValueError, match="fit first"):
        callbacks.LearningRateFinder().suggestion()


@pytest.mark.parametrize(
    ("train", "dev", "verdict"),
    [
        (0.01, 0.11, ["variance"]),
        (0.15, 0.16, ["bias"]),
        (0.15, 0.30, ["bias", "variance"]),
        (0.005, 0.01, []),
    ],
)
def test_the_recipe_of_the_notes(train, dev, verdict):
    error = callbacks.BiasVarianceDiagnosis("error", tolerance=0.02, mode="min")
    error.on_epoch_end(0, {"error": train, "val_error": dev})
    assert error.verdict() == verdict
    assert bool(error.advice()) == bool(verdict)
    accuracy = callbacks.BiasVarianceDiagnosis("hits", optimal=1.0, tolerance=0.02, mode="max")
    accuracy.on_epoch_end(0, {"hits": 1 - train, "val_hits": 1 - dev})
    assert accuracy.verdict() == verdict
    assert accuracy.bias == pytest.approx(error.bias)


def test_what_people_reach_is_no_bias():
    error = callbacks.BiasVarianceDiagnosis("error", optimal=0.14, tolerance=0.02, mode="min")
    error.on_epoch_end(0, {"error": 0.15, "val_error": 0.16})
    assert error.verdict() == []


def test_memorised_noise_is_variance():
    labels = np.random.default_rng(1).normal(size=(32, 1))
    others = np.random.default_rng(2).normal(size=(32, 1))
    model = network(keras.layers.Dense(64, "relu"), keras.layers.Dense(64, "relu"))
    diagnosis = callbacks.BiasVarianceDiagnosis(tolerance=0.3)
    model.fit(X, labels, validation_data=(X, others), epochs=60, verbose=0, callbacks=[diagnosis])
    assert diagnosis.verdict() == ["variance"]


def test_validation_data_is_asked_for():
    with pytest.raises(ValueError, match="validation_data"):
        network().fit(X, Y, verbose=0, callbacks=[callbacks.BiasVarianceDiagnosis()])
