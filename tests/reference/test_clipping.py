"""Clipping by hand, and what each kind does to the direction of the step."""

import numpy as np

from dlprep.reference.clipping import (
    clip_by_global_norm,
    clip_by_norm,
    clip_by_value,
    global_norm,
)

GRADIENTS = [np.array([30.0, 40.0]), np.array([[0.3, -0.4]])]


def test_the_global_norm_is_that_of_one_long_vector():
    np.testing.assert_allclose(global_norm(GRADIENTS), np.sqrt(2500.25))


def test_value_clipping_cuts_each_component():
    clipped = clip_by_value(GRADIENTS, 0.35)
    np.testing.assert_allclose(clipped[0], [0.35, 0.35])
    np.testing.assert_allclose(clipped[1], [[0.3, -0.35]])


def test_norm_clipping_shortens_only_the_long_array():
    clipped = clip_by_norm(GRADIENTS, 1.0)
    np.testing.assert_allclose(clipped[0], [0.6, 0.8])
    np.testing.assert_array_equal(clipped[1], GRADIENTS[1])


def test_global_clipping_keeps_the_ratio_between_arrays():
    clipped = clip_by_global_norm(GRADIENTS, 1.0)
    np.testing.assert_allclose(global_norm(clipped), 1.0)
    np.testing.assert_allclose(clipped[0] / GRADIENTS[0], clipped[1][0, 0] / GRADIENTS[1][0, 0])


def test_a_short_gradient_and_a_zero_one_stay():
    for clip in (clip_by_value, clip_by_norm, clip_by_global_norm):
        for gradient in (np.array([0.1, -0.2]), np.zeros(2)):
            np.testing.assert_array_equal(clip([gradient], 1.0)[0], gradient)
