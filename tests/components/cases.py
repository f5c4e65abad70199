"""One plain table per kind: name -> constructor arguments (and input shapes) for the common checks.

Every name of a kind's `__all__` has a row; the first test of each suite says so.
"""

import keras
import numpy as np

# function name -> arguments besides the input
ACTIVATIONS = {
    "celu": {"alpha": 0.7},
    "elu": {"alpha": 0.7},
    "exponential": {},
    "gelu": {"approximate": True},
    "glu": {"axis": 0},
    "hard_shrink": {"threshold": 0.6},
    "hard_sigmoid": {},
    "hard_silu": {},
    "hard_swish": {},
    "hard_tanh": {},
    "heaviside": {"at_zero": 0.5},
    "leaky_relu": {"negative_slope": 0.1},
    "linear": {},
    "log_sigmoid": {},
    "log_softmax": {"axis": 1},
    "maxout": {"pieces": 2, "axis": 0},
    "mish": {},
    "prelu": {"alpha": 0.1},
    "relu": {"negative_slope": 0.1, "max_value": 2.0, "threshold": 0.5},
    "relu6": {},
    "selu": {},
    "sigmoid": {},
    "sign": {},
    "silu": {},
    "soft_shrink": {"threshold": 0.6},
    "softmax": {"axis": 1},
    "softplus": {},
    "softsign": {},
    "sparse_plus": {},
    "sparse_sigmoid": {},
    "sparsemax": {"axis": 1},
    "squareplus": {"b": 2.0},
    "swiglu": {"axis": 0},
    "swish": {},
    "tanh": {},
    "tanh_shrink": {},
    "threshold": {"threshold": 0.6, "default_value": -1.0},
}

# class name -> constructor arguments
INITIALIZERS = {
    "Constant": {"value": 0.3},
    "GlorotNormal": {},
    "GlorotUniform": {},
    "HeNormal": {},
    "HeUniform": {},
    "Identity": {"gain": 2.0},
    "LecunNormal": {},
    "LecunUniform": {},
    "Ones": {},
    "Orthogonal": {"gain": 2.0},
    "RandomNormal": {"mean": 1.0, "stddev": 2.0},
    "RandomUniform": {"minval": -1.0, "maxval": 2.0},
    "TruncatedNormal": {"mean": 1.0, "stddev": 2.0},
    "VarianceScaling": {"scale": 3.0, "mode": "fan_out", "distribution": "untruncated_normal"},
    "Zeros": {},
}

# class name -> constructor arguments
REGULARIZERS = {
    "L1": {"l1": 0.3},
    "L1L2": {"l1": 0.3, "l2": 0.2},
    "L2": {"l2": 0.3},
    "OrthogonalRegularizer": {"factor": 0.3, "mode": "columns"},
}

# class name -> constructor arguments
CONSTRAINTS = {
    "MaxNorm": {"max_value": 1.5, "axis": 0},
    "MinMaxNorm": {"min_value": 2.0, "max_value": 2.5, "rate": 0.7, "axis": 1},
    "NonNeg": {},
    "UnitNorm": {"axis": 0},
}

# class name -> kwargs; kinds of y_true and y_pred (see test_losses.py); best: kind of the
# predictions that reach the minimum (no entry: there is none, or none by hand); minimum: zero
# unless given, may depend on y_true; function: its name, where the class's does not say;
# extremes: the farthest predictions, where 1e4 and -1e4 make no sense; mixes: rows depend on one
# another; masks: rows may be left out of the mean
LOSSES = {
    "BinaryCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain",
    },
    "BinaryFocalCrossentropy": {
        "kwargs": {"from_logits": True, "apply_class_balancing": True},
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain",
    },
    "CTC": {"y_true": "sequence", "y_pred": "steps", "best": "timed", "function": "ctc"},
    "CategoricalCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "one hot",
        "y_pred": "logits",
        "best": "certain",
    },
    "CategoricalFocalCrossentropy": {
        "kwargs": {"from_logits": True},
        "y_true": "one hot",
        "y_pred": "logits",
        "best": "certain",
    },
    "CategoricalGeneralizedCrossEntropy": {
        "kwargs": {"q": 0.4},
        "y_true": "index",
        "y_pred": "distribution",
        "best": "marked",
        "extremes": (0.0, 1.0),
    },
    "CategoricalHinge": {"y_true": "one hot", "y_pred": "undecided", "best": "certain"},
    "Circle": {
        "y_true": "index",
        "y_pred": "directions",
        "best": "marked",
        "extremes": (-1.0, 1.0),
        "mixes": True,
        "masks": True,
    },
    "ContrastiveLoss": {
        "kwargs": {"margin": 2.0},
        "y_true": "binary",
        "y_pred": "positive",
        "best": "fitting distances",
    },
    "CosineSimilarity": {"y_true": "real", "y_pred": "real", "best": "y_true", "minimum": -1.0},
    "Dice": {
        "kwargs": {"axis": (1,)},
        "y_true": "one hot",
        "y_pred": "distribution",
        "best": "y_true",
        "extremes": (0.0, 1.0),
    },
    "DistillationLoss": {
        "kwargs": {"temperature": 3.0, "alpha": 1.0},
        "y_true": "label and teacher",
        "y_pred": "logits",
        "best": "teacher",
    },
    # The variance is e to the prediction: beyond 88 it is infinite in float32.
    "ELBO": {
        "kwargs": {"beta": 0.7},
        "y_true": "binary",
        "y_pred": "logits and code",
        "best": "certain and prior",
        "function": "negative_elbo",
        "extremes": (-80.0, 80.0),
    },
    "GaussianKL": {
        "y_true": "normal",
        "y_pred": "code",
        "best": "y_true",
        "function": "gaussian_kl",
        "extremes": (-80.0, 80.0),
    },
    "Hinge": {"y_true": "sign", "y_pred": "undecided", "best": "right"},
    "Huber": {"kwargs": {"delta": 0.7}, "y_true": "real", "y_pred": "real", "best": "y_true"},
    "InfoNCE": {
        "kwargs": {"temperature": 0.5},
        "y_true": "real",
        "y_pred": "real",
        "function": "info_nce",
        "mixes": True,
    },
    "KLDivergence": {
        "y_true": "shares",
        "y_pred": "distribution",
        "best": "y_true",
        "function": "kl_divergence",
        "extremes": (0.0, 1.0),
    },
    "LogCosh": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    "MeanAbsoluteError": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    "MeanAbsolutePercentageError": {"y_true": "amounts", "y_pred": "positive", "best": "y_true"},
    "MeanSquaredError": {"y_true": "real", "y_pred": "real", "best": "y_true"},
    "MeanSquaredLogarithmicError": {"y_true": "amounts", "y_pred": "positive", "best": "y_true"},
    "NTXent": {
        "kwargs": {"temperature": 0.5},
        "y_true": "real",
        "y_pred": "real",
        "function": "nt_xent",
        "mixes": True,
    },
    "NonSaturatingGAN": {
        "y_true": "binary",
        "y_pred": "logits",
        "best": "certain",
        "function": "non_saturating_gan",
    },
    "PerceptronLoss": {"y_true": "sign", "y_pred": "mistaken", "best": "right"},
    "Poisson": {
        "y_true": "amounts",
        "y_pred": "positive",
        "best": "y_true",
        "minimum": lambda y: np.mean(y - y * np.log(y), axis=-1),
        "extremes": (0.0, 1e4),
    },
    "SparseCategoricalCrossentropy": {
        "kwargs": {"from_logits": True, "ignore_class": 7},
        "y_true": "index",
        "y_pred": "logits",
        "best": "certain",
    },
    "SquaredHinge": {"y_true": "sign", "y_pred": "undecided", "best": "right"},
    "TripletLoss": {
        "kwargs": {"margin": 0.5},
        "y_true": "index",
        "y_pred": "real",
        "best": "certain",
        "mixes": True,
    },
    "Tversky": {
        "kwargs": {"alpha": 0.3, "beta": 0.6, "axis": (1,)},
        "y_true": "one hot",
        "y_pred": "distribution",
        "best": "y_true",
        "extremes": (0.0, 1.0),
    },
    "WassersteinLoss": {"y_true": "sign", "y_pred": "real"},
}

# class name -> list of constructor arguments: every variant runs the common checks
OPTIMIZERS = {
    "AMSGrad": [{"learning_rate": 0.1}],
    "Adadelta": [{"learning_rate": 150.0}],
    "Adafactor": [{"learning_rate": 0.2}, {"learning_rate": 0.2, "clip_threshold": 0.5}],
    "Adagrad": [{"learning_rate": 0.6}],
    "Adam": [{"learning_rate": 0.1}, {"learning_rate": 0.1, "amsgrad": True}],
    "AdamW": [{"learning_rate": 0.1, "weight_decay": 0.01}],
    "Adamax": [{"learning_rate": 0.2}],
    "Ftrl": [
        {"learning_rate": 2.0},
        {"learning_rate": 2.0, "l1_regularization_strength": 0.001, "beta": 0.1},
    ],
    "Lamb": [{"learning_rate": 0.1}],
    "Lion": [{"learning_rate": 0.1}],
    "Lookahead": [{"learning_rate": 0.4, "sync_period": 2, "slow_step": 0.5}],
    "Muon": [{"learning_rate": 0.8}, {"learning_rate": 1.0, "nesterov": False}],
    "Nadam": [{"learning_rate": 0.1}],
    "RAdam": [{"learning_rate": 0.5}],
    "RMSprop": [
        {"learning_rate": 0.1},
        {"learning_rate": 0.05, "momentum": 0.5},
        {"learning_rate": 0.05, "momentum": 0.5, "centered": True},
    ],
    "SGD": [
        {"learning_rate": 0.2},
        {"learning_rate": 0.02, "momentum": 0.9},
        {"learning_rate": 0.02, "momentum": 0.9, "nesterov": True},
    ],
}

# class name -> list of constructor arguments; the reference of each is in test_schedules.py
SCHEDULES = {
    "Constant": [{"learning_rate": 0.3}],
    "CosineDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 20, "alpha": 0.1},
        {
            "initial_learning_rate": 0.1,
            "decay_steps": 20,
            "warmup_target": 0.3,
            "warmup_steps": 5,
        },
    ],
    "CosineDecayRestarts": [
        {"initial_learning_rate": 0.3, "first_decay_steps": 4},
        {"initial_learning_rate": 0.3, "first_decay_steps": 7, "t_mul": 1.0, "m_mul": 0.5},
        {"initial_learning_rate": 0.3, "first_decay_steps": 4, "t_mul": 3.0, "alpha": 0.1},
    ],
    "ExponentialDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5},
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ],
    "InverseSquareRootDecay": [{"units": 16, "warmup_steps": 6}],
    "InverseTimeDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5},
        {"initial_learning_rate": 0.3, "decay_steps": 7, "decay_rate": 0.5, "staircase": True},
    ],
    "OneCycle": [{"learning_rate": 0.3, "total_steps": 24, "rise": 0.25}],
    "PiecewiseConstantDecay": [{"boundaries": [3, 9, 20], "values": [0.4, 0.3, 0.2, 0.1]}],
    "PolynomialDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 20, "power": 2.0},
        {"initial_learning_rate": 0.3, "decay_steps": 7, "end_learning_rate": 0.1, "cycle": True},
    ],
    "SquareRootDecay": [
        {"initial_learning_rate": 0.3, "decay_steps": 3},
        {"initial_learning_rate": 0.3, "decay_steps": 3, "staircase": True},
    ],
    "WarmupCosineDecay": [
        {"learning_rate": 0.3, "total_steps": 25, "warmup_steps": 5, "alpha": 0.1},
        {"learning_rate": 0.3, "total_steps": 25},
    ],
}

# class name -> list of dict(kwargs=…, data=…): see test_metrics.py for the data
METRICS = {
    "AUC": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"curve": "PR"}, "data": "scores"},
        {"kwargs": {"curve": "PRGAIN", "summation_method": "majoring"}, "data": "scores"},
        {"kwargs": {"thresholds": [0.2, 0.5], "summation_method": "minoring"}, "data": "scores"},
        {"kwargs": {"multi_label": True, "label_weights": [1.0, 2.0, 3.0]}, "data": "columns"},
        {"kwargs": {"from_logits": True}, "data": "logits"},
    ],
    "Accuracy": [{"kwargs": {}, "data": "labels"}],
    "BinaryAccuracy": [{"kwargs": {"threshold": 0.4}, "data": "scores"}],
    "CategoricalAccuracy": [{"kwargs": {}, "data": "onehot"}],
    "ExpectedCalibrationError": [{"kwargs": {"num_bins": 10}, "data": "classes"}],
    "F1Score": [{"kwargs": {"average": "macro"}, "data": "onehot"}],
    "FBetaScore": [
        {"kwargs": {"beta": 2.0}, "data": "onehot"},
        {"kwargs": {"beta": 0.5, "average": "micro", "threshold": 0.4}, "data": "columns"},
        {"kwargs": {"average": "weighted", "threshold": 0.4}, "data": "columns"},
    ],
    "FalseNegatives": [{"kwargs": {"thresholds": [0.7, 0.3]}, "data": "scores"}],
    "FalsePositives": [{"kwargs": {}, "data": "scores"}],
    "Mean": [{"kwargs": {}, "data": "values"}],
    "MeanAbsoluteError": [{"kwargs": {}, "data": "numbers"}],
    "MeanSquaredError": [{"kwargs": {}, "data": "numbers"}],
    "Perplexity": [
        {"kwargs": {}, "data": "classes"},
        {"kwargs": {"mask_token_id": 0}, "data": "classes"},
    ],
    "Precision": [
        {"kwargs": {}, "data": "scores"},
        {"kwargs": {"thresholds": [0.3, 0.7]}, "data": "scores"},
        {"kwargs": {"top_k": 2, "class_id": 1}, "data": "columns"},
    ],
    "R2Score": [
        {"kwargs": {}, "data": "numbers"},
        {"kwargs": {"class_aggregation": None, "num_regressors": 2}, "data": "numbers"},
        {"kwargs": {"class_aggregation": "variance_weighted_average"}, "data": "numbers"},
    ],
    "Recall": [
        {"kwargs": {"thresholds": 0.4}, "data": "scores"},
        {"kwargs": {"top_k": 1}, "data": "onehot"},
    ],
    "RootMeanSquaredError": [{"kwargs": {}, "data": "numbers"}],
    "SparseCategoricalAccuracy": [{"kwargs": {}, "data": "classes"}],
    "TopKCategoricalAccuracy": [{"kwargs": {"k": 2}, "data": "onehot"}],
    "TrueNegatives": [{"kwargs": {}, "data": "scores"}],
    "TruePositives": [{"kwargs": {}, "data": "scores"}],
}

# class name -> kwargs (a function of the namespace where layers are arguments), shape of one
# example (a list for several inputs); high: integer inputs below it; unpack: inputs are separate
# arguments; cell: runs inside RNN; mixes: why rows of a batch may influence each other;
# more_in_config: arguments that Keras's config forgets
LAYERS = {
    "Activation": {"kwargs": {"activation": "tanh"}, "shape": (3, 5)},
    "AdditiveAttention": {"shape": [(4, 3), (5, 3)]},
    "AlphaDropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
    "Attention": {"kwargs": {"use_scale": True}, "shape": [(4, 3), (5, 3)]},
    "AveragePooling1D": {"kwargs": {"pool_size": 2}, "shape": (6, 3)},
    "AveragePooling2D": {"kwargs": {"pool_size": 2, "padding": "same"}, "shape": (5, 6, 3)},
    "BatchNormalization": {"shape": (3, 5)},
    "Bidirectional": {
        "kwargs": lambda layers: {"layer": layers.GRU(3, return_sequences=True)},
        "shape": (4, 5),
    },
    "CategoryEncoding": {
        "kwargs": {"num_tokens": 7},
        "shape": (4,),
        "high": 7,
        "more_in_config": ["sparse"],
    },
    "ClassicDropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
    "Conv1D": {
        "kwargs": {"filters": 4, "kernel_size": 3, "padding": "causal", "dilation_rate": 2},
        "shape": (7, 3),
    },
    "Conv2D": {
        "kwargs": {"filters": 4, "kernel_size": 3, "strides": (1, 2), "groups": 2},
        "shape": (6, 7, 2),
    },
    "Conv2DTranspose": {
        "kwargs": {"filters": 4, "kernel_size": 3, "strides": 2, "output_padding": 1},
        "shape": (4, 5, 3),
    },
    "ConvLSTM2D": {
        "kwargs": {"filters": 2, "kernel_size": 2, "strides": 2, "return_sequences": True},
        "shape": (3, 6, 5, 2),
    },
    "Dense": {"kwargs": {"units": 4, "activation": "tanh"}, "shape": (3, 5)},
    "DepthwiseConv2D": {
        "kwargs": {"kernel_size": 3, "depth_multiplier": 2, "padding": "same"},
        "shape": (5, 6, 3),
    },
    "Dropout": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6,)},
    "ELU": {"kwargs": {"alpha": 0.5}, "shape": (5,)},
    "Embedding": {"kwargs": {"input_dim": 7, "output_dim": 3}, "shape": (4,), "high": 7},
    "Flatten": {"shape": (3, 4, 2)},
    "GRU": {
        "kwargs": {"units": 3, "return_sequences": True},
        "shape": (4, 5),
        "more_in_config": ["use_cudnn"],
    },
    "GRUCell": {"kwargs": {"units": 3, "reset_after": False}, "shape": (4, 5), "cell": True},
    "GaussianDropout": {"kwargs": {"rate": 0.3, "seed": 1}, "shape": (6,)},
    "GaussianNoise": {"kwargs": {"stddev": 0.3, "seed": 1}, "shape": (6,)},
    "GaussianSampling": {
        "kwargs": {"seed": 1},
        "shape": [(6,), (6,)],
        "mixes": "every call draws its own noise",
    },
    "GlobalAveragePooling1D": {"shape": (5, 3)},
    "GlobalAveragePooling2D": {"kwargs": {"keepdims": True}, "shape": (4, 5, 3)},
    "GlobalMaxPooling1D": {"kwargs": {"keepdims": True}, "shape": (5, 3)},
    "GlobalMaxPooling2D": {"shape": (4, 5, 3)},
    "GroupNormalization": {"kwargs": {"groups": 2}, "shape": (3, 4, 6)},
    "GroupQueryAttention": {
        "kwargs": {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2},
        "shape": [(4, 5), (6, 5)],
        "unpack": True,
        "more_in_config": ["flash_attention"],
    },
    "Highway": {"kwargs": {"activation": "tanh"}, "shape": (3, 5)},
    "LSTM": {
        "kwargs": {"units": 3, "return_sequences": True},
        "shape": (4, 5),
        "more_in_config": ["use_cudnn"],
    },
    "LSTMCell": {"kwargs": {"units": 3}, "shape": (4, 5), "cell": True},
    "LayerNormalization": {"shape": (3, 5)},
    "LeakyReLU": {"shape": (5,)},
    "LoRADense": {"kwargs": {"units": 4, "rank": 2, "alpha": 3.0}, "shape": (3, 5)},
    "MaxPooling1D": {"kwargs": {"pool_size": 3, "strides": 2, "padding": "same"}, "shape": (6, 3)},
    "MaxPooling2D": {"shape": (5, 6, 3)},
    "MinMaxScaling": {"kwargs": {"low": -1.0}, "shape": (3, 5)},
    "MixtureOfExperts": {"kwargs": {"experts": 3, "hidden": 5, "top": 2}, "shape": (4, 6)},
    "MultiHeadAttention": {
        "kwargs": {"num_heads": 2, "key_dim": 3},
        "shape": [(4, 5), (6, 7)],
        "unpack": True,
        "more_in_config": ["flash_attention"],
    },
    "Normalization": {"kwargs": {"mean": 2.0, "variance": 4.0}, "shape": (5,)},
    "PReLU": {"kwargs": {"shared_axes": [1]}, "shape": (4, 3)},
    "Perceptron": {"kwargs": {"units": 4}, "shape": (3, 5)},
    "RMSNormalization": {"shape": (3, 5)},
    "RNN": {"kwargs": lambda layers: {"cell": layers.SimpleRNNCell(3)}, "shape": (4, 5)},
    "ReLU": {"kwargs": {"max_value": 1.0, "negative_slope": 0.1}, "shape": (5,)},
    "Residual": {
        "kwargs": lambda layers: {"layer": layers.Conv2D(4, 3, strides=2, padding="same")},
        "shape": (5, 6, 3),
    },
    "RotaryEmbedding": {"shape": (4, 6)},
    "SeparableConv2D": {
        "kwargs": {"filters": 4, "kernel_size": 3, "depth_multiplier": 2},
        "shape": (5, 6, 3),
    },
    "SimpleRNN": {
        "kwargs": {"units": 3, "go_backwards": True},
        "shape": (4, 5),
        "more_in_config": ["seed"],
    },
    "SimpleRNNCell": {"kwargs": {"units": 3}, "shape": (4, 5), "cell": True},
    "SinusoidalPositionEncoding": {"shape": (4, 6)},
    "Softmax": {"shape": (3, 5)},
    "SpatialDropout1D": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (6, 3)},
    "SpatialDropout2D": {"kwargs": {"rate": 0.5, "seed": 1}, "shape": (4, 5, 3)},
    "SpectralNormalization": {
        "kwargs": lambda layers: {"layer": layers.Dense(3)},
        "shape": (5,),
    },
    "StackedRNNCells": {
        "kwargs": lambda layers: {"cells": [layers.LSTMCell(2), layers.GRUCell(3)]},
        "shape": (4, 5),
        "cell": True,
    },
    "StochasticDepth": {
        "kwargs": lambda layers: {"layer": layers.Dense(4), "rate": 0.3, "seed": 1},
        "shape": (3, 5),
    },
    "SwiGLU": {"kwargs": {"hidden": 5}, "shape": (4, 6)},
    "TransformerDecoder": {
        "kwargs": {"num_heads": 2, "hidden": 5, "activation": "gelu"},
        "shape": [(4, 6), (3, 6)],
        "unpack": True,
    },
    "TransformerEncoder": {"kwargs": {"num_heads": 2, "hidden": 5}, "shape": (4, 6)},
    "UnitNormalization": {"shape": (3, 5)},
}

# class name -> constructor arguments
CALLBACKS = {
    "ActivationStatistics": {"x": np.ones((4, 2))},
    "BiasVarianceDiagnosis": {"tolerance": 0.1},
    "EarlyStopping": {"patience": 1, "restore_best_weights": True},
    "GradientNorms": {"x": np.ones((4, 2)), "y": np.ones((4, 1))},
    "LearningRateFinder": {"steps": 4},
    "LearningRateScheduler": {"schedule": lambda epoch, rate: 0.9 * rate},
    "ReduceLROnPlateau": {"patience": 1},
    "SwapEMAWeights": {"swap_on_epoch": True},
    "TerminateOnNaN": {},
}


def dense(inputs, outputs, activation=None, dtype=None):
    """Make a model of one fully connected layer, a part of the models below."""
    layer = keras.layers.Dense(outputs, activation, dtype=dtype)
    return keras.Sequential([keras.Input((inputs,)), layer])


# class name -> constructor arguments (a function of the dtype policy of the parts) and the
# arguments of `compile`; all take data of shape (batch, 4) between 0 and 1; targets: whether the
# same data are its targets too
MODELS = {
    "Autoencoder": {
        "kwargs": lambda dtype=None: {
            "encoder": dense(4, 2, "tanh", dtype),
            "decoder": dense(2, 4, dtype=dtype),
            "corruption": keras.layers.GaussianNoise(0.1, seed=1),
        },
        "compile": {"optimizer": "adam", "loss": "mse"},
    },
    "GAN": {
        "kwargs": lambda dtype=None: {
            "generator": dense(3, 4, "sigmoid", dtype),
            "discriminator": dense(4, 1, dtype=dtype),
            "latent_dim": 3,
            "seed": 1,
        },
        "compile": {"generator_optimizer": "adam", "discriminator_optimizer": "rmsprop"},
    },
    "SAM": {
        "kwargs": lambda dtype=None: {"model": dense(4, 4, "sigmoid", dtype), "rho": 0.1},
        "compile": {"optimizer": "adam", "loss": "mse", "metrics": ["mae"]},
        "targets": True,
    },
    "VariationalAutoencoder": {
        "kwargs": lambda dtype=None: {
            "encoder": dense(4, 6, dtype=dtype),
            "decoder": dense(3, 4, dtype=dtype),
            "beta": 2.0,
            "seed": 1,
        },
        "compile": {"optimizer": "adam"},
    },
    "WassersteinGAN": {
        "kwargs": lambda dtype=None: {
            "generator": dense(3, 4, "sigmoid", dtype),
            "discriminator": dense(4, 1, dtype=dtype),
            "latent_dim": 3,
            "critic_steps": 2,
            "seed": 1,
        },
        "compile": {"generator_optimizer": "adam", "discriminator_optimizer": "rmsprop"},
    },
}
