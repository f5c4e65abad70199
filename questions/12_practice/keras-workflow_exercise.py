"""Build and compile a Keras classifier for table rows with integer labels."""

import keras
import numpy as np


def build_classifier(x, classes, units, rate):
    """Return a compiled, untrained Keras model that classifies rows of a table.

    Args:
        x: the training rows, float32 array of shape `(n, d)`, n from 20 to 60 and d from 2 to 5.
            Columns may be of very different size and far from zero; none is constant. The array
            must stay as it is.
        classes: number of classes, 3 to 6.
        units: number of hidden units, 7 to 12.
        rate: learning rate, a float from 1e-3 to 0.1.

    Returns:
        A compiled `keras.Model` (Sequential, functional or your own subclass) with these
        properties; nothing else is graded, neither names nor the initial values of the weights:

        - Called with rows of shape `(m, d)` it returns logits of shape `(m, classes)`: each column
          is standardised with the mean and the standard deviation (divisor n) of `x`, whatever
          rows are passed; then a dense layer of `units` with ReLU; then a dense layer without
          activation. Both have biases. Right to three digits.
        - Its trainable weights are the two kernels and the two biases, four in all, made by the
          first call at the latest. There is no dropout and no penalty.
        - It is compiled with Keras's `Adam` at `rate`, all else at its default; with the mean
          cross-entropy of integer labels of shape `(m,)` as the loss; and with accuracy under the
          name `accuracy` as its single metric. `train_on_batch` and `evaluate` are called.
    """
    scale = keras.layers.Normalization()
    scale.adapt(x)
    hidden = keras.layers.Dense(units, activation="relu")
    model = keras.Sequential([keras.Input(x.shape[1:]), scale, hidden, keras.layers.Dense(classes)])
    model.compile(
        keras.optimizers.Adam(rate),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def check(candidate, lab):
    rate = float(10 ** lab.rng.uniform(-3, -1))
    classes, units, d = lab.rng.integers(3, 7), lab.rng.integers(7, 13), lab.rng.integers(2, 6)
    n, classes, units = int(lab.rng.integers(20, 61)), int(classes), int(units)
    size = 10 ** lab.rng.uniform(-3, 3, d)
    x = (size * (lab.rng.normal(size=(n, d)) + lab.rng.uniform(-3, 3, d))).astype("float32")
    given, kept = {"x": x, "classes": classes, "units": units, "rate": rate}, x.copy()
    model = candidate(x, classes, units, rate)
    lab.expect("x stays as it is", np.array_equal(x, kept), given, x)
    lab.expect("a keras.Model comes back", isinstance(model, keras.Model), given, model)
    lab.expect("the model is compiled", model.compiled, given, "not compiled")
    rows = (size * (lab.rng.normal(1, 2, (int(lab.rng.integers(6, 12)), d)))).astype("float32")
    _logits(lab, model, rows, classes, given)
    _set_weights(lab, model, (d, units, classes), given)
    shift, spread = x.astype("float64").mean(0), x.astype("float64").std(0)
    scaled = (rows - shift) / spread
    arrays = [np.array(one, "float64") for one in _weights(model, (d, units, classes))]
    exact = _forward(scaled, arrays)[-1]
    text = "the logits are those of standardised columns, ReLU and two dense layers"
    slack = 1e-3 * np.abs(exact).max()
    lab.close(text, _logits(lab, model, rows, classes, given), exact, given, 1e-3, slack)
    labels = exact.argmax(1)
    wrong = lab.rng.random(len(labels)) < 0.4
    wrong[:2] = True, False
    labels = np.where(wrong, (labels + 1) % classes, labels).astype("int32")
    model.run_eagerly = True
    _check_scores(lab, model, rows, labels, exact, given)
    _check_steps(lab, model, rows, labels, (scaled, arrays), rate, given)


def _check_scores(lab, model, rows, labels, logits, given):
    scores = _tried(lab, given, model.evaluate, rows, labels, batch_size=len(rows), verbose=0,
                    return_dict=True)  # fmt: skip
    text = "evaluate returns loss and accuracy"
    lab.expect(text, set(scores) == {"loss", "accuracy"}, given, sorted(scores),
               ["accuracy", "loss"])  # fmt: skip
    loss = np.mean(_log_sum(logits) - logits[range(len(labels)), labels])
    lab.close("the loss is the mean cross-entropy of the labels", scores["loss"], loss, given,
              2e-3, 1e-3)  # fmt: skip
    share = np.mean(logits.argmax(1) == labels)
    lab.close("accuracy is the share of rows whose largest logit is the label's",
              scores["accuracy"], share, given, 1e-5, 1e-5)  # fmt: skip


def _check_steps(lab, model, rows, labels, start, rate, given):
    """Compare three steps of the model with Adam by hand."""
    scaled, arrays = start
    arrays, m, v = [one.copy() for one in arrays], [0.0] * 4, [0.0] * 4
    sizes = (scaled.shape[1], arrays[1].size, arrays[3].size)
    for step in (1, 2, 3):
        before = [one.copy() for one in arrays]
        for i, gradient in enumerate(_gradients(scaled, labels, arrays)):
            m[i] = 0.9 * m[i] + 0.1 * gradient
            v[i] = 0.999 * v[i] + 0.001 * gradient**2
            # Keras adds epsilon before it corrects the average for its start.
            size = (np.sqrt(v[i]) + 1e-7) / np.sqrt(1 - 0.999**step)
            arrays[i] = arrays[i] - rate * m[i] / (1 - 0.9**step) / size
        _tried(lab, given, model.train_on_batch, rows, labels)
        after = _weights(model, sizes)
        text = "each step of train_on_batch is Adam's at the given rate"
        for got, goal, old in zip(after, arrays, before, strict=True):
            part = (got - old) / rate, (goal - old) / rate
            near = np.abs(part[0] - part[1]) < 0.02 + 1e-6 * np.abs(old) / rate
            lab.expect(text, np.mean(near) > 0.9, given, *part)


def _tried(lab, given, method, *arguments, **settings):
    text = "evaluate and train_on_batch take integer labels"
    try:
        result = method(*arguments, **settings)
    except Exception as error:
        lab.expect(text, False, given, repr(error)[:300])
    lab.expect(text, True)
    return result


def _log_sum(logits):
    most = logits.max(1)
    return most + np.log(np.exp(logits - most[:, None]).sum(1))


def _forward(scaled, arrays):
    hidden = np.maximum(scaled @ arrays[0] + arrays[1], 0)
    return hidden, hidden @ arrays[2] + arrays[3]


def _gradients(scaled, labels, arrays):
    hidden, logits = _forward(scaled, arrays)
    delta = np.exp(logits - _log_sum(logits)[:, None])
    delta[range(len(labels)), labels] -= 1
    delta /= len(labels)
    back = delta @ arrays[2].T * (hidden > 0)
    return scaled.T @ back, back.sum(0), hidden.T @ delta, delta.sum(0)


def _shapes(sizes):
    d, units, classes = sizes
    return [(d, units), (units,), (units, classes), (classes,)]


def _variables(model, sizes):
    """Return the trainable variables in the order of the layers; their shapes all differ."""
    by_shape = {tuple(one.shape): one for one in model.trainable_variables}
    return [by_shape[shape] for shape in _shapes(sizes)]


def _weights(model, sizes):
    return [keras.ops.convert_to_numpy(one).astype("float64") for one in _variables(model, sizes)]


def _set_weights(lab, model, sizes, given):
    found = sorted(tuple(one.shape) for one in model.trainable_variables)
    text = "two kernels and two biases are trained"
    lab.expect(text, found == sorted(_shapes(sizes)), given, found, _shapes(sizes))
    for one in _variables(model, sizes):
        one.assign(lab.rng.normal(size=one.shape))


def _logits(lab, model, rows, classes, given):
    got = keras.ops.convert_to_numpy(model(rows))
    return lab.array("logits of shape (m, classes) come back", got, (len(rows), classes), given)


def _compiled(model, rate, loss=None, metrics=("accuracy",), optimizer=keras.optimizers.Adam):
    loss = loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer(learning_rate=rate), loss, metrics=list(metrics))
    return model


def _layers(x, classes, units, head=None):
    scale = keras.layers.Normalization()
    scale.adapt(x)
    hidden = keras.layers.Dense(units, activation="relu")
    out = keras.layers.Dense(classes, activation=head)
    return [keras.Input(x.shape[1:]), scale, hidden, out]


def right_functional(x, classes, units, rate):
    inputs = keras.Input((x.shape[1],))
    scale = keras.layers.Normalization(mean=x.mean(0), variance=x.var(0))
    hidden = keras.layers.Activation("relu")(keras.layers.Dense(units)(scale(inputs)))
    model = keras.Model(inputs, keras.layers.Dense(classes)(hidden))
    accuracy = keras.metrics.SparseCategoricalAccuracy(name="accuracy")
    return _compiled(model, rate, metrics=[accuracy])


def right_subclass(x, classes, units, rate):
    class Classifier(keras.Model):
        def __init__(self):
            super().__init__()
            self.hidden, self.out = keras.layers.Dense(units), keras.layers.Dense(classes)

        def call(self, rows):
            scaled = (rows - x.mean(0)) / x.std(0)
            return self.out(keras.ops.relu(self.hidden(scaled)))

    def loss(labels, logits):
        return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)

    return _compiled(Classifier(), rate, loss)


def wrong_loss_expects_probabilities(x, classes, units, rate):
    model = keras.Sequential(_layers(x, classes, units))
    return _compiled(model, rate, "sparse_categorical_crossentropy")


def wrong_softmax_comes_back(x, classes, units, rate):
    model = keras.Sequential(_layers(x, classes, units, "softmax"))
    return _compiled(model, rate, "sparse_categorical_crossentropy")


def wrong_never_adapted(x, classes, units, rate):
    layers = _layers(x, classes, units)
    layers[1] = keras.layers.Normalization(mean=0.0, variance=1.0)
    return _compiled(keras.Sequential(layers), rate)


def wrong_batch_normalisation(x, classes, units, rate):
    layers = _layers(x, classes, units)
    layers[1] = keras.layers.BatchNormalization(center=False, scale=False)
    return _compiled(keras.Sequential(layers), rate)


def wrong_one_mean_for_all_columns(x, classes, units, rate):
    layers = _layers(x, classes, units)
    layers[1] = keras.layers.Normalization(axis=None)
    layers[1].adapt(x)
    return _compiled(keras.Sequential(layers), rate)


def wrong_default_rate(x, classes, units, rate):
    return _compiled(keras.Sequential(_layers(x, classes, units)), 0.0003)


def wrong_sgd(x, classes, units, rate):
    model = keras.Sequential(_layers(x, classes, units))
    return _compiled(model, rate, optimizer=keras.optimizers.SGD)


def wrong_equality_as_accuracy(x, classes, units, rate):
    model = keras.Sequential(_layers(x, classes, units))
    return _compiled(model, rate, metrics=[keras.metrics.Accuracy(name="accuracy")])


def wrong_name_of_the_metric(x, classes, units, rate):
    model = keras.Sequential(_layers(x, classes, units))
    return _compiled(model, rate, metrics=["sparse_categorical_accuracy"])


def wrong_hidden_without_relu(x, classes, units, rate):
    layers = _layers(x, classes, units)
    layers[2] = keras.layers.Dense(units)
    return _compiled(keras.Sequential(layers), rate)


def wrong_not_compiled(x, classes, units, rate):
    return keras.Sequential(_layers(x, classes, units))
