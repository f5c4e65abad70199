"""Gradients as `fit` delivers them: sparse with repeated rows, in half precision, scaled."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from components.cases.optimizers import OPTIMIZERS
from components.test_optimizers import CASES, make

from dlprep import optimizers

every = pytest.mark.parametrize(("name", "options"), CASES)
only_tensorflow = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="IndexedSlices are TensorFlow's"
)
ROWS = [1, 1, 3, 1]
BASE = [
    {"clipnorm": 0.5},
    {"clipvalue": 0.3},
    {"global_clipnorm": 0.5},
    {"loss_scale_factor": 4.0},
    {"gradient_accumulation_steps": 2},
    {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
    {"weight_decay": 0.1},
]
# One without memory, with one kernel, with a moment, and one around another.
SOME = ["SGD", "RMSprop", "AdamW", "Lookahead"]
some = pytest.mark.parametrize("name", SOME)
some_and_slowly_all = pytest.mark.parametrize(
    "name", [*SOME, *(pytest.param(n, marks=pytest.mark.slow) for n in OPTIMIZERS if n not in SOME)]
)
with_base = pytest.mark.parametrize("base", BASE, ids=lambda base: next(iter(base)))


def walk(optimizer, sparse, dtype="float32", scale=1.0, run=lambda step: step):
    """Return a matrix of five rows, and the memory, after three steps that repeat a row."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    weights = keras.Variable(rng.normal(size=(5, 3)), dtype=dtype)
    optimizer.build([weights])

    def step(values):
        gradient = tf.IndexedSlices(values, tf.constant(ROWS), tf.constant([5, 3]))
        optimizer.apply([gradient if sparse else tf.convert_to_tensor(gradient)], [weights])

    step = run(step)
    for values in scale * rng.normal(size=(3, len(ROWS), 3)):
        step(tf.constant(values, dtype))
    return [keras.ops.cast(v, "float32") for v in (weights, *optimizer.variables)]


def check_rows(name, options):
    given, expected = (walk(make(name, options), sparse) for sparse in (True, False))
    for ours, theirs in zip(given, expected, strict=True):
        assert_close(ours, theirs, rtol=1e-5, atol=1e-6)


@only_tensorflow
@every
def test_rows_that_a_sparse_gradient_repeats_act_as_their_sum(name, options):
    check_rows(name, options)


@only_tensorflow
@some
@with_base
def test_keras_own_options_meet_the_sum_of_repeated_rows(name, base):
    check_rows(name, {**OPTIMIZERS[name][-1], **base})


@only_tensorflow
@some_and_slowly_all
@pytest.mark.parametrize("jit_compile", [False, True])
def test_a_compiled_step_takes_a_sparse_gradient_as_the_dense_one(name, jit_compile, monkeypatch):
    import tensorflow as tf

    from dlprep.optimizers import fused

    monkeypatch.setattr(fused, "SMALLEST", 1)
    options = OPTIMIZERS[name][-1]
    expected = walk(make(name, options), False)
    given = walk(
        make(name, options), True, run=lambda step: tf.function(step, jit_compile=jit_compile)
    )
    for ours, theirs in zip(given, expected, strict=True):
        assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


TOKENS = np.array([[1, 1, 3, 1], [0, 3, 3, 2], [1, 4, 4, 4]])


def fitted(name, options, sparse, **how):
    """Return the table of an embedding, or of the dense layer on one-hot tokens that it is."""
    table = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    if sparse:
        inputs, layer = TOKENS, keras.layers.Embedding(5, 3, name="embedding")
    else:
        inputs = np.eye(5, dtype="float32")[TOKENS]
        layer = keras.layers.Dense(3, use_bias=False, name="embedding")
    model = keras.Sequential([keras.Input(inputs.shape[1:]), layer])
    layer.set_weights([table])
    model.compile(make(name, options), lambda y, prediction: keras.ops.sum(prediction * y), **how)
    targets = np.random.default_rng(2).normal(size=(3, 4, 3)).astype("float32")
    model.fit(inputs, targets, batch_size=1, epochs=1, shuffle=False, verbose=0)
    return layer.get_weights()[0]


@some_and_slowly_all
def test_fit_moves_an_embedding_whose_batch_repeats_tokens_as_the_dense_layer(name):
    options, how = OPTIMIZERS[name][-1], {"jit_compile": False}
    assert_close(
        fitted(name, options, True, **how), fitted(name, options, False, **how), 1e-4, 1e-5
    )


@only_tensorflow
@pytest.mark.parametrize(
    ("name", "options", "moved"),
    [
        ("SGD", {}, False),
        ("Adagrad", {}, False),
        ("RMSprop", {}, False),
        ("SGD", {"momentum": 0.9}, True),
        ("Adam", {}, True),
    ],
)
def test_a_row_without_a_gradient_moves_where_there_is_momentum(name, options, moved):
    import tensorflow as tf

    weights = keras.Variable(np.ones((3, 2), "float32"))
    optimizer = getattr(optimizers, name)(learning_rate=0.1, **options)
    for row in (0, 1):
        optimizer.apply([tf.IndexedSlices(tf.ones((1, 2)), [row], (3, 2))], [weights])
    before = array(weights)[0].copy()
    optimizer.apply([tf.IndexedSlices(tf.ones((1, 2)), [1], (3, 2))], [weights])
    assert (array(weights)[0] != before).all() == moved
    assert (array(weights)[2] == 1).all()


@only_tensorflow
@every
def test_half_precision_adds_up_what_single_rows_are_too_small_for(name, options):
    given, expected = (
        walk(make(name, options), sparse, "float16", 1e-3)[0] for sparse in (True, False)
    )
    # The dense gradient has been rounded to float16 itself.
    assert_close(given, expected, rtol=2e-3, atol=2e-3)


def test_a_hundred_small_rows_move_a_float16_weight():
    tf = pytest.importorskip("tensorflow")
    if keras.backend.backend() != "tensorflow":
        pytest.skip("IndexedSlices are TensorFlow's")
    weights = keras.Variable(np.ones((2, 1)), dtype="float16")
    gradient = tf.IndexedSlices(tf.fill((100, 1), tf.constant(2e-3, "float16")), [0] * 100, (2, 1))
    optimizers.SGD(0.1).apply([gradient], [weights])
    assert float(weights[0, 0]) == pytest.approx(0.98, abs=1e-3)


@some
@with_base
def test_options_that_act_on_a_float16_gradient_work_in_float32(name, base):
    """Its square overflows, and so does the sum of two; divided by a scale it may vanish."""
    large = "loss_scale_factor" not in base
    gradient = np.array([[3e4, -4e4], [5e4, 1e3]]) * (1.0 if large else 1e-11)
    start, walks = np.array([[1.0, 2.0], [-1.0, 0.5]]), []
    for dtype in ("float16", "float32"):
        weights = keras.Variable(start, dtype=dtype)
        optimizer = make(name, OPTIMIZERS[name][0], **base)
        for _ in range(2):
            tensor = keras.ops.cast(keras.ops.convert_to_tensor(gradient, "float32"), dtype)
            optimizer.apply([tensor], [weights])
        walks.append(array(keras.ops.cast(weights, "float32")))
    assert np.isfinite(walks[0]).all()
    assert_close(walks[0], walks[1], rtol=5e-3, atol=5e-3)


def regression(name, dtype, batches, scale=None):
    """Return the weights of a model after steps on one batch, and its optimizer."""
    x = np.tile(np.random.default_rng(0).normal(size=(8, 3)), (batches, 1)).astype("float32")
    layer = keras.layers.Dense(1, dtype=dtype)
    model = keras.Sequential([keras.Input((3,)), layer])
    layer.set_weights([np.full((3, 1), 0.5), np.zeros(1)])
    optimizer = make(name, {**OPTIMIZERS[name][-1], "learning_rate": 0.01})
    if scale:
        optimizer = keras.optimizers.LossScaleOptimizer(optimizer, initial_scale=scale)
    model.compile(optimizer, "mean_squared_error", jit_compile=False)
    model.fit(x, x @ [[1.0], [2.0], [-1.0]], batch_size=8, shuffle=False, verbose=0)
    return layer.get_weights(), optimizer


@some_and_slowly_all
def test_steps_that_overflow_are_skipped_and_the_others_are_those_of_float32(name):
    given, optimizer = regression(name, "mixed_float16", batches=20, scale=2.0**25)
    steps = int(optimizer.iterations)
    assert 3 <= steps <= 17, "the scale falls until no gradient overflows"
    expected, _ = regression(name, "float32", batches=steps)
    for ours, theirs in zip(given, expected, strict=True):
        assert_close(ours, theirs, rtol=0.02, atol=0.005)
