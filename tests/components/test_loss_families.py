import re

import keras
import numpy as np
import pytest
from components.gradients import value_and_gradient

from dlprep import losses
from dlprep.reference import divergences, generative_losses

RNG = np.random.default_rng(0)
LOGITS = RNG.normal(size=(4, 3)).astype("float32")
INDEX = np.array([0, 2, 1, 1])
ONE_HOT = np.eye(3, dtype="float32")[INDEX]


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("from_logits", [True, False])
def test_focal_losses_without_focus_are_cross_entropies(from_logits):
    p = LOGITS if from_logits else np.exp(LOGITS) / np.exp(LOGITS).sum(-1, keepdims=True)
    options = {"from_logits": from_logits, "label_smoothing": 0.1}
    focal = losses.binary_focal_crossentropy(ONE_HOT, p, gamma=0.0, **options)
    plain = losses.binary_crossentropy(ONE_HOT, p, **options)
    np.testing.assert_allclose(numpy(focal), numpy(plain), rtol=1e-5)
    focal = losses.categorical_focal_crossentropy(ONE_HOT, p, gamma=0.0, alpha=1.0, **options)
    plain = losses.categorical_crossentropy(ONE_HOT, p, **options)
    np.testing.assert_allclose(numpy(focal), numpy(plain), rtol=1e-5)


@pytest.mark.parametrize("gamma", [0.5, 2.0])
def test_focus_turns_down_what_is_sure(gamma):
    z = np.float32([[np.log(9.0)]])
    focal = losses.binary_focal_crossentropy([[1.0]], z, gamma=gamma, from_logits=True)
    np.testing.assert_allclose(numpy(focal), 0.1**gamma * np.log(10 / 9), rtol=1e-4)


def test_a_fractional_focus_is_finite_where_the_answer_is_certain():
    for p in ([[1.0, 0.0]], [[0.0, 1.0]]):
        for loss in (losses.binary_focal_crossentropy, losses.categorical_focal_crossentropy):
            _, gradient = value_and_gradient(lambda p, f=loss: f([[1.0, 0.0]], p, gamma=0.5), p)
            assert np.isfinite(gradient).all()


def test_tversky_prices_either_kind_of_error():
    missed = losses.tversky([[1.0, 1.0]], [[1.0, 0.0]], alpha=3.0, beta=0.0)
    invented = losses.tversky([[1.0, 0.0]], [[1.0, 1.0]], alpha=3.0, beta=0.0)
    assert float(missed) == pytest.approx(0.75)
    assert float(invented) == pytest.approx(0.0, abs=1e-6)
    p = np.float32([[0.2, 0.9, 0.4]])
    np.testing.assert_allclose(losses.tversky(ONE_HOT[:1], p), losses.dice(ONE_HOT[:1], p), 1e-5)


def test_generalized_crossentropy_lies_between_its_limits():
    p = np.float32([[0.2, 0.8]])
    near_log = losses.categorical_generalized_cross_entropy([0], p, q=1e-3)
    assert float(near_log[0]) == pytest.approx(-np.log(0.2), rel=2e-3)
    near_one = losses.categorical_generalized_cross_entropy([0], p, q=0.999)
    assert float(near_one[0]) == pytest.approx(0.8, rel=2e-3)
    with pytest.raises(ValueError, match=r"\(0, 1\)"):
        losses.CategoricalGeneralizedCrossEntropy(q=1.0)


def test_hinges_take_binary_labels_as_signs():
    for loss in (losses.hinge, losses.squared_hinge, losses.perceptron_loss):
        signs = loss(2 * ONE_HOT - 1, LOGITS)
        np.testing.assert_array_equal(numpy(loss(ONE_HOT, LOGITS)), numpy(signs))


def test_a_perceptron_that_starts_at_zero_learns():
    _, gradient = value_and_gradient(
        lambda s: losses.perceptron_loss([[1.0], [-1.0]], s), [[0.0], [0.0]]
    )
    assert gradient.tolist() == [[-1.0], [1.0]]


def test_log_cosh_keeps_the_digits_of_small_residuals():
    loss = losses.log_cosh([[0.0]], np.float32([[1e-3]]))
    np.testing.assert_allclose(numpy(loss), 5e-7, rtol=1e-5)


def test_zero_vectors_have_no_direction_and_a_finite_gradient():
    value, gradient = value_and_gradient(
        lambda p: losses.cosine_similarity([[1.0, 0.0]], p), [[0.0, 0.0]]
    )
    assert value.tolist() == [0.0]
    assert np.isfinite(gradient).all()


def test_a_row_without_companion_or_stranger_costs_nothing():
    loss = losses.triplet_loss([0, 1, 1], np.float32([[0.0], [1.0], [1.1]]), margin=5.0)
    assert (numpy(loss) > 0).tolist() == [False, True, True]
    alone, gradient = value_and_gradient(
        lambda z: losses.triplet_loss([1, 1, 1], z), [[0.0], [1.0], [5.0]]
    )
    assert alone.tolist() == [0.0, 0.0, 0.0]
    assert not gradient.any()


def test_circle_compares_with_references_as_keras_does():
    z = LOGITS / np.linalg.norm(LOGITS, axis=-1, keepdims=True)
    for diagonal in (True, False):
        options = {"ref_labels": INDEX[:3], "ref_embeddings": z[:3], "remove_diagonal": diagonal}
        expected = keras.losses.circle(INDEX, z, **options)
        given = numpy(losses.circle(INDEX, z, **options))
        np.testing.assert_allclose(given, numpy(expected), rtol=1e-5, atol=1e-5)


def test_contrastive_losses_fall_when_pairs_meet():
    views = RNG.normal(size=(8, 5)).astype("float32")
    strangers = RNG.normal(size=(8, 5)).astype("float32")
    for loss in (losses.InfoNCE(), losses.NTXent()):
        assert float(loss(views, 3.0 * views)) < 0.5 * float(loss(views, strangers))


def test_gradient_penalty_equals_the_reference():
    # On either side of the slope asked for.
    gradients = RNG.normal(size=(4, 2, 3)).astype("float32")
    gradients[:2] *= 0.1
    value, slope = value_and_gradient(losses.gradient_penalty, gradients)
    expected, expected_slope = generative_losses.gradient_penalty(gradients.reshape(4, 6) * 1.0)
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    np.testing.assert_allclose(slope.reshape(4, 6), expected_slope, rtol=1e-5, atol=1e-6)
    _, slope = value_and_gradient(losses.gradient_penalty, np.zeros((1, 3)))
    assert np.isfinite(slope).all()


def test_the_saturating_generator_stops_where_the_other_learns_most():
    sure = np.float32([[-20.0]])
    value, slope = value_and_gradient(losses.saturating_generator, sure)
    assert value == pytest.approx(-np.exp(-20.0), rel=1e-5)
    assert abs(slope.item()) < 1e-8
    _, slope = value_and_gradient(lambda z: losses.non_saturating_gan([[1.0]], z), sure)
    assert slope.item() == pytest.approx(-1.0, abs=1e-6)


def test_distillation_mixes_both_parts():
    y = np.concatenate([ONE_HOT, 2.0 * LOGITS[::-1]], -1)
    for alpha in (0.0, 0.3):
        loss = losses.DistillationLoss(temperature=2.5, alpha=alpha, reduction=None)
        value, gradient = value_and_gradient(lambda z, f=loss: f(y, z), LOGITS)
        expected, slope = divergences.distillation_loss(y * 1.0, LOGITS * 1.0, 2.5, alpha)
        np.testing.assert_allclose(value, expected, rtol=1e-5)
        np.testing.assert_allclose(gradient, slope, rtol=1e-5, atol=1e-6)
    plain = losses.categorical_crossentropy(ONE_HOT, LOGITS, from_logits=True)
    value = losses.distillation_loss(y, LOGITS, alpha=0.0)
    np.testing.assert_allclose(numpy(value), numpy(plain), rtol=1e-5)


@pytest.mark.parametrize(
    "name, y_true, y_pred",
    [
        ("info_nce", (4, 3), (2, 3)),
        ("info_nce", (2, 1), (2, 3)),
        ("info_nce", (3,), (3,)),
        ("nt_xent", (4, 3), (2, 3)),
        ("nt_xent", (2, 2), (2, 3)),
        ("gaussian_kl", (2, 4), (2, 2)),
        ("gaussian_kl", (1, 4), (2, 4)),
        ("gaussian_kl", (2, 3), (2, 3)),
        ("negative_elbo", (2, 3), (2, 3)),
        ("negative_elbo", (2, 3), (2, 2)),
        ("negative_elbo", (2, 3), (2, 6)),
        ("negative_elbo", (1, 3), (2, 5)),
        ("contrastive_loss", (2, 1), (2, 3)),
        ("triplet_loss", (3,), (2, 3)),
        ("triplet_loss", (2, 3), (2, 3)),
        ("circle", (3,), (2, 3)),
        ("distillation_loss", (2, 5), (2, 3)),
        ("distillation_loss", (2, 2), (2, 3)),
        ("distillation_loss", (2, 4), (2, 1)),
        ("wasserstein_loss", (2, 1), (2, 3)),
        ("non_saturating_gan", (2, 1), (2, 3)),
        ("perceptron_loss", (2, 1), (2, 3)),
        ("mean_squared_error", (2, 2), (2, 3)),
        ("huber", (2, 2), (2, 3)),
    ],
)
def test_shapes_that_do_not_fit_are_refused(name, y_true, y_pred):
    shapes = "|".join(re.escape(str(shape)) for shape in (y_true, y_pred))
    with pytest.raises(ValueError, match=f"must.*({shapes})"):
        getattr(losses, name)(np.ones(y_true), np.ones(y_pred))


def test_references_need_a_label_each():
    with pytest.raises(ValueError, match=r"\(3,\).*\(2, 3\)"):
        losses.circle(INDEX, LOGITS, ref_labels=INDEX[:3], ref_embeddings=LOGITS[:2])


def test_an_elbo_needs_known_widths():
    with pytest.raises(ValueError, match=r"known.*\(2, None\)"):
        losses.negative_elbo(keras.KerasTensor((2, None)), keras.KerasTensor((2, 5)))


@pytest.mark.parametrize("name", ["mean_squared_error", "log_cosh", "hinge", "dice"])
@pytest.mark.parametrize("shape", [(2, 1), (1, 3), (3,)])
def test_shapes_broadcast_as_in_keras(name, shape):
    y_true, y_pred = RNG.uniform(size=shape), RNG.normal(size=(2, 3)).astype("float32")
    expected = getattr(keras.losses, name)(y_true, y_pred)
    given = getattr(losses, name)(y_true, y_pred)
    np.testing.assert_allclose(numpy(given), numpy(expected), rtol=1e-5)


def test_labels_may_stand_in_a_column():
    p = np.float32([[0.2, 0.8], [0.7, 0.3]])
    row = losses.categorical_generalized_cross_entropy([0, 1], p, q=0.5)
    column = losses.categorical_generalized_cross_entropy([[0], [1]], p, q=0.5)
    np.testing.assert_array_equal(numpy(column), numpy(row))


@pytest.mark.parametrize(
    "name, settings",
    [
        ("DistillationLoss", {"temperature": 0}),
        ("DistillationLoss", {"temperature": -1.0}),
        ("DistillationLoss", {"alpha": 1.1}),
        ("DistillationLoss", {"alpha": -0.1}),
        ("InfoNCE", {"temperature": 0.0}),
        ("NTXent", {"temperature": float("nan")}),
        ("TripletLoss", {"margin": -0.1}),
        ("ContrastiveLoss", {"margin": -1}),
        ("ELBO", {"beta": -1}),
    ],
)
def test_settings_out_of_range_are_refused(name, settings):
    ((setting, value),) = settings.items()
    with pytest.raises(ValueError, match=f"{setting} must be .*{value}"):
        getattr(losses, name)(**settings)
    snake = "".join("_" + c.lower() if c.isupper() else c for c in name).lstrip("_")
    function = {"ELBO": "negative_elbo", "InfoNCE": "info_nce", "NTXent": "nt_xent"}
    with pytest.raises(ValueError, match=f"{setting} must be .*{value}"):
        getattr(losses, function.get(name, snake))(np.ones((2, 2)), np.ones((2, 2)), **settings)
