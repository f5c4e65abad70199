"""The schedules where Keras keeps them, so that `dlprep.optimizers` can stand in for its module."""

from dlprep.schedules import (
    Constant,
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseSquareRootDecay,
    InverseTimeDecay,
    OneCycle,
    PiecewiseConstantDecay,
    PolynomialDecay,
    SquareRootDecay,
    WarmupCosineDecay,
)

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
