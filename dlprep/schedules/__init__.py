"""Learning-rate schedules: the rate as a function of the step, the first step being zero.

Where Keras has the schedule, name and signature are Keras's.
"""

from dlprep.drop_in import hand_on
from dlprep.schedules.cosine import CosineDecay
from dlprep.schedules.decay import ExponentialDecay, InverseTimeDecay
from dlprep.schedules.piecewise import PiecewiseConstantDecay, PolynomialDecay
from dlprep.schedules.restarts import CosineDecayRestarts
from dlprep.schedules.slow import Constant, SquareRootDecay
from dlprep.schedules.warmup import InverseSquareRootDecay, OneCycle, WarmupCosineDecay

__all__ = [
    "Constant",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseSquareRootDecay",
    "InverseTimeDecay",
    "OneCycle",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "SquareRootDecay",
    "WarmupCosineDecay",
]

__getattr__, __dir__ = hand_on(__name__, "optimizers.schedules")
