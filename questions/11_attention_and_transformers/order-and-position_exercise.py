"""A Keras layer that adds learned positions to sequences."""

import json
import os
import tempfile
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import ops


class LearnedPositions(keras.layers.Layer):
    """Add to every vector of a sequence the learned vector of its place.

    It maps `x` to `x + positions[:length]`, the same for every sequence of the batch; the first
    vector of a sequence gets row 0. Its only weight is the attribute `positions`, there once the
    layer is built: a trainable Keras variable in float32 of shape `(max_length, width)` to which
    one can assign. Any initial values will do.

    Graded are, in float32 where nothing else is said:

    - shapes and values, also in a functional model whose `Input` has the shape `(None, width)` and
      whose output then has None for the length, eagerly and in a `tf.function` that is traced once
      for all lengths (as `fit` runs models);
    - the weight, and the gradients of a loss with respect to it and to the inputs (TensorFlow takes
      them, so `call` has to consist of Keras or TensorFlow operations);
    - dtypes: under the policy `dtype="mixed_float16"` the inputs and the outputs of `call` are
      float16, and the weight is float32;
    - the round trip through `get_config`;
    - saving: a functional model with the layer, saved by `model.save` to a `.keras` file and loaded
      with `keras.models.load_model(path, custom_objects={"LearnedPositions": LearnedPositions})`,
      has the same weight and gives the same outputs in the same dtype, in float32 and under
      `mixed_float16`;
    - masks: one that the inputs carry, as those of an `Embedding` with `mask_zero=True` do, is
      carried by the outputs unchanged. What is masked gets its position like the rest.

    Not graded: other dtypes, gradients under `mixed_float16`, sequences longer than `max_length`,
    regularisers, unsuitable arguments.

    Args:
        max_length: number of places, an int of at least 1.
        **kwargs: options of every Keras layer, such as `name` and `dtype`; they go to the base
            class.
    """

    def __init__(self, max_length, **kwargs):
        super().__init__(**kwargs)
        self.max_length = max_length
        self.supports_masking = True

    def build(self, input_shape):
        """Create the weight.

        Args:
            input_shape: shape of the inputs, a tuple; the last number is `width`, the others may be
                None.
        """
        shape = self.max_length, input_shape[-1]
        self.positions = self.add_weight(name="positions", shape=shape, initializer="uniform")

    def call(self, inputs):
        """Return the inputs with the positions added.

        Args:
            inputs: tensor of shape `(batch, length, width)`, in float32, under `mixed_float16` in
                float16; the length may change from call to call, from 1 to `max_length`. Under
                `mixed_float16` inputs and positions are up to 2e4 in size.

        Returns:
            Tensor of the same shape, right to a hundred-thousandth of the larger of the two terms,
            under `mixed_float16` to a hundredth of it or to a millionth.
        """
        return inputs + self.positions[: ops.shape(inputs)[1]]

    def get_config(self):
        """Return a dictionary that JSON can hold, from which `from_config` builds the layer again.

        The new layer has the same `max_length`, `name` and `dtype` policy; its weight is its own.
        """
        return {**super().get_config(), "max_length": self.max_length}


DIGITS = 2e-5
# Of the numbers under mixed_float16.
LARGEST = 2e4


class _Probe(keras.layers.Layer):
    """Keep the mask that arrives."""

    def __init__(self):
        super().__init__()
        self.supports_masking, self.mask = True, None

    def call(self, inputs, mask=None):
        self.mask = mask
        return inputs


def check(candidate, lab):
    for turn in range(3):
        _check_values(candidate, lab, turn)
    _check_square(candidate, lab)
    _check_gradients(candidate, lab)
    _check_model(candidate, lab)
    _check_config(candidate, lab)
    _check_mask(candidate, lab)
    _check_half(candidate, lab)
    for policy in ("float32", "mixed_float16"):
        _check_saving(candidate, lab, policy)


def _check_values(candidate, lab, turn):
    longest, width = (int(n) for n in lab.rng.integers(3, 12, 2))
    layer = candidate(longest) if turn else candidate(max_length=longest)
    table = _assign(lab, layer, longest, width, built=turn != 2)
    batch = int(lab.rng.integers(2, 5))
    lengths = [longest, 1, int(lab.rng.integers(2, longest))]
    for length in lengths[turn:] + lengths[:turn]:
        _compare(lab, layer, _numbers(lab, (batch, length, width)), table)
    _compare(lab, layer, _numbers(lab, (1, longest, width)), table)


def _check_square(candidate, lab):
    """Batch, length and width agree, so that nothing but the right axis gives the right values."""
    size = int(lab.rng.integers(3, 6))
    layer = candidate(size + 2)
    table = _assign(lab, layer, size + 2, size)
    _compare(lab, layer, _numbers(lab, (size, size, size)), table)


def _compare(lab, layer, x, table):
    given = {"x": x, "positions": table}
    got = lab.array("outputs have the inputs' shape", layer(x), x.shape, given)
    added = table[: x.shape[1]]
    size = np.maximum(np.abs(x), np.abs(added))
    text = "the place's row of positions is added to each vector"
    lab.close(text, got, x + added, given, 0, DIGITS * size)


def _assign(lab, layer, longest, width, built=True):
    """Build the layer, look at its weight, and give it random numbers."""
    if built:
        layer.build((None, None, width))
    else:
        layer(_numbers(lab, (2, longest, width)))
    weight = getattr(layer, "positions", None)
    lab.expect("the built layer has a weight `positions`", hasattr(weight, "assign"), None, weight)
    kind = keras.backend.standardize_dtype(weight.dtype)
    lab.expect("positions is float32", kind == "float32", None, kind, "float32")
    shape = tuple(weight.shape)
    lab.expect("positions has shape (max_length, width)", shape == (longest, width), None, shape,
               (longest, width))  # fmt: skip
    known = [id(one) for one in layer.trainable_weights]
    names = [one.path for one in layer.weights]
    lab.expect("positions is trainable and the only weight",
               known == [id(weight)] and len(names) == 1, None, names)  # fmt: skip
    table = _numbers(lab, (longest, width))
    weight.assign(table)
    return table.astype("float64")


def _check_gradients(candidate, lab):
    longest, width, batch = (int(n) for n in lab.rng.integers(3, 8, 3))
    length = int(lab.rng.integers(1, longest))
    layer = candidate(longest)
    _assign(lab, layer, longest, width)
    x, factor = _numbers(lab, (2, batch, length, width))
    with tf.GradientTape() as tape:
        inputs = tf.constant(x)
        tape.watch(inputs)
        loss = tf.reduce_sum(layer(inputs) * factor)
    into = tape.gradient(loss, [inputs, layer.trainable_weights[0].value])
    lab.expect("gradients reach the inputs and positions", all(g is not None for g in into), x)
    into = [tf.convert_to_tensor(gradient).numpy() for gradient in into]
    wanted = np.zeros((longest, width))
    wanted[:length] = factor.sum(axis=0, dtype="float64")
    size = DIGITS * np.abs(factor).sum(axis=0).max()
    lab.close("the gradient of a row is the sum over the batch, of unused rows 0", into[1], wanted,
              x, 0, size)  # fmt: skip
    lab.close("the inputs' gradient is that of the outputs", into[0], factor, x, DIGITS, 0)


def _check_model(candidate, lab):
    longest, width = (int(n) for n in lab.rng.integers(4, 9, 2))
    layer, inputs = candidate(longest), keras.Input((None, width))
    model = keras.Model(inputs, layer(inputs))
    text = "in a functional model the length stays open"
    shape = model.output_shape
    lab.expect(text, shape[1] is None, None, shape, (None, None, width))
    table = _numbers(lab, (longest, width))
    layer.positions.assign(table)
    unknown = tf.TensorSpec((None, None, width), tf.float32)
    traced = tf.function(model, input_signature=[unknown], autograph=False)
    for length in (longest, 2):
        x = _numbers(lab, (3, length, width))
        size = DIGITS * np.maximum(np.abs(x), np.abs(table[:length]))
        for ending, run in (("", model), (" inside a tf.function", traced)):
            text = f"a functional model takes any length{ending}"
            got = lab.array(text, run(x), x.shape, x)
            lab.close(f"a functional model adds the positions too{ending}", got,
                      x.astype("float64") + table[:length], x, 0, size)  # fmt: skip


def _check_config(candidate, lab):
    longest, width = (int(n) for n in lab.rng.integers(3, 9, 2))
    name = f"places_{lab.rng.integers(100)}"
    layer = candidate(longest, name=name)
    config = layer.get_config()
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
    table = _assign(lab, again, longest, width)
    _compare(lab, again, _numbers(lab, (2, longest, width)), table)


def _check_mask(candidate, lab):
    longest, width = (int(n) for n in lab.rng.integers(4, 9, 2))
    tokens = lab.rng.integers(0, 3, (4, longest))
    embedding, probe = keras.layers.Embedding(3, width, mask_zero=True), _Probe()
    layer = candidate(longest)
    embedded = embedding(tokens)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        output = layer(embedded)
    probe(output)
    got = None if probe.mask is None else np.asarray(probe.mask)
    lab.expect("the mask arrives at the next layer", got is not None, tokens, None, tokens != 0)
    lab.expect("and is unchanged", np.array_equal(got, tokens != 0), tokens, got, tokens != 0)
    expected = np.asarray(embedded, "float64") + np.asarray(layer.positions, "float64")
    text = "what is masked gets its position like the rest"
    lab.close(text, np.asarray(output), expected, tokens, 1e-4, 1e-6)


def _check_half(candidate, lab):
    longest, width = (int(n) for n in lab.rng.integers(3, 12, 2))
    layer = candidate(longest, dtype="mixed_float16")
    _assign(lab, layer, longest, width)
    table = np.clip(_numbers(lab, (longest, width)), -LARGEST, LARGEST)
    table[0] = LARGEST
    layer.positions.assign(table)
    for length in (longest, 2):
        x = np.clip(_numbers(lab, (3, length, width)), -LARGEST, LARGEST).astype("float16")
        x[0, 0], x[1, 0] = LARGEST, -LARGEST
        given = {"x": x, "positions": table}
        try:
            output = layer(tf.constant(x))
        except Exception as error:
            lab.expect("under mixed_float16 the layer can be called", False, given, _said(error))
        kind = keras.backend.standardize_dtype(output.dtype)
        text = "under mixed_float16 the outputs are float16"
        lab.expect(text, kind == "float16", given, kind, "float16")
        terms = x.astype("float64"), table[:length].astype("float64")
        slack = 1e-2 * np.maximum(*map(np.abs, np.broadcast_arrays(*terms))) + 1e-6
        text = "under mixed_float16 the positions are added too"
        lab.close(text, np.asarray(output, "float64"), sum(terms), given, 0, slack)


def _check_saving(candidate, lab, policy):
    longest, width = (int(n) for n in lab.rng.integers(3, 9, 2))
    layer, inputs = candidate(longest, dtype=policy), keras.Input((None, width))
    model = keras.Model(inputs, layer(inputs))
    table = _numbers(lab, (longest, width), 3)
    layer.positions.assign(table)
    again = _loaded(lab, candidate, model)
    found = np.asarray(again.layers[-1].positions.value)
    text = "a loaded model has the same positions"
    lab.expect(text, np.array_equal(found, table), None, found, table)
    for length in (longest, 2):
        x = _numbers(lab, (3, length, width), 3)
        got, wanted = np.asarray(again(x)), np.asarray(model(x))
        text = f"a loaded model gives outputs of the same dtype, also under {policy}"
        lab.expect(text, got.dtype == wanted.dtype, x, str(got.dtype), str(wanted.dtype))
        lab.close("a loaded model gives the same outputs", got, wanted, x, 1e-2, 1e-6)


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


def _numbers(lab, shape, most=4):
    """Draw numbers whose rows are at scales from 1e-4 to 1e4 or another power of ten."""
    scales = 10 ** lab.rng.uniform(-4, most, (*shape[:-1], 1))
    return (lab.rng.normal(size=shape) * scales).astype("float32")


class right_with_an_embedding(keras.layers.Layer):
    """The rows are looked up; the config is the one that Keras makes by itself."""

    def __init__(self, max_length, **kwargs):
        super().__init__(**kwargs)
        self.max_length, self.supports_masking = max_length, True

    def build(self, shape):
        policy = self.dtype_policy
        self.table = keras.layers.Embedding(self.max_length, shape[-1], dtype=policy)
        self.table.build(None)
        self.positions = self.table.embeddings

    def call(self, x):
        return x + self.table(ops.arange(ops.shape(x)[1]))


class right_with_its_own_mask(keras.layers.Layer):
    def __init__(self, max_length, **kwargs):
        super().__init__(**kwargs)
        self.length = max_length

    def build(self, shape):
        start = np.zeros((self.length, shape[-1]), "float32")
        self.positions = keras.Variable(start, name="positions")

    def call(self, x, mask=None):
        rows = ops.take(self.positions, ops.arange(ops.shape(x)[1]), axis=0)
        return ops.add(x, ops.expand_dims(rows, 0))

    def compute_mask(self, inputs, mask=None):
        return mask

    def compute_output_shape(self, shape):
        return shape

    def get_config(self):
        config = super().get_config()
        config["max_length"] = self.length
        return config


class right_in_tensorflow(LearnedPositions):
    def call(self, x):
        table = tf.convert_to_tensor(self.positions)
        return tf.add(x, tf.slice(table, [0, 0], [tf.shape(x)[1], table.shape[1]]))


class wrong_config_of_the_base(LearnedPositions):
    """`max_length` is missing from the config."""

    def get_config(self):
        return super(LearnedPositions, self).get_config()


class wrong_config_without_dtype(LearnedPositions):
    """A model that was saved under `mixed_float16` comes back in float32."""

    def get_config(self):
        return {"max_length": self.max_length, "name": self.name}


class wrong_positions_drawn_anew(LearnedPositions):
    """The file never gets the table, as if it were sines."""

    def save_own_variables(self, store):
        pass

    def load_own_variables(self, store):
        pass


class wrong_saving_raises(LearnedPositions):
    """The file takes arrays, no settings."""

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["settings"] = {"max_length": self.max_length}


class wrong_file_not_read(LearnedPositions):
    """Says what to write into the file, but not how to read it: loading raises."""

    def save_own_variables(self, store):
        store["table"] = ops.convert_to_numpy(self.positions)
        store["length"] = np.array(self.max_length)


class wrong_returns_float32(LearnedPositions):
    def call(self, inputs):
        table = ops.cast(self.positions, "float32")
        return ops.cast(inputs, "float32") + table[: ops.shape(inputs)[1]]


class wrong_variable_without_autocast(LearnedPositions):
    """The table stays float32 in the sum, which is float32 then."""

    def build(self, input_shape):
        shape = self.max_length, input_shape[-1]
        self.positions = self.add_weight(shape=shape, initializer="uniform", autocast=False)

    def call(self, inputs):
        return ops.add(inputs, self.positions[: ops.shape(inputs)[1]])


class wrong_scaled_and_back(LearnedPositions):
    """Float16 does not hold the sum between the two."""

    def call(self, inputs):
        scale = inputs.shape[-1] ** 0.5
        return (inputs * scale + self.positions[: ops.shape(inputs)[1]] * scale) / scale


class wrong_two_dtypes(wrong_variable_without_autocast):
    """TensorFlow does not add float16 to float32 by itself."""

    def call(self, inputs):
        return tf.add(inputs, self.positions.value[: ops.shape(inputs)[1]])


class wrong_weight_in_float16(LearnedPositions):
    def build(self, input_shape):
        shape = self.max_length, input_shape[-1]
        self.positions = self.add_weight(shape=shape, dtype=self.compute_dtype)


class wrong_config_without_name(LearnedPositions):
    def get_config(self):
        return {"max_length": self.max_length}


class wrong_mask_dropped(LearnedPositions):
    def __init__(self, max_length, **kwargs):
        super().__init__(max_length, **kwargs)
        self.supports_masking = False


class wrong_mask_applied(LearnedPositions):
    """Nothing is added where the mask is False."""

    def call(self, inputs, mask=None):
        added = ops.broadcast_to(self.positions[: ops.shape(inputs)[1]], ops.shape(inputs))
        return inputs + (added if mask is None else added * ops.cast(mask, "float32")[..., None])


class wrong_whole_table(LearnedPositions):
    """Fits the longest sequences alone."""

    def call(self, inputs):
        return inputs + self.positions


class wrong_static_length(LearnedPositions):
    """In a functional model of any length `shape[1]` is None, and the slice is the whole table."""

    def call(self, inputs):
        return inputs + self.positions[: inputs.shape[1]]


class wrong_static_length_with_a_shape(LearnedPositions):
    """The model can be built, and breaks where the length is unknown while it is traced."""

    def call(self, inputs):
        return inputs + self.positions[: inputs.shape[1]]

    def compute_output_shape(self, input_shape):
        return input_shape


class wrong_length_of_the_batch(LearnedPositions):
    def call(self, inputs):
        return inputs + self.positions[: ops.shape(inputs)[0]]


class wrong_along_the_batch(LearnedPositions):
    def call(self, inputs):
        return inputs + self.positions[: ops.shape(inputs)[0], None]


class wrong_counted_from_one(LearnedPositions):
    def call(self, inputs):
        return inputs + ops.roll(self.positions, -1, axis=0)[: ops.shape(inputs)[1]]


class wrong_from_the_end(LearnedPositions):
    """Sequences shorter than the table get its last rows."""

    def call(self, inputs):
        return inputs + self.positions[self.max_length - ops.shape(inputs)[1] :]


class wrong_inputs_scaled(LearnedPositions):
    def call(self, inputs):
        width = ops.cast(ops.shape(inputs)[-1], "float32")
        return inputs * ops.sqrt(width) + self.positions[: ops.shape(inputs)[1]]


class wrong_not_trainable(LearnedPositions):
    def build(self, input_shape):
        shape = self.max_length, input_shape[-1]
        self.positions = self.add_weight(shape=shape, initializer="uniform", trainable=False)


class wrong_size_of_the_first_batch(LearnedPositions):
    """The table is as long as the first sequences, or ten where that is unknown."""

    def build(self, input_shape):
        shape = input_shape[1] or 10, input_shape[-1]
        self.positions = self.add_weight(shape=shape, initializer="uniform")


class wrong_stops_the_gradient(LearnedPositions):
    def call(self, inputs):
        table = ops.convert_to_tensor(ops.convert_to_numpy(self.positions))
        return inputs + table[: ops.shape(inputs)[1]]


class wrong_weight_for_each_call(LearnedPositions):
    def call(self, inputs):
        added = self.add_weight(shape=self.positions.shape, initializer="uniform")
        return inputs + added[: ops.shape(inputs)[1]]
