"""The loop of a recurrent network with a state that is carried on, and made anew at every step."""

import numpy as np

from dlprep.reference.recurrent import simple_rnn

ROWS, STEPS, FEATURES, UNITS = 8, 12, 32, 64


def loop(x, kernel, recurrent, bias, carry=True):
    h, states = np.zeros((len(x), UNITS)), []
    for t in range(x.shape[1]):
        if not carry:
            h = np.zeros((len(x), UNITS))
        h = np.tanh(x[:, t] @ kernel + h @ recurrent + bias)
        states.append(h)
    return np.stack(states, axis=1)


def run(lab):
    x = lab.rng.normal(size=(ROWS, STEPS, FEATURES))
    kernel = lab.rng.normal(0, FEATURES**-0.5, (FEATURES, UNITS))
    recurrent = lab.rng.normal(0, UNITS**-0.5, (UNITS, UNITS))
    bias = lab.rng.normal(0, 0.1, UNITS)
    weights = kernel, recurrent, bias
    start = np.zeros((ROWS, UNITS))
    target = simple_rnn(x, start, kernel.T, recurrent.T, bias)

    def states(carry):
        return loop(x, *weights, carry)

    reset, carried = lab.contrast(states, control={"carry": False}, treatment={"carry": True})
    gap = np.abs(carried - target).max()
    lab.claim("the state made before the loop gives the right states", gap < 1e-9, gap, "< 1e-9")
    apart = np.abs(reset - target).mean(axis=(0, 2))
    lab.claim("made inside the loop, every later state is wrong", apart[1:].min() > 0.1,
              apart[1:].min(), "> 0.1")  # fmt: skip
    lab.claim("only the first one is right", apart[0] < 1e-9, apart[0], "< 1e-9")

    other = x.copy()
    other[:, 0] = lab.rng.normal(size=(ROWS, FEATURES))
    reach = [np.abs(loop(other, *weights, carry)[:, 1:] - states(carry)[:, 1:]).mean()
             for carry in (True, False)]  # fmt: skip
    lab.claim("another first input changes the later states", reach[0] > 0.05, reach[0], "> 0.05")
    lab.claim("made inside the loop, it changes none", reach[1] == 0, reach[1], 0.0)

    projected = x @ kernel + bias
    ahead = [np.tanh(projected[:, 0])]
    for t in range(1, STEPS):
        ahead.append(np.tanh(projected[:, t] + ahead[-1] @ recurrent))
    gap = np.abs(np.stack(ahead, 1) - target).max()
    lab.claim("one product for all inputs, before the loop, gives the same", gap < 1e-9, gap,
              "< 1e-9")  # fmt: skip
    by_step = {"state made inside": apart, "before": np.abs(carried - target).mean(axis=(0, 2))}
    lab.lines("Mean distance from the right states", range(1, STEPS + 1), by_step,
              x_label="step", y_label="distance")  # fmt: skip
