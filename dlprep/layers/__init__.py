"""Layers: the names, signatures and behaviour of `keras.layers`, written to be read."""

from dlprep.layers.batch_normalization import BatchNormalization
from dlprep.layers.core import Dense
from dlprep.layers.dropout import Dropout
from dlprep.layers.gru import GRU, GRUCell
from dlprep.layers.lstm import LSTM, LSTMCell
from dlprep.layers.rnn import RNN
from dlprep.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from dlprep.layers.stacked_rnn_cells import StackedRNNCells

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "BatchNormalization",
    "Dense",
    "Dropout",
    "GRUCell",
    "LSTMCell",
    "SimpleRNN",
    "SimpleRNNCell",
    "StackedRNNCells",
]
