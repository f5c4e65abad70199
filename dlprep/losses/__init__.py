"""Losses: Keras's by the same names, and others that Keras lacks."""

from dlprep.drop_in import hand_on
from dlprep.losses.adversarial import (
    NonSaturatingGAN,
    WassersteinLoss,
    gradient_penalty,
    non_saturating_gan,
    saturating_generator,
    wasserstein_loss,
)
from dlprep.losses.binary_crossentropy import BinaryCrossentropy, binary_crossentropy
from dlprep.losses.categorical_crossentropy import (
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
    categorical_crossentropy,
    sparse_categorical_crossentropy,
)
from dlprep.losses.ctc import CTC, ctc
from dlprep.losses.distillation import DistillationLoss, distillation_loss
from dlprep.losses.divergence import (
    CosineSimilarity,
    KLDivergence,
    Poisson,
    cosine_similarity,
    kl_divergence,
    poisson,
)
from dlprep.losses.focal import (
    BinaryFocalCrossentropy,
    CategoricalFocalCrossentropy,
    binary_focal_crossentropy,
    categorical_focal_crossentropy,
)
from dlprep.losses.generalized_crossentropy import (
    CategoricalGeneralizedCrossEntropy,
    categorical_generalized_cross_entropy,
)
from dlprep.losses.hinge import (
    CategoricalHinge,
    Hinge,
    PerceptronLoss,
    SquaredHinge,
    categorical_hinge,
    hinge,
    perceptron_loss,
    squared_hinge,
)
from dlprep.losses.info_nce import InfoNCE, NTXent, info_nce, nt_xent
from dlprep.losses.metric_learning import (
    Circle,
    ContrastiveLoss,
    TripletLoss,
    circle,
    contrastive_loss,
    triplet_loss,
)
from dlprep.losses.overlap import Dice, Tversky, dice, tversky
from dlprep.losses.regression import (
    MeanAbsoluteError,
    MeanSquaredError,
    mean_absolute_error,
    mean_squared_error,
)
from dlprep.losses.relative import (
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
    mean_absolute_percentage_error,
    mean_squared_logarithmic_error,
)
from dlprep.losses.robust import Huber, LogCosh, huber, log_cosh
from dlprep.losses.variational import ELBO, GaussianKL, gaussian_kl, negative_elbo

__all__ = [
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CTC",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalGeneralizedCrossEntropy",
    "CategoricalHinge",
    "Circle",
    "ContrastiveLoss",
    "CosineSimilarity",
    "Dice",
    "DistillationLoss",
    "ELBO",
    "GaussianKL",
    "Hinge",
    "Huber",
    "InfoNCE",
    "KLDivergence",
    "LogCosh",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "NTXent",
    "NonSaturatingGAN",
    "PerceptronLoss",
    "Poisson",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "TripletLoss",
    "Tversky",
    "WassersteinLoss",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_generalized_cross_entropy",
    "categorical_hinge",
    "circle",
    "contrastive_loss",
    "cosine_similarity",
    "ctc",
    "dice",
    "distillation_loss",
    "gaussian_kl",
    "gradient_penalty",
    "hinge",
    "huber",
    "info_nce",
    "kl_divergence",
    "log_cosh",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "negative_elbo",
    "non_saturating_gan",
    "nt_xent",
    "perceptron_loss",
    "poisson",
    "saturating_generator",
    "sparse_categorical_crossentropy",
    "squared_hinge",
    "triplet_loss",
    "tversky",
    "wasserstein_loss",
]

__getattr__, __dir__ = hand_on(__name__)
