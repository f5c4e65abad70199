"""What every initializer has to do, checked on each row of the table."""

import inspect
import json

import keras
import numpy as np
import pytest
from components.arrays import assert_close
from components.cases.initializers import INITIALIZERS

from dlprep import initializers
from dlprep.reference import initializers as reference

SHAPE = (300, 200)


def parameters(name):
    return inspect.signature(getattr(initializers, name)).parameters


RANDOM = [name for name in INITIALIZERS if "seed" in parameters(name)]
MOMENTS = {
    "GlorotNormal": reference.scaled(1.0, 250, "truncated_normal"),
    "GlorotUniform": reference.scaled(1.0, 250),
    "HeNormal": reference.scaled(2.0, 300, "truncated_normal"),
    "HeUniform": reference.scaled(2.0, 300),
    "LecunNormal": reference.scaled(1.0, 300, "truncated_normal"),
    "LecunUniform": reference.scaled(1.0, 300),
    "RandomNormal": (1.0, 4.0, -np.inf, np.inf),
    "RandomUniform": reference.uniform(-1.0, 2.0),
    "TruncatedNormal": reference.truncated_normal(2.0, mean=1.0),
    "VarianceScaling": (0.0, 3.0 / 200, -np.inf, np.inf),
}


def make(name, namespace=initializers, **options):
    return getattr(namespace, name)(**INITIALIZERS[name], **options)


def draw(name, seed=0, shape=SHAPE, namespace=initializers):
    return keras.ops.convert_to_numpy(make(name, namespace, seed=seed)(shape))


def test_every_initializer_has_a_row():
    assert sorted(INITIALIZERS) == [name for name in initializers.__all__ if name[0].isupper()]


@pytest.mark.parametrize("name", MOMENTS)
def test_moments_equal_the_reference(name):
    mean, variance, low, high = MOMENTS[name]
    values = draw(name).astype("float64")
    # 60,000 draws: four standard errors of the mean; of the variance at most 2 %.
    assert abs(values.mean() - mean) < 4 * np.sqrt(variance / values.size)
    assert abs(values.var() / variance - 1) < 0.025
    slack = 1e-6 * max(1.0, abs(low) if np.isfinite(low) else 1.0)
    # On PyTorch Keras draws four times and then takes what is beyond the cut.
    stray = 1e-4 if keras.backend.backend() == "torch" else 0.0
    assert np.mean((values < low - slack) | (values > high + slack)) <= stray
    if np.isfinite(high):
        assert values.max() > 0.98 * high


@pytest.mark.parametrize("name", INITIALIZERS)
def test_values_signature_and_config_are_those_of_keras(name):
    theirs = getattr(keras.initializers, name)
    assert str(inspect.signature(getattr(initializers, name))) == str(inspect.signature(theirs))
    # Keras's configuration forgets the factor.
    extra = INITIALIZERS[name] if name == "Identity" else {}
    assert make(name).get_config() == make(name, keras.initializers).get_config() | extra
    options = {"seed": 3} if name in RANDOM else {}
    given, expected = (
        keras.ops.convert_to_numpy(make(name, namespace, **options)((6, 6)))
        for namespace in (initializers, keras.initializers)
    )
    np.testing.assert_allclose(given, expected, rtol=1e-5)


@pytest.mark.parametrize("name", INITIALIZERS)
def test_config_survives_json(name):
    config = make(name).get_config()
    assert config.keys() == set(parameters(name))
    revived = getattr(initializers, name).from_config(json.loads(json.dumps(config)))
    assert revived.get_config() == config
    serialized = keras.saving.serialize_keras_object(make(name))
    assert type(keras.saving.deserialize_keras_object(serialized)) is type(make(name))


@pytest.mark.parametrize("name", INITIALIZERS)
@pytest.mark.parametrize("dtype", ["float16", "bfloat16", "float32"])
def test_dtype_and_shape_are_those_asked_for(name, dtype):
    values = make(name)((4, 4), dtype=dtype)
    assert keras.backend.standardize_dtype(values.dtype) == dtype
    assert tuple(values.shape) == (4, 4)


@pytest.mark.parametrize("name", RANDOM)
def test_an_integer_seed_repeats_and_a_generator_does_not(name):
    np.testing.assert_array_equal(draw(name, seed=5), draw(name, seed=5))
    assert not np.allclose(draw(name, seed=5), draw(name, seed=6))
    generator = make(name, seed=keras.random.SeedGenerator(1))
    first, second = (keras.ops.convert_to_numpy(generator(SHAPE)) for _ in range(2))
    assert not np.allclose(first, second)


@pytest.mark.parametrize("name", RANDOM)
def test_without_a_seed_the_session_decides(name):
    keras.utils.set_random_seed(1)
    first, second = make(name), make(name)
    keras.utils.set_random_seed(1)
    again = make(name)
    assert first.seed == again.seed != second.seed


@pytest.mark.parametrize("name", RANDOM)
def test_a_generator_survives_the_config(name):
    config = keras.saving.serialize_keras_object(make(name, seed=keras.random.SeedGenerator(1)))
    revived = keras.saving.deserialize_keras_object(json.loads(json.dumps(config)))
    assert isinstance(revived.seed, keras.random.SeedGenerator)


@pytest.mark.parametrize("name", RANDOM)
def test_a_strange_seed_is_refused(name):
    with pytest.raises(ValueError, match="seed.*'three'"):
        make(name, seed="three")


@pytest.mark.parametrize("name", [name for name in RANDOM if "input_axes" in parameters(name)])
def test_the_axes_of_an_unusual_kernel_are_those_of_keras(name):
    options = {"seed": 3, "input_axes": [0], "output_axes": [1, 2]}
    values = (
        make(name, space, **options)((2, 3, 5)) for space in (initializers, keras.initializers)
    )
    assert_close(*values, rtol=1e-5)


def test_fans_of_common_kernels():
    assert initializers.fans(()) == (1, 1)
    assert initializers.fans((7,)) == (7, 7)
    assert initializers.fans((2, 3)) == (2, 3)
    assert initializers.fans((5, 5, 3, 8)) == (75, 200)
    assert initializers.fans((2, 3, 5), input_axes=[0], output_axes=[1, 2]) == (2, 15)


@pytest.mark.parametrize(
    "wrong", [{"scale": 0.0}, {"scale": -1.0}, {"mode": "fan"}, {"distribution": "cauchy"}]
)
def test_a_wrong_setting_is_named(wrong):
    with pytest.raises(ValueError, match=f"`{next(iter(wrong))}`"):
        initializers.VarianceScaling(**wrong)


@pytest.mark.parametrize(("name", "gain"), [("HeNormal", 1.0), ("GlorotUniform", 0.5)])
def test_rectified_layers_keep_the_signal_only_with_he(name, gain):
    x = np.random.default_rng(0).normal(size=(500, 400))
    for depth in range(8):
        x = np.maximum(x @ draw(name, seed=depth, shape=(400, 400)), 0.0)
    # The second moment changes by `gain` a layer, with a few percent of noise each.
    assert 0.5 < np.mean(x**2) / gain**8 < 2.0


@pytest.mark.parametrize("shape", [(6, 6), (8, 3), (3, 8), (2, 3, 4)])
def test_orthogonal_kernels_keep_lengths(shape):
    kernel = draw("Orthogonal", shape=shape).reshape(-1, shape[-1])
    few = kernel if kernel.shape[0] <= kernel.shape[1] else kernel.T
    np.testing.assert_allclose(few @ few.T, 4.0 * np.eye(len(few)), rtol=1e-5, atol=1e-5)


def test_orthogonal_matrices_are_uniform():
    # Without the signs of R every draw has a diagonal of one sign.
    firsts = [draw("Orthogonal", seed=seed, shape=(2, 2))[0, 0] for seed in range(40)]
    assert 8 < sum(first > 0 for first in firsts) < 32


@pytest.mark.parametrize(("name", "shape"), [("Orthogonal", (3,)), ("Identity", (3, 3, 3))])
def test_a_shape_that_is_no_matrix_is_refused(name, shape):
    with pytest.raises(ValueError, match=r"\(3,"):
        make(name)(shape)


def test_values_without_chance():
    np.testing.assert_array_equal(make("Zeros")((2,)), [0.0, 0.0])
    np.testing.assert_array_equal(make("Ones")((2,)), [1.0, 1.0])
    np.testing.assert_array_equal(make("Identity")((2, 3)), [[2.0, 0.0, 0.0], [0.0, 2.0, 0.0]])
    row = initializers.Constant([1.0, 2.0])
    np.testing.assert_array_equal(row((2, 2)), [[1.0, 2.0], [1.0, 2.0]])
    array = initializers.Constant(np.float32([1.0, 2.0]))
    revived = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(array))
    np.testing.assert_array_equal(revived((2,)), [1.0, 2.0])
