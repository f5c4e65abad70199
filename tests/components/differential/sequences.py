"""Random configurations of the layers that look along a sequence: recurrence and attention."""

import numpy as np
from components.differential.comparison import Case, flags, sizes
from components.differential.feed_forward import random_mask
from hypothesis import strategies as st

lengths = st.integers(1, 4)
# Keras warns of a softmax over one key.
several = st.integers(2, 4)
# What is dropped in training is drawn alike from the same seed, in single precision.
DROPOUT = {"dropout": 0.5, "seed": 1}
FLAGS = ("return_sequences", "return_state", "go_backwards", "unroll")
CELL = {
    "units": sizes,
    "use_bias": flags,
    "activation": st.sampled_from(["tanh", "relu", "sigmoid"]),
    "dropout": st.sampled_from([0.0, 0.5]),
    "recurrent_dropout": st.sampled_from([0.0, 0.5]),
}
GATED = CELL | {"recurrent_activation": st.sampled_from(["sigmoid", "hard_sigmoid"])}


def drawn(draw, options):
    """Draw a value for every option."""
    return {name: draw(values) for name, values in options.items()}


def loop(draw):
    """Draw the flags of the loop over time, and arguments of the call."""
    options = {name: draw(flags) for name in FLAGS}
    return options, {"training": False}


def masked(draw, call, batch, length):
    """Add a mask to the call, or none: padding on either side, holes, empty rows."""
    return call | ({"mask": random_mask(draw, (batch, length))} if draw(flags) else {})


@st.composite
def recurrent(draw, cell, states=1, **more):
    options, call = loop(draw)
    batch, length = draw(sizes), draw(lengths)
    config = drawn(draw, cell | more) | options
    call = masked(draw, call, batch, length)
    config["stateful"] = draw(flags)
    if not config["stateful"] and draw(flags):
        call["initial_state"] = [np.full((batch, config["units"]), 0.5, "float32")] * states
    if draw(flags):
        config["seed"], call["training"], call["only"] = 1, True, "float32"
        if "recurrent_activation" in config:
            # Keras draws a mask per gate.
            config["recurrent_dropout"] = 0.0
    return Case(config, (batch, length, draw(sizes)), **call)


@st.composite
def cell(draw, options, **more):
    call = {"training": False}
    shape = (draw(sizes), draw(lengths), draw(sizes))
    return Case(drawn(draw, options | more), shape, inside="RNN", **call)


CELLS = ("SimpleRNNCell", "GRUCell", "LSTMCell")


@st.composite
def stacked(draw, key, inside=None):
    # Keras does not unroll a list of one cell.
    kinds = draw(st.lists(st.sampled_from(CELLS), min_size=2, max_size=3))
    units = [draw(sizes) for _ in kinds]
    batch, length = draw(sizes), draw(lengths)
    # Keras's loop over several cells fails with a mask.
    options, call = loop(draw) if key == "cell" else ({}, {})

    def config(layers):
        cells = [getattr(layers, kind)(n) for kind, n in zip(kinds, units, strict=True)]
        return {key: cells, **options}

    return Case(config, (batch, length, draw(sizes)), inside=inside, **call)


@st.composite
def bidirectional(draw):
    kind = draw(st.sampled_from(["SimpleRNN", "GRU", "LSTM"]))
    options = {"units": draw(sizes), "return_sequences": draw(flags), "return_state": draw(flags)}
    merge = draw(st.sampled_from(["sum", "mul", "concat", "ave", None]))
    batch, length = draw(sizes), draw(lengths)
    return Case(
        lambda layers: {"layer": getattr(layers, kind)(**options), "merge_mode": merge},
        (batch, length, draw(sizes)),
        **masked(draw, {}, batch, length),
    )


@st.composite
def conv_lstm(draw):
    config = {
        "filters": draw(st.integers(1, 3)),
        "kernel_size": draw(st.integers(1, 3)),
        "strides": draw(st.integers(1, 2)),
        "padding": draw(st.sampled_from(["valid", "same"])),
        **drawn(draw, GATED | {"unit_forget_bias": flags}),
        "return_sequences": draw(flags),
        "return_state": draw(flags),
        "go_backwards": draw(flags),
    }
    del config["units"]
    batch, length = draw(st.integers(1, 3)), draw(lengths)
    call = masked(draw, {}, batch, length)
    return Case(config, (batch, length, 5, 6, draw(st.integers(1, 3))), **call)


def keep_one(mask):
    """Let every row keep its first position: of nothing Keras takes the plain average."""
    mask[..., 0] = True
    return mask


@st.composite
def attention(draw, additive=False):
    batch, queries, keys, width = draw(sizes), draw(lengths), draw(several), draw(sizes)
    config = {"use_scale": draw(flags), **DROPOUT}
    if not additive:
        config["score_mode"] = draw(st.sampled_from(["dot", "concat"]))
    values = (batch, keys, draw(sizes))
    key = [(batch, keys, width)]
    values = values if draw(flags) else key.pop()
    call = {"return_attention_scores": draw(flags), "training": draw(flags)}
    call["use_causal_mask"] = draw(flags)
    if draw(flags):
        call["mask"] = [
            random_mask(draw, (batch, queries)),
            keep_one(random_mask(draw, (batch, keys))),
        ] + [None] * len(key)
    only = "float32" if call["training"] else None
    return Case(config, (batch, queries, width), values, *key, listed=True, only=only, **call)


def heads_call(draw, batch, queries, keys):
    """Draw masks of a call with heads; each query may look somewhere."""
    call = {"return_attention_scores": draw(flags), "use_causal_mask": draw(flags)}
    if draw(flags):
        call["attention_mask"] = keep_one(random_mask(draw, (batch, queries, keys)))
    if draw(flags):
        call["value_mask"] = keep_one(random_mask(draw, (batch, keys)))
    training = draw(flags)
    return call | {"training": training, "only": "float32" if training else None}


@st.composite
def multi_head(draw):
    batch, queries, keys = draw(sizes), draw(lengths), draw(several)
    config = {
        "num_heads": draw(st.integers(1, 3)),
        "key_dim": draw(sizes),
        "value_dim": draw(st.none() | sizes),
        "output_shape": draw(st.none() | sizes),
        "use_bias": draw(flags),
        **DROPOUT,
    }
    shapes = [(batch, queries, draw(sizes)), (batch, keys, draw(sizes)), (batch, keys, draw(sizes))]
    shapes = shapes if draw(flags) else shapes[:2]
    return Case(config, *shapes, **heads_call(draw, batch, queries, keys))


@st.composite
def group_query(draw):
    batch, queries, keys = draw(sizes), draw(lengths), draw(several)
    groups, shared = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    config = {
        "head_dim": draw(sizes),
        "num_query_heads": groups * shared,
        "num_key_value_heads": groups,
        "use_bias": draw(flags),
        **DROPOUT,
    }
    shapes = [(batch, queries, draw(sizes)), (batch, keys, draw(sizes)), (batch, keys, draw(sizes))]
    return Case(config, *shapes, **heads_call(draw, batch, queries, keys))


SEQUENCES = {
    "AdditiveAttention": attention(additive=True),
    "Attention": attention(),
    "Bidirectional": bidirectional(),
    "ConvLSTM2D": conv_lstm(),
    "GRU": recurrent(GATED, reset_after=flags),
    "GRUCell": cell(GATED, reset_after=flags),
    "GroupQueryAttention": group_query(),
    "LSTM": recurrent(GATED, states=2, unit_forget_bias=flags),
    "LSTMCell": cell(GATED, unit_forget_bias=flags),
    "MultiHeadAttention": multi_head(),
    "RNN": stacked("cell"),
    "SimpleRNN": recurrent(CELL),
    "SimpleRNNCell": cell(CELL),
    "StackedRNNCells": stacked("cells", inside="RNN"),
}
