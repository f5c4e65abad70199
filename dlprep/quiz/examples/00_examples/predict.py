"""Run gradient descent on a parabola with a good rate and with one above the limit."""


def descend(rate):
    x = 1.0
    for _ in range(50):
        x = x - rate * 2 * x
    return abs(x)


def run(lab):
    good, high = lab.contrast(descend, control={"rate": 0.1}, treatment={"rate": 1.1})
    lab.claim("above the limit it grows", high > 1e3, high, "> 1e3")
    lab.claim("below the limit it reaches the minimum", good < 1e-3, good, "< 1e-3")
    if high > 1e3:
        lab.answer("Far away: it changes sign at every step and grows.")
    elif high < 1e-3:
        lab.answer("Near $0$: the minimum attracts it, only more slowly.")
    else:
        lab.answer("It jumps between two values for ever.")
