"""Stop a model whose weight counts its epochs, then a network that learns noisy labels."""

import warnings

import keras
import numpy as np

from dlprep import callbacks
from dlprep.lab import data
from dlprep.reference.activations import log_softmax
from dlprep.reference.optimizers import adam

EPOCHS, WIDTH, BATCH = 50, 64, 50
BEST_AT_12 = np.abs(np.arange(1, EPOCHS + 1) - 12) + 1.0


def weight_held(losses, kind=keras.callbacks.EarlyStopping, monitor="val_loss", **settings):
    """Let a callback watch a weight that counts its epochs; return the epoch the model holds."""
    unit = keras.layers.Dense(1, use_bias=False)
    model = keras.Sequential([keras.Input((1,)), unit])
    watching = [kind(monitor, mode="min", **settings)]
    watch = keras.callbacks.CallbackList(watching, model=model)
    model.stop_training = False
    watch.on_train_begin()
    for epoch, loss in enumerate(losses):
        unit.set_weights([np.full((1, 1), epoch + 1.0)])
        watch.on_epoch_end(epoch, loss if isinstance(loss, dict) else {"val_loss": loss})
        if model.stop_training:
            break
    watch.on_train_end()
    return int(unit.get_weights()[0].item())


def fitted(best, epochs, **settings):
    """Let `fit` move a weight by one an epoch, the best place for validation being `best`."""
    unit = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), unit])
    model.compile(keras.optimizers.SGD(1.0), "mean_absolute_error")
    one = np.ones((1, 1))
    model.fit(one, 1000 * one, epochs=epochs, validation_data=(one, best * one), verbose=0,
              callbacks=[keras.callbacks.EarlyStopping(**settings)])  # fmt: skip
    return int(unit.get_weights()[0].item())


def noisy(rng):
    """Return training, validation and test rows; all but the last with 40% random labels."""
    (x, y), test = data.digits(rng)
    y = np.where(rng.random(len(y)) < 0.4, rng.integers(0, 10, len(y)), y)
    return (x[:900], y[:900]), (x[900:], y[900:]), test


def curves(rng, rate, epochs=40):
    """Train a network; return validation loss and test accuracy after each epoch."""
    (x, y), (x_valid, y_valid), (x_test, y_test) = noisy(rng)
    theta = [rng.normal(0, 0.18, (64, WIDTH)), rng.normal(0, 0.18, (WIDTH, 10)), np.zeros(WIDTH),
             np.zeros(10)]  # fmt: skip
    m, v, step, losses, accuracies = [0] * 4, [0] * 4, 0, [], []

    def logs(x):
        hidden = np.maximum(x @ theta[0] + theta[2], 0)
        return hidden, log_softmax(hidden @ theta[1] + theta[3])

    for _ in range(epochs):
        for rows in rng.permutation(len(x)).reshape(-1, BATCH):
            step += 1
            hidden, log_p = logs(x[rows])
            error = (np.exp(log_p) - np.eye(10)[y[rows]]) / BATCH
            back = error @ theta[1].T * (hidden > 0)
            gradients = x[rows].T @ back, hidden.T @ error, back.sum(0), error.sum(0)
            for i, g in enumerate(gradients):
                theta[i], m[i], v[i] = adam(theta[i], g, m[i], v[i], step, alpha=rate)
        losses.append(-np.mean(logs(x_valid)[1][range(len(y_valid)), y_valid]))
        accuracies.append(np.mean(logs(x_test)[1].argmax(1) == y_test))
    return np.array(losses), np.array(accuracies)


def run(lab):
    def held(**settings):
        return weight_held(BEST_AT_12, patience=5, **settings)

    restored, default, ours = lab.contrast(
        held,
        control={"restore_best_weights": True},
        default={},
        dlprep={"kind": callbacks.EarlyStopping},
    )
    lab.claim("by default the model holds the weights of epoch 17", default == 17, default, 17)
    lab.claim("dlprep's callback does the same", ours == 17, ours, 17)
    lab.claim("with `restore_best_weights` it holds those of epoch 12", restored == 12, restored,
              12)  # fmt: skip
    unstopped = weight_held(BEST_AT_12[:15], patience=5, restore_best_weights=True)
    lab.claim("they come back where nothing was stopped too", unstopped == 12, unstopped, 12)
    real = fitted(best=2, epochs=9, patience=2)
    lab.claim("in `fit`, best at 2, patience 2: those of epoch 4", real == 4, real, 4)
    bumpy = BEST_AT_12.copy()
    bumpy[2] = bumpy[1] + 0.5
    hasty, patient = weight_held(bumpy), weight_held(bumpy, patience=5)
    lab.claim("patience 0 stops at a bump in epoch 3", hasty == 3, hasty, 3)
    lab.claim("patience 5 passes it", patient == 17, patient, 17)
    falling = [{"loss": 1 / epoch} for epoch in range(1, EPOCHS + 1)]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        blind = weight_held(falling, patience=5)
    lab.claim("without a validation loss all 50 epochs run", blind == 50, blind, 50)
    told = len({str(one.message) for one in caught if "val_loss" in str(one.message)})
    lab.claim("Keras only warns, with one text", told == 1, told, 1)
    trusting = weight_held(falling, monitor="loss", patience=5)
    lab.claim("a falling training loss stops nothing", trusting == 50, trusting, 50)
    _claim_worth(lab)


def _claim_worth(lab):
    slow, fast = lab.contrast(
        lambda rate: curves(lab.rng, rate), control={"rate": 1e-3}, fast={"rate": 1e-2}
    )
    (losses, accuracies), best = fast, int(np.argmin(fast[0]))
    lost = accuracies[best] - accuracies[-1]
    lab.claim("at rate 0.01 forty epochs lose over 5 points of accuracy", lost > 0.05, lost,
              "> 0.05")  # fmt: skip
    rise = losses[-1] - losses[best]
    lab.claim("and over 0.3 of validation loss", rise > 0.3, rise, "> 0.3")
    gap = abs(slow[1][-1] - slow[1][np.argmin(slow[0])])
    lab.claim("at 0.001 the last epoch is within 3 points of the best", gap < 0.03, gap, "< 0.03")
    lab.lines("Validation loss with four labels of ten drawn anew", np.arange(1, 41),
              {"rate 0.01": losses, "rate 0.001": slow[0]}, x_label="epoch",
              y_label="validation loss")  # fmt: skip
