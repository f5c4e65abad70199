"""A dense layer of Keras with a low-rank adapter."""

import json
import os
import tempfile
import types
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import ops


class LoRADense(keras.layers.Layer):
    """A frozen dense layer with a trainable low-rank adapter.

    It maps `x` to `x @ kernel + alpha / rank * (x @ down) @ up + bias`. Its weights are attributes,
    there once the layer is built: Keras variables in float32 to which one can assign.

    - `kernel`, shape `(inputs, units)`, and `bias`, shape `(units,)`: not trainable. Any initial
      values (they get those of a pretrained layer later).
    - `down`, shape `(inputs, rank)`: trainable; it starts random, with any usual random
      initialiser, so that no two numbers need be equal.
    - `up`, shape `(rank, units)`: trainable; it starts at zero.

    `trainable_weights` holds `down` and `up` and nothing else.

    Graded are, in float32 where nothing else is said:

    - shapes, values and initial values, and which weights are trainable;
    - the gradients of a loss with respect to `down` and `up` (TensorFlow takes them, so `call` has
      to consist of Keras or TensorFlow operations);
    - `merge`, and the round trip through `get_config`;
    - dtypes: under the policy `dtype="mixed_float16"` the inputs and the outputs of `call` are
      float16, the weights stay float32, and so do the digits of what `merge` adds to the kernel
      (the einsum of TensorFlow 2.21 gives wrong products of float16 where its letters begin with
      an ellipsis; `matmul` does not);
    - saving: a functional model with the layer, saved by `model.save` to a `.keras` file and loaded
      with `keras.models.load_model(path, custom_objects={"LoRADense": LoRADense})`, has the same
      four weights and gives the same outputs in the same dtype, under `mixed_float16`;
    - masks: one that inputs of shape `(batch, time, inputs)` carry, as those of an `Embedding` with
      `mask_zero=True` do, is carried by the outputs unchanged. What is masked is computed like the
      rest.

    Not graded: other dtypes, gradients under `mixed_float16`, a change of the `trainable`
    attribute, unsuitable arguments.

    Args:
        units: number of outputs, an int of at least 1.
        rank: rank of the adapter, an int of at least 1.
        alpha: an int or a float above 0.
        **kwargs: options of every Keras layer, such as `name` and `dtype`; they go to the base
            class.
    """

    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(**kwargs)
        self.units, self.rank, self.alpha = units, rank, alpha
        self.supports_masking = True

    def build(self, input_shape):
        """Create the four weights.

        Args:
            input_shape: shape of the inputs, a tuple; the last number is `inputs`, the others may
                be None.
        """
        inputs = input_shape[-1]
        self.kernel = self.add_weight(name="kernel", shape=(inputs, self.units), trainable=False)
        self.bias = self.add_weight(
            name="bias", shape=(self.units,), initializer="zeros", trainable=False
        )
        self.down = self.add_weight(name="down", shape=(inputs, self.rank), initializer="he_normal")
        self.up = self.add_weight(name="up", shape=(self.rank, self.units), initializer="zeros")

    def call(self, inputs):
        """Return the outputs.

        Args:
            inputs: tensor of shape `(batch, inputs)` or `(batch, time, inputs)`, in float32, under
                `mixed_float16` in float16. There products and sums of inputs and weights, `alpha`
                times them too, are below 3e4 in size, so that float16 holds them.

        Returns:
            Tensor of the same shape, but `units` in the last place. Each output may be off by 1e-4,
            under `mixed_float16` by a fiftieth, of what it would be if all its terms were positive.
        """
        adapter = ops.matmul(ops.matmul(inputs, self.down), self.up)
        return ops.matmul(inputs, self.kernel) + self.alpha / self.rank * adapter + self.bias

    def merge(self):
        """Fold the adapter into the kernel.

        Afterwards the kernel is `kernel + alpha / rank * down @ up`, and `up` is zero again, while
        `down` and `bias` are as before: the outputs stay, a second merge changes nothing, and the
        adapter can be trained anew. Returns nothing.
        """
        product = ops.matmul(self.down, self.up)
        self.kernel.assign_add(self.alpha / self.rank * product)
        self.up.assign(ops.zeros_like(self.up))

    def get_config(self):
        """Return a dictionary that JSON can hold, from which `from_config` builds the layer again.

        The new layer has the same `units`, `rank`, `alpha`, `name` and `dtype` policy; its weights
        are its own.
        """
        config = super().get_config()
        return {**config, "units": self.units, "rank": self.rank, "alpha": self.alpha}


DIGITS, HALF = 1e-4, 2e-2
NAMES = ("kernel", "bias", "down", "up")


def check(candidate, lab):
    _check_start(candidate, lab)
    first, second, third = lab.rng.permutation([2, 3, 5]).tolist()
    alphas = lab.rng.permutation([0.3, 1.5, 7, 32])[:3].tolist()
    for axes, rank, alpha in zip((2, 3, 3), lab.rng.permutation([1, first, second]).tolist(),
                                 alphas, strict=True):  # fmt: skip
        _check_values(candidate, lab, axes, rank, alpha)
    _check_config(candidate, lab, third, float(lab.rng.choice([0.3, 1.5, 6.5])))
    _check_half(candidate, lab, int(lab.rng.integers(2, 4)))
    _check_saving(candidate, lab)
    _check_mask(candidate, lab)


def _check_start(candidate, lab):
    inputs, units, rank = (int(n) for n in lab.rng.permutation(np.arange(3, 9))[:3])
    layer = candidate(units, rank, float(lab.rng.uniform(2, 9)))
    x = _numbers(lab, (4, inputs))
    got = lab.array("outputs have shape (batch, units)", layer(x), (4, units), x)
    kernel, bias, down, up = _weights(lab, layer, inputs, units, rank)
    trainable = [id(weight) for weight in layer.trainable_weights]
    lab.expect("down and up are trainable, and nothing else is",
               sorted(trainable) == sorted(map(id, (layer.down, layer.up))), None,
               [weight.path for weight in layer.trainable_weights], "down and up")  # fmt: skip
    lab.expect("up starts at zero", not up.any(), None, up)
    lab.expect("down starts random", len(np.unique(down)) > down.size // 2, None, down)
    expected, size = _formula(x, kernel, bias, down, up, 0.0)
    _close(lab, "an untrained layer gives what the frozen one gives", got, expected, x, size)


def _check_values(candidate, lab, axes, rank, alpha):
    inputs, units = (int(n) for n in lab.rng.integers(1, 9, 2))
    shape = (*lab.rng.integers(1, 6, axes - 1).tolist(), inputs)
    layer, x = candidate(units=units, rank=rank, alpha=alpha), _numbers(lab, shape)
    layer.build((None,) * (axes - 1) + (inputs,))
    _, _, down, up = _weights(lab, layer, inputs, units, rank)
    lab.expect("down starts random, of a usual size", np.abs(down).max() > 1e-6, None, down)
    lab.expect("up starts at zero", not up.any(), None, up)
    for name in NAMES:
        getattr(layer, name).assign(lab.rng.normal(size=getattr(layer, name).shape))
    weights = [_array(getattr(layer, name)) for name in NAMES]
    expected, size = _formula(x, *weights, alpha / rank)
    given = {"x": x, **dict(zip(NAMES, weights, strict=True)), "rank": rank, "alpha": alpha}
    text = "outputs follow the formula, factor alpha / rank"
    got = lab.array("outputs have the inputs' shape but for the last axis", layer(x),
                    (*shape[:-1], units), given)  # fmt: skip
    _close(lab, text, got, expected, given, size)
    _check_gradients(lab, layer, x, weights, alpha / rank, given)
    _check_merge(lab, layer, x, weights, alpha / rank, given)


def _check_gradients(lab, layer, x, weights, factor, given):
    """Compare with the chain rule; the loss weighs each output by a random number."""
    _, _, down, up = weights
    signal = lab.rng.normal(size=(*x.shape[:-1], up.shape[1]))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x) * tf.constant(signal, tf.float32))
    got = tape.gradient(loss, [layer.down.value, layer.up.value])
    rows, flow = x.reshape(-1, x.shape[-1]), signal.reshape(-1, signal.shape[-1])
    exact = (factor * rows.T @ flow @ up.T, factor * (rows @ down).T @ flow)
    absolute = (
        factor * abs(rows).T @ abs(flow) @ abs(up).T,
        factor * (abs(rows) @ abs(down)).T @ abs(flow),
    )
    for name, mine, right, size in zip(("down", "up"), got, exact, absolute, strict=True):
        lab.expect(f"a gradient reaches {name}", mine is not None, given, "no gradient")
        _close(lab, f"the gradient of {name} follows the chain rule", _array(mine), right, given,
               size)  # fmt: skip


def _check_merge(lab, layer, x, weights, factor, given):
    kernel, bias, down, up = weights
    merged, size = kernel + factor * down @ up, np.abs(kernel) + factor * np.abs(down) @ np.abs(up)
    output, reach = _formula(x, kernel, bias, down, up, factor)
    for text in ("merge", "a second merge"):
        layer.merge()
        _close(lab, f"after {text} the kernel holds the adapter, once", _array(layer.kernel),
               merged, given, size)  # fmt: skip
        lab.expect(f"after {text} up is zero", not _array(layer.up).any(), given, _array(layer.up))
        _close(lab, f"after {text} the outputs are as before", layer(x), output, given, 2 * reach)
    for name, kept in (("down", down), ("bias", bias)):
        lab.expect(f"merge leaves {name} alone", np.array_equal(_array(getattr(layer, name)), kept),
                   given, _array(getattr(layer, name)), kept)  # fmt: skip
    fresh = lab.rng.normal(size=up.shape).astype("float32")
    layer.up.assign(fresh)
    output, reach = _formula(x, merged, bias, down, fresh, factor)
    _close(lab, "after a merge the adapter works anew", layer(x), output, given, reach + size.max())
    trainable = sorted(id(weight) for weight in layer.trainable_weights)
    lab.expect("after a merge down and up are trainable, and nothing else is",
               trainable == sorted(map(id, (layer.down, layer.up))), None,
               [weight.path for weight in layer.trainable_weights], "down and up")  # fmt: skip


def _check_config(candidate, lab, rank, alpha):
    units, inputs = (int(n) for n in lab.rng.integers(2, 9, 2))
    name = f"adapter_{lab.rng.integers(1000)}"
    layer = candidate(units, rank, alpha, name=name)
    layer.build((None, inputs))
    config = layer.get_config()
    lab.expect("get_config returns a dictionary", isinstance(config, dict), None, config)
    try:
        text = json.dumps(config)
    except TypeError as error:
        lab.expect("JSON can hold the configuration", False, None, config, str(error))
    again = candidate.from_config(json.loads(text))
    lab.expect("a layer built from the configuration has the same name", again.name == name, config,
               again.name, name)  # fmt: skip
    again.build((None, inputs))
    for weight in NAMES:
        shapes = [tuple(getattr(one, weight).shape) for one in (again, layer)]
        lab.expect("a layer built from the configuration has weights of the same shapes",
                   shapes[0] == shapes[1], config, *shapes)  # fmt: skip
        getattr(layer, weight).assign(lab.rng.normal(size=shapes[1]))
        getattr(again, weight).assign(_array(getattr(layer, weight)))
    x = _numbers(lab, (3, inputs))
    _, size = _formula(x, *(_array(getattr(layer, weight)) for weight in NAMES), alpha / rank)
    _close(lab, "a layer built from the configuration computes the same", again(x),
           _array(layer(x)), config, size)  # fmt: skip


def _small(candidate, lab):
    """Return a built layer whose weights and inputs are fit for float16, and all that it is of."""
    inputs, units, rank = (int(n) for n in lab.rng.integers((5, 5, 2), (9, 9, 6)))
    alpha = float(lab.rng.choice([0.7, 2.0, 6.0]))
    layer = candidate(units, rank, alpha, dtype="mixed_float16")
    layer.build((None, None, inputs))
    _weights(lab, layer, inputs, units, rank)
    for name in NAMES:
        getattr(layer, name).assign(lab.rng.uniform(-1, 1, getattr(layer, name).shape))
    weights = [_array(getattr(layer, name)) for name in NAMES]
    given = {**dict(zip(NAMES, weights, strict=True)), "rank": rank, "alpha": alpha}
    return layer, weights, given


def _check_half(candidate, lab, axes):
    layer, weights, given = _small(candidate, lab)
    shape = (*lab.rng.integers(1, 6, axes - 1).tolist(), len(weights[0]))
    x, factor = _numbers(lab, shape, -2, 1).astype("float16"), given["alpha"] / given["rank"]
    try:
        output, kind = layer(tf.constant(x)), "float16"
    except Exception as error:
        lab.expect("under mixed_float16 the layer can be called", False, given, _said(error))
    got = keras.backend.standardize_dtype(output.dtype)
    lab.expect("under mixed_float16 the outputs are float16", got == kind, given, got, kind)
    expected, size = _formula(x, *weights, factor)
    text = "under mixed_float16 the outputs follow the formula"
    _close(lab, text, output, expected, {"x": x, **given}, size, HALF)
    # A kernel of zeros hides no digit of what is added.
    kernel, _, down, up = weights
    layer.kernel.assign(np.zeros_like(kernel))
    layer.merge()
    size = factor * np.abs(down) @ np.abs(up)
    text = "under mixed_float16 merge keeps the digits of float32"
    given["kernel"] = np.zeros_like(kernel)
    _close(lab, text, _array(layer.kernel), factor * down @ up, given, size)


def _check_saving(candidate, lab):
    layer, weights, given = _small(candidate, lab)
    inputs = keras.Input((len(weights[0]),))
    model = keras.Model(inputs, layer(inputs))
    again = _loaded(lab, candidate, model)
    for name, kept in zip(NAMES, weights, strict=True):
        found = _array(getattr(again.layers[-1], name))
        lab.expect(f"a loaded model has the same {name}", np.array_equal(found, kept), given, found,
                   kept)  # fmt: skip
    x = _numbers(lab, (4, len(weights[0])), -2, 1)
    got, wanted = _array(again(x)), _array(model(x))
    text = "a loaded model gives outputs of the same dtype, also under mixed_float16"
    lab.expect(text, got.dtype == wanted.dtype, given, str(got.dtype), str(wanted.dtype))
    _, size = _formula(x, *weights, given["alpha"] / given["rank"])
    _close(lab, "a loaded model gives the same outputs", got, wanted, given, size, HALF)


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


def _check_mask(candidate, lab):
    length, width, units = (int(n) for n in lab.rng.integers(4, 9, 3))
    tokens = lab.rng.integers(0, 3, (4, length))
    tokens[0, :2] = 0, 1
    embedding, probe = keras.layers.Embedding(3, width, mask_zero=True), _Probe()
    layer, embedded = candidate(units, 2, 1.5), embedding(tokens)
    layer.build(embedded.shape)
    layer.bias.assign(lab.rng.normal(size=units))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        output = layer(embedded)
    probe(output)
    got = None if probe.mask is None else np.asarray(probe.mask)
    lab.expect("the mask arrives at the next layer", got is not None, tokens, None, tokens != 0)
    lab.expect("and is unchanged", np.array_equal(got, tokens != 0), tokens, got, tokens != 0)
    weights = [_array(getattr(layer, name)) for name in NAMES]
    expected, size = _formula(_array(embedded), *weights, 1.5 / 2)
    _close(lab, "what is masked is computed like the rest", output, expected, tokens, size)


class _Probe(keras.layers.Layer):
    """Keep the mask that arrives."""

    def __init__(self):
        super().__init__()
        self.supports_masking, self.mask = True, None

    def call(self, inputs, mask=None):
        self.mask = mask
        return inputs


def _weights(lab, layer, inputs, units, rank):
    shapes = ((inputs, units), (units,), (inputs, rank), (rank, units))
    for name, shape in zip(NAMES, shapes, strict=True):
        weight = getattr(layer, name, None)
        lab.expect(f"{name} is a Keras variable", isinstance(weight, keras.Variable), None,
                   type(weight).__name__)  # fmt: skip
        lab.expect(f"{name} has the shape of the docstring", tuple(weight.shape) == shape, None,
                   tuple(weight.shape), shape)  # fmt: skip
        lab.expect(f"{name} is in float32", weight.dtype == "float32", None, weight.dtype)
    return [_array(getattr(layer, name)) for name in NAMES]


def _formula(x, kernel, bias, down, up, factor):
    """Return the outputs in float64, and what they were if all terms were positive."""

    def outputs(x, kernel, bias, down, up):
        return x @ kernel + factor * (x @ down) @ up + bias

    parts = [np.asarray(part, "float64") for part in (x, kernel, bias, down, up)]
    return outputs(*parts), outputs(*map(np.abs, parts))


def _close(lab, text, got, expected, given, size, digits=DIGITS):
    lab.close(text, got, expected, given, 0, digits * size + 1e-30)


def _numbers(lab, shape, least=-3, most=3):
    scales = 10 ** lab.rng.uniform(least, most, (*shape[:-1], 1))
    return (scales * lab.rng.normal(size=shape)).astype("float32")


def _array(tensor):
    return np.asarray(ops.convert_to_numpy(tensor))


class right_frozen_dense(keras.layers.Layer):
    """A dense layer inside, frozen; the product is formed before the multiplication."""

    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(**kwargs)
        self.base = keras.layers.Dense(units, dtype=self.dtype_policy, trainable=False)
        self.rank, self.alpha, self.supports_masking = rank, alpha, True

    def build(self, input_shape):
        self.base.build(input_shape)
        self.kernel, self.bias = self.base.kernel, self.base.bias
        random = keras.initializers.RandomNormal(stddev=0.02)
        self.down = self.add_weight(shape=(input_shape[-1], self.rank), initializer=random)
        self.up = self.add_weight(shape=(self.rank, self.base.units), initializer="zeros")

    def call(self, inputs):
        return inputs @ (self.kernel + self._product()) + self.bias

    def _product(self):
        return (self.alpha / self.rank) * (self.down @ self.up)

    def merge(self):
        self.kernel.assign(self.kernel + self._product())
        self.up.assign(np.zeros(self.up.shape))

    def get_config(self):
        config = super().get_config()
        config.update(units=self.base.units, rank=self.rank, alpha=self.alpha)
        return config


class right_seeded(LoRADense):
    """Every layer starts alike."""

    def build(self, input_shape):
        super().build(input_shape)
        self.down.assign(keras.initializers.RandomNormal(seed=1)(self.down.shape))


class right_einsum(LoRADense):
    """Einsum, variables made by hand, and a call that lets the time axis be."""

    def build(self, input_shape):
        uniform, scale = keras.initializers.RandomUniform(-0.1, 0.1), self.alpha / self.rank
        self.scale = scale
        shapes = {"kernel": (input_shape[-1], self.units), "bias": (self.units,),
                  "down": (input_shape[-1], self.rank), "up": (self.rank, self.units)}  # fmt: skip
        for name, shape in shapes.items():
            start = "zeros" if name == "up" else uniform
            setattr(self, name, self.add_weight(shape=shape, initializer=start, name=name))
        self.kernel.trainable = self.bias.trainable = False

    def call(self, inputs):
        lead = "bt"[: len(inputs.shape) - 1]
        thin = ops.einsum(f"{lead}i,ir->{lead}r", inputs, self.down * self.scale)
        frozen = ops.einsum(f"{lead}i,iu->{lead}u", inputs, self.kernel)
        return frozen + ops.einsum(f"{lead}r,ru->{lead}u", thin, self.up) + self.bias


class right_of_dense_layers(keras.layers.Layer):
    """Three dense layers inside under the layer's own policy; the weights are properties."""

    kernel, bias = property(lambda self: self.base.kernel), property(lambda self: self.base.bias)
    down, up = property(lambda self: self.thin.kernel), property(lambda self: self.wide.kernel)

    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(**kwargs)
        self.settings, policy = {"units": units, "rank": rank, "alpha": alpha}, self.dtype_policy
        self.base = keras.layers.Dense(units, dtype=policy, trainable=False)
        self.thin = keras.layers.Dense(rank, use_bias=False, dtype=policy)
        self.wide = keras.layers.Dense(
            units, use_bias=False, kernel_initializer="zeros", dtype=policy
        )

    def build(self, input_shape):
        self.base.build(input_shape)
        self.thin.build(input_shape)
        self.wide.build((*input_shape[:-1], self.settings["rank"]))

    def call(self, inputs, mask=None):
        factor = self.settings["alpha"] / self.settings["rank"]
        return self.base(inputs) + factor * self.wide(self.thin(inputs))

    def compute_mask(self, inputs, mask=None):
        return mask

    def merge(self):
        change = self.settings["alpha"] / self.settings["rank"] * ops.dot(self.down, self.up)
        self.kernel.assign_add(change)
        self.up.assign_sub(self.up)

    def get_config(self):
        return super().get_config() | self.settings


class wrong_base_trains(LoRADense):
    """Nothing is frozen."""

    def build(self, input_shape):
        super().build(input_shape)
        self.kernel.trainable = self.bias.trainable = True


class wrong_bias_trains(LoRADense):
    """As after enable_lora in Keras."""

    def build(self, input_shape):
        super().build(input_shape)
        self.bias.trainable = True


class wrong_no_factor(LoRADense):
    def call(self, inputs):
        return inputs @ self.kernel + (inputs @ self.down) @ self.up + self.bias


class wrong_root_of_rank(LoRADense):
    """The factor of rank-stabilised LoRA."""

    def call(self, inputs):
        factor = self.alpha / self.rank**0.5
        return inputs @ self.kernel + factor * (inputs @ self.down) @ self.up + self.bias


class wrong_factor_upside_down(LoRADense):
    def call(self, inputs):
        factor = self.rank / self.alpha
        return inputs @ self.kernel + factor * (inputs @ self.down) @ self.up + self.bias


class wrong_no_bias(LoRADense):
    def call(self, inputs):
        return super().call(inputs) - self.bias


class wrong_both_random(LoRADense):
    def build(self, input_shape):
        super().build(input_shape)
        self.up.assign(np.random.normal(size=self.up.shape))


class wrong_both_zero(LoRADense):
    def build(self, input_shape):
        super().build(input_shape)
        self.down.assign(np.zeros(self.down.shape))


class wrong_rank_one_starts_at_zero(LoRADense):
    def build(self, input_shape):
        super().build(input_shape)
        self.down.assign(self.down * (self.rank > 1))


class wrong_down_of_no_size(LoRADense):
    """Both factors are as good as zero."""

    def build(self, input_shape):
        super().build(input_shape)
        self.down.assign(1e-12 * self.down)


class wrong_merge_keeps_the_adapter(LoRADense):
    """The product counts twice after the merge."""

    def merge(self):
        self.kernel.assign_add(self.alpha / self.rank * (self.down @ self.up))


class wrong_merge_without_factor(LoRADense):
    def merge(self):
        self.kernel.assign_add(self.down @ self.up)
        self.up.assign(np.zeros(self.up.shape))


class wrong_merge_clears_both(LoRADense):
    """Both factors are zero then: the adapter never learns again."""

    def merge(self):
        super().merge()
        self.down.assign(np.zeros(self.down.shape))


class wrong_merge_by_a_flag(LoRADense):
    """Skips the adapter for good."""

    merged = False

    def call(self, inputs):
        return inputs @ self.kernel + self.bias if self.merged else super().call(inputs)

    def merge(self):
        super().merge()
        self.merged = True


class wrong_config_without_alpha(LoRADense):
    def __init__(self, units, rank, alpha=1.0, **kwargs):
        super().__init__(units, rank, alpha, **kwargs)

    def get_config(self):
        return {name: value for name, value in super().get_config().items() if name != "alpha"}


class wrong_config_rounds_alpha(LoRADense):
    def get_config(self):
        return {**super().get_config(), "alpha": max(1, int(self.alpha))}


class wrong_config_without_the_base(LoRADense):
    """Forgets what the base class knows, such as the name."""

    def get_config(self):
        return {"units": self.units, "rank": self.rank, "alpha": self.alpha}


class wrong_config_holds_weights(LoRADense):
    def get_config(self):
        return {**super().get_config(), "kernel": _array(self.kernel)}


class wrong_numpy_inside(LoRADense):
    """The outputs are right, but no gradient comes through."""

    def call(self, inputs):
        thin = _array(inputs) @ _array(self.down) @ _array(self.up)
        return inputs @ self.kernel + self.alpha / self.rank * thin + self.bias


class wrong_gradient_stopped(LoRADense):
    """Freezes the adapter's way back too."""

    def call(self, inputs):
        return ops.stop_gradient(super().call(inputs))


class wrong_mask_dropped(LoRADense):
    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(units, rank, alpha, **kwargs)
        self.supports_masking = False


class wrong_mask_applied(LoRADense):
    """Masked steps come out as zeros."""

    def call(self, inputs, mask=None):
        output = super().call(inputs)
        return output if mask is None else output * ops.cast(mask, output.dtype)[..., None]


class wrong_returns_float32(LoRADense):
    """The weights are float32, and so is what comes of them."""

    def call(self, inputs):
        x, down, up, kernel, bias = (
            ops.cast(part, "float32")
            for part in (inputs, self.down, self.up, self.kernel, self.bias)
        )
        return x @ kernel + self.alpha / self.rank * (x @ down) @ up + bias


class wrong_inner_layer_in_float32(right_frozen_dense):
    """The layer inside never hears of the policy."""

    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(units, rank, alpha, **kwargs)
        self.base = keras.layers.Dense(units, trainable=False)

    def call(self, inputs):
        return ops.add(self.base(inputs), ops.matmul(inputs, self._product()))


class wrong_weights_in_float16(LoRADense):
    """Half the memory, and updates that are too small to count."""

    def add_weight(self, **kwargs):
        return super().add_weight(dtype=self.compute_dtype, **kwargs)


class wrong_merge_in_float16(LoRADense):
    def merge(self):
        down, up = (ops.cast(part, self.compute_dtype) for part in (self.down, self.up))
        self.kernel.assign_add(ops.cast(self.alpha / self.rank * (down @ up), "float32"))
        self.up.assign(ops.zeros_like(self.up))


class wrong_config_without_dtype(LoRADense):
    """A model that was saved under `mixed_float16` comes back in float32."""

    def get_config(self):
        return {name: value for name, value in super().get_config().items() if name != "dtype"}


class wrong_frozen_weights_hidden(LoRADense):
    """Hides the frozen weights from Keras, which does not train them then, nor save them."""

    kernel = property(lambda self: self.frozen.kernel)
    bias = property(lambda self: self.frozen.bias)

    def build(self, input_shape):
        kernel = keras.Variable(np.zeros((input_shape[-1], self.units), "float32"))
        bias = keras.Variable(np.zeros(self.units, "float32"))
        self.frozen = types.SimpleNamespace(kernel=kernel, bias=bias)
        self.down = self.add_weight(shape=(input_shape[-1], self.rank), initializer="he_normal")
        self.up = self.add_weight(shape=(self.rank, self.units), initializer="zeros")


class wrong_saves_the_adapter_alone(LoRADense):
    """As if whoever loads the file had the pretrained kernel."""

    def save_own_variables(self, store):
        store["down"], store["up"] = _array(self.down), _array(self.up)

    def load_own_variables(self, store):
        self.down.assign(store["down"])
        self.up.assign(store["up"])


class wrong_file_without_frozen_weights(LoRADense):
    """Says what to write into the file, but not how to read it: loading raises."""

    def save_own_variables(self, store):
        store["down"], store["up"] = _array(self.down), _array(self.up)


class wrong_saving_raises(LoRADense):
    """The file takes arrays, no settings."""

    def save_own_variables(self, store):
        super().save_own_variables(store)
        store["settings"] = {"rank": self.rank, "alpha": self.alpha}
