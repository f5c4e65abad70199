"""A trained model is saved, loaded elsewhere, cloned, and run in every mode."""

import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops
from sklearn.datasets import load_diabetes

from dlprep import layers, losses, metrics, optimizers, regularizers

pytestmark = pytest.mark.slow

LOAD = """
import json, sys
import numpy as np
import keras
import dlprep
model = keras.saving.load_model(sys.argv[1])
x = np.load(sys.argv[2])
print(json.dumps(model.predict(x, verbose=0).tolist()))
"""


@pytest.fixture(scope="module")
def diabetes():
    x, y = load_diabetes(return_X_y=True)
    return (x / x.std(0)).astype("float32"), ((y - y.mean()) / y.std()).astype("float32")[:, None]


def build(seed=0):
    keras.utils.set_random_seed(seed)
    inputs = keras.Input((10,))
    x = layers.Dense(16, "relu", kernel_regularizer=regularizers.L2(1e-3))(inputs)
    x = layers.Residual(keras.Sequential([layers.LayerNormalization(), layers.Dense(16)]))(x)
    return keras.Model(inputs, layers.Dense(1)(x))


def compiled(seed=0, **settings):
    model = build(seed)
    model.compile(optimizers.AdamW(1e-2), losses.MeanSquaredError(),
                  metrics=[metrics.R2Score()], **settings)  # fmt: skip
    return model


def test_regression_explains_the_variance_a_linear_model_does(diabetes, seed, report):
    x, y = diabetes
    model = compiled(seed)
    model.fit(x[:350], y[:350], epochs=15, batch_size=32, verbose=0)
    score = model.evaluate(x[350:], y[350:], verbose=0, return_dict=True)["r2_score"]
    report(f"R2 {score:.3f}")
    assert score > 0.4


def test_a_fresh_process_loads_it_without_custom_objects(diabetes, tmp_path):
    x, y = diabetes
    model = compiled()
    model.fit(x, y, epochs=2, verbose=0)
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", x[:20])
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(tmp_path / "model.keras"), str(tmp_path / "x.npy")],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr
    expected = model.predict(x[:20], verbose=0)
    np.testing.assert_allclose(
        json.loads(done.stdout.splitlines()[-1]), expected, rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize(
    "settings", [{"jit_compile": True}, {"run_eagerly": True}, {"steps_per_execution": 4}], ids=str
)
def test_every_way_to_run_takes_the_same_steps(settings, diabetes):
    x, y = diabetes
    weights = []
    for way in ({"jit_compile": False}, settings):
        model = compiled(**way)
        model.fit(x[:128], y[:128], batch_size=32, epochs=2, shuffle=False, verbose=0)
        weights.append(model.get_weights())
    for one, other in zip(*weights, strict=True):
        # XLA fuses and reorders sums.
        np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_mixed_precision_learns(diabetes):
    x, y = diabetes
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        model = compiled()
        history = model.fit(x, y, epochs=8, verbose=0).history["loss"]
    finally:
        keras.config.set_dtype_policy("float32")
    assert history[-1] < 0.7 * history[0]
    assert {str(weight.dtype) for weight in model.weights} == {"float32"}


def test_clone_and_summary(diabetes):
    model = build()
    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    x = diabetes[0][:8]
    np.testing.assert_allclose(
        ops.convert_to_numpy(copy(x)), ops.convert_to_numpy(model(x)), rtol=1e-6
    )
    lines = []
    model.summary(print_fn=lambda text, **_: lines.append(text))
    assert "Residual" in "\n".join(lines)


def test_sample_and_class_weights_weigh(diabetes):
    x, y = diabetes
    labels = (y > 0).astype("int32")
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((10,)), layers.Dense(1)])
    model.compile(optimizers.SGD(0.0), losses.BinaryCrossentropy(from_logits=True))
    weights = np.where(labels[:, 0] == 1, 3.0, 1.0)
    by_sample = model.evaluate(x, labels, sample_weight=weights, verbose=0, batch_size=442)
    by_class = model.fit(x, labels, class_weight={0: 1.0, 1: 3.0}, batch_size=442, verbose=0)
    assert by_class.history["loss"][0] == pytest.approx(by_sample, rel=1e-5)
