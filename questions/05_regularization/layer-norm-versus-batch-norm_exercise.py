"""A Keras layer that normalises each vector over its features."""

import json
import os
import tempfile
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import ops


class LayerNorm(keras.layers.Layer):
    """Normalise each vector of the inputs over the last axis, then scale and shift.

    A vector `x` becomes `gamma * z + beta` with `z = (x - mean) / sqrt(variance + epsilon)`. Mean
    and variance are those of that vector's own features; the variance divides by their number. The
    two weights are the attributes `gamma` and `beta`, there once the layer is built: trainable
    Keras variables in float32 of shape `(features,)`, at first ones and zeros, to which one can
    assign. There are no other weights.

    Graded are, in float32 where nothing else is said:

    - shapes and values, also in a functional model whose `Input` has the shape `(None, features)`;
    - the weights, and the gradients of a loss with respect to both and to the inputs, to three
      thousandths of the largest term (TensorFlow takes them, so `call` has to consist of Keras or
      TensorFlow operations);
    - dtypes: under the policy `dtype="mixed_float16"` the inputs and the outputs of `call` are
      float16, and the weights are float32;
    - the round trip through `get_config`;
    - saving: a functional model with the layer, saved by `model.save` to a `.keras` file and loaded
      with `keras.models.load_model(path, custom_objects={"LayerNorm": LayerNorm})`, has
      the same weights and gives the same outputs in the same dtype, in float32 and under
      `mixed_float16`;
    - masks: one that the inputs carry, as those of an `Embedding` with `mask_zero=True` do, is
      carried by the outputs unchanged. What is masked is normalised like the rest.

    Not graded: other dtypes, gradients under `mixed_float16`, other axes, regularisers, unsuitable
    arguments.

    Args:
        epsilon: number added to the variance, from 1e-6 to 10.
        **kwargs: options of every Keras layer, such as `name` and `dtype`; they go to the base
            class.
    """

    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.supports_masking = True

    def build(self, input_shape):
        """Create the weights.

        Args:
            input_shape: shape of the inputs, a tuple; the last number is `features`, the others may
                be None.
        """
        features = input_shape[-1:]
        self.gamma = self.add_weight(name="gamma", shape=features, initializer="ones")
        self.beta = self.add_weight(name="beta", shape=features, initializer="zeros")

    def call(self, inputs):
        """Return the normalised inputs.

        Args:
            inputs: tensor of two to four axes, `(batch, ..., features)`, with at least two
                features. Numbers are up to 1e6 in size; the deviations of the vectors of one batch
                go from 0 and 1e-4 to 1e4 and more. The mean of a vector is at most a thousand times
                its `sqrt(variance + epsilon)`, and may be that. Under `mixed_float16` numbers are
                up to 3e4 in size, whose squares float16 cannot hold, and the mean of a vector is no
                larger than its `sqrt(variance + epsilon)`.

        Returns:
            Tensor of the same shape, right to a thousandth of `abs(gamma) * (1 + abs(z)) +
            abs(beta)`, under `mixed_float16` to a fiftieth of it.
        """
        x = ops.cast(inputs, "float32")
        mean = ops.mean(x, axis=-1, keepdims=True)
        variance = ops.mean(ops.square(x - mean), axis=-1, keepdims=True)
        z = (x - mean) * ops.rsqrt(variance + self.epsilon)
        gamma, beta = ops.cast(self.gamma, "float32"), ops.cast(self.beta, "float32")
        return ops.cast(gamma * z + beta, self.compute_dtype)

    def get_config(self):
        """Return a dictionary that JSON can hold, from which `from_config` builds the layer again.

        The new layer has the same `epsilon`, `name` and `dtype` policy; its weights are its own.
        """
        return {**super().get_config(), "epsilon": self.epsilon}


DIGITS = {"float32": 1e-3, "float16": 2e-2}
EPSILONS = 1e-6, 1e-3, 0.3, 2.0, 10.0


def check(candidate, lab):
    epsilons = lab.rng.permutation(EPSILONS)
    for turn, axes in enumerate((2, 3, 4, 3, 2)):
        _check_values(candidate, lab, float(epsilons[turn]), axes, turn)
    _check_square(candidate, lab)
    _check_default(candidate, lab)
    _check_gradients(candidate, lab)
    for epsilon in (1e-6, 0.3):
        _check_half(candidate, lab, epsilon)
    _check_model(candidate, lab)
    _check_config(candidate, lab)
    _check_mask(candidate, lab)
    for policy in ("float32", "mixed_float16"):
        _check_saving(candidate, lab, policy)


def _check_values(candidate, lab, epsilon, axes, turn):
    features = int(lab.rng.integers(2, 24))
    lead = tuple(int(n) for n in lab.rng.integers(2, 6, axes - 1))
    layer = candidate(epsilon) if turn else candidate(epsilon=epsilon)
    weights = _assign(lab, layer, features, built=turn != 2, axes=axes)
    _compare(lab, layer, _vectors(lab, (*lead, features), epsilon), weights, epsilon)
    one = (1,) * (axes - 1)
    _compare(lab, layer, _vectors(lab, (*one, features), epsilon), weights, epsilon)
    level = np.sqrt(epsilon) * lab.rng.uniform(-900, 900, (*lead, 1))
    constant = np.broadcast_to(level, (*lead, features)).astype("float32")
    text = "a vector of equal numbers gives beta"
    _compare(lab, layer, constant, weights, epsilon, text)


def _check_square(candidate, lab):
    """All axes agree, so that nothing but the right one gives the right values."""
    size = int(lab.rng.integers(3, 7))
    layer = candidate(1e-3)
    weights = _assign(lab, layer, size)
    _compare(lab, layer, _vectors(lab, (size, size, size), 1e-3), weights, 1e-3)
    layer = candidate(1e-3)
    weights = _assign(lab, layer, size, axes=2)
    _compare(lab, layer, _vectors(lab, (size, size), 1e-3), weights, 1e-3)


def _check_default(candidate, lab):
    layer = candidate()
    weights = _assign(lab, layer, 5)
    x = lab.rng.normal(0, 0.05, (4, 3, 5)).astype("float32")
    _compare(lab, layer, x, weights, 1e-3, "epsilon is 0.001 if nothing is said")


def _check_gradients(candidate, lab):
    for epsilon in (1e-3, 2.0):
        features, batch, steps = (int(n) for n in lab.rng.integers(3, 9, 3))
        layer = candidate(epsilon)
        gamma, beta = _assign(lab, layer, features)
        scales = 10 ** lab.rng.uniform(-1, 2, (batch, steps, 1))
        x = (lab.rng.normal(1, 1, (batch, steps, features)) * scales).astype("float32")
        factor = lab.rng.normal(size=x.shape).astype("float32")
        with tf.GradientTape() as tape:
            inputs = tf.constant(x)
            tape.watch(inputs)
            loss = tf.reduce_sum(layer(inputs) * factor)
        into = tape.gradient(loss, [inputs, layer.gamma.value, layer.beta.value])
        lab.expect("gradients reach inputs, gamma and beta", all(g is not None for g in into), x)
        into = [tf.convert_to_tensor(gradient).numpy() for gradient in into]
        z, deviation = _normalised(x, epsilon)
        back = factor * gamma
        mean, slope = back.mean(-1, keepdims=True), (back * z).mean(-1, keepdims=True)
        wanted = (back - mean - z * slope) / deviation
        size = np.abs(back).max(-1, keepdims=True) / deviation
        lab.close("the inputs' gradient flows through mean and variance too", into[0], wanted, x, 0,
                  np.broadcast_to(3e-3 * size, x.shape))  # fmt: skip
        lab.close("gamma's gradient", into[1], (factor * z).sum((0, 1)), x, 0,
                  1e-3 * (1 + np.abs(factor * z).sum((0, 1))))  # fmt: skip
        lab.close("beta's gradient", into[2], factor.sum((0, 1), dtype="float64"), x, 0,
                  1e-3 * (1 + np.abs(factor).sum((0, 1))))  # fmt: skip


def _check_half(candidate, lab, epsilon):
    features = int(lab.rng.integers(2, 24))
    layer = candidate(epsilon, dtype="mixed_float16")
    weights = _assign(lab, layer, features)
    scales = 10 ** lab.rng.permutation(np.linspace(-2, 3.7, 12)).reshape(4, 3, 1)
    x = lab.rng.normal(size=(4, 3, features))
    x -= x.mean(-1, keepdims=True)
    x += lab.rng.uniform(-0.8, 0.8, (4, 3, 1)) * x.std(-1, keepdims=True)
    x = np.clip(x * scales, -3e4, 3e4).astype("float16")
    try:
        output = layer(tf.constant(x))
    except Exception as error:
        lab.expect("under mixed_float16 the layer can be called", False, x, _said(error))
    kind = keras.backend.standardize_dtype(output.dtype)
    lab.expect("under mixed_float16 the outputs are float16", kind == "float16", x, kind, "float16")
    _compare(lab, layer, x, weights, epsilon, "squares that float16 cannot hold do not matter")


def _check_model(candidate, lab):
    features = int(lab.rng.integers(3, 9))
    layer, inputs = candidate(0.1), keras.Input((None, features))
    model = keras.Model(inputs, layer(inputs))
    shape = model.output_shape
    wanted = (None, None, features)
    lab.expect("in a functional model the shape stays", tuple(shape) == wanted, None, shape, wanted)
    weights = _assign(lab, layer, features, built=None)
    for length in (1, 4):
        x = _vectors(lab, (3, length, features), 0.1)
        _compare(lab, model, x, weights, 0.1, "a functional model takes any length")


def _check_config(candidate, lab):
    for epsilon in (0.02, 3.0):
        name = f"norm_{lab.rng.integers(100)}"
        config = candidate(epsilon, name=name).get_config()
        try:
            text = json.dumps(config)
        except (TypeError, ValueError):
            text = None
        lab.expect("JSON can hold the config", text is not None, None, config)
        try:
            again, problem = candidate.from_config(json.loads(text)), None
        except Exception as error:
            again, problem = None, str(error)
        lab.expect("from_config builds a layer from the config", again is not None, config, problem)
        lab.expect("the new layer has the name", again.name == name, config, again.name, name)
        weights = _assign(lab, again, 6)
        x = lab.rng.normal(size=(3, 2, 6)).astype("float32")
        _compare(lab, again, x, weights, epsilon, "the new layer has the epsilon")


def _check_mask(candidate, lab):
    length, features = (int(n) for n in lab.rng.integers(4, 9, 2))
    tokens = lab.rng.integers(0, 3, (4, length))
    tokens[0, :2] = 0, 1
    embedding, probe = keras.layers.Embedding(3, features, mask_zero=True), _Probe()
    layer = candidate(1e-3)
    weights = _assign(lab, layer, features)
    embedded = embedding(tokens)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        output = layer(embedded)
    probe(output)
    got = None if probe.mask is None else np.asarray(probe.mask)
    lab.expect("the mask arrives at the next layer", got is not None, tokens, None, tokens != 0)
    lab.expect("and is unchanged", np.array_equal(got, tokens != 0), tokens, got, tokens != 0)
    text = "what is masked is normalised like the rest"
    _close(lab, output, np.asarray(embedded), weights, 1e-3, text)


def _check_saving(candidate, lab, policy):
    features, epsilon = int(lab.rng.integers(3, 9)), float(lab.rng.choice([0.05, 0.7, 4.0]))
    layer, inputs = candidate(epsilon, dtype=policy), keras.Input((None, features))
    model = keras.Model(inputs, layer(inputs))
    weights = _assign(lab, layer, features, built=None)
    again = _loaded(lab, candidate, model)
    for name, kept in zip(("gamma", "beta"), weights, strict=True):
        found = np.asarray(getattr(again.layers[-1], name).value)
        text = f"a loaded model has the same {name}"
        lab.expect(text, np.array_equal(found, kept), None, found, kept)
    x = lab.rng.normal(size=(3, 2, features)).astype("float32")
    got, wanted = np.asarray(again(x)), np.asarray(model(x))
    text = f"a loaded model gives outputs of the same dtype, also under {policy}"
    lab.expect(text, got.dtype == wanted.dtype, x, str(got.dtype), str(wanted.dtype))
    slack = DIGITS[str(wanted.dtype)] * np.abs(wanted).max()
    lab.close("a loaded model gives the same outputs", got, wanted, x, 0, np.full(x.shape, slack))


def _loaded(lab, candidate, model):
    """Save the model and return what `load_model` makes of the file."""
    text = "a model with the layer can be saved"
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path, own = os.path.join(folder, "model.keras"), {candidate.__name__: candidate}
        try:
            model.save(path)
            lab.expect(text, True)
            text = "a saved model with the layer can be loaded"
            again = keras.models.load_model(path, custom_objects=own)
        except Exception as error:
            lab.expect(text, False, None, _said(error))
    lab.expect(text, True)
    return again


def _said(error):
    """What was raised, with the middle left out of a long message: Keras repeats the config."""
    words = f"{type(error).__name__}: {' '.join(str(error).split())}"
    words = words.replace("\x1b[1m", "").replace("\x1b[0m", "")
    return words if len(words) < 500 else f"{words[:250]} … {words[-250:]}"


class _Probe(keras.layers.Layer):
    """Keep the mask that arrives."""

    def __init__(self):
        super().__init__()
        self.supports_masking, self.mask = True, None

    def call(self, inputs, mask=None):
        self.mask = mask
        return inputs


def _vectors(lab, shape, epsilon):
    """Draw vectors at scales from 1e-4 to 1e4, some of them far from zero."""
    x = lab.rng.normal(size=shape) * 10 ** lab.rng.uniform(-4, 4, (*shape[:-1], 1))
    x -= x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(x.var(axis=-1, keepdims=True) + epsilon)
    away = lab.rng.choice([0.0, 1.0, 30.0, 900.0], (*shape[:-1], 1))
    return (x + np.minimum(away * deviation, 1e5) * lab.rng.choice([-1, 1])).astype("float32")


def _normalised(x, epsilon):
    x = x.astype("float64")
    mean = x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean((x - mean) ** 2, axis=-1, keepdims=True) + epsilon)
    return (x - mean) / deviation, deviation


def _compare(lab, layer, x, weights, epsilon, text="each vector is normalised by itself"):
    _close(lab, layer(x), x, weights, epsilon, text)


def _close(lab, output, x, weights, epsilon, text):
    given = {"x": x, "gamma": weights[0], "beta": weights[1], "epsilon": epsilon}
    got = lab.array("outputs have the inputs' shape", output, x.shape, given)
    z, _ = _normalised(x, epsilon)
    slack = DIGITS[str(x.dtype)] * (np.abs(weights[0]) * (1 + np.abs(z)) + np.abs(weights[1]))
    lab.close(text, got.astype("float64"), weights[0] * z + weights[1], given, 0, slack)


def _assign(lab, layer, features, built=True, axes=3):
    """Build the layer, look at its weights, and give them random numbers."""
    if built:
        layer.build((None,) * (axes - 1) + (features,))
    elif built is False:
        layer(np.ones((2,) * (axes - 1) + (features,), "float32"))
    for name, start in (("gamma", 1), ("beta", 0)):
        weight = getattr(layer, name, None)
        lab.expect(
            f"the built layer has a weight `{name}`", hasattr(weight, "assign"), None, weight
        )
        shape = tuple(weight.shape)
        lab.expect(f"{name} has shape (features,)", shape == (features,), None, shape, (features,))
        kind = keras.backend.standardize_dtype(weight.dtype)
        lab.expect(f"{name} is float32", kind == "float32", None, kind, "float32")
        first = np.asarray(weight.value)
        lab.expect(f"{name} is {start} at first", np.all(first == start), None, first, start)
    known = sorted(id(one) for one in layer.trainable_weights)
    names = [one.path for one in layer.weights]
    own = sorted([id(layer.gamma), id(layer.beta)])
    lab.expect("gamma and beta are trainable and the only weights",
               known == own and len(names) == 2, None, names)  # fmt: skip
    gamma, beta = lab.rng.normal(0, 2, (2, features)).astype("float32")
    layer.gamma.assign(gamma)
    layer.beta.assign(beta)
    return gamma.astype("float64"), beta.astype("float64")


class right_with_keras_inside(keras.layers.Layer):
    """Keras's own layer does the work; the config is the one that Keras makes by itself."""

    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon, self.supports_masking = epsilon, True
        self.inner = keras.layers.LayerNormalization(epsilon=epsilon, dtype=self.dtype_policy)

    def build(self, shape):
        self.inner.build(shape)
        self.gamma, self.beta = self.inner.gamma, self.inner.beta

    def call(self, x):
        return self.inner(x)


class right_in_tensorflow(LayerNorm):
    def call(self, inputs):
        x = tf.cast(inputs, tf.float32)
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        gamma, beta = tf.cast(self.gamma, tf.float32), tf.cast(self.beta, tf.float32)
        y = tf.nn.batch_normalization(x, mean, variance, beta, gamma, self.epsilon)
        return tf.cast(y, self.compute_dtype)


class right_with_its_own_mask(keras.layers.Layer):
    """Never mixes float16 in: inputs are not cast, variables neither."""

    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.eps = epsilon

    def build(self, input_shape):
        n = input_shape[-1]
        self.gamma = keras.Variable(np.ones(n, "float32"), name="gamma", autocast=False)
        self.beta = keras.Variable(np.zeros(n, "float32"), name="beta", autocast=False)

    def call(self, x, mask=None):
        wide = ops.cast(x, "float32")
        centred = wide - ops.sum(wide, -1, keepdims=True) / wide.shape[-1]
        spread = ops.sqrt(ops.var(wide, axis=-1, keepdims=True) + self.eps)
        return ops.cast(centred / spread * self.gamma + self.beta, x.dtype)

    def compute_mask(self, inputs, mask=None):
        return mask

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        config = super().get_config()
        config.update(epsilon=self.eps)
        return config


class _Formula(LayerNorm):
    """Leave it to `normalised` what a vector becomes before gamma and beta."""

    def call(self, inputs):
        z = self.normalised(ops.cast(inputs, "float32"))
        gamma, beta = ops.cast(self.gamma, "float32"), ops.cast(self.beta, "float32")
        return ops.cast(gamma * z + beta, self.compute_dtype)


class wrong_over_the_batch(_Formula):
    def normalised(self, x):
        mean, variance = ops.moments(x, axes=[0], keepdims=True)
        return (x - mean) / ops.sqrt(variance + self.epsilon)


class wrong_over_the_example(_Formula):
    """Time steps of one example share mean and variance."""

    def normalised(self, x):
        axes = list(range(1, len(x.shape)))
        mean, variance = ops.moments(x, axes=axes, keepdims=True)
        return (x - mean) / ops.sqrt(variance + self.epsilon)


class wrong_axis_one(_Formula):
    def normalised(self, x):
        mean, variance = ops.moments(x, axes=[1], keepdims=True)
        return (x - mean) / ops.sqrt(variance + self.epsilon)


class wrong_unbiased_variance(_Formula):
    def normalised(self, x):
        n = x.shape[-1]
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        return (x - mean) / ops.sqrt(variance * n / (n - 1) + self.epsilon)


class wrong_epsilon_outside_the_root(_Formula):
    def normalised(self, x):
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        return (x - mean) / (ops.sqrt(variance) + self.epsilon)


class wrong_difference_of_squares(_Formula):
    """Far from zero float32 has no digits left for the difference."""

    def normalised(self, x):
        mean = ops.mean(x, axis=-1, keepdims=True)
        variance = ops.mean(x * x, axis=-1, keepdims=True) - mean * mean
        return (x - mean) / ops.sqrt(ops.maximum(variance, 0.0) + self.epsilon)


class wrong_without_the_mean(_Formula):
    """Root mean square normalisation."""

    def normalised(self, x):
        return x * ops.rsqrt(ops.mean(x * x, axis=-1, keepdims=True) + self.epsilon)


class wrong_constant_statistics(_Formula):
    """No gradient flows through mean and variance."""

    def normalised(self, x):
        mean, variance = ops.moments(ops.stop_gradient(x), axes=[-1], keepdims=True)
        return (x - mean) / ops.sqrt(variance + self.epsilon)


class wrong_fixed_epsilon(_Formula):
    def normalised(self, x):
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        return (x - mean) / ops.sqrt(variance + 1e-3)


class wrong_without_epsilon(_Formula):
    """A vector of equal numbers gives 0 / 0."""

    def normalised(self, x):
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        return (x - mean) / ops.sqrt(variance)


class wrong_squares_in_float16(LayerNorm):
    """Right in float32; under `mixed_float16` the variance overflows."""

    def call(self, inputs):
        mean = ops.mean(inputs, axis=-1, keepdims=True)
        variance = ops.mean(ops.square(inputs - mean), axis=-1, keepdims=True)
        return self.gamma * (inputs - mean) / ops.sqrt(variance + self.epsilon) + self.beta


class wrong_returns_float32(LayerNorm):
    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        z = (x - mean) * ops.rsqrt(variance + self.epsilon)
        return ops.cast(self.gamma, "float32") * z + ops.cast(self.beta, "float32")


class wrong_mask_dropped(LayerNorm):
    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(epsilon, **kwargs)
        self.supports_masking = False


class wrong_mask_applied(LayerNorm):
    """Masked steps come out as zeros."""

    def call(self, inputs, mask=None):
        output = super().call(inputs)
        return output if mask is None else output * ops.cast(mask, output.dtype)[..., None]


class wrong_config_of_the_base(LayerNorm):
    """`epsilon` is missing, and comes back as the default."""

    def get_config(self):
        return super(LayerNorm, self).get_config()


class wrong_config_without_dtype(LayerNorm):
    """A model that was saved under `mixed_float16` comes back in float32."""

    def get_config(self):
        return {"epsilon": self.epsilon, "name": self.name}


class wrong_saves_gamma_alone(LayerNorm):
    """The shift is forgotten, and comes back as zeros."""

    def save_own_variables(self, store):
        store["gamma"] = ops.convert_to_numpy(self.gamma)

    def load_own_variables(self, store):
        self.gamma.assign(store["gamma"])


class wrong_saving_raises(LayerNorm):
    """The file takes arrays, no settings."""

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["settings"] = {"epsilon": self.epsilon}


class wrong_file_not_read(LayerNorm):
    """Says what to write into the file, but not how to read it: loading raises."""

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["epsilon"] = np.array(self.epsilon)


class wrong_weights_in_float16(LayerNorm):
    """Under `mixed_float16` the weights lose their digits too."""

    def add_weight(self, **kwargs):
        return super().add_weight(dtype=self.compute_dtype, **kwargs)


class wrong_config_without_name(LayerNorm):
    def get_config(self):
        return {"epsilon": self.epsilon}


class wrong_weights_not_trainable(LayerNorm):
    def build(self, input_shape):
        features = input_shape[-1:]
        self.gamma = self.add_weight(shape=features, initializer="ones", trainable=False)
        self.beta = self.add_weight(shape=features, initializer="zeros", trainable=False)


class wrong_weights_for_the_example(LayerNorm):
    """A number for each time step and feature."""

    def build(self, input_shape):
        self.gamma = self.add_weight(shape=input_shape[1:], initializer="ones")
        self.beta = self.add_weight(shape=input_shape[1:], initializer="zeros")


class wrong_starts_at_zero(LayerNorm):
    def build(self, input_shape):
        self.gamma = self.add_weight(shape=input_shape[-1:], initializer="zeros")
        self.beta = self.add_weight(shape=input_shape[-1:], initializer="zeros")
