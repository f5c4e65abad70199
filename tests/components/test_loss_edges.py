"""Values and gradients at the edges: zero vectors, certain answers, rows that do not count."""

import keras
import numpy as np
import pytest
from components.cases.losses import LOSSES, ROWS, WIDTH, make, predictions, targets
from components.gradients import value_and_gradient

numpy = keras.ops.convert_to_numpy
DTYPES = ("float32", "float16", "bfloat16")
# Not their gradient alone but their value leaves float16: 100 divided by epsilon.
BEYOND_HALF = {"MeanAbsolutePercentageError"}
ROW_BY_ROW = [name for name, row in LOSSES.items() if not row.get("mixes")]
WEIGHTS = np.float32([0.5, 0.0, 2.0, 1.0, 0.0, 3.0])
COUNTS = WEIGHTS != 0


def edges(name):
    """Yield targets and predictions at which a formula may divide, root or overflow."""
    y, p, row = targets(name), predictions(name), LOSSES[name]
    yield "zero predictions", y, 0 * p
    yield "zero targets", 0 * y, p
    yield "both zero", 0 * y, 0 * p
    yield "one row", y, np.repeat(p[:1], ROWS, 0)
    yield "the same row twice", np.repeat(y[:1], ROWS, 0), np.repeat(p[:1], ROWS, 0)
    if y.shape == p.shape:
        yield "equal", y, y
        yield "opposite", y, -y if row["y_pred"] in ("real", "undecided") else y
    if row["y_pred"] == "distribution":
        for turn in (0, 1):
            yield "certain", y, np.eye(WIDTH, dtype="float32")[(np.arange(ROWS) + turn) % WIDTH]
    if row["y_pred"] in ("logits", "real", "undecided", "steps"):
        for far in (-1e4, 1e4):
            yield "saturated", y, np.where(np.arange(p.shape[-1]) == 1, far, p)
    # At Huber's delta and the margins exactly.
    for gap in (0.7, -0.7, 1.0, -1.0, 2.0) if row["y_pred"] != "distribution" else ():
        kink = np.zeros_like(p) + gap + (y if y.shape == p.shape else 0)
        yield "at a kink", y, np.abs(kink) if row["y_pred"] == "positive" else kink


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", LOSSES)
def test_gradients_are_bounded_at_the_edges(name, dtype):
    loss = make(name, reduction=None)
    if dtype == "float16" and name in BEYOND_HALF:
        pairs = [
            value_and_gradient(lambda p, y=y: loss(y, keras.ops.cast(p, dtype)), x)
            for _, y, x in edges(name)
        ]
        assert not all(np.isfinite(some).all() for pair in pairs for some in pair)
        return
    _, ordinary = value_and_gradient(lambda p: loss(targets(name), p), predictions(name))
    bound = LOSSES[name].get("steepest", 1e4 * np.abs(ordinary).max())
    for edge, y_true, y_pred in list(edges(name))[: None if dtype == "float32" else 3]:
        value, gradient = value_and_gradient(
            lambda p, y=y_true: loss(y, keras.ops.cast(p, dtype)), y_pred
        )
        assert np.isfinite(value).all(), edge
        assert np.isfinite(gradient).all(), edge
        assert np.abs(gradient).max() <= bound, edge


@pytest.mark.parametrize(
    "reduction, junk",
    [("sum", np.nan), ("sum_over_batch_size", 1e30), ("mean_with_sample_weight", -np.inf)],
)
@pytest.mark.parametrize("name", ROW_BY_ROW)
def test_rows_without_weight_are_as_if_not_there(name, reduction, junk):
    loss = make(name, reduction=reduction)
    y_true, y_pred = targets(name), predictions(name)
    expected, slope = value_and_gradient(
        lambda p: loss(y_true[COUNTS], p, sample_weight=WEIGHTS[COUNTS]), y_pred[COUNTS]
    )
    y_true[~COUNTS] = y_pred[~COUNTS] = junk
    value, gradient = value_and_gradient(lambda p: loss(y_true, p, sample_weight=WEIGHTS), y_pred)
    share = COUNTS.mean() if reduction == "sum_over_batch_size" else 1.0
    np.testing.assert_allclose(value, expected * share, rtol=1e-5)
    np.testing.assert_allclose(gradient[COUNTS], slope * share, rtol=1e-5, atol=1e-7)
    assert not gradient[~COUNTS].any()


@pytest.mark.parametrize("name", LOSSES)
def test_nothing_unusable_comes_through_a_weight_of_zero(name):
    loss, y_pred = make(name), predictions(name)
    y_pred[~COUNTS] = np.nan
    value, gradient = value_and_gradient(
        lambda p: loss(targets(name), p, sample_weight=WEIGHTS), y_pred
    )
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", ROW_BY_ROW)
def test_masked_rows_are_as_if_not_there(name):
    loss, y_true, y_pred = make(name), targets(name), predictions(name)

    def masked(p):
        p = keras.ops.multiply(p, 1.0)
        keras.src.backend.set_keras_mask(p, keras.ops.convert_to_tensor(COUNTS))
        return loss(y_true, p)

    expected, slope = value_and_gradient(lambda p: loss(y_true[COUNTS], p), y_pred[COUNTS])
    y_true[~COUNTS] = y_pred[~COUNTS] = np.nan
    value, gradient = value_and_gradient(masked, y_pred)
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    np.testing.assert_allclose(gradient[COUNTS], slope, rtol=1e-5, atol=1e-7)
    assert not np.nan_to_num(gradient[~COUNTS], nan=1.0).any()


NO_LABELS = {
    **dict.fromkeys(
        [
            "BinaryCrossentropy",
            "BinaryFocalCrossentropy",
            "ContrastiveLoss",
            "ELBO",
            "NonSaturatingGAN",
        ],
        (-1.0, 2.0, 255.0, np.nan),
    ),
    # Keras's own tests have labels of two.
    **dict.fromkeys(["Dice", "Tversky"], (-1.0, np.nan)),
    **dict.fromkeys(["Circle", "TripletLoss"], (0.5, np.nan)),
    **dict.fromkeys(
        ["CTC", "CategoricalGeneralizedCrossEntropy", "SparseCategoricalCrossentropy"],
        (-1.0, 3.0, 0.5, np.nan),
    ),
}


@pytest.mark.parametrize("name", NO_LABELS)
def test_a_label_that_is_none_makes_its_row_nan_and_no_other(name):
    loss, y_true = make(name, reduction=None), targets(name).astype("float32")
    expected = numpy(loss(y_true, predictions(name)))
    for label in NO_LABELS[name]:
        wrong = y_true.copy()
        wrong.flat[0] = label
        value, gradient = value_and_gradient(lambda p, y=wrong: loss(y, p), predictions(name))
        assert np.isnan(value).tolist() == [True] + [False] * (ROWS - 1), label
        if not LOSSES[name].get("mixes"):
            np.testing.assert_allclose(value[1:], expected[1:], rtol=1e-6)
        assert np.isfinite(gradient[1:]).all(), label


@pytest.mark.parametrize("name", [n for n, labels in NO_LABELS.items() if 2.0 in labels])
def test_a_soft_label_and_rounding_are_no_mistakes(name):
    y_true = targets(name).astype("float32")
    y_true.flat[:2] = 0.3, 1.0 + 1e-6
    assert np.isfinite(make(name)(y_true, predictions(name)))
