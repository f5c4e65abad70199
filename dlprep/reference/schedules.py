"""Learning-rate schedules in NumPy float64: the rate of every step of a list."""

import numpy as np


def exponential(steps, initial, period, rate):
    r"""Shrink by the same factor in every period.

    $$ \eta_t = \eta_0 \, d^{\,t / T} $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Length $T$ of a period, in steps.
        rate: Factor $d$ per period.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import exponential
        >>> exponential([0, 10, 20], 0.8, 10, 0.5).round(4).tolist()
        [0.8, 0.4, 0.2]

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2.
    """
    return initial * rate ** (np.asarray(steps, "float64") / period)


def steps_down(steps, initial, period, drop):
    r"""Drop by a factor at the end of every period: exponential decay as a staircase.

    $$ \eta_t = \eta_0 \, d^{\lfloor t / T \rfloor} $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Length $T$ of a period, in steps.
        drop: Factor $d$ per period.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import steps_down
        >>> steps_down([9, 10, 25], 0.8, 10, 0.5).round(4).tolist()
        [0.8, 0.4, 0.2]

    Reference:
        Mountassir, section 3.3 (step-based decay).
    """
    return initial * drop ** (np.asarray(steps) // period)


def inverse_time(steps, initial, period, rate):
    r"""Fade with inverse time.

    $$ \eta_t = \frac{\eta_0}{1 + k \, t / T} $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Length $T$ of a period, in steps.
        rate: Growth $k$ of the denominator per period.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import inverse_time
        >>> inverse_time([0, 10, 30], 0.8, 10, 1.0).round(4).tolist()
        [0.8, 0.4, 0.2]

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2.
    """
    return initial / (1 + rate * np.asarray(steps) / period)


def square_root(steps, initial, period=1):
    r"""Fade with the root of the number of the period, the first being one.

    $$ \eta_t = \frac{\eta_0}{\sqrt{1 + t / T}} $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Length $T$ of a period, in steps.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import square_root
        >>> square_root([0, 3, 15], 0.8).round(4).tolist()
        [0.8, 0.4, 0.2]

    Reference:
        Okoli, "Notes on deep learning", section 2.3.2.
    """
    return initial / np.sqrt(1 + np.asarray(steps) / period)


def piecewise(steps, boundaries, values):
    r"""Keep one rate up to each boundary, the boundary included.

    $$ \eta_t = v_i \ \text{for}\ b_{i-1} < t \le b_i $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        boundaries: Last step of each piece but the last, increasing.
        values: Rate of each piece.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import piecewise
        >>> piecewise([5, 10, 11], [10], [0.1, 0.01]).tolist()
        [0.1, 0.1, 0.01]

    Reference:
        He, Zhang, Ren, Sun 2016, arXiv:1512.03385, section 3.4.
    """
    return np.asarray(values)[np.searchsorted(boundaries, steps)]


def polynomial(steps, initial, period, last, power=1.0):
    r"""Fall along a power of the time left.

    $$ \eta_t = (\eta_0 - \eta_T) \Big(1 - \frac{t}{T}\Big)^p + \eta_T \ (t < T) $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Steps $T$ to the end.
        last: Rate $\eta_T$ at the end.
        power: Power $p$.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import polynomial
        >>> polynomial([0, 5, 20], 0.8, 10, 0.0).round(4).tolist()
        [0.8, 0.4, 0.0]

    Reference:
        Chen et al. 2018, arXiv:1606.00915, section 4.1.
    """
    left = np.clip(1 - np.asarray(steps) / period, 0, 1)
    return (initial - last) * left**power + last


def cosine(steps, initial, period, alpha=0.0):
    r"""Fall along half a cosine wave.

    $$ \eta_t = \eta_0 \Big(\alpha + \tfrac{1 - \alpha}{2}
       \Big(1 + \cos \pi \frac{t}{T}\Big)\Big) \ (t < T) $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Steps $T$ to the end.
        alpha: Last rate as a share $\alpha$ of the first.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import cosine
        >>> cosine([0, 5, 20], 0.8, 10).round(4).tolist()
        [0.8, 0.4, 0.0]

    Reference:
        Loshchilov, Hutter 2017, arXiv:1608.03983, equation 5.
    """
    angle = np.pi * np.clip(np.asarray(steps) / period, 0, 1)
    return initial * (alpha + (1 - alpha) / 2 * (1 + np.cos(angle)))


def cosine_restarts(steps, initial, period, longer=2.0, lower=1.0, alpha=0.0):
    r"""Fall along half a cosine wave again and again, found by walking through the periods.

    $$ \eta_t = \eta_0 \Big(\alpha + \tfrac{1 - \alpha}{2} m^i
       \Big(1 + \cos \pi \frac{t - t_i}{T_i}\Big)\Big), \qquad T_i = c^i T $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        initial: Rate $\eta_0$ of the first step.
        period: Steps $T$ of the first fall.
        longer: Factor $c$ on the length of each next fall.
        lower: Factor $m$ on the height of each next fall.
        alpha: Last rate as a share $\alpha$ of the first.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import cosine_restarts
        >>> cosine_restarts([0, 5, 10, 20, 30], 0.8, 10).round(4).tolist()
        [0.8, 0.4, 0.8, 0.4, 0.8]

    Reference:
        Loshchilov, Hutter 2017, arXiv:1608.03983, equation 5.
    """
    rates = []
    for step in steps:
        length, height = period, 1.0
        while step >= length:
            step, length, height = step - length, length * longer, height * lower
        wave = height * (1 + np.cos(np.pi * step / length))
        rates.append(initial * (alpha + (1 - alpha) / 2 * wave))
    return np.array(rates)


def warmup_cosine(steps, largest, total, warmup, alpha=0.0):
    r"""Rise along a line, then fall along half a cosine wave.

    $$ \eta_t = \eta_w \frac{t + 1}{T_w} \ (t < T_w), \qquad
       \eta_t = \operatorname{cosine}(t - T_w) $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        largest: Largest rate $\eta_w$.
        total: Steps of the rise and the fall.
        warmup: Steps $T_w$ of the rise.
        alpha: Last rate as a share of the largest.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import warmup_cosine
        >>> warmup_cosine([0, 1, 7, 12], 0.8, 12, 2).round(4).tolist()
        [0.4, 0.8, 0.4, 0.0]

    Reference:
        Goyal et al. 2017, arXiv:1706.02677, section 2.2.
    """
    steps = np.asarray(steps)
    falling = cosine(steps - warmup, largest, total - warmup, alpha)
    return np.where(steps < warmup, largest * (steps + 1) / max(1, warmup), falling)


def inverse_square_root(steps, units, warmup=4000, scale=1.0):
    r"""Rise along a line, then fade with the root of the step counted from one.

    $$ \eta_t = s \, d^{-1/2} \min((t + 1)^{-1/2}, (t + 1) \, T_w^{-3/2}) $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        units: Width $d$ of the model.
        warmup: Steps $T_w$ of the rise.
        scale: Factor $s$.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import inverse_square_root
        >>> inverse_square_root([1, 3, 15], 4, 4).round(4).tolist()
        [0.125, 0.25, 0.125]

    Reference:
        Vaswani et al. 2017, arXiv:1706.03762, equation 3.
    """
    count = np.asarray(steps) + 1.0
    return scale / np.sqrt(units) * np.minimum(count**-0.5, count / warmup**1.5)


def one_cycle(steps, largest, total, rise=0.3, start=25.0, end=1e4):
    r"""Rise and fall once, both along half a cosine wave.

    $$ \frac{\eta_w}{a} \to \eta_w \to \frac{\eta_w}{a b} $$

    Args:
        steps: Numbers of the steps $t$, zero at first, an array.
        largest: Largest rate $\eta_w$.
        total: Steps of the cycle.
        rise: Share of the steps in which the rate rises.
        start: Factor $a$ from the first rate to the largest.
        end: Factor $b$ from the last rate to the first.

    Returns:
        Rates, of the shape of `steps`.

    Example:
        >>> from dlprep.reference.schedules import one_cycle
        >>> one_cycle([0, 5, 10], 0.8, 10, 0.5, 10.0, 2.0).round(4).tolist()
        [0.08, 0.8, 0.04]

    Reference:
        Smith, Topin 2018, arXiv:1708.07120, section 3.
    """
    steps, first, turn = np.asarray(steps), largest / start, rise * total
    rising = largest + first - cosine(steps, largest, turn, first / largest)
    falling = cosine(steps - turn, largest, total - turn, 1 / (start * end))
    return np.where(steps < turn, rising, falling)
