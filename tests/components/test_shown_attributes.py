"""What a built layer of Keras shows, ours shows too, with the same value."""

import keras
import pytest
from components.test_layers import IN_KERAS, apply, build, draw

# Adaptation by low rank is a layer of its own here; cells have one implementation.
ABSENT = {"enable_lora", "lora_alpha", "lora_enabled", "lora_rank", "implementation"}
EXCEPTED = {
    # Keras writes the axis anew in `build`, and the configuration changes with it.
    ("RMSNormalization", "axis"),
    ("MultiHeadAttention", "attention_axes"),
    # In Keras a mask ends there.
    ("RMSNormalization", "supports_masking"),
    # Keras's states have the size -1: their number of channels stands nowhere.
    ("ConvLSTM2D", "single_state"),
    ("ConvLSTM2D", "state_size"),
    # Of quantized layers.
    ("Dense", "variable_serialization_spec"),
    ("Embedding", "variable_serialization_spec"),
    # A list of one there, where LSTM and GRU have the one.
    ("SimpleRNN", "input_spec"),
}
OWN = {"name", "path", "input", "output", "cells", "autocast"}


def shown(layer):
    return {name for name in dir(layer) if not name.startswith("_")}


def plain(value):
    """Return tuples and tracked lists as lists, and None for what is not made of plain values."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else None


@pytest.mark.parametrize("name", IN_KERAS)
def test_what_keras_shows_is_shown(name):
    ours, theirs = build(name), build(name, keras.layers)
    apply(name, ours, draw(name)), apply(name, theirs, draw(name))
    excepted = {attribute for row, attribute in EXCEPTED if row == name}
    assert shown(theirs) - ABSENT - excepted <= shown(ours)
    same = {
        a for a in excepted & shown(ours) if plain(getattr(ours, a)) == plain(getattr(theirs, a))
    }
    assert same == set(), "no exception is needed"
    for attribute in (shown(theirs) & shown(ours)) - OWN - excepted:
        if not callable(getattr(theirs, attribute)):
            expected = plain(getattr(theirs, attribute))
            if expected is not None:
                assert plain(getattr(ours, attribute)) == expected, attribute
