"""A dense layer of Keras with a low-rank adapter."""

import json

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

    Graded are shapes, values and initial values, which weights are trainable, the gradients of a
    loss with respect to `down` and `up` (TensorFlow takes them, so `call` has to consist of Keras
    or TensorFlow operations), `merge`, and the round trip through `get_config`. Not graded: saving
    to files, masks, other dtypes, a change of the `trainable` attribute, unsuitable arguments.

    Args:
        units: number of outputs, an int of at least 1.
        rank: rank of the adapter, an int of at least 1.
        alpha: an int or a float above 0.
        **kwargs: options of every Keras layer, such as `name`; they go to the base class.
    """

    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(**kwargs)
        self.units, self.rank, self.alpha = units, rank, alpha

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
            inputs: float32 tensor of shape `(batch, inputs)` or `(batch, time, inputs)`.

        Returns:
            Tensor of the same shape, but `units` in the last place. Each output may be off by 1e-4
            of what it would be if all its terms were positive.
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

        The new layer has the same `units`, `rank`, `alpha` and `name`; its weights are its own.
        """
        config = super().get_config()
        return {**config, "units": self.units, "rank": self.rank, "alpha": self.alpha}


DIGITS = 1e-4
NAMES = ("kernel", "bias", "down", "up")


def check(candidate, lab):
    _check_start(candidate, lab)
    first, second, third = lab.rng.permutation([2, 3, 5]).tolist()
    alphas = lab.rng.permutation([0.3, 1.5, 7, 32])[:3].tolist()
    for axes, rank, alpha in zip((2, 3, 3), lab.rng.permutation([1, first, second]).tolist(),
                                 alphas, strict=True):  # fmt: skip
        _check_values(candidate, lab, axes, rank, alpha)
    _check_config(candidate, lab, third, float(lab.rng.choice([0.3, 1.5, 6.5])))


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


def _close(lab, text, got, expected, given, size):
    lab.close(text, got, expected, given, 0, DIGITS * size + 1e-30)


def _numbers(lab, shape):
    scales = 10 ** lab.rng.uniform(-3, 3, (*shape[:-1], 1))
    return (scales * lab.rng.normal(size=shape)).astype("float32")


def _array(tensor):
    return np.asarray(ops.convert_to_numpy(tensor))


class right_frozen_dense(keras.layers.Layer):
    """A dense layer inside, frozen; the product is formed before the multiplication."""

    def __init__(self, units, rank, alpha, **kwargs):
        super().__init__(**kwargs)
        self.base, self.rank, self.alpha = keras.layers.Dense(units), rank, alpha
        self.base.trainable = False

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
        thin = tf.einsum("...i,ir->...r", inputs, self.down * self.scale)
        frozen = tf.einsum("...i,iu->...u", inputs, self.kernel)
        return frozen + tf.einsum("...r,ru->...u", thin, self.up) + self.bias


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
