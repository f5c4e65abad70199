"""Layers: the names, signatures and behaviour of `keras.layers`, written to be read."""

from dlprep.layers.batch_normalization import BatchNormalization
from dlprep.layers.conv import Conv1D, Conv2D
from dlprep.layers.core import Dense
from dlprep.layers.dropout import Dropout
from dlprep.layers.gru import GRU, GRUCell
from dlprep.layers.layer_normalization import LayerNormalization
from dlprep.layers.lstm import LSTM, LSTMCell
from dlprep.layers.multi_head_attention import MultiHeadAttention
from dlprep.layers.pooling import AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D
from dlprep.layers.rnn import RNN
from dlprep.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from dlprep.layers.stacked_rnn_cells import StackedRNNCells

__all__ = [
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "Conv1D",
    "Conv2D",
    "Dense",
    "Dropout",
    "GRU",
    "GRUCell",
    "LSTM",
    "LSTMCell",
    "LayerNormalization",
    "MaxPooling1D",
    "MaxPooling2D",
    "MultiHeadAttention",
    "RNN",
    "SimpleRNN",
    "SimpleRNNCell",
    "StackedRNNCells",
]
