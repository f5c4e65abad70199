"""Convolution and pooling in numbers: against im2col, against Keras, and at the edges."""

from inspect import signature

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.cases.layers import LAYERS
from components.test_layers import build, draw, randomize
from keras import ops

from dlprep import layers
from dlprep.layers.convolution_base import convolution
from dlprep.reference import convolution as reference

rng = np.random.default_rng(0)
IMAGES = rng.normal(size=(2, 7, 8, 4)).astype("float32")
KERNEL, BIAS = rng.normal(size=(3, 2, 4, 6)), rng.normal(size=6)


@pytest.mark.parametrize("stride, dilation", [(1, 1), (2, 1), (1, 2)])
def test_convolution_equals_the_reference(stride, dilation):
    expected = reference.convolution(IMAGES, KERNEL, BIAS, stride, dilation)
    given = convolution(
        IMAGES, np.float32(KERNEL), np.float32(BIAS), stride, dilation_rate=dilation
    )
    assert_close(given, expected, rtol=1e-5, atol=2e-5)


def test_same_padding_adds_the_odd_row_after():
    padded = np.pad(IMAGES, [(0, 0), (1, 1), (0, 1), (0, 0)])
    expected = reference.convolution(padded, KERNEL, BIAS)
    given = convolution(IMAGES, np.float32(KERNEL), np.float32(BIAS), padding="same")
    assert_close(given, expected, rtol=1e-5, atol=2e-5)


def test_groups_are_convolutions_side_by_side():
    layer = layers.Conv2D(6, (3, 2), groups=2)
    given = ops.convert_to_numpy(layer(IMAGES))
    kernel = ops.convert_to_numpy(layer.kernel)
    halves = [
        reference.convolution(IMAGES[..., half], kernel[..., part], 0)
        for half, part in [(slice(2), slice(3)), (slice(2, 4), slice(3, 6))]
    ]
    assert_close(given, np.concatenate(halves, -1), rtol=1e-5, atol=2e-5)


@pytest.mark.parametrize("dilation", [1, 3])
def test_causal_convolution_does_not_look_ahead(dilation):
    layer = layers.Conv1D(2, 3, padding="causal", dilation_rate=dilation)
    sequence = rng.normal(size=(1, 10, 4)).astype("float32")
    before = ops.convert_to_numpy(layer(sequence))
    sequence[:, 6:] += 100
    after = ops.convert_to_numpy(layer(sequence))
    assert_same(after[:, :6], before[:, :6])
    assert np.all(np.abs(after[:, 6] - before[:, 6]) > 1e-3)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_max_pooling_equals_the_reference(stride):
    expected = reference.max_pooling(IMAGES, (2, 3), stride)
    assert_same(layers.MaxPooling2D((2, 3), stride)(IMAGES), expected)


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_average_pooling_equals_the_reference(stride):
    expected = reference.average_pooling(IMAGES, (2, 3), stride)
    given = layers.AveragePooling2D((2, 3), stride)(IMAGES)
    assert_close(given, expected, rtol=1e-5, atol=1e-6)


def test_padding_never_wins_nor_counts():
    negative = np.full((1, 3, 1), -5.0, "float32")
    for pooling in (layers.MaxPooling1D, layers.AveragePooling1D):
        layer = pooling(2, padding="same")
        assert_same(layer(negative), np.full((1, 2, 1), -5.0))


@pytest.mark.parametrize(
    "make, message",
    [
        (lambda: layers.Conv2D(0, 1), "filters"),
        (lambda: layers.Conv2D(4, 1, groups=3), "divisible"),
        (lambda: layers.Conv2D(4, 1, groups=0), "groups"),
        (lambda: layers.Conv2D(4, (1, 2, 3)), "tuple of 2"),
        (lambda: layers.Conv2D(4, 1, padding="causal"), "padding"),
        (lambda: layers.Conv2D(4, 3, strides=2, dilation_rate=2), "dilation_rate > 1"),
        (lambda: layers.Conv2D(4, 9)(IMAGES), "zero or negative"),
        (lambda: layers.Conv2D(6, 3, groups=3)(IMAGES), "divisible"),
        (lambda: layers.MaxPooling2D("2"), "tuple of 2"),
        (lambda: layers.MaxPooling2D(2, data_format="middle"), "data_format"),
    ],
)
def test_wrong_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


CHANNELS = [name for name in LAYERS if "data_format" in signature(getattr(layers, name)).parameters]


@pytest.mark.parametrize("name", CHANNELS)
def test_channels_first_is_the_transpose(name):
    axis = 2 if name == "ConvLSTM2D" else 1
    last, first = build(name), build(name, data_format="channels_first")
    (x,) = draw(name)
    turned = np.moveaxis(x, -1, axis)
    last.build(x.shape), first.build(turned.shape)
    randomize(last), first.set_weights(last.get_weights())
    options = {"training": True} if last._call_has_training_arg else {}
    expected, given = (array(layer(x, **options)) for layer, x in ((last, x), (first, turned)))
    # What has lost its space has no order left.
    expected = np.moveaxis(expected, -1, axis) if expected.ndim > 2 else expected
    assert tuple(first.compute_output_shape(turned.shape)) == given.shape
    assert_close(given, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("strides", [1, 2, (1, 2)])
def test_depthwise_convolution_is_one_convolution_per_channel(strides):
    layer = layers.DepthwiseConv2D(3, strides, depth_multiplier=2, use_bias=False)
    given = ops.convert_to_numpy(layer(IMAGES))
    kernel = ops.convert_to_numpy(layer.kernel)
    steps = (strides, strides) if isinstance(strides, int) else strides
    for c in range(4):
        dense = reference.convolution(IMAGES[..., c : c + 1], kernel[:, :, c : c + 1], 0)
        expected = dense[:, :: steps[0], :: steps[1]]
        assert_close(given[..., 2 * c : 2 * c + 2], expected, rtol=1e-4, atol=1e-5)


def test_separable_convolution_is_a_full_one_of_low_rank():
    layer = layers.SeparableConv2D(5, 3, use_bias=False)
    given = layer(IMAGES)
    depthwise, pointwise = (ops.convert_to_numpy(w) for w in layer.weights)
    kernel = depthwise * pointwise[0, 0][None, None]
    expected = reference.convolution(IMAGES, kernel, 0)
    assert_close(given, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_separable_convolution_takes_channels_first_in_every_precision(dtype):
    last = layers.SeparableConv2D(5, 3, dtype=dtype)
    first = layers.SeparableConv2D(5, 3, data_format="channels_first", dtype=dtype)
    expected = np.moveaxis(ops.convert_to_numpy(last(IMAGES)), -1, 1)
    turned = np.moveaxis(IMAGES, -1, 1)
    first.build(turned.shape)
    first.set_weights(last.get_weights())
    assert_close(first(turned), expected, rtol=1e-2, atol=1e-2)


@pytest.mark.parametrize("strides", [1, 2, 3])
def test_transposed_convolution_is_the_backward_pass_of_a_convolution(strides):
    layer = layers.Conv2DTranspose(4, (3, 2), strides, use_bias=False)
    dZ = rng.normal(size=(2, 3, 4, 5)).astype("float32")
    given = ops.convert_to_numpy(layer(dZ))
    assert layer.compute_output_shape(dZ.shape) == given.shape
    kernel = ops.convert_to_numpy(layer.kernel)
    dX, _, _ = reference.convolution_backward(dZ, np.zeros(given.shape), kernel, strides)
    # Strides wider than the window leave rows that no convolution would have read.
    assert_close(given, dX, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["GlobalMaxPooling2D", "GlobalAveragePooling2D"])
def test_global_pooling_keeps_one_number_per_map(name):
    reduce = np.max if "Max" in name else np.mean
    layer = getattr(layers, name)
    assert_close(layer()(IMAGES), reduce(IMAGES, axis=(1, 2)), rtol=1e-5, atol=1e-6)
    first = layer(data_format="channels_first", keepdims=True)(np.moveaxis(IMAGES, -1, 1))
    assert tuple(first.shape) == (2, 4, 1, 1)


def test_global_average_counts_unmasked_steps_only():
    steps = np.array([[[1.0], [2.0], [np.nan]], [[5.0], [6.0], [7.0]]])
    mask = np.array([[True, True, False], [False, False, False]])
    y = layers.GlobalAveragePooling1D()(steps, mask=mask)
    assert_close(y, [[1.5], [0.0]])
    first = layers.GlobalAveragePooling1D(data_format="channels_first")
    assert_close(first(np.swapaxes(steps, 1, 2), mask=mask), y)


def test_conv_lstm_with_a_window_of_one_is_an_lstm_at_every_place():
    frames = rng.normal(size=(2, 3, 4, 5, 3)).astype("float32")
    layer, plain = layers.ConvLSTM2D(2, 1), layers.LSTM(2)
    layer.build(frames.shape), plain.build((None, 3, 3))
    plain.set_weights([w[0, 0] if w.ndim == 4 else w for w in layer.get_weights()])
    given = ops.convert_to_numpy(layer(frames))
    assert_close(given[:, 1, 2], plain(frames[:, :, 1, 2]), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("options", [{"dilation_rate": 2}, {"dilation_rate": (1, 3)}])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_conv_lstm_s_window_is_dilated_as_in_keras(options, padding):
    frames = rng.normal(size=(2, 3, 5, 6, 3)).astype("float32")
    ours, theirs = (
        space.ConvLSTM2D(2, 2, padding=padding, **options) for space in (layers, keras.layers)
    )
    ours.build(frames.shape), theirs.build(frames.shape)
    theirs.set_weights(ours.get_weights())
    assert_close(ours(frames), theirs(frames), rtol=1e-4, atol=1e-5)
