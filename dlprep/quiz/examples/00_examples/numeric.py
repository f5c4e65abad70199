"""Build the layer with and without biases and count its parameters."""

from dlprep import layers


def parameters(use_bias):
    layer = layers.Dense(10, use_bias=use_bias)
    layer.build((None, 20))
    return layer.count_params()


def run(lab):
    bare, full = lab.contrast(parameters, control={"use_bias": False}, treatment={"use_bias": True})
    lab.claim("with its biases the layer has 210", full == 210, full, 210)
    lab.claim("the weights alone are inputs times units", bare == 200, bare, 200)
    lab.answer(full)
