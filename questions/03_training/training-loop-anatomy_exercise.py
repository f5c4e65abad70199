"""One step of training, written by hand for Keras on TensorFlow."""

import keras
import numpy as np
import tensorflow as tf


def train_step(model, loss_function, optimizer, x, y):
    """Train a model on one batch, for one step, and return the loss.

    Graded are the loss, the weights after each of a few steps in a row (new batch, same model and
    optimizer), and `optimizer.iterations`:

    - The loss is that of the batch in training mode, plus the penalties of all layers on trainable
      weights, as in `fit`; it is the one whose gradients are taken, from before the update.
    - The optimizer has updated the trainable weights once, from the gradients of that loss; its
      `iterations` has risen by one. Weights that are not trainable change as the model's own pass
      in training mode changes them, which happens once a step.

    Args:
        model: a built `keras.Model`, not compiled. Its layers may behave differently in training,
            keep moving statistics, be frozen (`trainable = False`) or have L2 penalties, on
            kernels and biases. It has no random layers.
        loss_function: a Keras loss such as `keras.losses.BinaryCrossentropy(from_logits=True)`; it
            is called with targets and outputs, and returns the mean over the batch.
        optimizer: a Keras optimizer, here `SGD` with or without momentum, not yet used when the
            first step begins.
        x: float32 array of shape `(rows, inputs)`, 5 to 60 rows.
        y: float32 array of shape `(rows, outputs)`.

    Returns:
        The loss, a number or a tensor or array with one number, right to three digits. Weights are
        right to three digits of the largest change in their array.
    """
    with tf.GradientTape() as tape:
        outputs = model(x, training=True)
        loss = loss_function(y, outputs) + sum(model.losses)
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


class Louder(keras.layers.Layer):
    """Multiplies by a factor in training."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def call(self, inputs, training=False):
        return inputs * self.factor if training else inputs


STEPS, EPSILON = 2, 1e-3


def check(candidate, lab):
    _check_one(candidate, lab, "squares", frozen=False, momentum=0.9, penalty=0.0)
    _check_one(candidate, lab, "entropy", frozen=False, momentum=0.0, penalty=0.3)
    _check_one(candidate, lab, "entropy", frozen=True, momentum=0.5, penalty=0.05)


def _check_one(candidate, lab, loss, frozen, momentum, penalty):
    inputs, units, outputs = (int(n) for n in lab.rng.integers(2, 7, 3))
    factor, keep = float(lab.rng.uniform(1.5, 3)), float(lab.rng.uniform(0.5, 0.9))
    rate = float(10 ** lab.rng.uniform(-1.5, -0.5))
    model = _model(inputs, units, outputs, factor, keep, frozen, penalty)
    for one in _in_order(model):
        one.assign(lab.rng.normal(size=one.shape))
    weights = [_numbers(one) for one in _in_order(model)]
    speeds = [0.0] * 4
    statistics = [np.zeros(inputs), np.ones(inputs)]
    optimizer = keras.optimizers.SGD(rate, momentum=momentum)
    for step in range(1, STEPS + 1):
        rows = int(lab.rng.integers(*((33, 61) if step == 1 else (5, 33))))
        x = lab.rng.normal(1, 2, (rows, inputs)).astype("float32")
        y = lab.rng.integers(0, 2, (rows, outputs)).astype("float32")
        given = {"rows": rows, "step": step, "loss": loss, "frozen first layer": frozen,
                 "momentum": momentum, "penalty": penalty, "rate": rate}  # fmt: skip
        penalties = penalty * np.array([0 if frozen else 1, 0 if frozen else 2, 0.5, 0])
        value, slopes, mean, spread = _oracle(x, y, weights, loss, factor, penalties)
        speeds = [momentum * v - rate * g for v, g in zip(speeds, slopes, strict=True)]
        changes = [(not frozen or i > 1) * v for i, v in enumerate(speeds)]
        got = _flat(candidate(model, _loss(loss), optimizer, x, y))
        got = lab.array("one number comes back, the loss", got, (1,), given)
        text = "the loss is that of the batch in training mode with the penalties, before the step"
        lab.close(text, got[0], value, given, 2e-3, 1e-4)
        _weights(lab, model, weights, changes, given)
        weights = [_numbers(one) for one in _in_order(model)]
        statistics = [keep * old + (1 - keep) * new
                      for old, new in zip(statistics, (mean, spread), strict=True)]  # fmt: skip
        text = "moving statistics are updated once a step"
        for found, goal in zip(model.layers[0].non_trainable_variables, statistics, strict=True):
            lab.close(text, _numbers(found), goal, given, 2e-3, 1e-3)
        count = int(optimizer.iterations)
        lab.expect("the optimizer counts one step", count == step, given, count, step)


def _weights(lab, model, weights, changes, given):
    for name, variable, old, change in zip(NAMES, _in_order(model), weights, changes, strict=True):
        got = _numbers(variable) - old
        change = np.broadcast_to(change, old.shape)
        slack = 2e-3 * np.abs(change).max() + 3e-6
        moving = np.any(change)
        text = ("the optimizer updates the trainable weights once, with their gradients" if moving
                else "frozen weights stay")  # fmt: skip
        lab.close(text, got, change, {**given, "weights": name}, 0, slack)


NAMES = ("hidden kernel", "hidden bias", "output kernel", "output bias")


def _model(inputs, units, outputs, factor, keep, frozen, penalty):
    scale = keras.layers.BatchNormalization(momentum=keep, center=False, scale=False,
                                            epsilon=EPSILON)  # fmt: skip

    def l2(size):
        return keras.regularizers.L2(size) if size else None

    hidden = keras.layers.Dense(units, activation="tanh", trainable=not frozen,
                                kernel_regularizer=l2(penalty), bias_regularizer=l2(2 * penalty),
                                )  # fmt: skip
    last = keras.layers.Dense(outputs, kernel_regularizer=l2(penalty / 2))
    return keras.Sequential([keras.Input((inputs,)), scale, hidden, Louder(factor), last])


def _loss(name):
    if name == "squares":
        return keras.losses.MeanSquaredError()
    return keras.losses.BinaryCrossentropy(from_logits=True)


def _in_order(model):
    return [one for i in (1, 3) for one in (model.layers[i].kernel, model.layers[i].bias)]


def _flat(got):
    try:
        return np.asarray(got, "float64").reshape(-1)
    except (TypeError, ValueError):
        return got


def _numbers(variable):
    return keras.ops.convert_to_numpy(variable).astype("float64")


def _oracle(x, y, weights, loss, factor, penalties):
    """The loss, its gradients by hand, and the batch's means and variances."""
    x, y = x.astype("float64"), y.astype("float64")
    mean, spread = x.mean(0), x.var(0)
    scaled = (x - mean) / np.sqrt(spread + EPSILON)
    hidden = np.tanh(scaled @ weights[0] + weights[1])
    z = factor * hidden @ weights[2] + weights[3]
    if loss == "squares":
        value, delta = np.mean((z - y) ** 2), 2 * (z - y) / z.size
    else:
        value = np.mean(np.logaddexp(0, z) - y * z)
        delta = (1 / (1 + np.exp(-z)) - y) / z.size
    value += sum(c * np.sum(w**2) for c, w in zip(penalties, weights, strict=True))
    back = factor * delta @ weights[2].T * (1 - hidden**2)
    slopes = scaled.T @ back, back.sum(0), factor * hidden.T @ delta, delta.sum(0)
    slopes = [g + 2 * c * w for g, c, w in zip(slopes, penalties, weights, strict=True)]
    return value, slopes, mean, spread


def _taped(model, loss_function, x, y, training=True, penalties=True):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=training))
        if penalties:
            loss += sum(model.losses)
    return loss, tape.gradient(loss, model.trainable_variables)


def right_by_fit(model, loss_function, optimizer, x, y):
    model.compile(optimizer=optimizer, loss=loss_function, run_eagerly=True)
    return model.fit(x, y, batch_size=len(x), verbose=0).history["loss"][0]


def right_on_batch(model, loss_function, optimizer, x, y):
    model.compile(optimizer, loss_function, run_eagerly=True)
    return model.train_on_batch(x, y)


def right_pairs(model, loss_function, optimizer, x, y):
    x, y = tf.constant(x), tf.constant(y)
    with tf.GradientTape(persistent=True) as tape:
        loss = loss_function(y_true=y, y_pred=model(x, training=True))
        loss = tf.add_n([loss, *model.losses])
    pairs = [(tape.gradient(loss, one), one) for one in model.trainable_weights]
    optimizer.apply_gradients(pairs)
    return float(loss)


def wrong_without_update(model, loss_function, optimizer, x, y):
    return _taped(model, loss_function, x, y)[0]


def wrong_inference_mode(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y, training=False)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def wrong_without_penalties(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y, penalties=False)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def _penalized(model, loss_function, optimizer, x, y, penalty):
    with tf.GradientTape() as tape:
        loss = loss_function(y, model(x, training=True)) + penalty(model)
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
    return loss


def right_with_penalties_by_hand(model, loss_function, optimizer, x, y):
    def penalty(model):
        return sum(one.regularizer(one) for one in model.trainable_weights if one.regularizer)

    return _penalized(model, loss_function, optimizer, x, y, penalty)


def wrong_first_penalty_alone(model, loss_function, optimizer, x, y):
    def penalty(model):
        return model.losses[0] if model.losses else 0.0

    return _penalized(model, loss_function, optimizer, x, y, penalty)


def wrong_needs_a_penalty(model, loss_function, optimizer, x, y):
    """`add_n` refuses an empty list."""
    return _penalized(model, loss_function, optimizer, x, y, lambda model: tf.add_n(model.losses))


def wrong_penalties_of_kernels_alone(model, loss_function, optimizer, x, y):
    def penalty(model):
        return sum(one.kernel_regularizer(one.kernel) for one in model.layers
                   if one.trainable and getattr(one, "kernel_regularizer", None))  # fmt: skip

    return _penalized(model, loss_function, optimizer, x, y, penalty)


def wrong_penalties_of_frozen_layers_too(model, loss_function, optimizer, x, y):
    def penalty(model):
        return sum(one.regularizer(one) for one in model.weights if one.regularizer)

    return _penalized(model, loss_function, optimizer, x, y, penalty)


def wrong_penalties_in_the_report_alone(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y, penalties=False)
    loss += sum(model.losses)
    optimizer.apply(gradients, model.trainable_variables)
    return loss


def wrong_ascends(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y)
    optimizer.apply([-one for one in gradients], model.trainable_variables)
    return loss


def wrong_loss_after_the_step(model, loss_function, optimizer, x, y):
    train_step(model, loss_function, optimizer, x, y)
    return loss_function(y, model(x)) + sum(model.losses)


def wrong_second_pass_for_the_report(model, loss_function, optimizer, x, y):
    """The second pass in training mode moves the statistics again."""
    loss = loss_function(y, model(x, training=True)) + sum(model.losses)
    train_step(model, loss_function, optimizer, x, y)
    return loss


def wrong_arguments_exchanged(model, loss_function, optimizer, x, y):
    return train_step(model, lambda a, b: loss_function(b, a), optimizer, x, y)


def wrong_one_call_for_each_variable(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y)
    optimizer.build(model.trainable_variables)
    for gradient, variable in zip(gradients, model.trainable_variables, strict=True):
        optimizer.apply([gradient], [variable])
    return loss


def wrong_plain_descent(model, loss_function, optimizer, x, y):
    """Takes the rate from the optimizer and leaves its memory out."""
    loss, gradients = _taped(model, loss_function, x, y)
    for gradient, variable in zip(gradients, model.trainable_variables, strict=True):
        variable.assign_sub(optimizer.learning_rate * gradient)
    optimizer.iterations.assign_add(1)
    return loss


def wrong_new_optimizer_each_step(model, loss_function, optimizer, x, y):
    return train_step(model, loss_function, optimizer.from_config(optimizer.get_config()), x, y)


def wrong_trains_the_frozen_layer(model, loss_function, optimizer, x, y):
    model.trainable = True
    for layer in model.layers:
        layer.trainable = True
    return train_step(model, loss_function, optimizer, x, y)


def wrong_last_layer_alone(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y)
    optimizer.apply(gradients[-2:], model.trainable_variables[-2:])
    return loss


def wrong_divided_by_rows_again(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y)
    optimizer.apply([one / len(x) for one in gradients], model.trainable_variables)
    return loss


def wrong_default_batch_size(model, loss_function, optimizer, x, y):
    """`fit` takes 32 rows at a time."""
    model.compile(optimizer, loss_function, run_eagerly=True)
    return model.fit(x, y, verbose=0).history["loss"][0]


def wrong_update_twice(model, loss_function, optimizer, x, y):
    loss, gradients = _taped(model, loss_function, x, y)
    for _ in range(2):
        optimizer.apply(gradients, model.trainable_variables)
    return loss
