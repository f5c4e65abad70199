"""Masks of attention lie along the axes attended over, and batches meet batches."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close
from keras import ops

from dlprep import layers

rng = np.random.default_rng(0)
# Sizes that are equal where a wrong axis would fit: rows, heads and the first axis.
B = HEADS = 3
GRID = rng.normal(size=(B, 3, 4, 5)).astype("float32")
ROWS = rng.normal(size=(B, 4, 5)).astype("float32")
WHOLE = rng.random((3, B, 3, 4)) < 0.8
WHOLE[:, 0, 0] = False
# The axes, a mask of every position, and the letters of mask and pairs: of "bij", first "ij" asks
# and "kl" answers.
POSITIONS = {
    "both": ((1, 2), WHOLE, "bij,bkl,bkl->bijkl"),
    "both, by default": (None, WHOLE, "bij,bkl,bkl->bijkl"),
    "both, turned round": ((2, 1), WHOLE, "bij,bkl,bkl->bjilk"),
    "second": ((2,), WHOLE, "bij,bil,bil->bijl"),
    "second, from the end": ((-2,), WHOLE, "bij,bil,bil->bijl"),
    "first": ((1,), WHOLE, "bij,bkj,bkj->bjik"),
    "second, one mask for the first": ((2,), WHOLE[:, :, 0], "bj,bl,bl->bjl"),
    "first, one mask for the second": ((1,), WHOLE[..., 0], "bi,bk,bk->bik"),
}


def pair(x, axes, **options):
    """Make our layer, with options that Keras's does not get, and Keras's with its weights."""
    ours = layers.MultiHeadAttention(HEADS, 2, attention_axes=axes, **options)
    theirs = keras.layers.MultiHeadAttention(HEADS, 2, attention_axes=axes)
    ours.build(x.shape, x.shape), theirs.build(x.shape, x.shape)
    theirs.set_weights(ours.get_weights())
    return ours, theirs


@pytest.mark.parametrize("name", POSITIONS)
def test_masks_of_positions_are_masks_of_pairs(name):
    axes, masks, letters = POSITIONS[name]
    ours, theirs = pair(GRID, axes)
    names = ("query_mask", "value_mask", "key_mask")
    given = array(ours(GRID, GRID, GRID, **dict(zip(names, masks, strict=True))))
    pairs = np.einsum(letters, *masks.astype(int)) > 0
    expected = array(theirs(GRID, GRID, attention_mask=pairs))
    # Over more axes than two, Keras gives 0 where nothing may be looked at.
    asking = np.abs(expected).max(-1) > 0
    assert 0.3 < asking.mean() < 0.95
    assert_close(given[asking], expected[asking], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["both", "second", "first"])
def test_masked_positions_of_several_axes_may_hold_anything(name):
    axes, masks, _ = POSITIONS[name]
    ours, _ = pair(GRID, axes)
    # With all free positions seen by somebody, only the padding is cleared.
    seen = masks[1] | ~masks[1].any(-1, keepdims=True) | ~masks[1].any(1, keepdims=True)
    given = [
        ours(GRID, np.where(seen[..., None], GRID, fill).astype("float32"), value_mask=seen)
        for fill in (0, np.nan)
    ]
    assert_close(given[1], given[0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("axes", [(1,), (3, 1), (1, 2)])
def test_axes_that_swap_in_a_ring_come_back_to_their_places(axes):
    x = rng.normal(size=(2, 3, 2, 4, 5)).astype("float32")
    ours, theirs = pair(x, axes)
    theirs = theirs if len(axes) > 1 else pair(x[:, :, :, 0], axes)[1]
    theirs.set_weights(ours.get_weights())
    # Keras's own meets more axes than TensorFlow's softmax takes: its rows one by one.
    rows = np.moveaxis(x, 3, 0) if axes == (1,) else [x]
    expected = [array(theirs(row, row)) for row in rows]
    expected = np.stack(expected, 3) if axes == (1,) else expected[0]
    assert_close(ours(x, x), expected, rtol=1e-4, atol=1e-5)
    seen = np.ones(x.shape[:-1], bool)
    seen[0, 1, 0, 2] = False
    cleared, junk = (np.where(seen[..., None], x, fill).astype("float32") for fill in (0, np.nan))
    given, expected = (ours(x, value, value_mask=seen) for value in (junk, cleared))
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("causal, window", [(True, None), (False, 2), (True, 2)])
@pytest.mark.parametrize("axis", [1, 2, -2])
def test_order_counts_along_the_attended_axis(axis, causal, window):
    ours, theirs = pair(GRID, (axis,), sliding_window=window)
    i, j = np.indices((GRID.shape[axis],) * 2)
    pairs = (i >= j if causal else i == i) & (abs(i - j) < (window or 9))
    mask = np.broadcast_to(pairs, (B, GRID.shape[3 - abs(axis)], *pairs.shape))
    given = ours(GRID, GRID, use_causal_mask=causal)
    assert_close(given, theirs(GRID, GRID, attention_mask=mask), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("causal, options", [(True, {}), (False, {"sliding_window": 1})])
def test_several_axes_have_no_order(causal, options):
    ours, _ = pair(GRID, None, **options)
    with pytest.raises(ValueError, match=r"order of one axis.*\(1, 2\)"):
        ours(GRID, GRID, use_causal_mask=causal)


def test_a_mask_for_the_heads_meets_one_of_positions():
    heads = rng.random((B, HEADS, 4, 4)) < 0.7
    padding = np.array([[1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]], bool)
    heads[..., 0] = True
    ours, theirs = pair(ROWS, None)
    given = ours(ROWS, ROWS, value_mask=padding, attention_mask=heads)
    expected = theirs(ROWS, ROWS, attention_mask=heads & padding[:, None, None])
    assert_close(given, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("axes", [None, (2,)])
@pytest.mark.parametrize("masks", [{"value_mask": (3,)}, {"attention_mask": (3,)}])
def test_masks_without_the_axes_are_refused(axes, masks):
    ours, _ = pair(GRID, axes)
    (name, shape), *_ = masks.items()
    if axes and name == "value_mask":
        shape = (2, *GRID.shape)
    with pytest.raises(ValueError, match=r"A mask of (positions|pairs) .*shape is \("):
        ours(GRID, GRID, **{name: np.ones(shape, bool)})


@pytest.mark.parametrize("kind, sizes", [("Multi", (3, 2)), ("GroupQuery", (2, 4, 2))])
def test_masks_come_by_position_in_a_functional_model(kind, sizes):
    name = {"Multi": "MultiHeadAttention"}.get(kind, "GroupQueryAttention")
    layer = getattr(layers, name)(*sizes)
    x, mask = keras.Input((4, 5)), keras.Input((4,), dtype="bool")
    model = keras.Model([x, mask], layer(x, x, x, mask, mask))
    padding = np.arange(4) < np.array([[4], [2], [1]])
    expected = layer(ROWS, ROWS, query_mask=padding, value_mask=padding)
    assert_close(model([ROWS, padding]), expected, rtol=1e-5, atol=1e-6)
    assert np.abs(array(expected) - array(layer(ROWS, ROWS))).max() > 1e-3


@pytest.mark.parametrize("axes", [(2,), (1, 2)])
def test_the_fused_kernel_is_for_one_axis_as_in_keras(axes):
    ours, theirs = pair(GRID, axes, flash_attention=True)
    assert_close(ours(GRID, GRID), theirs(GRID, GRID), rtol=1e-4, atol=1e-5)
    assert tuple(ops.shape(ours(GRID, GRID))) == GRID.shape
