"""Compare derivatives written by hand with the slope that the function itself shows."""

import numpy as np

from dlprep.reference.activations import linear, relu, sigmoid, tanh
from dlprep.reference.rectifiers import leaky_relu

SURVEY = {"identity": linear, "sigmoid": sigmoid, "tanh": tanh, "ReLU": relu,
          "leaky ReLU": leaky_relu}  # fmt: skip
SPAN = np.linspace(-6, 6, 241)


def measured_slope(function, z, step=1e-5):
    """Return the central difference of a function that returns value and slope."""
    return (function(z + step)[0] - function(z - step)[0]) / (2 * step)


def run(lab):
    z = lab.rng.uniform(0.001, 6, 1000) * lab.rng.choice([-1, 1], 1000)

    def error(fed):
        """Return how far x(1 - x) is from the slope of sigmoid."""
        x = {"input": z, "output": sigmoid(z)[0]}[fed]
        return np.max(np.abs(x * (1 - x) - measured_slope(sigmoid, z)))

    of_input, of_output = lab.contrast(error, control={"fed": "input"}, treatment={"fed": "output"})
    lab.claim("x(1 - x) of the output is the slope of sigmoid", of_output < 1e-6, of_output,
              "< 1e-6")  # fmt: skip
    lab.claim("of the input it is off by more than 30", of_input > 30, of_input, "> 30")
    error = np.max(np.abs(1 - tanh(z)[0] ** 2 - measured_slope(tanh, z)))
    lab.claim("1 - a^2 of the output is the slope of tanh", error < 1e-6, error, "< 1e-6")
    error = max(np.abs(f(z)[1] - measured_slope(f, z)).max() for f in SURVEY.values())
    lab.claim("away from the kink all five slopes are right", error < 1e-6, error, "< 1e-6")
    error = np.max(np.abs(2 * sigmoid(2 * z)[0] - 1 - tanh(z)[0]))
    lab.claim("tanh z is 2 sigmoid(2z) - 1", error < 1e-12, error, "< 1e-12")
    _peaks(lab)
    _traps(lab, z)
    slopes = {name: measured_slope(f, SPAN) for name, f in SURVEY.items()}
    lab.lines("Slopes of five activation functions", SPAN, slopes, x_label="input z",
              y_label="slope of the activation")  # fmt: skip


def _peaks(lab):
    """Claim where the S-curves are steep and how steep they are there."""
    slopes = {name: measured_slope(SURVEY[name], SPAN) for name in ("sigmoid", "tanh")}
    for name, peak in {"sigmoid": 0.25, "tanh": 1.0}.items():
        highest = round(float(slopes[name].max()), 6)
        lab.claim(f"the slope of {name} reaches {peak}", highest == peak, highest, peak)
        place = round(abs(float(SPAN[slopes[name].argmax()])), 6)
        lab.claim(f"the slope of {name} is largest at 0", place == 0, place, 0.0)
    flat = slopes["sigmoid"][-1] / slopes["sigmoid"].max()
    lab.claim("at 6 the slope of sigmoid is a hundredth of the peak", flat < 0.014, flat,
              "< 0.014")  # fmt: skip
    values = sigmoid(np.array([0.0, 1.0, 9.0, 10.0]))[0]
    near, far = values[1] - values[0], values[3] - values[2]
    lab.claim("from 0 to 1 sigmoid rises by 0.23", 0.15 < near < 0.35, near, "0.15 to 0.35")
    lab.claim("from 9 to 10 it rises by 0.00008", far < 1.1e-4, far, "< 1.1e-4")


def _traps(lab, z):
    """Claim what the literal formulas and the maximum do."""
    with np.errstate(all="ignore"):
        up, down = np.exp(1000.0), np.exp(-1000.0)
        lost = int(np.isnan([up / (1 + up), (up - down) / (up + down)]).sum())
    lab.claim("at 1000 the quotients of exponentials are NaN for both", lost == 2, lost, 2)
    wrong = np.maximum(2 * z, z) != leaky_relu(z, 2.0)[0]
    both = min(wrong[z < 0].mean(), wrong[z > 0].mean())
    lab.claim("max(2z, z) is no leaky ReLU on either side", both == 1, both, 1.0, share=True)
    middle = float(relu(np.array(0.0))[1])
    lab.claim("here the slope of ReLU at 0 is taken as 0", middle == 0, middle, 0.0)
