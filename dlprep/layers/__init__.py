"""Layers: the names, signatures and behaviour of `keras.layers`, written to be read."""

from dlprep.layers.batch_normalization import BatchNormalization
from dlprep.layers.core import Dense
from dlprep.layers.dropout import Dropout

__all__ = [
    "BatchNormalization",
    "Dense",
    "Dropout",
]
