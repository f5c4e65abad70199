"""F1 as a Keras metric that keeps its counts over many batches."""

import keras
import numpy as np
from keras import ops


class F1(keras.metrics.Metric):
    """F1 of all rows seen since the last reset, for labels 0 and 1.

    A row is called positive where its score is greater than the threshold, not where it equals it.
    Every row counts with its weight. F1 is the harmonic mean of precision and recall; where nothing
    is called positive, nothing is positive, or no row was seen, it is 0.

    Graded: `result` after one and after several updates, outside and inside a `tf.function` without
    AutoGraph (so `fit` calls metrics); `reset_state`, which may be inherited; that all state is in
    the metric's Keras variables; `get_config` and `from_config`. Not graded: how many variables
    there are and their names, saving to a file, masks, other types than float32.

    Args:
        threshold: a float from 0.05 to 0.95.
        name: name of the metric.
        dtype: type of the counts; None means float32.
    """

    def __init__(self, threshold=0.5, name="f1", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold
        self.hits = self.add_variable((), "zeros", name="hits")
        self.called = self.add_variable((), "zeros", name="called")
        self.positive = self.add_variable((), "zeros", name="positive")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Add a batch of one row or more.

        Args:
            y_true: labels 0 and 1, int32 or float32, of shape `(rows,)` or `(rows, 1)`.
            y_pred: scores from 0 to 1, float32, of shape `(rows,)` or `(rows, 1)`, not always the
                same of the two as `y_true`.
            sample_weight: None, which means ones, or float32 of shape `(rows,)`: zeros and numbers
                from 0.01 to 100.

        All three are NumPy arrays or tensors.
        """
        true = ops.reshape(ops.cast(y_true, "float32"), (-1,))
        called = ops.cast(ops.reshape(y_pred, (-1,)) > self.threshold, "float32")
        weight = ops.ones_like(true)
        if sample_weight is not None:
            weight = ops.reshape(ops.cast(sample_weight, "float32"), (-1,))
        self.hits.assign_add(ops.sum(weight * true * called))
        self.called.assign_add(ops.sum(weight * called))
        self.positive.assign_add(ops.sum(weight * true))

    def result(self):
        """Return F1, a number or a tensor of shape `()`, right to 1e-4."""
        return ops.divide_no_nan(2 * self.hits, self.called + self.positive)

    def get_config(self):
        """Return the arguments of the constructor: `name`, `dtype`, `threshold`.

        `from_config`, which may be inherited, makes of them a metric with the same name and
        threshold and nothing counted.
        """
        return {**super().get_config(), "threshold": self.threshold}


THRESHOLDS = (0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875)


def check(candidate, lab):
    thresholds = [float(t) for t in lab.rng.permutation(THRESHOLDS)]
    _check_default(candidate, lab)
    for weighted, threshold in zip((False, True), thresholds[:2], strict=True):
        _check_batches(candidate, lab, weighted, threshold)
    _check_degenerate(candidate, lab, thresholds[3])
    _check_config(candidate, lab, thresholds[4])
    _check_state(candidate, lab, thresholds[5])
    _check_traced(candidate, lab, thresholds[6])


def _check_default(candidate, lab):
    metric = candidate()
    _compare(lab, metric, [], 0.5, "before any row F1 is 0")
    batch = _batch(lab, False, 0.5, shapes=[(-1,), (-1, 1)])
    metric.update_state(*batch)
    _compare(lab, metric, [batch], 0.5, "one batch without weights, threshold 0.5")


def _check_batches(candidate, lab, weighted, threshold):
    """Batches of unequal size, shape and share of positives."""
    metric, batches = candidate(threshold=threshold), []
    text = f"with{'' if weighted else 'out'} weights, F1 is that of all rows so far"
    for share in lab.rng.permutation([0.05, 0.3, 0.9]):
        batches.append(_batch(lab, weighted, threshold, share))
        metric.update_state(*batches[-1])
        _compare(lab, metric, batches, threshold, text)
    metric.reset_state()
    _compare(lab, metric, [], threshold, "after reset_state F1 is 0")
    alone = np.ones(3, "int32"), np.ones(3, "float32")
    metric.update_state(*alone)
    text = "after reset_state the count starts afresh"
    _compare(lab, metric, [alone], threshold, text)


def _check_degenerate(candidate, lab, threshold):
    rows = int(lab.rng.integers(1, 6))
    ones, low = np.ones(rows, "float32"), np.full(rows, threshold, "float32")
    cases = {
        "nothing called positive, scores at the threshold": (ones, low),
        "nothing positive": (0 * ones, ones),
        "positive and called": (ones, ones),
        "weights of zero alone": (ones, ones, 0 * ones),
        "one row of weight 0.01": (ones[:1], ones[:1], np.full(1, 0.01, "float32")),
    }
    for text, batch in cases.items():
        metric = candidate(threshold)
        metric.update_state(*batch)
        _compare(lab, metric, [batch], threshold, text)


def _check_config(candidate, lab, threshold):
    config = candidate(threshold, "chosen").get_config()
    given = {"threshold": threshold, "name": "chosen"}
    lab.expect("get_config returns a dictionary", isinstance(config, dict), given, config)
    found = {key: config.get(key) for key in given}
    lab.expect("get_config has threshold and name", found == given, given, config, given)
    lab.expect("get_config has dtype", "dtype" in config, given, config)
    again, batch = candidate.from_config(config), _batch(lab, True, threshold)
    lab.expect("from_config keeps the name", again.name == "chosen", given, again.name, "chosen")
    again.update_state(*batch)
    _compare(lab, again, [batch], threshold, "from_config keeps the threshold")


def _check_state(candidate, lab, threshold):
    """Two metrics share nothing; a metric is its variables."""
    first, second = candidate(threshold), candidate(threshold)
    batches = [_batch(lab, True, threshold) for _ in range(3)]
    first.update_state(*batches[0])
    second.update_state(*batches[1])
    _compare(lab, first, batches[:1], threshold, "another metric has counts of its own")
    variables = second.stateless_update_state([v.value for v in second.variables], *batches[2])
    value = second.stateless_result(variables)
    text = "all state is in Keras variables"
    lab.close(text, value, _exact(batches[1:], threshold), _given(batches[1:], threshold), 0, 1e-4)


def _check_traced(candidate, lab, threshold):
    if keras.backend.backend() != "tensorflow":
        return
    import tensorflow as tf

    metric, batches = candidate(threshold), []

    @tf.function(autograph=False)
    def step(y_true, y_pred, weight):
        metric.update_state(y_true, y_pred, weight)
        return metric.result()

    rows = int(lab.rng.integers(4, 30))
    for _ in range(3):
        batches.append(_batch(lab, True, threshold, rows=rows, shapes=[(-1,), (-1, 1)]))
        value = step(*(tf.constant(part) for part in batches[-1]))
        text = "inside a tf.function, F1 is that of all rows so far"
        lab.close(text, value, _exact(batches, threshold), _given(batches, threshold), 0, 1e-4)


def _batch(lab, weighted, threshold, share=0.4, rows=None, shapes=None):
    """Draw labels and scores that go with them a little; some scores equal the threshold."""
    rows = rows or int(lab.rng.integers(2, 60))
    true = (lab.rng.random(rows) < share).astype("int32")
    scores = np.clip(lab.rng.integers(0, 9, rows) / 8 + 0.125 * true, 0, 1).astype("float32")
    scores[lab.rng.random(rows) < 0.2] = threshold
    kind, first, second = lab.rng.choice(["int32", "float32"]), *lab.rng.integers(0, 2, 2)
    one, other = shapes or ([(-1,), (-1, 1)][first], [(-1,), (-1, 1)][second])
    batch = true.astype("int32" if shapes else kind).reshape(one), scores.reshape(other)
    if not weighted:
        return batch
    weight = 10 ** lab.rng.uniform(-2, 2, rows) * (lab.rng.random(rows) < 0.8)
    return *batch, weight.astype("float32")


def _compare(lab, metric, batches, threshold, text):
    value = lab.array("result is one number", metric.result(), (), _given(batches, threshold))
    lab.close(text, value, _exact(batches, threshold), _given(batches, threshold), 0, 1e-4)


def _given(batches, threshold):
    if len(batches) == 1:
        names = ("y_true", "y_pred", "sample_weight")
        return {"threshold": threshold, **dict(zip(names, batches[0], strict=False))}
    return {"threshold": threshold, "batches": len(batches)}


def _exact(batches, threshold):
    """Precision, recall and their harmonic mean, row by row in float64."""
    hits = called = positive = 0.0
    for y_true, y_pred, *weight in batches:
        weights = weight[0] if weight else np.ones(y_true.size)
        for y, score, w in zip(y_true.ravel(), y_pred.ravel(), weights, strict=True):
            hits += float(w) * (y == 1 and score > threshold)
            called += float(w) * (score > threshold)
            positive += float(w) * (y == 1)
    if hits == 0:
        return 0.0
    precision, recall = hits / called, hits / positive
    return 2 * precision * recall / (precision + recall)


class right_four_cells(F1):
    """The confusion matrix in one vector, precision and recall with a small epsilon."""

    def __init__(self, threshold=0.5, name="f1", dtype=None):
        super().__init__(threshold, name, dtype)
        self.cells = self.add_weight(shape=(4,), initializer="zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        true = ops.cast(ops.reshape(y_true, [-1]), "bool")
        called = ops.greater(ops.reshape(y_pred, [-1]), self.threshold)
        cell = 2 * ops.cast(true, "int32") + ops.cast(called, "int32")
        rows = ops.one_hot(cell, 4)
        if sample_weight is not None:
            rows = rows * ops.expand_dims(sample_weight, 1)
        self.cells.assign(self.cells + ops.sum(rows, axis=0))

    def result(self):
        _, wrong, missed, hits = ops.unstack(self.cells + 0.0, 4)
        precision, recall = hits / (hits + wrong + 1e-7), hits / (hits + missed + 1e-7)
        return 2 * precision * recall / (precision + recall + 1e-7)


class right_by_logic(F1):
    """Hits, false alarms and misses by logical operations; the sums stand in for F1's own."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        true = ops.equal(ops.reshape(y_true, (-1,)), 1)
        called = ops.greater(ops.reshape(y_pred, (-1,)), self.threshold)
        weight = 1.0 if sample_weight is None else ops.reshape(sample_weight, (-1,))

        def total(rows):
            return ops.sum(ops.where(rows, weight, 0.0))

        hits = total(ops.logical_and(true, called))
        self.hits.assign_add(hits)
        self.called.assign_add(hits + total(ops.logical_and(ops.logical_not(true), called)))
        self.positive.assign_add(hits + total(ops.logical_and(true, ops.logical_not(called))))


class wrong_mean_of_batches(F1):
    """Averages the F1 of the batches."""

    def __init__(self, threshold=0.5, name="f1", dtype=None):
        super().__init__(threshold, name, dtype)
        self.total = self.add_variable((), "zeros")
        self.batches = self.add_variable((), "zeros")

    def update_state(self, y_true, y_pred, sample_weight=None):
        for variable in (self.hits, self.called, self.positive):
            variable.assign(0.0)
        super().update_state(y_true, y_pred, sample_weight)
        self.total.assign_add(super().result())
        self.batches.assign_add(1.0)

    def result(self):
        return ops.divide_no_nan(self.total + 0.0, self.batches + 0.0)


class wrong_last_batch(F1):
    """Forgets the batches before."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.reset_state()
        super().update_state(y_true, y_pred, sample_weight)


class wrong_broadcast(F1):
    """Labels of shape (rows,) against scores of shape (rows, 1) make a matrix."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        true = ops.cast(y_true, "float32")
        called = ops.cast(y_pred > self.threshold, "float32")
        weight = 1.0 if sample_weight is None else sample_weight
        self.hits.assign_add(ops.sum(weight * true * called))
        self.called.assign_add(ops.sum(weight * called))
        self.positive.assign_add(ops.sum(weight * true))


class wrong_without_weights(F1):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_true, y_pred)


class wrong_at_the_threshold(F1):
    """Calls a score equal to the threshold positive."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_true, ops.add(y_pred, 1e-6), sample_weight)


class wrong_rounding(F1):
    """Rounds the scores, whatever the threshold is."""

    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_true, ops.round(y_pred), sample_weight)


class wrong_nan(F1):
    def result(self):
        precision, recall = self.hits / self.called, self.hits / self.positive
        return 2 * precision * recall / (precision + recall)


class wrong_denominator_of_at_least_one(F1):
    """Takes weights for counts: their sum may be below 1."""

    def result(self):
        return 2 * self.hits / ops.maximum(self.called + self.positive, 1.0)


class wrong_large_epsilon(F1):
    def result(self):
        return 2 * self.hits / (self.called + self.positive + 1e-4)


class wrong_config_without_dtype(F1):
    def get_config(self):
        return {"name": self.name, "threshold": self.threshold}


class wrong_arithmetic_mean(F1):
    def result(self):
        precision = ops.divide_no_nan(self.hits, self.called + 0.0)
        return (precision + ops.divide_no_nan(self.hits, self.positive + 0.0)) / 2


class wrong_config(F1):
    """Leaves the threshold out."""

    def get_config(self):
        return keras.metrics.Metric.get_config(self)


class wrong_python_numbers(keras.metrics.Metric):
    """Counts in Python, which a traced step does once."""

    def __init__(self, threshold=0.5, name="f1", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.threshold = threshold
        self.reset_state()

    def reset_state(self):
        self.hits = self.total = 0.0

    def update_state(self, y_true, y_pred, sample_weight=None):
        true, called = np.ravel(y_true) == 1, np.ravel(y_pred) > self.threshold
        weight = np.ones(len(true)) if sample_weight is None else np.ravel(sample_weight)
        self.hits += float(np.sum(weight * (true & called)))
        self.total += float(np.sum(weight * true) + np.sum(weight * called))

    def result(self):
        return 2 * self.hits / self.total if self.total else 0.0

    def get_config(self):
        return {**super().get_config(), "threshold": self.threshold}


class wrong_branch_in_python(F1):
    """A Python `if` on a tensor, which a traced step refuses."""

    def result(self):
        if self.called + self.positive == 0:
            return 0.0
        return 2 * self.hits / (self.called + self.positive)


class wrong_reset(F1):
    """Sets one of the counts back."""

    def reset_state(self):
        self.hits.assign(0.0)
