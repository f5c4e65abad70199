"""The average of the weights: put in place, saved, and found through every wrapper."""

import keras
import numpy as np
import pytest
from components.test_training_callbacks import X, Y, network, numpy

from dlprep import callbacks, optimizers


def test_averaged_weights_are_evaluated_and_raw_ones_trained():
    def run(found):
        model = network(keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.9))
        watch = keras.callbacks.LambdaCallback(
            on_epoch_begin=lambda epoch, logs: seen.append(model.get_weights()[0].ravel())
        )
        seen = []
        options = {"epochs": 2, "batch_size": 8, "verbose": 0}
        fitted = model.fit(X, Y, validation_data=(X, Y), callbacks=[*found, watch], **options)
        return fitted.history, seen

    (history, seen), (plain, plain_seen) = run([callbacks.SwapEMAWeights()]), run([])
    np.testing.assert_allclose(seen, plain_seen, rtol=1e-6)
    assert history["loss"] == pytest.approx(plain["loss"])
    assert history["val_loss"][0] > 2.0 * plain["val_loss"][0]


def test_the_raw_weights_come_back_after_prediction():
    model = network(keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.9))
    model.train_on_batch(X, Y)
    raw = model.get_weights()[0]
    model.predict(X, verbose=0, callbacks=[callbacks.SwapEMAWeights()])
    np.testing.assert_array_equal(model.get_weights()[0], raw)


def test_swapping_without_an_average_is_refused():
    with pytest.raises(ValueError, match="use_ema=True"):
        network().evaluate(X, Y, verbose=0, callbacks=[callbacks.SwapEMAWeights()])


@pytest.mark.parametrize("epochs", [2, 9])
def test_checkpoints_and_the_final_model_hold_the_average(epochs, tmp_path):
    model = network(keras.optimizers.SGD(0.3, use_ema=True, ema_momentum=0.9))
    stop = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: setattr(model, "stop_training", epoch == 1)
    )
    swap = callbacks.SwapEMAWeights(swap_on_epoch=True)
    save = keras.callbacks.ModelCheckpoint(tmp_path / "{epoch}.keras")
    model.fit(X, Y, epochs=epochs, batch_size=8, verbose=0, callbacks=[stop, swap, save])
    saved = keras.saving.load_model(tmp_path / "2.keras").get_weights()[0]
    np.testing.assert_allclose(model.get_weights()[0], saved, rtol=1e-6)
    # Eight steps of an average that keeps 0.9 a step are still far from the solution, ones.
    assert (np.abs(saved - 1.0) > 0.05).any()


def wrapped(**options):
    inner = optimizers.Lookahead(optimizers.Adam(0.1, **options))
    return keras.optimizers.LossScaleOptimizer(inner)


def test_the_average_is_found_however_deep_it_lies():
    model = network(wrapped(use_ema=True, ema_momentum=0.9))
    swap = callbacks.SwapEMAWeights()
    model.fit(X, Y, epochs=2, batch_size=8, verbose=0, validation_data=(X, Y), callbacks=[swap])
    average = model.get_weights()[0]
    model.layers[0].kernel.assign(np.zeros((3, 1)))
    swap.on_test_begin()
    np.testing.assert_allclose(model.get_weights()[0], average, rtol=1e-6)
    swap.on_test_end()
    assert not model.get_weights()[0].any()


@pytest.mark.parametrize(
    "callback",
    [
        callbacks.LearningRateScheduler(lambda epoch: 0.05),
        callbacks.ReduceLROnPlateau("loss", factor=0.5, patience=0, min_delta=1e9),
    ],
)
def test_the_rate_of_the_innermost_optimizer_is_set(callback):
    model = network(wrapped())
    model.fit(X, Y, epochs=2, verbose=0, callbacks=[callback])
    inner = model.optimizer.inner_optimizer.inner_optimizer
    assert float(numpy(inner.learning_rate)) == pytest.approx(0.05)


def test_an_average_that_is_put_in_place_keeps_the_constraint():
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [keras.Input((3,)), keras.layers.Dense(2, kernel_constraint="unit_norm", use_bias=False)]
    )
    model.compile(keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5), "mse")
    model.train_on_batch(X, Y @ np.float32([[1.0, -1.0]]))
    swap = callbacks.SwapEMAWeights()
    swap.set_model(model)
    swap.on_test_begin()
    np.testing.assert_allclose(np.linalg.norm(model.get_weights()[0], axis=0), 1.0, rtol=1e-5)
