"""Random configurations of the layers that look at one position or window at a time."""

import numpy as np
from components.differential.comparison import Case, flags, sizes
from hypothesis import strategies as st

ACTIVATIONS = st.sampled_from([None, "relu", "tanh", "sigmoid", "elu"])
FORMATS = st.sampled_from(["channels_last", "channels_first"])
PENALTY = st.sampled_from([None, "l1", "l2"])
slopes = st.floats(0, 2, width=16)


def shape(draw, *more, rank=(0, 2)):
    """Draw a batch, some axes, and the given ones."""
    middle = draw(st.lists(st.integers(1, 4), min_size=rank[0], max_size=rank[1]))
    return (draw(sizes), *middle, *more)


@st.composite
def dense(draw):
    config = {"units": draw(sizes), "activation": draw(ACTIVATIONS), "use_bias": draw(flags)}
    penalties = {f"{of}_regularizer": draw(PENALTY) for of in ("kernel", "bias", "activity")}
    return Case(config | penalties, shape(draw, draw(sizes)))


@st.composite
def embedding(draw):
    rows = draw(sizes)
    config = {"input_dim": rows, "output_dim": draw(sizes), "mask_zero": draw(flags)}
    config["embeddings_regularizer"] = draw(PENALTY)
    return Case(config, shape(draw, draw(sizes), rank=(0, 1)), high=rows)


@st.composite
def elementwise(draw, **options):
    return Case({name: draw(value) for name, value in options.items()}, shape(draw, draw(sizes)))


@st.composite
def prelu(draw):
    size = shape(draw, draw(sizes))
    axes = draw(st.sets(st.integers(1, len(size) - 1), max_size=len(size) - 1))
    return Case({"shared_axes": sorted(axes) or None}, size)


@st.composite
def softmax(draw):
    size = (draw(sizes), *(draw(st.integers(2, 4)) for _ in range(draw(st.integers(1, 3)))))
    axes = draw(st.lists(st.integers(1, len(size) - 1), min_size=1, unique=True))
    call = {}
    if draw(flags):
        call["mask"] = random_mask(draw, size)
    return Case({"axis": axes[0] if len(axes) == 1 else tuple(axes)}, size, **call)


def random_mask(draw, size):
    """Draw booleans of a shape."""
    seed, share = draw(st.integers(0, 999)), draw(st.sampled_from([0.0, 0.5, 0.8, 1.0]))
    return np.random.default_rng(seed).random(size) < share


RENORM_CLIPPING = {"rmin": 0.5, "rmax": 1.5, "dmax": 0.2}


@st.composite
def batch_normalization(draw):
    size = (draw(st.integers(2, 5)), *shape(draw, draw(sizes))[1:])
    masked = len(size) == 3 and draw(flags)
    config = {
        "axis": -1 if masked else draw(st.sampled_from([-1, 1])),
        "momentum": draw(st.sampled_from([0.0, 0.9, 0.99])),
        "epsilon": draw(st.sampled_from([1e-3, 1e-1])),
        "center": draw(flags),
        "scale": draw(flags),
        "renorm": draw(flags),
    }
    if config["renorm"]:
        config["renorm_momentum"] = draw(st.sampled_from([0.0, 0.9]))
        config["renorm_clipping"] = draw(st.sampled_from([None, RENORM_CLIPPING]))
    call = {"training": draw(flags)}
    if masked:
        # Of an empty mask Keras makes 0 / 0.
        call["mask"] = random_mask(draw, size[:2]) | ([True] + [False] * (size[1] - 1))
    return Case(config, size, **call)


@st.composite
def layer_normalization(draw):
    size = shape(draw, draw(st.integers(2, 5)), rank=(1, 2))
    axes = draw(st.sampled_from([-1, [-2, -1]]))
    config = {"axis": axes, "epsilon": 1e-2, "center": draw(flags), "scale": draw(flags)}
    return Case(config, size)


@st.composite
def group_normalization(draw):
    groups = draw(st.integers(1, 3))
    config = {"groups": groups, "epsilon": 1e-2, "center": draw(flags), "scale": draw(flags)}
    return Case(config, shape(draw, groups * draw(st.integers(1, 3)), rank=(1, 2)))


@st.composite
def spectral_normalization(draw):
    steps, units = draw(st.integers(1, 3)), draw(sizes)
    return Case(
        lambda layers: {"layer": layers.Dense(units), "power_iterations": steps},
        shape(draw, draw(st.integers(2, 5))),
        training=draw(flags),
    )


@st.composite
def window(draw, dims, depth=None, causal=False, dilated=True, grouped=False):
    """Draw a convolution: a stride or a dilation, a padding, groups."""
    groups = draw(st.integers(1, 2)) if grouped else 1
    strides, dilation = draw(st.integers(1, 3)), 1
    if dilated and strides == 1:
        dilation = draw(st.integers(1, 3))
    config = {
        # A transposed kernel narrower than its stride ends the process inside TensorFlow.
        "kernel_size": draw(st.integers(1 if dilated else strides, 3)),
        "strides": strides,
        "padding": draw(st.sampled_from(["valid", "same"] + ["causal"] * causal)),
        "dilation_rate": dilation,
        "use_bias": draw(flags),
    }
    if depth != "only":
        config["filters"] = groups * draw(st.integers(1, 3))
        config["activation"] = draw(ACTIVATIONS)
    if depth:
        config["depth_multiplier"] = draw(st.integers(1, 2))
    if grouped:
        config["groups"] = groups
    config["data_format"] = draw(FORMATS)
    size = image(draw, config["data_format"], dims, st.integers(7, 9), 2 * groups)
    # On a CPU, TensorFlow convolves channels that come first in single precision only.
    single = not depth and config["data_format"] == "channels_first"
    return Case(config, size, only="float32" if single else None)


def image(draw, data_format, dims, length, channels):
    """Draw a shape whose channels stand where the format puts them."""
    batch, space = draw(sizes), tuple(draw(length) for _ in range(dims))
    if data_format == "channels_first":
        return (batch, channels, *space)
    return (batch, *space, channels)


@st.composite
def pooling(draw, dims):
    config = {
        "pool_size": draw(st.integers(1, 3)),
        "strides": draw(st.sampled_from([None, 1, 2, 3])),
        "padding": draw(st.sampled_from(["valid", "same"])),
        "data_format": draw(FORMATS),
    }
    size = image(draw, config["data_format"], dims, st.integers(3, 7), draw(sizes))
    return Case(config, size)


@st.composite
def global_pooling(draw, dims, masked=False):
    size = (draw(sizes), *(draw(sizes) for _ in range(dims)), draw(sizes))
    call = {"mask": random_mask(draw, size[:2])} if masked and draw(flags) else {}
    if call:
        # Of an empty mask Keras makes 0 / 0.
        call["mask"][:, 0] = True
    form = "channels_last" if call else draw(FORMATS)
    return Case({"keepdims": draw(flags), "data_format": form}, size, **call)


@st.composite
def noise(draw, rate="rate", axes=None):
    """Draw a layer that draws itself: in single precision, from one seed, what Keras's draws."""
    size = shape(draw, draw(sizes), rank=(axes or 0, axes or 2))
    config = {rate: draw(st.sampled_from([0.0, 0.3, 0.9])), "seed": draw(st.integers(0, 999))}
    training = draw(flags)
    return Case(config, size, only="float32" if training else None, training=training)


@st.composite
def normalization(draw):
    config = {"mean": draw(slopes), "variance": draw(slopes) + 0.5, "invert": draw(flags)}
    return Case({"axis": None, **config}, shape(draw, draw(sizes)))


@st.composite
def category_encoding(draw):
    mode = draw(st.sampled_from(["multi_hot", "one_hot", "count"]))
    tokens = draw(sizes)
    size = (draw(sizes), 1 if mode == "one_hot" else draw(sizes))
    return Case({"num_tokens": tokens, "output_mode": mode}, size, high=tokens)


FEED_FORWARD = {
    "Activation": elementwise(activation=st.sampled_from(["relu", "tanh", "elu", "gelu"])),
    "AlphaDropout": noise(),
    "AveragePooling1D": pooling(1),
    "AveragePooling2D": pooling(2),
    "BatchNormalization": batch_normalization(),
    "CategoryEncoding": category_encoding(),
    "Conv1D": window(1, causal=True, grouped=True),
    "Conv2D": window(2, grouped=True),
    "Conv2DTranspose": window(2, dilated=False),
    "Dense": dense(),
    "DepthwiseConv2D": window(2, depth="only"),
    "Dropout": noise(),
    "ELU": elementwise(alpha=st.floats(0.125, 2, width=16)),
    "Embedding": embedding(),
    "Flatten": elementwise(data_format=FORMATS),
    "GaussianDropout": noise(),
    "GaussianNoise": noise("stddev"),
    "GlobalAveragePooling1D": global_pooling(1, masked=True),
    "GlobalAveragePooling2D": global_pooling(2),
    "GlobalMaxPooling1D": global_pooling(1),
    "GlobalMaxPooling2D": global_pooling(2),
    "GroupNormalization": group_normalization(),
    "LayerNormalization": layer_normalization(),
    "LeakyReLU": elementwise(negative_slope=slopes),
    "MaxPooling1D": pooling(1),
    "MaxPooling2D": pooling(2),
    "Normalization": normalization(),
    "PReLU": prelu(),
    "RMSNormalization": elementwise(epsilon=st.sampled_from([1e-6, 1e-1])),
    "ReLU": elementwise(
        max_value=st.sampled_from([None, 0.5, 2.0]), negative_slope=slopes, threshold=slopes
    ),
    "SeparableConv2D": window(2, depth="too"),
    "Softmax": softmax(),
    "SpatialDropout1D": noise(axes=1),
    "SpatialDropout2D": noise(axes=2),
    "SpectralNormalization": spectral_normalization(),
    "UnitNormalization": elementwise(axis=st.sampled_from([-1, 1])),
}
