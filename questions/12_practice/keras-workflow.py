"""Build, compile, fit and evaluate a classifier, and leave single lines of it wrong."""

import keras
import numpy as np

from dlprep import layers, optimizers

CLASSES, SIZES = 3, 10.0 ** np.arange(-2, 3)


def table(rng, rule, rows):
    """Draw rows whose columns differ by up to four decades in size; all count alike."""
    z = rng.normal(size=(rows, len(SIZES)))
    return (SIZES * (z + 2)).astype("float32"), (z @ rule).argmax(1).astype("int32")


def classifier(x, adapted, rate):
    scale = keras.layers.Normalization(**({} if adapted else {"mean": 0.0, "variance": 1.0}))
    if adapted:
        scale.adapt(x)
    hidden, out = layers.Dense(16, activation="relu"), layers.Dense(CLASSES)
    model = keras.Sequential([keras.Input(x.shape[1:]), scale, hidden, out])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizers.Adam(rate), loss, metrics=["accuracy"], steps_per_execution=50,
                  jit_compile=False)  # fmt: skip
    return model


def fitted(name, x, y, loss):
    """Say which call fails, if any, when a metric is given by this name."""
    model = keras.Sequential([layers.Dense(CLASSES, activation="softmax")])
    for call in ("compile", "fit"):
        try:
            if call == "compile":
                model.compile("sgd", loss, metrics=[name], run_eagerly=True)
            else:
                model.fit(x, y, verbose=0)
        except ValueError:
            return f"ValueError in {call}"
    return "accepted"


def run(lab):
    rule = lab.rng.normal(size=(len(SIZES), CLASSES))
    (x, y), (x_new, y_new) = (table(lab.rng, rule, rows) for rows in (600, 2000))

    def errors(adapted, rates):
        """Share of wrong new rows at the best of the rates, and the last model."""
        wrong = []
        for rate in rates:
            model = classifier(x, adapted, rate)
            rows = lab.rng.integers(len(x), size=300 * 32)
            model.fit(x[rows], y[rows], batch_size=32, shuffle=False, verbose=0)
            logits = keras.ops.convert_to_numpy(model(x_new))
            wrong.append(np.mean(logits.argmax(1) != y_new))
        return min(wrong), model, logits

    raw, adapted = lab.contrast(
        errors,
        control={"adapted": False, "rates": (0.003, 0.01, 0.03)},
        treatment={"adapted": True, "rates": (0.01,)},
    )
    share, model, logits = adapted
    fewer = raw[0] / share
    lab.claim("with the inputs standardised the model errs far less", fewer > 2, fewer, "> 2")
    lab.claim("it is right on nine new rows of ten", share < 0.1, share, "< 0.1")
    told = keras.losses.get("sparse_categorical_crossentropy")(y_new, logits)
    true = model.loss(y_new, logits)
    off = abs(float(keras.ops.mean(told)) / float(true) - 1)
    lab.claim("the loss by its name takes logits for probabilities and is wrong by half",
              off > 0.5, off, "> 0.5")  # fmt: skip
    before, taken = model.get_weights(), int(model.optimizer.iterations)
    model.compile(model.optimizer, model.loss)
    more = int(model.optimizer.iterations) / taken
    lab.claim("compiled with the same optimizer, the model goes on at its step", more == 1, more, 1)
    model.compile(optimizers.Adam(0.01), model.loss)
    pairs = zip(before, model.get_weights(), strict=True)
    moved = max(np.abs(old - new).max() for old, new in pairs)
    lab.claim("compiling leaves the weights as they are", moved == 0, moved, 0.0)
    steps = int(model.optimizer.iterations)
    lab.claim("a new optimizer starts at step 0", steps == 0, steps, 0)
    _metrics(lab, x[:32] / SIZES, y[:32])
    shown = {"as they come": raw[0], "standardised": share}
    lab.bars("Inputs of very different size", shown, y_label="share of new rows wrong")


def _metrics(lab, x, y):
    sparse, dense = "sparse_categorical_crossentropy", "categorical_crossentropy"
    for text, name, labels, loss, expected in (
        ("f1-score fails in fit, not in compile", "f1-score", y, sparse, "ValueError in fit"),
        ("f1_score with integer labels fails too", "f1_score", y, sparse, "ValueError in fit"),
        ("with one-hot labels it works", "f1_score", np.eye(CLASSES)[y], dense, "accepted"),
    ):
        outcome = fitted(name, x, labels, loss)
        lab.claim(text, outcome == expected, outcome, expected)
