"""Initializers: where the weights start, by Keras's names."""

from dlprep.initializers.glorot import GlorotNormal, GlorotUniform
from dlprep.initializers.he import HeNormal, HeUniform
from dlprep.initializers.lecun import LecunNormal, LecunUniform
from dlprep.initializers.variance_scaling import VarianceScaling, fans

__all__ = [
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "LecunNormal",
    "LecunUniform",
    "VarianceScaling",
    "fans",
]
