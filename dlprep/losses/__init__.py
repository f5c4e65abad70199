"""Losses: Keras's by the same names, and others that Keras lacks."""

from dlprep.losses.binary_crossentropy import BinaryCrossentropy, binary_crossentropy
from dlprep.losses.categorical_crossentropy import (
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from dlprep.losses.regression import MeanSquaredError, mean_squared_error

__all__ = [
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "MeanSquaredError",
    "SparseCategoricalCrossentropy",
    "binary_crossentropy",
    "categorical_crossentropy",
    "mean_squared_error",
    "sparse_categorical_crossentropy",
]
