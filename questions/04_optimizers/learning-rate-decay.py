"""Stochastic gradient descent on noisy least squares under constant and falling rates."""

import numpy as np

from dlprep.reference.schedules import cosine, exponential, inverse_time, steps_down

STEPS, TAIL, RATE = 8000, 500, 0.04
T = np.arange(STEPS)
RATES = {
    "constant": np.full(STEPS, RATE),
    "half": np.full(STEPS, RATE / 2),
    "time-based": inverse_time(T, RATE, 100, 1.0),
    "staircase": steps_down(T, RATE, 1000, 0.5),
    "cosine": cosine(T, RATE, STEPS),
    "too fast": exponential(T, RATE, 10, 0.5),
}
SWEEP = RATE * 2.0 ** np.arange(1, -9, -1)


def run(lab):
    best, start = lab.rng.normal(size=(2, 10))
    x, noise = lab.rng.normal(size=(STEPS, 10)), lab.rng.normal(size=STEPS)

    def errors(rates, noisy=1.0):
        """Return the way from the optimum to the weights after each step of one example."""
        w, history = np.broadcast_to(start, (*rates.shape[1:], 10)), []
        for example, target, rate in zip(x, x @ best + noisy * noise, rates, strict=True):
            w = w - (rate * (w @ example - target))[..., None] * example
            history.append(w - best)
        return np.array(history)

    def distances(rates, noisy=1.0):
        return np.sum(errors(rates, noisy) ** 2, axis=-1)

    arms = {name: {"schedule": name} for name in RATES}
    outcomes = lab.contrast(
        lambda schedule: distances(RATES[schedule]), control=arms.pop("constant"), **arms
    )
    paths = dict(zip(RATES, outcomes, strict=True))
    ball = {name: path[-TAIL:].mean() for name, path in paths.items()}
    for name, least in (("time-based", 35), ("staircase", 35), ("cosine", 10)):
        nearer = ball["constant"] / ball[name]
        text = f"{name} decay ends at a squared distance over {least} times smaller"
        lab.claim(text, nearer > least, nearer, f"> {least}")
    halves = paths["constant"][STEPS // 2 :].mean() / paths["half"][STEPS // 2 :].mean()
    lab.claim("half the rate leaves about half the ball", 1.6 < halves < 3.1, halves, "1.6 to 3.1")
    farther = ball["too fast"] / ball["constant"]
    lab.claim("a rate that falls too fast ends farther off", farther > 5, farther, "> 5")

    swept = distances(np.tile(SWEEP, (STEPS, 1)))
    ends, arrivals = swept[-TAIL:].mean(axis=0), (swept < 1).argmax(axis=0)
    arrivals[swept.min(axis=0) >= 1] = STEPS
    stairs = (paths["staircase"] < 1).argmax()
    slow = arrivals[ends.argmin()] / stairs
    lab.claim("the constant rate that ends nearest comes within 1 over 15 times later",
              slow > 15, slow, "> 15")  # fmt: skip
    worse = np.maximum(ends / ball["staircase"], arrivals / stairs).min()
    lab.claim("each constant rate is three times slower or ends three times as far off, squared",
              worse > 3, worse, "> 3")  # fmt: skip
    mean = errors(RATES["constant"])[TAIL:].mean(axis=0)
    nearer = ball["constant"] / np.sum(mean**2)
    lab.claim("the mean of the weights under the constant rate is over 40 times nearer, squared",
              nearer > 40, nearer, "> 40")  # fmt: skip
    quiet, decayed = (distances(RATES[n], noisy=0.0)[300] for n in ("constant", "time-based"))
    lab.claim("without noise the constant rate is ahead", decayed / quiet > 100, decayed / quiet,
              "> 100")  # fmt: skip
    lab.value("the constant rate that ends nearest", SWEEP[ends.argmin()])
    lab.lines(
        "Squared distance from the optimum, mean over 250 steps",
        T[::250],
        {name: path.reshape(-1, 250).mean(axis=1) for name, path in paths.items()},
        x_label="step",
        y_label="squared distance",
        log_y=True,
    )
