"""Count the parameters of small networks by hand and let Keras count them too."""

from math import prod

import keras

from dlprep.layers import Dense

WIDTHS = (3, 5, 5, 3, 1)


def by_hand(widths, bias=1):
    """Add up the units of every layer times their inputs, a bias counting as one more input."""
    return sum(units * (inputs + bias) for inputs, units in zip(widths, widths[1:], strict=False))


def network(widths, use_bias):
    layers = [Dense(units, activation="tanh", use_bias=use_bias) for units in widths[1:-1]]
    output = Dense(widths[-1], use_bias=use_bias)
    return keras.Sequential([keras.Input((widths[0],)), *layers, output])


def run(lab):
    model, without, small = lab.contrast(
        network,
        control={"widths": WIDTHS, "use_bias": True},
        without={"widths": WIDTHS, "use_bias": False},
        small={"widths": (3, 4, 1), "use_bias": True},
    )
    total, weights = model.count_params(), without.count_params()
    shapes = [tuple(layer.kernel.shape) for layer in model.layers]
    lab.answer(total)
    lab.claim("3-5-5-3-1 has 72 parameters", total == 72 == by_hand(WIDTHS), total, 72)
    lab.claim("58 of them are weights", weights == 58 == by_hand(WIDTHS, bias=0), weights, 58)
    lab.claim("four layers have weights", len(shapes) == 4, len(shapes), 4)
    kernels = shapes == [(3, 5), (5, 5), (5, 3), (3, 1)]
    lab.claim("Keras stores (inputs, units)", kernels, str(shapes), "the transposes of W")
    little = small.count_params()
    lab.claim("3-4-1 has 21 parameters", little == 21 == by_hand((3, 4, 1)), little, 21)
    doubled = network((3, 10, 10, 6, 1), use_bias=True)
    growth = prod(doubled.layers[1].kernel.shape) / prod(shapes[1])
    lab.claim("doubled widths make the second matrix four times as large", growth == 4, growth, 4)
    names = [f"layer {number}" for number in range(1, len(shapes) + 1)]
    counts = [layer.count_params() for layer in model.layers]
    lab.bars("Parameters by layer", dict(zip(names, counts, strict=True)), y_label="parameters")
