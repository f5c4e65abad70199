"""Keras's extension points: what a subclass of ours overrides is what runs."""

import functools

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.test_layers import LAYERS, arguments, draw, model
from keras import ops

from dlprep import constraints, initializers, layers, regularizers

IMAGES = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")
CONVOLUTIONS = {
    "Conv1D": ({"filters": 4, "kernel_size": 2}, IMAGES[:, 0]),
    "Conv2D": ({"filters": 4, "kernel_size": (3, 2), "activation": "relu"}, IMAGES),
    "Conv2DTranspose": ({"filters": 4, "kernel_size": (3, 2), "strides": 2}, IMAGES),
    "DepthwiseConv2D": ({"kernel_size": (3, 2), "depth_multiplier": 2}, IMAGES),
}


@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_an_overridden_convolution_is_used(name):
    options, x = CONVOLUTIONS[name]

    class Doubled(getattr(layers, name)):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, 2.0 * kernel)

    plain, doubled = getattr(layers, name)(**options), Doubled(**options)
    plain(x), doubled(x)
    kernel, _ = plain.get_weights()
    bias = np.full(plain.bias.shape, 0.5)
    doubled.set_weights([kernel, bias])
    plain.set_weights([2 * kernel, bias])
    assert_close(doubled(x), plain(x), rtol=1e-6)
    network = keras.Sequential([doubled])
    network.compile(keras.optimizers.SGD(0.0), "mse")
    y = array(plain(x))
    assert network.fit(x, y, verbose=0).history["loss"][0] < 1e-10
    assert network.evaluate(x, y, verbose=0) < 1e-10


HOOKS = (
    "build",
    "call",
    "compute_output_shape",
    "save_own_variables",
    "load_own_variables",
    "get_build_config",
    "get_config",
)


def spy(cls):
    """Return a subclass whose hooks write down that they were called, and the list."""
    calls = []

    def overridden(hook):
        original = getattr(cls, hook)

        @functools.wraps(original)
        def wrapped(self, *args, **kwargs):
            calls.append(hook)
            return original(self, *args, **kwargs)

        return wrapped

    return type(cls.__name__, (cls,), {hook: overridden(hook) for hook in HOOKS}), calls


# Keras builds these when they are made, or never asks for their shape.
UNASKED = {"build", "compute_output_shape"}


@pytest.mark.parametrize("name", [n for n in LAYERS if not LAYERS[n].get("cell")])
def test_the_hooks_of_a_layer_are_called(name, tmp_path):
    cls, calls = spy(getattr(layers, name))
    layer = cls(**arguments(name))
    network = model(name, layer)
    inputs = draw(name)
    network(inputs)
    network.save(tmp_path / "model.keras")
    network.load_weights(tmp_path / "model.keras")
    called = set(calls)
    assert set(HOOKS) - UNASKED <= called


@pytest.mark.parametrize("name", ["MultiHeadAttention", "GroupQueryAttention"])
def test_an_overridden_attention_mask_counts(name):
    class Causal(getattr(layers, name)):
        def _compute_attention_mask(self, query, value, **options):
            return super()._compute_attention_mask(
                query, value, **{**options, "use_causal_mask": True}
            )

    sizes = (2, 4) if name == "MultiHeadAttention" else (4, 2, 2)
    layer, plain, x = Causal(*sizes), getattr(layers, name)(*sizes), IMAGES[:, 0]
    layer(x, x), plain(x, x)
    plain.set_weights(layer.get_weights())
    assert_close(layer(x, x), plain(x, x, use_causal_mask=True), rtol=1e-5, atol=1e-6)


def test_overridden_moments_are_those_of_batch_normalization():
    def fixed(namespace):
        class Fixed(namespace.BatchNormalization):
            def _moments(self, inputs, mask):
                mean, variance = super()._moments(inputs, mask)
                return mean + 1.0, 4.0 * variance

        return Fixed(momentum=0.5)

    mask = np.arange(10).reshape(2, 5) % 3 > 0
    for x, options in ((IMAGES, {}), (IMAGES[:, :, 0], {"mask": mask})):
        ours, theirs = fixed(layers), fixed(keras.layers)
        expected = theirs(x, training=True, **options)
        assert_close(ours(x, training=True, **options), expected, rtol=1e-4, atol=1e-5)
        for given, wanted in zip(ours.get_weights(), theirs.get_weights(), strict=True):
            assert_close(given, wanted, rtol=1e-5, atol=1e-6)


def test_an_initializer_is_cloned_and_called_by_its_own_methods():
    class Counted(initializers.RandomNormal):
        clones = 0

        def __call__(self, shape, dtype=None):
            return 5.0 + 0.0 * super().__call__(shape, dtype)

        def clone(self):
            Counted.clones += 1
            return super().clone()

    layer = layers.BatchNormalization(moving_variance_initializer=Counted(), renorm=True)
    layer.build((None, 3))
    assert Counted.clones > 0
    assert_same(layer.moving_variance, np.full(3, 5.0))


def test_penalties_and_projections_of_a_user_run_in_fit():
    class Fixed(regularizers.L2):
        def __call__(self, x):
            return 7.0 + 0.0 * super().__call__(x)

    class Halved(constraints.UnitNorm):
        def __call__(self, w):
            return 0.5 * super().__call__(w)

    layer = layers.Conv2D(
        2, (3, 2), kernel_regularizer=Fixed(), kernel_constraint=Halved([0, 1, 2])
    )
    network = keras.Sequential([layer, layers.Flatten()])
    network.compile("sgd", "mse")
    x = IMAGES
    history = network.fit(x, np.zeros((2, 30)), verbose=0).history
    assert history["loss"][0] > 7
    assert_close(np.sum(array(layer.kernel) ** 2, (0, 1, 2)), [0.25, 0.25], rtol=1e-4)


def test_adapted_statistics_pass_through_the_hooks_of_normalization(tmp_path):
    class Shifted(layers.Normalization):
        def finalize_state(self):
            super().finalize_state()
            if self.mean is not None:
                self.mean = self.mean + 1.0

    layer = Shifted()
    layer.adapt(np.array([[1.0], [3.0]]))
    assert float(layer(np.array([[3.0]]))[0, 0]) == 0
    network = keras.Sequential([keras.Input((1,)), layer])
    network.save_weights(tmp_path / "some.weights.h5")
    layer.adapt_mean.assign([9.0])
    network.load_weights(tmp_path / "some.weights.h5")
    assert float(ops.sum(network(np.array([[3.0]])))) == 0


def test_noise_of_a_user_is_added_in_training_only():
    class Louder(layers.GaussianNoise):
        def disturb(self, inputs):
            return inputs + 100.0

    layer = Louder(0.5)
    assert_same(layer(IMAGES, training=True), IMAGES + 100)
    assert_same(layer(IMAGES, training=False), IMAGES)
