"""Optimizers under the names and signatures that Keras gives them, one per file.

The mathematics of each is a function of tensors that returns what to subtract and the new memory;
the class around it keeps the memory in variables.

Rows that a sparse gradient repeats are summed, and rows that it leaves out move as under the dense
gradient, wherever their momentum leads.
"""

from dlprep.drop_in import hand_on
from dlprep.optimizers import schedules as schedules
from dlprep.optimizers.adadelta import Adadelta
from dlprep.optimizers.adafactor import Adafactor
from dlprep.optimizers.adagrad import Adagrad
from dlprep.optimizers.adam import Adam
from dlprep.optimizers.adamax import Adamax
from dlprep.optimizers.adamw import AdamW
from dlprep.optimizers.amsgrad import AMSGrad
from dlprep.optimizers.ftrl import Ftrl
from dlprep.optimizers.lamb import Lamb
from dlprep.optimizers.lion import Lion
from dlprep.optimizers.lookahead import Lookahead
from dlprep.optimizers.muon import Muon
from dlprep.optimizers.nadam import Nadam
from dlprep.optimizers.radam import RAdam
from dlprep.optimizers.rmsprop import RMSprop
from dlprep.optimizers.sgd import SGD

__all__ = [
    "AMSGrad",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Ftrl",
    "Lamb",
    "Lion",
    "Lookahead",
    "Muon",
    "Nadam",
    "RAdam",
    "RMSprop",
    "SGD",
]

__getattr__, __dir__ = hand_on(__name__)
