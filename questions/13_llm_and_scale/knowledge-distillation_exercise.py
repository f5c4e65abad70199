"""A Keras loss that mixes labels with a teacher's softened answers."""

import json
import os
import tempfile
import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import ops


class Distillation(keras.losses.Loss):
    """Mix the cross-entropy of the labels with the divergence from a teacher.

    For one row the loss is

        (1 - alpha) * CE + alpha * temperature**2 * KL

    CE is the cross-entropy of the one-hot label and softmax(student), at temperature 1. KL is the
    Kullback-Leibler divergence sum(q * log(q / p)) of q = softmax(teacher / temperature) from
    p = softmax(student / temperature), natural logarithms, summed over the classes. `student` and
    `teacher` are logits from -100 to 100, so that a probability may be 0 in float32: the loss stays
    right and finite.

    Graded are, in float32 where nothing else is said:

    - the values of `call` and those of the loss when it is called itself, which is the mean over
      the rows with Keras's default reduction, the sum with `reduction="sum"`, and one value per row
      with `reduction=None`;
    - sample weights, an array of shape `(batch,)` from 0 to 10 given to the loss when it is called
      itself: each row's value is multiplied by its weight before the reduction, and the mean
      divides by the number of rows, as in Keras;
    - the gradients with respect to the student's logits (TensorFlow takes them, so `call` has to
      consist of Keras or TensorFlow operations);
    - dtypes: the loss is float32, also of logits that a model under `mixed_float16` gives in
      float16 (Keras casts them before `call`). Under `dtype="float16"` both arguments of `call` are
      float16, and so is the loss when it is called itself (Keras casts what `call` returns),
      finite and right to a fiftieth of the size below;
    - the round trip through `get_config`;
    - saving: a functional model compiled with the loss, saved by `model.save` to a `.keras` file
      and loaded with `keras.models.load_model(path, custom_objects={"Distillation": Distillation})`
      has a loss of the same values, name and reduction.

    Not graded: masks, other dtypes, gradients in float16 or with respect to `y_true`, unsuitable
    arguments. Keras's `get_config` does not hold the dtype of a loss; yours may or may not.

    Args:
        temperature: an int or a float from 0.5 to 20.
        alpha: share of the teacher, from 0 to 1.
        **kwargs: options of every Keras loss, such as `name`, `reduction` and `dtype`; they go to
            the base class.
    """

    def __init__(self, temperature, alpha, **kwargs):
        super().__init__(**kwargs)
        self.temperature, self.alpha = temperature, alpha

    def call(self, y_true, y_pred):
        """Return the loss of each row.

        Args:
            y_true: float32 tensor of shape `(batch, 2 * classes)`: the one-hot label in the first
                `classes` columns, the teacher's logits in the others.
            y_pred: the student's logits, float32 tensor of shape `(batch, classes)`; there are two
                classes or more.

        Returns:
            Tensor of shape `(batch,)`. A value may be off by 1e-4 of 1 + temperature**2 +
            (1 + temperature) * the largest size of a logit in the row; a gradient of the loss of
            a row by 1e-4 of 1 + temperature.
        """
        label, teacher = ops.split(y_true, 2, axis=-1)
        log_q = ops.log_softmax(teacher / self.temperature)
        log_p = ops.log_softmax(y_pred / self.temperature)
        hard = -ops.sum(label * ops.log_softmax(y_pred), axis=-1)
        soft = ops.sum(ops.exp(log_q) * (log_q - log_p), axis=-1)
        return (1 - self.alpha) * hard + self.alpha * self.temperature**2 * soft

    def get_config(self):
        """Return a dictionary that JSON can hold, from which `from_config` builds the loss again.

        The new loss has the same temperature, alpha, name and reduction.
        """
        return {**super().get_config(), "temperature": self.temperature, "alpha": self.alpha}


DIGITS = 1.1e-4


def check(candidate, lab):
    for temperature in (1, 0.5, 2, float(lab.rng.uniform(3, 20))):
        for alpha in (0, 1, float(lab.rng.uniform(0.1, 0.9))):
            for scale in (1.0, 30.0):
                _check_values(candidate, lab, temperature, alpha, scale)
    _check_weights(candidate, lab, float(lab.rng.choice([0.7, 4.0])))
    for temperature, dtype in ((20.0, "float32"), (0.5, "float16"), (20.0, "float16")):
        _check_half(candidate, lab, temperature, dtype)
    _check_saving(candidate, lab)
    for temperature in (0.7, 4.0):
        _check_reductions(candidate, lab, temperature)
        _check_gradients(candidate, lab, temperature)
        _check_config(candidate, lab, temperature)


def _rows(lab, scale=1.0):
    """Draw labels with a teacher's logits, and a student's; sizes differ from row to row."""
    batch, classes = (int(n) for n in lab.rng.integers(2, 8, 2))
    label = np.eye(classes)[lab.rng.integers(classes, size=batch)]
    sizes = scale * 10 ** lab.rng.uniform(-1, 0.5, (2, batch, 1))
    teacher, student = np.clip(sizes * lab.rng.normal(size=(2, batch, classes)), -100, 100)
    both = np.concatenate([label, teacher], axis=1)
    return both.astype("float32"), student.astype("float32")


def _exact(both, student, temperature, alpha):
    """Value, gradient and slack of each row in float64."""
    label, teacher = np.split(both.astype("float64"), 2, axis=1)
    student = student.astype("float64")
    log_q, log_p, log_one = map(
        _log_softmax, (teacher / temperature, student / temperature, student)
    )
    hard = -(label * log_one).sum(axis=1)
    soft = (np.exp(log_q) * (log_q - log_p)).sum(axis=1)
    slope = (1 - alpha) * (np.exp(log_one) - label)
    slope = slope + alpha * temperature * (np.exp(log_p) - np.exp(log_q))
    largest = np.maximum(np.abs(teacher), np.abs(student)).max(axis=1)
    slack = DIGITS * (1 + temperature**2 + (1 + temperature) * largest)
    return (1 - alpha) * hard + alpha * temperature**2 * soft, slope, slack


def _log_softmax(z):
    z = z - z.max(axis=1, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=1, keepdims=True))


def _check_values(candidate, lab, temperature, alpha, scale):
    both, student = _rows(lab, scale)
    expected, _, slack = _exact(both, student, temperature, alpha)
    given = {"y_true": both, "y_pred": student, "temperature": temperature, "alpha": alpha}
    loss = candidate(temperature, alpha)
    got = loss.call(tf.constant(both), tf.constant(student))
    got = lab.array("call returns one value per row", got, expected.shape, given)
    text = "labels and teacher are mixed as the docstring says"
    if scale > 1:
        text += ", also for large logits"
    lab.close(text, got, expected, given, 0, slack)


def _check_reductions(candidate, lab, temperature):
    both, student = _rows(lab)
    expected, _, slack = _exact(both, student, temperature, 0.3)
    given = {"y_true": both, "y_pred": student, "temperature": temperature, "alpha": 0.3}
    loss = candidate(temperature=temperature, alpha=0.3)
    got = lab.array("the loss itself is one number", loss(both, student), (), given)
    lab.close("it is the mean over the rows", got, expected.mean(), given, 0, slack.mean())
    loss = candidate(temperature, 0.3, reduction=None, name="taught")
    got = lab.array("with reduction=None it is one value per row", loss(both, student),
                    expected.shape, given)  # fmt: skip
    lab.close("the rows' values are the same ones", got, expected, given, 0, slack)
    lab.expect("the name is kept", loss.name == "taught", given, loss.name, "taught")


def _check_gradients(candidate, lab, temperature):
    alpha = float(lab.rng.uniform(0.2, 0.8))
    both, student = _rows(lab, 5.0)
    _, expected, _ = _exact(both, student, temperature, alpha)
    given = {"y_true": both, "y_pred": student, "temperature": temperature, "alpha": alpha}
    logits = tf.constant(student)
    with tf.GradientTape() as tape:
        tape.watch(logits)
        total = tf.reduce_sum(candidate(temperature, alpha).call(tf.constant(both), logits))
    slope = tape.gradient(total, logits)
    lab.expect("gradients reach the student's logits", slope is not None, given, slope)
    slack = np.full(expected.shape, DIGITS * (1 + temperature))
    lab.close("the gradient is that of the mixture", np.asarray(slope), expected, given, 0, slack)


def _check_config(candidate, lab, temperature):
    both, student = _rows(lab)
    loss = candidate(temperature, 0.8, name="again", reduction="sum")
    config = loss.get_config()
    try:
        text = json.dumps(config)
    except (TypeError, ValueError):
        text = None
    lab.expect("JSON can hold the config", text is not None, None, config)
    try:
        again, problem = candidate.from_config(json.loads(text)), None
    except Exception as error:
        again, problem = None, str(error)
    lab.expect("from_config builds a loss from the config", again is not None, config, problem)
    lab.expect("the new loss has the name", again.name == "again", config, again.name, "again")
    expected, _, slack = _exact(both, student, temperature, 0.8)
    got = lab.array("the new loss has the reduction, here the sum", again(both, student), ())
    text = "the new loss has the temperature, alpha and reduction"
    lab.close(text, got, expected.sum(), config, 0, slack.sum())


def _check_weights(candidate, lab, temperature):
    both, student = _rows(lab)
    expected, _, slack = _exact(both, student, temperature, 0.6)
    weights = lab.rng.uniform(0, 10, len(both)).astype("float32")
    weights[lab.rng.integers(len(both))] = 0
    given = {"y_true": both, "y_pred": student, "sample_weight": weights,
             "temperature": temperature, "alpha": 0.6}  # fmt: skip
    told = {f"reduction={reduction!r}": {"reduction": reduction}
            for reduction in ("sum_over_batch_size", "sum", None)}  # fmt: skip
    told["the default reduction"] = {}
    for words, options in told.items():
        reduce = {"sum": np.sum, None: np.array}.get(options.get("reduction", ""), np.mean)
        got = candidate(temperature, 0.6, **options)(both, student, sample_weight=weights)
        text = f"sample weights multiply the rows' values, with {words}"
        lab.close(text, got, reduce(weights * expected), given, 0, reduce(weights * slack) + 1e-6)


def _check_half(candidate, lab, temperature, dtype):
    both, student = _rows(lab, 30.0)
    both, student = both.astype("float16"), student.astype("float16")
    alpha = float(lab.rng.uniform(0.2, 0.8))
    expected, _, slack = _exact(both, student, temperature, alpha)
    given = {"y_true": both, "y_pred": student, "temperature": temperature, "alpha": alpha}
    settings, where, digits = {}, "of float16 logits", 1
    if dtype == "float16":
        settings, where, digits = {"dtype": dtype}, 'under dtype="float16"', 200
    try:
        value = candidate(temperature, alpha, reduction=None, **settings)(both, student)
    except Exception as error:
        lab.expect(f"{where} the loss can be computed", False, given, _said(error))
    kind = keras.backend.standardize_dtype(value.dtype)
    lab.expect(f"{where} the loss is {dtype}", kind == dtype, given, kind, dtype)
    text = f"{where} the loss is right and finite"
    lab.close(text, np.asarray(value, "float64"), expected, given, 0, digits * slack)


def _check_saving(candidate, lab):
    both, student = _rows(lab)
    inputs = keras.Input(student.shape[1:])
    model = keras.Model(inputs, keras.layers.Activation("linear")(inputs))
    temperature, alpha = float(lab.rng.uniform(2, 9)), float(lab.rng.uniform(0.2, 0.8))
    loss = candidate(temperature, alpha, name="taught", reduction="sum")
    model.compile("sgd", loss=loss)
    found = _loaded(lab, candidate, model).loss
    given = {"y_true": both, "y_pred": student, "temperature": temperature, "alpha": alpha}
    kinds = [type(one).__name__ for one in (found, loss)]
    lab.expect("a loaded model has a loss of the same class", kinds[0] == kinds[1], None, *kinds)
    lab.expect("the loaded loss has the name", found.name == "taught", given, found.name, "taught")
    got = lab.array("the loaded loss has the reduction, here the sum", found(both, student), ())
    text = "the loaded loss has the same values"
    lab.close(text, got, np.asarray(loss(both, student)), given, 1e-4, 1e-6)


def _loaded(lab, candidate, model):
    """Save the model and return what `load_model` makes of the file."""
    text = "a model with the loss can be saved"
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path, own = os.path.join(folder, "model.keras"), {candidate.__name__: candidate}
        try:
            model.save(path)
            lab.expect(text, True)
            text = "a saved model with the loss can be loaded"
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


class right_with_keras_losses(Distillation):
    """Cross-entropy less the teacher's entropy."""

    def call(self, y_true, y_pred):
        classes = y_pred.shape[-1]
        label, teacher = y_true[:, :classes], y_true[:, classes:]
        q = ops.softmax(teacher / self.temperature, axis=-1)
        cross = ops.categorical_crossentropy(q, y_pred / self.temperature, from_logits=True)
        own = ops.categorical_crossentropy(q, teacher / self.temperature, from_logits=True)
        hard = ops.categorical_crossentropy(label, y_pred, from_logits=True)
        return hard * (1 - self.alpha) + (cross - own) * self.alpha * self.temperature**2


class right_in_tensorflow(keras.Loss):
    def __init__(self, temperature, alpha, name="distil", reduction="sum_over_batch_size", **rest):
        super().__init__(name=name, reduction=reduction, **rest)
        self.t, self.a = float(temperature), float(alpha)

    def call(self, y_true, y_pred):
        label, teacher = tf.split(y_true, 2, axis=1)
        log_p, log_q = tf.nn.log_softmax(y_pred / self.t), tf.nn.log_softmax(teacher / self.t)
        soft = tf.einsum("bc,bc->b", tf.exp(log_q), log_q - log_p)
        hard = tf.nn.softmax_cross_entropy_with_logits(label, y_pred)
        return hard + self.a * (self.t * self.t * soft - hard)

    def get_config(self):
        config = super().get_config()
        config.update(temperature=self.t, alpha=self.a)
        return config


class _Parts(Distillation):
    """The reference solution in parts, for the mistakes below."""

    def parts(self, y_true, y_pred):
        label, teacher = ops.split(y_true, 2, axis=-1)
        log_q = ops.log_softmax(teacher / self.temperature)
        log_p = ops.log_softmax(y_pred / self.temperature)
        hard = -ops.sum(label * ops.log_softmax(y_pred), axis=-1)
        return hard, log_q, log_p

    def divergence(self, log_q, log_p):
        return ops.sum(ops.exp(log_q) * (log_q - log_p), axis=-1)

    def mix(self, hard, soft):
        return (1 - self.alpha) * hard + self.alpha * self.temperature**2 * soft

    def call(self, y_true, y_pred):
        hard, log_q, log_p = self.parts(y_true, y_pred)
        return self.mix(hard, self.divergence(log_q, log_p))


class right_wide_inside(keras.losses.Loss):
    """Works in float64 whatever comes, and keeps its dtype in the config too."""

    def __init__(self, temperature, alpha, **kwargs):
        super().__init__(**kwargs)
        self.settings = {"temperature": temperature, "alpha": alpha}

    def call(self, y_true, y_pred):
        classes, (temperature, alpha) = y_pred.shape[-1], self.settings.values()
        both, student = ops.cast(y_true, "float64"), ops.cast(y_pred, "float64")
        log_q, log_p = (ops.log_softmax(z / temperature) for z in (both[:, classes:], student))
        hard = ops.logsumexp(student, axis=1) - ops.sum(both[:, :classes] * student, axis=1)
        soft = ops.sum(ops.exp(log_q) * (log_q - log_p), axis=1)
        return ops.cast((1 - alpha) * hard + alpha * temperature**2 * soft, self.dtype)

    def get_config(self):
        return {**super().get_config(), **self.settings, "dtype": self.dtype}


class wrong_without_square(_Parts):
    """The teacher's weight falls as the temperature grows."""

    def mix(self, hard, soft):
        return (1 - self.alpha) * hard + self.alpha * soft


class wrong_square_on_both(_Parts):
    def mix(self, hard, soft):
        return self.temperature**2 * ((1 - self.alpha) * hard + self.alpha * soft)


class wrong_temperature_once(_Parts):
    def mix(self, hard, soft):
        return (1 - self.alpha) * hard + self.alpha * self.temperature * soft


class wrong_alpha_exchanged(_Parts):
    def mix(self, hard, soft):
        return self.alpha * hard + (1 - self.alpha) * self.temperature**2 * soft


class wrong_plain_sum(_Parts):
    def mix(self, hard, soft):
        return hard + self.alpha * self.temperature**2 * soft


class wrong_divergence_reversed(_Parts):
    def divergence(self, log_q, log_p):
        return ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)


class wrong_cross_entropy(_Parts):
    """The gradients are right, the values are not."""

    def divergence(self, log_q, log_p):
        return -ops.sum(ops.exp(log_q) * log_p, axis=-1)


class wrong_mean_over_classes(_Parts):
    def divergence(self, log_q, log_p):
        return ops.mean(ops.exp(log_q) * (log_q - log_p), axis=-1)


class wrong_logarithm_of_softmax(_Parts):
    """A probability that underflows gives infinity or NaN."""

    def divergence(self, log_q, log_p):
        q, p = ops.exp(log_q), ops.exp(log_p)
        return ops.sum(q * ops.log(q / p), axis=-1)


class wrong_with_epsilon(_Parts):
    """What Keras's `kl_divergence` does too: probabilities are cut at 1e-7."""

    def divergence(self, log_q, log_p):
        return keras.losses.kl_divergence(ops.exp(log_q), ops.exp(log_p))


class wrong_teacher_alone_softened(_Parts):
    def call(self, y_true, y_pred):
        hard, log_q, _ = self.parts(y_true, y_pred)
        return self.mix(hard, self.divergence(log_q, ops.log_softmax(y_pred)))


class wrong_labels_softened(_Parts):
    def call(self, y_true, y_pred):
        _, log_q, log_p = self.parts(y_true, y_pred)
        label = ops.split(y_true, 2, axis=-1)[0]
        return self.mix(-ops.sum(label * log_p, axis=-1), self.divergence(log_q, log_p))


class wrong_halves_exchanged(_Parts):
    """Takes the teacher's logits from the first columns."""

    def call(self, y_true, y_pred):
        return super().call(ops.roll(y_true, y_pred.shape[-1], axis=-1), y_pred)


class wrong_mean_in_call(_Parts):
    """One number for the batch, so that `reduction=None` has nothing to keep."""

    def call(self, y_true, y_pred):
        return ops.mean(super().call(y_true, y_pred))


class wrong_config_of_the_base(_Parts):
    def get_config(self):
        return super(Distillation, self).get_config()


class wrong_config_without_name(_Parts):
    def get_config(self):
        return {"temperature": self.temperature, "alpha": self.alpha}


class wrong_stops_the_gradient(_Parts):
    """The divergence is computed outside the tape."""

    def divergence(self, log_q, log_p):
        return ops.stop_gradient(super().divergence(log_q, log_p))


class wrong_weights_ignored(_Parts):
    """Every row counts alike."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        return super().__call__(y_true, y_pred)


class wrong_mean_over_the_weights(_Parts):
    """Divides by the sum of the weights, where Keras divides by the number of rows."""

    def __call__(self, y_true, y_pred, sample_weight=None):
        total = super().__call__(y_true, y_pred, sample_weight)
        if sample_weight is None or self.reduction != "sum_over_batch_size":
            return total
        return total * len(sample_weight) / ops.sum(sample_weight)


class wrong_default_reduction(_Parts):
    """Divides by the sum of the weights where nothing else is said."""

    def __init__(self, temperature, alpha, **kwargs):
        super().__init__(temperature, alpha, **{"reduction": "mean_with_sample_weight", **kwargs})


class wrong_config_without_reduction(_Parts):
    def get_config(self):
        return {"temperature": self.temperature, "alpha": self.alpha, "name": self.name}


class wrong_config_of_other_names(_Parts):
    """No constructor takes `T`."""

    def get_config(self):
        return {**super(Distillation, self).get_config(), "T": self.temperature, "a": self.alpha}


class wrong_config_of_another_attribute(_Parts):
    """Raises as soon as somebody saves."""

    def get_config(self):
        return {**super().get_config(), "temperature": self.tau}


class wrong_two_dtypes(_Parts):
    """TensorFlow does not mix float32 and float16 by itself."""

    def mix(self, hard, soft):
        temperature = tf.constant(self.temperature, tf.float32)
        return tf.multiply(self.alpha * temperature**2, soft) + (1 - self.alpha) * hard


class wrong_epsilon_of_float32(_Parts):
    """In float16 1e-12 is 0, and so may the probability be."""

    def divergence(self, log_q, log_p):
        if log_p.dtype != "float16":
            return super().divergence(log_q, log_p)
        q, p = ops.exp(log_q), ops.exp(log_p)
        return ops.sum(q * (ops.log(q + 1e-12) - ops.log(p + 1e-12)), axis=-1)


class wrong_stays_in_float32(_Parts):
    """Asked for float16, gives float32."""

    def __init__(self, temperature, alpha, dtype=None, **kwargs):
        super().__init__(temperature, alpha, dtype="float32", **kwargs)


class wrong_fills_with_large_numbers(_Parts):
    """1e9 is infinite in float16, and infinity times 0 is no number."""

    def parts(self, y_true, y_pred):
        hard, log_q, log_p = super().parts(y_true, y_pred)
        label = ops.split(y_true, 2, axis=-1)[0]
        others = ops.log_softmax(y_pred) - ops.cast(1e9, y_pred.dtype) * (1 - label)
        return -ops.sum(label * others, axis=-1), log_q, log_p
