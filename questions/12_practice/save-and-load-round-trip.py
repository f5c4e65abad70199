"""Save a model after two epochs, load it in four ways, and train on beside the original."""

import tempfile
import warnings
from pathlib import Path

import keras
import numpy as np

from dlprep import layers, losses, optimizers
from dlprep.lab import data

LATER = "The predictions agree after loading; after epoch 4 the two runs differ"
SAME = "The predictions agree after loading and are still the same after epoch 4"
FIRST = "The predictions differ after loading, and more so after epoch 4"


def compiled():
    hidden, out = layers.Dense(32, activation="relu"), layers.Dense(10)
    model = keras.Sequential([keras.Input((64,)), hidden, out])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(0.03), loss, jit_compile=False, steps_per_execution=8)
    return model


def weights_file(folder):
    model = compiled()
    model.load_weights(folder / "model.weights.h5")
    return model


def optimizer_built(folder):
    model = compiled()
    model.optimizer.build(model.trainable_variables)
    model.load_weights(folder / "model.weights.h5")
    return model


def whole_file(folder):
    return keras.saving.load_model(folder / "model.keras")


def run(lab):
    (x, y), _ = data.digits(lab.rng)
    x, y = x[:256], y[:256]

    def two_epochs(model):
        model.fit(x, y, batch_size=32, epochs=2, shuffle=False, verbose=0)

    def logits(model):
        return keras.ops.convert_to_numpy(model(x))

    def resume(load):
        """How far a loaded model is from the original: at once, and two epochs later."""
        warned.clear()
        model = load(folder)
        gap, steps = np.abs(logits(model) - saved).max(), int(model.optimizer.iterations)
        two_epochs(model)
        return gap, np.abs(logits(model) - uninterrupted).max(), steps, len(warned)

    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        folder, model = Path(name), compiled()
        two_epochs(model)
        model.save(folder / "model.keras")
        model.save_weights(folder / "model.weights.h5")
        saved = logits(model)
        two_epochs(model)
        uninterrupted = logits(model)
        whole, built, weights = lab.contrast(
            resume,
            control={"load": whole_file},
            built={"load": optimizer_built},
            weights={"load": weights_file},
        )
        states = dropout_states(folder)
    same = weights[1] < 1e-5
    lab.answer(FIRST if weights[0] > 0 else SAME if same else LATER)
    _claim(lab, whole, built, weights, states)


def dropout_states(folder):
    """Counters of a Dropout layer's generator, before saving and after loading."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dropout(0.5, seed=3)])
    for _ in range(4):
        model(np.ones((1, 4)), training=True)
    model.save(folder / "dropout.keras")
    loaded = keras.saving.load_model(folder / "dropout.keras")
    return [int(keras.ops.convert_to_numpy(one.layers[0].seed_generator.state)[1])
            for one in (model, loaded)]  # fmt: skip


def _claim(lab, whole, built, weights, states):
    lab.claim("continued from the weights file, the logits differ by over 1", weights[1] > 1,
              weights[1], "> 1")  # fmt: skip
    lab.claim("straight after loading it they agree to the last digit", weights[0] == 0,
              weights[0], 0.0)  # fmt: skip
    steps = weights[2]
    lab.claim("Adam begins again at step 0 there", steps == 0, steps, 0)
    lab.claim("Keras warns once", weights[3] == 1, weights[3], 1)
    apart = max(built[:2])
    lab.claim("with the optimizer built before loading, the weights file continues the run",
              apart < 1e-5, apart, "< 1e-5")  # fmt: skip
    apart = max(whole[:2])
    lab.claim("so does the whole model file", apart < 1e-5, apart, "< 1e-5")
    lab.claim("its Adam goes on at step 16", whole[2] == 16, whole[2], 16)
    before, after = states
    lab.claim("a Dropout layer has drawn four times", before == 4, before, 4)
    lab.claim("after loading the whole file its counter is back at 0", after == 0, after, 0)
    gaps = {"weights file": weights[1], "the same, optimizer built": built[1],
            "whole file": whole[1]}  # fmt: skip
    lab.bars("Distance from the uninterrupted run after epoch 4", gaps,
             y_label="largest difference of a logit")  # fmt: skip
