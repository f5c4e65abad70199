"""Layers: the names, signatures and behaviour of `keras.layers`, written to be read."""

from dlprep.drop_in import hand_on
from dlprep.layers.activation import ELU, Activation, LeakyReLU, PReLU, ReLU
from dlprep.layers.attention import AdditiveAttention, Attention
from dlprep.layers.batch_normalization import BatchNormalization
from dlprep.layers.bidirectional import Bidirectional
from dlprep.layers.category_encoding import CategoryEncoding
from dlprep.layers.classic_dropout import ClassicDropout
from dlprep.layers.conv import Conv1D, Conv2D
from dlprep.layers.conv_lstm import ConvLSTM2D
from dlprep.layers.conv_transpose import Conv2DTranspose
from dlprep.layers.dense import Dense
from dlprep.layers.depthwise_conv import DepthwiseConv2D, SeparableConv2D
from dlprep.layers.dropout import Dropout
from dlprep.layers.embedding import Embedding
from dlprep.layers.feed_forward import MixtureOfExperts, SwiGLU
from dlprep.layers.flatten import Flatten
from dlprep.layers.gaussian_sampling import GaussianSampling
from dlprep.layers.global_pooling import (
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
)
from dlprep.layers.group_normalization import GroupNormalization
from dlprep.layers.group_query_attention import GroupQueryAttention
from dlprep.layers.gru import GRU, GRUCell
from dlprep.layers.highway import Highway
from dlprep.layers.layer_normalization import LayerNormalization
from dlprep.layers.lora_dense import LoRADense
from dlprep.layers.lstm import LSTM, LSTMCell
from dlprep.layers.min_max_scaling import MinMaxScaling
from dlprep.layers.multi_head_attention import MultiHeadAttention
from dlprep.layers.noise import AlphaDropout, GaussianDropout, GaussianNoise
from dlprep.layers.normalization import Normalization
from dlprep.layers.perceptron import Perceptron
from dlprep.layers.pooling import AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D
from dlprep.layers.position import RotaryEmbedding, SinusoidalPositionEncoding
from dlprep.layers.residual import Residual, StochasticDepth
from dlprep.layers.rms_normalization import RMSNormalization, UnitNormalization
from dlprep.layers.rnn import RNN
from dlprep.layers.simple_rnn import SimpleRNN, SimpleRNNCell
from dlprep.layers.softmax import Softmax
from dlprep.layers.spatial_dropout import SpatialDropout1D, SpatialDropout2D
from dlprep.layers.spectral_normalization import SpectralNormalization
from dlprep.layers.stacked_rnn_cells import StackedRNNCells
from dlprep.layers.transformer import TransformerEncoder
from dlprep.layers.transformer_decoder import TransformerDecoder

__all__ = [
    "Activation",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "AveragePooling1D",
    "AveragePooling2D",
    "BatchNormalization",
    "Bidirectional",
    "CategoryEncoding",
    "ClassicDropout",
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "ConvLSTM2D",
    "Dense",
    "DepthwiseConv2D",
    "Dropout",
    "ELU",
    "Embedding",
    "Flatten",
    "GRU",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GaussianSampling",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GroupNormalization",
    "GroupQueryAttention",
    "Highway",
    "LSTM",
    "LSTMCell",
    "LayerNormalization",
    "LeakyReLU",
    "LoRADense",
    "MaxPooling1D",
    "MaxPooling2D",
    "MinMaxScaling",
    "MixtureOfExperts",
    "MultiHeadAttention",
    "Normalization",
    "PReLU",
    "Perceptron",
    "RMSNormalization",
    "RNN",
    "ReLU",
    "Residual",
    "RotaryEmbedding",
    "SeparableConv2D",
    "SimpleRNN",
    "SimpleRNNCell",
    "SinusoidalPositionEncoding",
    "Softmax",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpectralNormalization",
    "StackedRNNCells",
    "StochasticDepth",
    "SwiGLU",
    "TransformerDecoder",
    "TransformerEncoder",
    "UnitNormalization",
]

__getattr__, __dir__ = hand_on(__name__)
