"""Send standardised and unscaled inputs through a sigmoid layer, and look at its slopes."""

import numpy as np

from dlprep.reference.activations import relu, sigmoid, tanh

INPUTS, UNITS, ROWS = 100, 400, 200
LARGEST = 0.25


def run(lab):
    inputs = lab.rng.normal(size=(ROWS, INPUTS))
    weights = lab.rng.normal(0, INPUTS**-0.5, (INPUTS, UNITS))
    factor, percent = lab.draw["factor"], lab.draw["percent"]

    def slopes(factor, activation=sigmoid, weights=weights):
        """Return the layer's slopes, one for each row and unit."""
        return activation(factor * inputs @ weights)[1]

    def flat(factor, percent=percent):
        """Return the share of slopes below `percent` of the largest slope of a sigmoid."""
        return float(np.mean(slopes(factor) < percent / 100 * LARGEST))

    scaled, unscaled = lab.contrast(flat, control={"factor": 1}, treatment={"factor": factor})
    lab.answer(100 * unscaled)
    law = 1 - 2 * np.log(400 / percent) / factor / np.sqrt(2 * np.pi)
    ratio = (1 - unscaled) / (1 - law)
    lab.claim("the share that is not flat is the density at 0 times the width of the steep part",
              0.7 < ratio < 1.4, ratio, "0.7 to 1.4")  # fmt: skip
    lab.claim("of standardised inputs under 0.1% meet a slope below a tenth of the largest",
              flat(1, 10) < 0.001, flat(1, 10), "< 0.001")  # fmt: skip
    smaller = lab.rng.normal(0, INPUTS**-0.5 / factor, weights.shape)
    small = float(np.mean(slopes(factor, weights=smaller) < 0.1 * LARGEST))
    lab.claim("nor of unscaled ones, with weights drawn smaller by the factor", small < 0.001,
              small, "< 0.001")  # fmt: skip
    _tens(lab, slopes)
    factors = [1, 2, 5, 10, 20, 50, 100]
    shares = {f"below {part}% of the largest": [flat(f, part) for f in factors] for part in (10, 1)}
    lab.lines("Flat slopes of a sigmoid layer", factors, shares, log_x=True,
              x_label="deviation of the pre-activations", y_label="share of slopes")  # fmt: skip


def _tens(lab, slopes):
    """Deviation 20, whatever was drawn."""
    squares = slopes(20) ** 2
    steep = slopes(20) > 0.1 * LARGEST
    carried = float(squares[steep].sum() / squares.sum())
    lab.claim("at 20 under a fifth of the slopes are above a tenth of the largest",
              steep.mean() < 0.2, steep.mean(), "< 0.2")  # fmt: skip
    lab.claim("and they carry over 98% of the squared slopes", carried > 0.98, carried, "> 0.98",
              share=True)  # fmt: skip
    at = {z: float(sigmoid(np.array(float(z)))[1]) for z in (0, 10, -10)}
    for z in (10, -10):
        times = at[0] / at[z]
        lab.claim(f"at {z} the slope is over 4,000 times smaller than at 0", times > 4000, times,
                  "> 4000")  # fmt: skip
    flatter = float(np.mean(slopes(20, tanh) < 0.1)) - float(np.mean(slopes(20) < 0.1 * LARGEST))
    lab.claim("tanh, relative to its own largest slope, is flat more often", flatter > 0.03,
              flatter, "> 0.03")  # fmt: skip
    for factor in (1, 20):
        zero = float(np.mean(slopes(factor, relu) == 0))
        lab.claim(f"ReLU, deviation {factor}: half of the slopes are zero", 0.35 < zero < 0.7, zero,
                  "0.35 to 0.7")  # fmt: skip
