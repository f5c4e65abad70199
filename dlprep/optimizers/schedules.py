"""The schedules where Keras keeps them, so that `dlprep.optimizers` can stand in for its module."""

from dlprep.drop_in import hand_on
from dlprep.schedules import *  # noqa: F403
from dlprep.schedules import __all__ as __all__

__getattr__, __dir__ = hand_on(__name__)
