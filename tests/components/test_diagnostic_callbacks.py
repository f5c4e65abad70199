import keras
import numpy as np
import pytest

from dlprep import callbacks
from dlprep.callbacks.activation_statistics import statistics

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
    assert list(watch.history) == ["hidden"]
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


def test_a_unit_of_a_map_is_dead_only_where_it_is_so_in_all_places():
    maps = np.zeros((2, 3, 3, 4))
    maps[1, 2, 0, :3] = 1.0
    assert statistics(maps)["dead"] == 0.25
    assert statistics(maps[..., :1], np.zeros((2, 3)))["dead"] == 0.75


def test_dropout_is_off_while_statistics_are_taken():
    watch = callbacks.ActivationStatistics(np.ones((64, 3)))
    network(keras.layers.Dropout(0.5, name="drop")).fit(X, Y, verbose=0, callbacks=[watch])
    assert watch.history["drop"]["zero"] == [0.0, 0.0]


TWO = {"a": X[:, :1], "b": X[:, 1:]}


@pytest.mark.parametrize(("keyed", "x"), [(False, list(TWO.values())), (False, TWO), (True, TWO)])
def test_a_model_may_have_several_inputs(keyed, x):
    inputs = {name: keras.Input(part.shape[1:], name=name) for name, part in TWO.items()}
    joined = keras.layers.Concatenate(name="join")(list(inputs.values()))
    outputs = keras.layers.Dense(1)(joined)
    model = keras.Model(inputs if keyed else list(inputs.values()), outputs)
    model.compile("sgd", "mse")
    watch, norms = callbacks.ActivationStatistics(x), callbacks.GradientNorms(x, Y)
    model.fit(x, Y, verbose=0, callbacks=[watch, norms])
    assert watch.history["join"]["mean"] == pytest.approx([X.mean()] * 2, rel=1e-5)
    assert [len(series) for series in norms.history.values()] == [2]


def test_all_outputs_of_a_layer_count():
    keras.utils.set_random_seed(0)
    steps = np.random.default_rng(1).normal(size=(6, 4, 3)).astype("float32")
    x = keras.Input((4, 3))
    lstm = keras.layers.LSTM(5, return_sequences=True, return_state=True, name="lstm")
    whole, last, cell = lstm(x)
    model = keras.Model(x, keras.layers.Dense(1)(last))
    model.compile("sgd", "mse")
    watch = callbacks.ActivationStatistics(steps)
    expected = np.concatenate([keras.ops.convert_to_numpy(a).ravel() for a in lstm(steps)])
    model.fit(steps, np.ones((6, 1)), verbose=0, callbacks=[watch])
    assert watch.history["lstm"]["std"][0] == pytest.approx(expected.std(), rel=1e-5)


@pytest.mark.parametrize("input_known", [True, False])
def test_layers_of_another_graph_are_watched_in_this_one(input_known):
    x = keras.Input((3,))
    base = keras.Model(x, keras.layers.Dense(2, "relu", bias_initializer="ones")(x), name="base")
    first = [keras.Input((3,))] if input_known else []
    model = keras.Sequential([*first, base, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    watch = callbacks.ActivationStatistics(X)
    expected = keras.ops.convert_to_numpy(base(X)).mean()
    model.fit(X, Y, verbose=0, callbacks=[watch])
    assert watch.history["base"]["mean"][0] == pytest.approx(expected, rel=1e-5)


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


@pytest.mark.parametrize("diverged", [1.5, 4.0, 40.0])
def test_a_test_ends_at_the_first_loss_so_many_times_the_least(diverged):
    options = {"start": 1e-3, "end": 1e3, "steps": 60, "smoothing": 0.0, "diverged": diverged}
    finder, model = callbacks.LearningRateFinder(**options), network()
    model.compile(keras.optimizers.SGD(), "mse")
    model.fit(X, Y, epochs=60, batch_size=32, verbose=0, callbacks=[finder])
    rises = np.divide(finder.losses, np.minimum.accumulate(finder.losses))
    assert (rises[:-1] <= diverged).all()
    assert rises[-1] > diverged


def test_a_suggestion_needs_a_run():
    with pytest.raises(ValueError, match="fit first"):
        callbacks.LearningRateFinder().suggestion()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start": 0.0}, "start < end.*0.0, 10.0"),
        ({"start": -1}, "-1, 10.0"),
        ({"start": 1.0, "end": 0.1}, "1.0, 0.1"),
        ({"end": float("inf")}, "inf"),
        ({"smoothing": 1.0}, r"`smoothing`.*\[0, 1\).*1.0"),
        ({"smoothing": -0.1}, "`smoothing`.*-0.1"),
        ({"steps": 0}, "`steps`.*0"),
        ({"steps": 2.5}, "`steps`.*2.5"),
        ({"diverged": 1.0}, "`diverged`.*1.0"),
    ],
)
def test_an_impossible_range_test_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        callbacks.LearningRateFinder(**options)


def test_a_verdict_needs_an_epoch():
    for ask in ("verdict", "advice"):
        with pytest.raises(ValueError, match="fit first"):
            getattr(callbacks.BiasVarianceDiagnosis(), ask)()


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
    accuracy = callbacks.BiasVarianceDiagnosis(
        monitor="hits", optimal=1.0, tolerance=0.02, mode="max"
    )
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
    known, noise = np.tile(X, (20, 1)), np.tile(labels, (20, 1))
    model.fit(known, noise, validation_data=(X, others), epochs=3, verbose=0, callbacks=[diagnosis])
    assert diagnosis.verdict() == ["variance"]


def test_validation_data_is_asked_for():
    with pytest.raises(ValueError, match="validation_data"):
        network().fit(X, Y, verbose=0, callbacks=[callbacks.BiasVarianceDiagnosis()])
