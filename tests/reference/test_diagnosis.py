"""Splits hold every example once; the diagnosis says what the notes say."""

import numpy as np
import pytest

from dlprep.reference import diagnosis


@pytest.mark.parametrize("shares", [(0.7, 0.3), (0.6, 0.2, 0.2), (0.98, 0.01, 0.01)])
def test_a_split_holds_every_example_once(shares):
    parts = diagnosis.split(1003, shares, np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(1003))
    np.testing.assert_allclose([len(part) / 1003 for part in parts], shares, atol=1e-3)
    assert list(parts[0][:5]) != list(range(5))


def test_a_stratified_split_keeps_the_share_of_a_rare_class():
    labels = np.array([0] * 950 + [1] * 50)
    parts = diagnosis.stratified_split(labels, (0.6, 0.2, 0.2), np.random.default_rng(0))
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(1000))
    np.testing.assert_allclose([labels[part].mean() for part in parts], 0.05)


def test_shares_that_do_not_add_up_are_named():
    with pytest.raises(ValueError, match="must add up to 1"):
        diagnosis.split(10, (0.5, 0.4), np.random.default_rng(0))


@pytest.mark.parametrize(
    ("train", "dev", "bias", "variance"),
    [
        (0.01, 0.11, False, True),
        (0.15, 0.16, True, False),
        (0.15, 0.30, True, True),
        (0.005, 0.01, False, False),
    ],
)
def test_the_four_cases_of_the_notes(train, dev, bias, variance):
    found = diagnosis.bias_variance(train, dev)
    assert (found["high_bias"], found["high_variance"]) == (bias, variance)
    assert ("a larger network" in found["remedies"]) is bias
    assert ("more data" in found["remedies"]) is variance


def test_what_people_cannot_do_either_is_no_bias():
    assert not diagnosis.bias_variance(0.15, 0.16, base_error=0.14)["high_bias"]
