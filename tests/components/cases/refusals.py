"""Arguments that cannot work: family, class, arguments, what the message names.

Where the last entry of a row is a shape, it is the call on an input of that shape that is refused.
"""

NAN, INF = float("nan"), float("inf")
IMAGES, STEPS, ROWS = (2, 5, 6, 4), (2, 6, 4), (2, 4)
CONV = {"filters": 4, "kernel_size": (3, 2)}

WINDOWS = [
    ("Conv2D", {"filters": 0, "kernel_size": 3}, "filters.*0"),
    ("Conv2D", {"filters": 2.5, "kernel_size": 3}, "filters.*2.5"),
    ("Conv1D", {"filters": True, "kernel_size": 3}, "filters.*True"),
    ("Conv2DTranspose", {"filters": None, "kernel_size": 3}, "filters.*None"),
    ("SeparableConv2D", {"filters": "4", "kernel_size": 3}, "filters.*'4'"),
    ("Conv2D", {"filters": 4, "kernel_size": (1, 2, 3)}, "kernel_size.*tuple of 2"),
    ("Conv2D", {"filters": 4, "kernel_size": (3, True)}, "kernel_size.*True"),
    ("Conv1D", {"filters": 4, "kernel_size": 2.5}, "kernel_size.*2.5"),
    ("DepthwiseConv2D", {"kernel_size": 0}, "kernel_size.*0"),
    ("Conv2D", {**CONV, "groups": 3}, "divisible.*groups=3"),
    ("Conv2D", {**CONV, "groups": 0}, "groups.*0"),
    ("Conv2D", {**CONV, "groups": 1.0}, "groups.*1.0"),
    ("Conv2D", {**CONV, "strides": (0, 1)}, "strides.*0"),
    ("Conv2D", {**CONV, "dilation_rate": -1}, "dilation_rate.*-1"),
    ("Conv2D", {**CONV, "padding": "causal"}, "padding.*causal"),
    ("Conv1D", {"filters": 4, "kernel_size": 3, "padding": "full"}, "padding.*full"),
    ("Conv2D", {**CONV, "data_format": "NHWC"}, "data_format.*NHWC"),
    ("Conv2D", {**CONV, "strides": (2, 1), "dilation_rate": (1, 2)}, "dilation_rate > 1"),
    ("DepthwiseConv2D", {"kernel_size": 3, "strides": 2, "dilation_rate": 2}, "dilation_rate > 1"),
    ("Conv2D", {**CONV, "kernel_size": 9}, "zero or negative", IMAGES),
    ("Conv2D", {**CONV, "filters": 6, "groups": 3}, "4 channels.*3 groups", IMAGES),
    ("Conv2D", CONV, "ndim", STEPS),
    ("Conv2DTranspose", {**CONV, "strides": 2, "output_padding": 2}, "output_padding"),
    ("Conv2DTranspose", {**CONV, "output_padding": -1}, "output_padding.*-1"),
    ("DepthwiseConv2D", {"kernel_size": 3, "depth_multiplier": 0}, "depth_multiplier.*0"),
    ("SeparableConv2D", {**CONV, "depth_multiplier": 1.5}, "depth_multiplier.*1.5"),
    ("MaxPooling2D", {"pool_size": "2"}, "pool_size.*tuple of 2"),
    ("AveragePooling2D", {"pool_size": True}, "pool_size.*True"),
    ("MaxPooling1D", {"strides": 0}, "strides.*0"),
    ("MaxPooling2D", {"padding": "causal"}, "padding.*causal"),
    ("AveragePooling1D", {"pool_size": 2, "data_format": "middle"}, "data_format.*middle"),
    ("MaxPooling2D", {"pool_size": (2, 7)}, "window of 7.*6", IMAGES),
    ("AveragePooling1D", {"pool_size": 7}, "window of 7.*6", STEPS),
    ("GlobalMaxPooling2D", {"data_format": "x"}, "data_format.*x"),
    ("Flatten", {"data_format": "x"}, "data_format.*x"),
]
NORMALIZATION = [
    (name, {**groups, "epsilon": wrong}, "epsilon")
    for name, groups in [
        ("BatchNormalization", {}),
        ("GroupNormalization", {"groups": 2}),
        ("LayerNormalization", {}),
        ("RMSNormalization", {}),
    ]
    for wrong in (-1e-3, NAN, INF, None)
] + [
    ("BatchNormalization", {"momentum": 1.5}, "momentum.*1.5"),
    ("BatchNormalization", {"momentum": -0.1}, "momentum.*-0.1"),
    ("BatchNormalization", {"renorm": True, "renorm_momentum": 2}, "renorm_momentum.*2"),
    ("BatchNormalization", {"axis": 4}, "Axis 4.*bounds", IMAGES),
    ("GroupNormalization", {"groups": 2, "axis": -5}, "Axis -5.*bounds", IMAGES),
    ("GroupNormalization", {"groups": True}, "groups.*True"),
    ("LayerNormalization", {"axis": [1, -3]}, "twice", IMAGES),
    ("RMSNormalization", {"axis": [1, 1]}, "twice", IMAGES),
    ("RMSNormalization", {"axis": "last"}, "Axis 'last'", IMAGES),
    ("UnitNormalization", {"axis": []}, "Axis", IMAGES),
    ("UnitNormalization", {"axis": [2, 2]}, "twice", IMAGES),
    ("SpectralNormalization", {"layer": None}, "layer"),
    ("Normalization", {"mean": 0.0, "variance": -1.0}, "variance.*-1"),
    ("Normalization", {"mean": NAN, "variance": 1.0}, "mean.*nan"),
    ("Normalization", {"axis": [1, -1]}, "twice", ROWS),
    ("Normalization", {"axis": 2}, "Axis", ROWS),
    ("MinMaxScaling", {"low": 1.0, "high": 1.0}, "below"),
    ("MinMaxScaling", {"high": INF}, "below"),
    ("MinMaxScaling", {"axis": [1.5]}, "Axis", ROWS),
    ("MinMaxScaling", {"axis": [0, -2]}, "twice", ROWS),
]
CHANCE = [
    (name, {of: wrong}, f"{of}.*{wrong}")
    for name, of in [
        ("AlphaDropout", "rate"),
        ("ClassicDropout", "rate"),
        ("Dropout", "rate"),
        ("GaussianDropout", "rate"),
        ("GaussianNoise", "stddev"),
        ("SpatialDropout1D", "rate"),
        ("SpatialDropout2D", "rate"),
    ]
    for wrong in (-0.1, 1.1, NAN, "half", None)
] + [
    ("Dropout", {"rate": 0.5, "noise_shape": (2, 1)}, "noise_shape.*4 axes", IMAGES),
    ("AlphaDropout", {"rate": 0.5, "noise_shape": (None, 1)}, "noise_shape.*4 axes", IMAGES),
    ("Dropout", {"rate": 0.5, "noise_shape": (True, 1)}, "noise_shape.*True"),
    ("GaussianDropout", {"rate": 1.0}, "infinite variance", ROWS),
    ("SpatialDropout2D", {"rate": 0.5, "data_format": "x"}, "data_format.*x"),
]
OTHERS = [
    ("ReLU", {"max_value": -1.0}, "max_value.*-1"),
    ("ReLU", {"max_value": NAN}, "max_value.*nan"),
    ("ReLU", {"negative_slope": None}, "negative_slope.*None"),
    ("ReLU", {"threshold": NAN}, "threshold.*nan"),
    ("LeakyReLU", {"negative_slope": NAN}, "negative_slope.*nan"),
    ("ELU", {"alpha": None}, "alpha.*None"),
    ("ELU", {"alpha": INF}, "alpha.*inf"),
    ("PReLU", {"shared_axes": [3]}, "shared_axes.*3", STEPS),
    ("PReLU", {"shared_axes": [1.5]}, "shared_axes.*1.5", STEPS),
    ("CategoryEncoding", {"num_tokens": 0}, "num_tokens.*0"),
    ("CategoryEncoding", {"num_tokens": 2.5}, "num_tokens.*2.5"),
    ("CategoryEncoding", {"num_tokens": 4, "output_mode": "int"}, "output_mode.*int"),
]
WEIGHTS = [
    ("initializers", "Constant", {"value": None}, "value.*None"),
    ("initializers", "Constant", {"value": NAN}, "value.*nan"),
    ("initializers", "Identity", {"gain": INF}, "gain.*inf"),
    ("initializers", "Orthogonal", {"gain": NAN}, "gain.*nan"),
    ("initializers", "RandomNormal", {"stddev": -0.1}, "stddev.*-0.1"),
    ("initializers", "RandomNormal", {"mean": NAN}, "mean.*nan"),
    ("initializers", "TruncatedNormal", {"stddev": INF}, "stddev.*inf"),
    ("initializers", "RandomUniform", {"minval": 1.0, "maxval": 0.5}, "minval.*1.0 and 0.5"),
    ("initializers", "VarianceScaling", {"scale": 0.0}, "scale.*0.0"),
    ("initializers", "VarianceScaling", {"scale": NAN}, "scale.*nan"),
    ("initializers", "VarianceScaling", {"mode": "fan"}, "mode.*'fan'"),
    ("initializers", "VarianceScaling", {"distribution": "cauchy"}, "distribution.*'cauchy'"),
    ("initializers", "GlorotUniform", {"input_axes": [0]}, "input_axes=.0.*None"),
    ("initializers", "HeNormal", {"output_axes": [0]}, "None.*output_axes=.0"),
    ("regularizers", "L1", {"l1": -0.1}, "l1.*-0.1"),
    ("regularizers", "L2", {"l2": INF}, "l2.*inf"),
    ("regularizers", "L1L2", {"l2": "much"}, "l2.*'much'"),
    ("regularizers", "OrthogonalRegularizer", {"factor": -1.0}, "factor.*-1.0"),
    ("regularizers", "OrthogonalRegularizer", {"mode": "diagonal"}, "mode=diagonal"),
    ("constraints", "MaxNorm", {"max_value": -1.0}, "max_value=-1.0"),
    ("constraints", "MaxNorm", {"max_value": None}, "max_value=None"),
    ("constraints", "MinMaxNorm", {"min_value": 2.0, "max_value": 1.0}, "min_value=2.0"),
    ("constraints", "MinMaxNorm", {"min_value": -1.0}, "min_value=-1.0"),
    ("constraints", "MinMaxNorm", {"rate": 1.5}, "rate=1.5"),
]
REFUSED = [("layers", *row) for row in WINDOWS + NORMALIZATION + CHANCE + OTHERS] + WEIGHTS
