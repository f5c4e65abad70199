"""What Keras lacks cannot be compared with Keras: each such name has an oracle, or a witness."""

import importlib
import re
from pathlib import Path

import pytest
from components.gradient_cases import CASES
from components.oracles.optimizers import ORACLES as OPTIMIZERS
from components.test_activations import ORACLES as ACTIVATIONS
from components.test_losses import LOSSES, function_of
from components.test_losses import ORACLES as LOSS_FUNCTIONS
from components.test_regularizers import REFERENCE as REGULARIZERS
from components.test_schedules import REFERENCES as SCHEDULES

import dlprep

HERE = Path(__file__).parent
FAMILIES = [*dlprep.COMPONENTS, "optimizers.schedules"]
# The names that a table compares with a reference, each by itself.
COMPARED = {
    "activations": ACTIVATIONS,
    "layers": {name.partition(",")[0] for name in CASES},
    "losses": {*LOSS_FUNCTIONS, *(n for n in LOSSES if function_of(n)[0] in LOSS_FUNCTIONS)},
    "optimizers": OPTIMIZERS,
    "optimizers.schedules": SCHEDULES,
    "regularizers": REGULARIZERS,
}
# Elsewhere a test of its own does.
WITNESSES = {
    "callbacks.ActivationStatistics": (
        "test_diagnostic_callbacks",
        "test_statistics_are_those_of_the_outputs",
    ),
    "callbacks.BiasVarianceDiagnosis": (
        "test_diagnostic_callbacks",
        "test_the_recipe_of_the_notes",
    ),
    "callbacks.GradientNorms": ("test_gradient_norms", "test_norms_are_those_of_the_gradient"),
    "callbacks.LearningRateFinder": (
        "test_diagnostic_callbacks",
        "test_the_losses_are_those_of_the_batches",
    ),
    "constraints.rescale": ("test_constraints", "test_projection_equals_the_reference_and_keras"),
    "initializers.fans": ("test_initializers", "test_fans_of_common_kernels"),
    "initializers.orthonormal": ("test_initializers", "test_orthogonal_kernels_keep_lengths"),
    "layers.Perceptron": ("test_perceptron", "test_answers_and_rule_equal_the_reference"),
    "layers.TransformerDecoder": ("test_transformer", "test_decoder_looks_back_and_at_the_memory"),
    "layers.TransformerEncoder": (
        "test_transformer",
        "test_encoder_is_attention_and_feed_forward_with_shortcuts",
    ),
    "metrics.ExpectedCalibrationError": (
        "test_metrics",
        "test_calibration_error_equals_the_reference",
    ),
    "metrics.Perplexity": (
        "test_metrics",
        "test_perplexity_equals_the_reference_with_and_without_padding",
    ),
    "models.Autoencoder": ("test_autoencoder", "test_one_step_equals_the_reference"),
    "models.GAN": ("test_gan", "test_one_step_equals_the_reference"),
    "models.SAM": ("test_sam", "test_a_step_equals_the_one_by_hand"),
    "models.VariationalAutoencoder": (
        "test_hand_gradients",
        "test_gradients_of_a_variational_autoencoder_equal_the_reference",
    ),
    "models.WassersteinGAN": ("test_gan", "test_one_step_equals_the_reference"),
    "regularizers.l1_penalty": (
        "test_regularizers",
        "test_penalty_and_gradient_equal_the_reference",
    ),
    "regularizers.l2_penalty": (
        "test_regularizers",
        "test_penalty_and_gradient_equal_the_reference",
    ),
    "regularizers.orthogonal_penalty": (
        "test_regularizers",
        "test_penalty_and_gradient_equal_the_reference",
    ),
}


def unknown(family):
    """Return the public names of a family that neither Keras nor a table of oracles has."""
    ours, theirs = (importlib.import_module(f"{root}.{family}") for root in ("dlprep", "keras"))
    compared = COMPARED.get(family, ())
    lacking = [n for n in ours.__all__ if not hasattr(theirs, n) and n not in compared]
    return {f"{family}.{name}" for name in lacking}


def test_what_keras_lacks_has_an_oracle_or_a_witness():
    assert sorted(set().union(*map(unknown, FAMILIES))) == sorted(WITNESSES)


@pytest.mark.parametrize("name", WITNESSES)
def test_a_witness_is_a_test_that_runs(name):
    file, test = WITNESSES[name]
    text = (HERE / f"{file}.py").read_text("utf-8")
    assert re.search(rf"^def {test}\(", text, re.MULTILINE)
    # A function is called by what the family's table holds.
    assert name.rpartition(".")[2] in text or name.rpartition(".")[2].islower()
