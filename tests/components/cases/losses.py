"""The losses under the common checks: one row each."""

import numpy as np

from dlprep import losses

ROWS, WIDTH = 6, 3

# class name -> kwargs; kinds of y_true and y_pred (see test_losses.py); best: kind of the
# predictions that reach the minimum (no entry: there is none, or none by hand); minimum: zero
# unless given, may depend on y_true; extremes: the farthest predictions, where 1e4 and -1e4 make
# no sense; mixes: rows depend on one another; masks: rows may be left out of the mean; steepest:
# the largest slope at an edge, where the equation's is over ten thousand times an ordinary one;
# more_in_config: arguments that Keras's config forgets; counts_rows: why the number of rows has
# to be known
LOSSES = {
    "BinaryCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain",
    },
    "BinaryFocalCrossentropy": {
        "kwargs": {"from_logits": True, "apply_class_balancing": True},
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain",
    },
    "CTC": {
        "y_true": "sequence",
        "y_pred": "steps",
        "best": "timed",
        "counts_rows": "it looks steps up row by row",
    },
    "CategoricalCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "one hot",
        "y_pred": "logits",
        "best": "certain",
    },
    "CategoricalFocalCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "one hot",
        "y_pred": "logits",
        "best": "certain",
    },
    "CategoricalGeneralizedCrossEntropy": {
        "kwargs": {"q": 0.4},
        "y_true": "index",
        "y_pred": "distribution",
        "best": "marked",
        "extremes": (0.0, 1.0),
    },
    "CategoricalHinge": {"y_true": "one hot", "y_pred": "undecided", "best": "certain"},
    "Circle": {
        "y_true": "index",
        "y_pred": "directions",
        "best": "marked",
        "extremes": (-1.0, 1.0),
        "mixes": True,
        "masks": True,
        "counts_rows": "it compares rows with rows",
    },
    "ContrastiveLoss": {
        "kwargs": {"margin": 2.0},
        "y_true": "binary",
        "y_pred": "positive",
        "best": "fitting distances",
    },
    "CosineSimilarity": {
        "y_true": "real",
        "y_pred": "real",
        "best": "y_true",
        "minimum": -1.0,
        "more_in_config": ["axis"],
    },
    "Dice": {
        "kwargs": {"axis": (1,)},
        "y_true": "one hot",
        "y_pred": "distribution",
        "best": "y_true",
        "extremes": (0.0, 1.0),
    },
    "DistillationLoss": {
        "kwargs": {"temperature": 3.0, "alpha": 1.0},
        "y_true": "label and teacher",
        "y_pred": "logits",
        "best": "teacher",
    },
    # The variance is e to the prediction: beyond 88 it is infinite in float32.
    "ELBO": {
        "kwargs": {"beta": 0.7},
        "y_true": "binary",
        "y_pred": "logits and code",
        "best": "certain and prior",
        "extremes": (-80.0, 80.0),
    },
    "GaussianKL": {
        "y_true": "normal",
        "y_pred": "code",
        "best": "y_true",
        "extremes": (-80.0, 80.0),
    },
    "Hinge": {"y_true": "sign", "y_pred": "undecided", "best": "right"},
    "Huber": {
        "kwargs": {"delta": 0.7},
        "y_true": "real",
        "y_pred": "real",
        "best": "y_true",
        "more_in_config": ["delta"],
    },
    "InfoNCE": {
        "kwargs": {"temperature": 0.5},
        "y_true": "real",
        "y_pred": "real",
        "mixes": True,
    },
    "KLDivergence": {
        "y_true": "shares",
        "y_pred": "distribution",
        "best": "y_true",
        "extremes": (0.0, 1.0),
    },
    "LogCosh": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    "MeanAbsoluteError": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    # A target of zero counts as epsilon.
    "MeanAbsolutePercentageError": {
        "y_true": "amounts",
        "y_pred": "positive",
        "best": "y_true",
        "steepest": 101 / 1e-7,
    },
    "MeanSquaredError": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    "MeanSquaredLogarithmicError": {"y_true": "amounts", "y_pred": "positive", "best": "y_true"},
    "NTXent": {
        "kwargs": {"temperature": 0.5},
        "y_true": "real",
        "y_pred": "real",
        "mixes": True,
        "counts_rows": "it compares rows with rows",
    },
    "NonSaturatingGAN": {
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain",
    },
    "PerceptronLoss": {"y_true": "sign", "y_pred": "mistaken", "best": "right"},
    "Poisson": {
        "y_true": "amounts",
        "y_pred": "positive",
        "best": "y_true",
        "minimum": lambda y: np.mean(y - y * np.log(y), axis=-1),
        "extremes": (0.0, 1e4),
    },
    "SparseCategoricalCrossentropy": {
        "kwargs": {"from_logits": True, "ignore_class": 7},
        "y_true": "index",
        "y_pred": "logits",
        "best": "certain",
        "more_in_config": ["axis"],
    },
    "SquaredHinge": {"y_true": "sign", "y_pred": "undecided", "best": "right"},
    "TripletLoss": {
        "kwargs": {"margin": 0.5},
        "y_true": "index",
        "y_pred": "real",
        "best": "certain",
        "mixes": True,
        "counts_rows": "it compares rows with rows",
    },
    "Tversky": {
        "kwargs": {"alpha": 0.3, "beta": 0.6, "axis": (1,)},
        "y_true": "one hot",
        "y_pred": "distribution",
        "best": "y_true",
        "extremes": (0.0, 1.0),
    },
    "WassersteinLoss": {"y_true": "sign", "y_pred": "real"},
}


# class name -> further settings, each with the kind of predictions it takes where that is another
VARIANTS = {
    "BinaryCrossentropy": [
        ({"label_smoothing": 0.2}, "distribution"),
        ({"from_logits": True, "label_smoothing": 0.3}, "logits"),
        ({}, "distribution"),
        ({"axis": 0}, "distribution"),
    ],
    "BinaryFocalCrossentropy": [
        ({"gamma": 1.5, "label_smoothing": 0.2}, "distribution"),
        ({"apply_class_balancing": True, "alpha": 0.6, "gamma": 0.5}, "distribution"),
        ({"alpha": 0.6, "from_logits": True}, "logits"),
        ({"axis": 0}, "distribution"),
    ],
    "CategoricalCrossentropy": [
        ({"label_smoothing": 0.2}, "distribution"),
        ({"from_logits": True, "label_smoothing": 0.3}, "logits"),
        ({}, "positive"),
        ({"axis": 0}, "positive"),
    ],
    "CategoricalFocalCrossentropy": [
        ({"alpha": [0.1, 0.5, 0.9], "gamma": 1.5}, "distribution"),
        ({"from_logits": True, "label_smoothing": 0.3, "gamma": 3.0}, "logits"),
        ({"axis": 0}, "positive"),
    ],
    "CategoricalGeneralizedCrossEntropy": [({"q": 0.9}, "distribution"), ({}, "distribution")],
    "Circle": [
        ({"gamma": 5.0, "margin": 0.2}, "directions"),
        ({"gamma": 7.0, "margin": 0.3, "remove_diagonal": False}, "directions"),
    ],
    "ContrastiveLoss": [({"margin": 0.5}, "positive"), ({}, "positive")],
    "CosineSimilarity": [({"axis": -1}, "real"), ({"axis": 0}, "real")],
    "Dice": [({}, "distribution"), ({"axis": 0}, "distribution")],
    "DistillationLoss": [({"temperature": 1.5, "alpha": 0.3}, "logits"), ({}, "logits")],
    "ELBO": [({"beta": 2.5}, "logits and code")],
    "Huber": [({}, "real"), ({"delta": 0.2}, "real"), ({"delta": 3.0}, "real")],
    "InfoNCE": [({}, "real"), ({"temperature": 2.0}, "real")],
    "NTXent": [({}, "real"), ({"temperature": 2.0}, "real")],
    "SparseCategoricalCrossentropy": [
        ({}, "distribution"),
        ({"from_logits": True, "ignore_class": 1}, "logits"),
        ({"ignore_class": 0}, "distribution"),
    ],
    "TripletLoss": [({}, "real"), ({"margin": 3.0}, "real")],
    "Tversky": [
        ({"alpha": 0.2, "beta": 0.9}, "distribution"),
        ({"alpha": 0.8, "beta": 0.3, "axis": 0}, "distribution"),
    ],
}


def make(row, namespace=losses, **options):
    """Build the loss of a row from `dlprep.losses` or `keras.losses`."""
    return getattr(namespace, row)(**LOSSES[row].get("kwargs", {}), **options)


def softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


def targets(name):
    """Draw targets of the row's kind."""
    rng = np.random.default_rng(0)
    index, real = np.array([0, 1, 2, 0, 1, 1]), rng.normal(size=(ROWS, WIDTH))
    binary = rng.integers(0, 2, (ROWS, WIDTH))
    one_hot = np.eye(WIDTH)[index]
    return {
        "amounts": np.abs(real) + 0.2,
        "binary": binary,
        "index": index,
        "label and teacher": np.concatenate([one_hot, 2.0 * real], -1),
        "normal": 0.5 * rng.normal(size=(ROWS, 4)),
        "one hot": one_hot,
        "real": real,
        "sequence": np.array([[1, 2], [2, 1], [1, 1], [2, 0], [0, 0], [1, 0]]),
        "shares": softmax(real),
        "sign": 2 * binary - 1,
    }[LOSSES[name]["y_true"]].astype("float32")


def predictions(name, kind=None):
    """Draw predictions of the row's kind, or of another."""
    rng = np.random.default_rng(1)
    real = rng.normal(size=(ROWS, WIDTH))
    wide = rng.normal(size=(ROWS, 4))
    return {
        "code": wide,
        "directions": real / np.linalg.norm(real, axis=-1, keepdims=True),
        "distribution": softmax(real),
        "logits": 3.0 * real,
        "logits and code": np.concatenate([real, wide], -1),
        "mistaken": -(np.abs(real) + 0.1) * np.resize(targets(name), (ROWS, WIDTH)),
        "positive": np.abs(real) + 0.1,
        "real": real,
        "steps": rng.normal(size=(ROWS, 5, WIDTH)),
        "undecided": 0.1 * real,
    }[kind or LOSSES[name]["y_pred"]].astype("float32")
