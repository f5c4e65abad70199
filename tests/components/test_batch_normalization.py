import keras
import numpy as np
import pytest
from components.arrays import assert_close, assert_same
from keras import ops

from dlprep.layers import BatchNormalization
from dlprep.layers.batch_normalization import batch_normalization, renorm_correction
from dlprep.layers.moments import moments
from dlprep.reference import normalization as reference

rng = np.random.default_rng(0)
X = rng.normal(3, 2, size=(6, 4, 3)).astype("float32")


def test_training_equals_the_reference():
    gamma, beta = rng.normal(size=3), rng.normal(size=3)
    layer = BatchNormalization()
    layer.build(X.shape)
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    expected, _ = reference.batch_normalization(X.astype(float), gamma, beta)
    # Standardised values near 0 carry the absolute error of values near 1.
    assert_close(layer(X, training=True), expected, rtol=1e-5, atol=2e-6)
    given = batch_normalization(
        ops.array(X), ops.array(gamma, "float32"), ops.array(beta, "float32"), axes=(0, 1)
    )
    assert_close(given, expected, rtol=1e-5, atol=2e-6)


def test_running_statistics_move_by_the_momentum():
    layer = BatchNormalization(momentum=0.9)
    for _ in range(3):
        layer(X, training=True)
    assert_close(layer.moving_mean, (1 - 0.9**3) * X.mean((0, 1)), rtol=1e-5)
    expected = 0.9**3 + (1 - 0.9**3) * X.var((0, 1))
    assert_close(layer.moving_variance, expected, rtol=1e-5)


def test_inference_uses_the_running_statistics_only():
    layer = BatchNormalization(epsilon=0)
    layer.build(X.shape)
    layer.moving_mean.assign([1.0, 2, 3])
    layer.moving_variance.assign([4.0, 4, 4])
    assert_close(layer(X), (X - [1, 2, 3]) / 2, rtol=1e-5, atol=1e-6)


def test_frozen_layer_runs_in_inference_mode():
    layer = BatchNormalization(trainable=False)
    assert_close(layer(X, training=True), layer(X, training=False))
    assert_same(layer.moving_mean, np.zeros(3))


def test_small_variance_around_a_large_mean():
    x = (1e4 + np.array([-1.0, 1, -1, 1])).astype("float32")[:, None]
    mean, variance = moments(ops.array(x), [0])
    assert float(mean[0, 0]) == 1e4
    assert float(variance[0, 0]) == pytest.approx(1.0)
    y = BatchNormalization(epsilon=1e-6)(x, training=True)
    assert_close(y[:, 0], [-1, 1, -1, 1], rtol=1e-5)


def test_constant_input_gives_beta():
    layer = BatchNormalization(beta_initializer="ones")
    assert_same(layer(np.full((4, 2), 1e4), training=True), np.ones((4, 2)))


def test_half_precision_statistics_do_not_overflow():
    x = np.full((64, 2), 300.0)
    x[::2] = -300.0
    layer = BatchNormalization(dtype="mixed_float16")
    y = ops.convert_to_numpy(layer(x, training=True))
    assert_close(np.abs(y), 1, rtol=1e-3)
    assert_close(layer.moving_variance, 0.99 + 0.01 * 90000, rtol=1e-5)


def test_masked_positions_do_not_count_even_when_they_are_not_numbers():
    mask = np.ones((6, 4), bool)
    mask[:, 2:] = False
    x = np.where(mask[..., None], X, np.nan).astype("float32")
    mean, variance = moments(ops.array(x), [0, 1], ops.array(mask[..., None]))
    assert_close(mean[0, 0], X[:, :2].mean((0, 1)), rtol=1e-5)
    assert_close(variance[0, 0], X[:, :2].var((0, 1)), rtol=1e-5)


def test_fully_masked_batch_is_finite():
    layer = BatchNormalization()
    y = layer(X, training=True, mask=np.zeros((6, 4), bool))
    assert np.isfinite(ops.convert_to_numpy(y)).all()


def test_mask_of_the_wrong_rank_is_refused():
    with pytest.raises(ValueError, match="one axis less"):
        BatchNormalization()(X, training=True, mask=np.ones((6,), bool))


@pytest.mark.parametrize("axis", [-1, 1])
@pytest.mark.parametrize("renorm", [False, True])
def test_three_training_steps_equal_keras(axis, renorm):
    options = {"axis": axis, "renorm": renorm, "momentum": 0.8}
    options |= {"renorm_clipping": {"rmax": 1.5, "rmin": 0.5, "dmax": 0.5}} if renorm else {}
    ours, theirs = BatchNormalization(**options), keras.layers.BatchNormalization(**options)
    # From one batch to the next the mean moves both ways, beyond every limit.
    for scale in (1, -2, 3):
        given, expected = ours(scale * X, training=True), theirs(scale * X, training=True)
        assert_close(given, expected, rtol=1e-4, atol=1e-5)
    for a, b in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert_close(a, b, rtol=1e-5, atol=1e-6)


def test_renorm_without_limits_is_inference_with_the_reference_statistics():
    batch, moving = (ops.array(2.0), ops.array(4.0)), (ops.array(1.0), ops.array(2.0))
    r, d = renorm_correction(*batch, *moving, {})
    assert_close((10.0 - 2.0) / 4.0 * r + d, (10.0 - 1.0) / 2.0)


@pytest.mark.parametrize("clipping", [{"x": 1}, {"rmin": 2, "rmax": 1}, {"dmax": -1}])
def test_contradictory_limits_are_refused(clipping):
    with pytest.raises(ValueError):
        BatchNormalization(renorm=True, renorm_clipping=clipping)
