"""Initializers: where the weights start, by Keras's names."""

from dlprep.drop_in import hand_on
from dlprep.initializers.constant import Constant, Identity, Ones, Zeros
from dlprep.initializers.glorot import GlorotNormal, GlorotUniform
from dlprep.initializers.he import HeNormal, HeUniform
from dlprep.initializers.lecun import LecunNormal, LecunUniform
from dlprep.initializers.orthogonal import Orthogonal, orthonormal
from dlprep.initializers.random import RandomNormal, RandomUniform, TruncatedNormal
from dlprep.initializers.variance_scaling import VarianceScaling, fans

# Keras's aliases; our files of these names would hide them.
constant, orthogonal, variance_scaling = Constant, Orthogonal, VarianceScaling

__all__ = [
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "LecunNormal",
    "LecunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
    "fans",
    "orthonormal",
]

__getattr__, __dir__ = hand_on(__name__)
