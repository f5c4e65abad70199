import itertools

import keras
import numpy as np
import pytest
from components.gradients import value_and_gradient

from dlprep.losses import CTC, ctc

LOGITS = np.random.default_rng(0).normal(size=(5, 3)).astype("float32")


def collapse(path):
    """Merge repeats and drop blanks."""
    return [label for label, _ in itertools.groupby(path) if label]


def by_enumeration(labels, logits):
    """Add up the probabilities of all paths that collapse to the labels."""
    p = np.exp(logits.astype("float64"))
    p /= p.sum(-1, keepdims=True)
    paths = itertools.product(range(p.shape[1]), repeat=len(p))
    chances = [np.prod(p[range(len(p)), path]) for path in paths if collapse(path) == labels]
    return -np.log(sum(chances))


@pytest.mark.parametrize("labels", [[1], [1, 2], [2, 2], [1, 2, 1], [1, 1, 2], []])
def test_equals_the_sum_over_all_paths(labels):
    padded = np.array([labels + [0] * (4 - len(labels))])
    loss = keras.ops.convert_to_numpy(ctc(padded, LOGITS[None]))
    np.testing.assert_allclose(loss, [by_enumeration(labels, LOGITS)], rtol=1e-5)


def test_gradient_equals_finite_differences():
    labels = np.array([[1, 2]])
    _, gradient = value_and_gradient(lambda z: ctc(labels, z), LOGITS[None])
    for t, c in np.ndindex(LOGITS.shape):
        nudge = np.zeros_like(LOGITS, "float64")
        nudge[t, c] = 1e-5
        rise = by_enumeration([1, 2], LOGITS + nudge) - by_enumeration([1, 2], LOGITS - nudge)
        assert gradient[0, t, c] == pytest.approx(rise / 2e-5, rel=1e-4, abs=1e-6)


def test_equals_keras_on_a_padded_batch():
    labels = np.array([[1, 2, 0], [2, 2, 1], [1, 0, 0]])
    logits = np.random.default_rng(1).normal(size=(3, 6, 3)).astype("float32")
    expected = keras.ops.convert_to_numpy(keras.losses.ctc(labels, logits))
    np.testing.assert_allclose(ctc(labels, logits), expected, rtol=1e-5)


@pytest.mark.parametrize("long", [[1, 1, 1], [2, 2, 1, 2], [1, 1, 2, 2]])
def test_a_sequence_too_long_leaves_the_learning_to_the_others(long):
    short = long[:2] + [0] * (len(long) - 2)
    logits = np.stack([LOGITS[:4], LOGITS[1:]])
    value, gradient = value_and_gradient(lambda z: ctc(np.array([long, short]), z), logits)
    alone, slope = value_and_gradient(lambda z: ctc(np.array([short]), z), logits[1:])
    assert value[0] == pytest.approx(-np.log(np.finfo("float64").tiny), rel=1e-4)
    assert value.sum() - value[0] == pytest.approx(alone[0], rel=1e-3)
    assert not gradient[0].any()
    np.testing.assert_allclose(gradient[1:], slope, rtol=1e-5)


def test_a_sequence_that_just_fits_costs_what_it_costs():
    labels = [1, 1, 2, 2]
    logits = np.concatenate([LOGITS, LOGITS[:1]])
    loss = keras.ops.convert_to_numpy(ctc(np.array([labels]), logits[None]))
    np.testing.assert_allclose(loss, [by_enumeration(labels, logits)], rtol=1e-5)


def test_learns_a_sequence_compiled():
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((6, 4)), keras.layers.Dense(3)])
    model.compile(keras.optimizers.Adam(0.3), CTC())
    x = np.random.default_rng(2).normal(size=(2, 6, 4))
    labels = np.array([[1, 2], [2, 1]])
    rows = (np.concatenate([array] * 100) for array in (x, labels))
    model.fit(*rows, batch_size=2, shuffle=False, verbose=0)
    best = model.predict(x, verbose=0).argmax(-1)
    assert [collapse(path) for path in best.tolist()] == labels.tolist()


def test_wrong_ranks_are_refused():
    with pytest.raises(ValueError, match="max_length.*y_true"):
        ctc(np.array([1, 2]), LOGITS[None])
    with pytest.raises(ValueError, match="num_classes.*y_pred"):
        ctc(np.array([[1, 2]]), LOGITS)


@pytest.mark.parametrize("rows", [(2, 1), (1, 2)])
def test_there_is_a_row_of_labels_for_each_sequence(rows):
    labels, sequences = rows
    with pytest.raises(ValueError, match=rf"\({labels}, 1\).*\({sequences}, 5, 3\)"):
        ctc(np.ones((labels, 1)), np.stack([LOGITS] * sequences))
