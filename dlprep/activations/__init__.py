"""Activations: functions of a tensor, by Keras's names."""

from dlprep.activations.rectifier import leaky_relu, relu
from dlprep.activations.sigmoid import sigmoid, tanh
from dlprep.activations.softmax import softmax

__all__ = ["leaky_relu", "relu", "sigmoid", "softmax", "tanh"]
