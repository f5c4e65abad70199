"""Count kernel positions by running the layer, then see what the added zeros do at the border."""

import keras
import numpy as np

from dlprep import layers


def respond(picture, kernel, stride=1, zeros=0, padding="valid", weights=None):
    """One response map of a layer with the given kernel (ones by default), as an array."""
    padded = np.pad(picture, zeros)[None, :, :, None].astype("float32")
    layer = layers.Conv2D(1, kernel, strides=stride, padding=padding, use_bias=False)
    layer.build(padded.shape)
    weights = np.ones((kernel, kernel)) if weights is None else weights
    layer.set_weights([np.reshape(weights, (kernel, kernel, 1, 1))])
    return keras.ops.convert_to_numpy(layer(padded))[0, :, :, 0]


def reach(column):
    """How much the responses change when a column of the padded picture turns from 0 to 1."""
    picture = np.zeros((230, 230))
    picture[:, column] = 1
    return float(np.abs(respond(picture, 7, stride=2)).max())


def run(lab):
    picture = lab.rng.normal(size=(224, 224))
    bare, padded = lab.contrast(
        lambda zeros: respond(picture, 7, stride=2, zeros=zeros),
        control={"zeros": 0},
        treatment={"zeros": 3},
    )
    lab.answer(padded.shape[1])
    lab.claim("with three zeros on each side: 112", padded.shape[1] == 112, padded.shape[1], 112)
    lab.claim("without zeros: 109", bare.shape[1] == 109, bare.shape[1], 109)
    last, before = reach(229), reach(228)
    lab.claim("the last column of zeros is never reached", last == 0, last, 0)
    lab.claim("the one before it is", before == 7, before, 7)

    same = respond(picture, 7, stride=2, padding="same")
    lab.claim("same at stride 2 is as wide", same.shape[1] == 112, same.shape[1], 112)
    both = respond(picture, 7, stride=2, zeros=3)
    apart = np.linalg.norm(same - both) / np.linalg.norm(both)
    lab.claim("but puts the zeros elsewhere: other values", apart > 0.1, apart, "> 0.1")
    end = np.abs(same - respond(np.pad(picture, ((2, 3), (2, 3))), 7, stride=2)).max()
    lab.claim("two zeros before and three behind", end < 1e-3, end, "< 1e-3")

    flat = np.ones((28, 28))
    inside, framed = respond(flat, 3), respond(flat, 3, padding="same")
    lab.claim("valid trims two pixels", inside.shape[0] == 26, inside.shape[0], 26)
    lab.claim("same keeps the width at stride 1", framed.shape[0] == 28, framed.shape[0], 28)
    seen = str([int(framed[9, 9]), int(framed[0, 9]), int(framed[0, 0])])
    lab.claim("a box reports 9 inside, 6 on an edge, 4 in a corner", seen == "[9, 6, 4]", seen,
              "[9, 6, 4]")  # fmt: skip
    slope = respond(flat, 3, padding="same", weights=np.tile([-1.0, 0.0, 1.0], (3, 1)))
    found = str([int(slope[9, 9]), int(slope[9, 0])])
    lab.claim("an edge filter reports 0 inside, 3 at the border", found == "[0, 3]", found,
              "[0, 3]")  # fmt: skip
    lab.heatmap("A box over a constant picture, zero padding: upper left corner", framed[:6, :6])
