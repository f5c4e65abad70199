"""Double a number."""


def double(x):
    """Return twice `x`."""
    return x + x


def check(candidate, lab):
    lab.close("zero stays", candidate(0.0), 0.0, given=0.0)
    lab.close("three becomes six", candidate(3.0), 6.0, given=3.0)


def wrong_square(x):
    return x * x


def wrong_same(x):
    return x


def right_product(x):
    return 2 * x
