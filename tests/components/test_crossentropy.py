import keras
import numpy as np
import pytest
from components.gradients import value_and_gradient

from dlprep import losses
from dlprep.reference import losses as reference

LOGITS = np.float32([[2.0, -1.0, 0.5], [0.3, 0.2, -4.0]])
ONE_HOT = np.float32([[0, 1, 0], [1, 0, 0]])


def numpy(tensor):
    return keras.ops.convert_to_numpy(tensor)


def test_small_losses_keep_their_digits():
    loss = losses.binary_crossentropy([[1.0]], np.float32([[10.0]]), from_logits=True)
    np.testing.assert_allclose(numpy(loss), np.log1p(np.exp(-10.0)), rtol=1e-5)
    loss = losses.categorical_crossentropy([[1.0, 0.0]], np.float32([[1e4 + 2, 1e4]]), True)
    np.testing.assert_allclose(numpy(loss), np.log1p(np.exp(-2.0)), rtol=1e-5)


def test_a_confident_mistake_costs_its_logit():
    loss, gradient = value_and_gradient(
        lambda z: losses.binary_crossentropy([[1.0]], z, from_logits=True), [[-1e4]]
    )
    assert (loss.item(), gradient.item()) == (1e4, -1.0)
    loss, gradient = value_and_gradient(
        lambda z: losses.sparse_categorical_crossentropy([0], z, from_logits=True), [[-1e4, 1e4]]
    )
    assert (loss.item(), gradient.tolist()) == (2e4, [[-1.0, 1.0]])


def test_probabilities_and_logits_agree():
    p = keras.ops.softmax(LOGITS)
    by_probability = losses.categorical_crossentropy(ONE_HOT, numpy(p))
    by_logit = losses.categorical_crossentropy(ONE_HOT, LOGITS, from_logits=True)
    np.testing.assert_allclose(numpy(by_probability), numpy(by_logit), rtol=1e-5)
    p = 1.0 / (1.0 + np.exp(-LOGITS))
    by_probability = losses.binary_crossentropy(ONE_HOT, p)
    by_logit = losses.binary_crossentropy(ONE_HOT, LOGITS, from_logits=True)
    np.testing.assert_allclose(numpy(by_probability), numpy(by_logit), rtol=1e-5)


def test_certain_and_wrong_probabilities_stay_finite():
    for loss in (losses.binary_crossentropy, losses.categorical_crossentropy):
        value, gradient = value_and_gradient(lambda p, f=loss: f([[1.0, 0.0]], p), [[0.0, 1.0]])
        assert np.isfinite(value).all() and np.isfinite(gradient).all()
        np.testing.assert_allclose(value, -np.log(keras.backend.epsilon()), rtol=1e-2)


@pytest.mark.parametrize("name", ["binary_crossentropy", "categorical_crossentropy"])
def test_label_smoothing_equals_the_reference(name):
    loss = getattr(losses, name)(ONE_HOT, LOGITS, from_logits=True, label_smoothing=0.3)
    expected, _ = getattr(reference, name)(ONE_HOT.astype(float), LOGITS.astype(float), 0.3)
    np.testing.assert_allclose(numpy(loss), expected, rtol=1e-5)


def test_the_ignored_class_neither_counts_nor_learns():
    label = np.array([0, -1, 1])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    z = np.float32([[2.0, 1.0], [50.0, -50.0], [0.0, 0.0]])
    value, gradient = value_and_gradient(lambda z: loss(label, z), z)
    expected = (np.log1p(np.exp(-1.0)) + np.log(2.0)) / 2
    np.testing.assert_allclose(value, expected, rtol=1e-5)
    assert gradient[1].tolist() == [0.0, 0.0]


def test_of_two_masks_both_leave_rows_out_of_the_mean():
    label, z = np.array([0, -1, 1, 1]), np.float32([[2, 1], [9, 0], [0, 0], [0, 7]])
    loss = losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=-1)
    scores = keras.ops.convert_to_tensor(z)
    keras.src.backend.set_keras_mask(scores, keras.ops.array([False, True, True, True]))
    expected = (np.log(2.0) + np.log1p(np.exp(-7.0))) / 2
    np.testing.assert_allclose(numpy(loss(label, scores)), expected, rtol=1e-5)


def test_an_index_out_of_range_cannot_go_unseen():
    loss = numpy(losses.sparse_categorical_crossentropy([0, -1, 3], np.ones((3, 3)) / 3))
    assert np.isnan(loss).tolist() == [False, True, True]


def test_shapes_that_would_broadcast_are_refused():
    for loss in (losses.binary_crossentropy, losses.categorical_crossentropy):
        with pytest.raises(ValueError, match=r"same shape.*\(2, 1\).*\(2, 3\)"):
            loss(np.ones((2, 1)), np.ones((2, 3)))
    with pytest.raises(ValueError, match="same shape"):
        losses.sparse_categorical_crossentropy(np.zeros((3,)), np.ones((2, 3)))


def test_a_single_class_warns_and_a_boolean_axis_fails():
    with pytest.warns(SyntaxWarning, match="num_classes > 1"):
        losses.categorical_crossentropy([[1.0]], [[0.5]])
    with pytest.raises(ValueError, match="integer"):
        losses.categorical_crossentropy(ONE_HOT, LOGITS, axis=True)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_saturated_activation_keeps_its_gradient(dtype):
    if keras.backend.backend() == "jax":
        pytest.skip("JAX arrays take no attributes, so that the logits cannot be found again")
    from dlprep import activations

    def half(z):
        return keras.ops.cast(z, dtype)

    _, gradient = value_and_gradient(
        lambda z: losses.binary_crossentropy([[1.0]], activations.sigmoid(half(z))), [[-200.0]]
    )
    assert gradient.item() == -1.0
    _, gradient = value_and_gradient(
        lambda z: losses.sparse_categorical_crossentropy([0], activations.softmax(half(z))),
        [[-200.0, 200.0]],
    )
    assert gradient.tolist() == [[-1.0, 1.0]]
