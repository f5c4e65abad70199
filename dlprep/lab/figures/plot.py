"""A figure as characters for a terminal: curves by plotext, the rest from blocks."""

import math
from textwrap import wrap

from dlprep.lab.figures.blocks import NOTHING, bars, fitted, heatmap, images, painted, scaled, tamed
from dlprep.lab.figures.text import number, shorten
from dlprep.lab.report import Figure

MARKERS = ("braille", "*", "o", "+", "x", "#", "%", "@", "&", "=")
"""One for each curve, so that they differ without colour; more curves begin again."""

COLOURS = (12, 10, 9, 14, 13, 11)
"""Codes of the terminal's 16 colours."""


def draw(figure: Figure, width: int, height: int, color: bool) -> str:
    """Return a picture in at most `width` columns, its title on top.

    Args:
        figure: Any of the five kinds.
        width: Columns, at least 24.
        height: Rows of curves and of pictures, at least 8; bars take one row each.
        color: Whether to add terminal colours; nothing depends on them.
    """
    width, height = max(width, 24), max(height, 8)
    body = _PICTURES[figure.kind](tamed(figure.data), width, height, color)
    return "\n".join([*wrap(figure.title, width), *(line.rstrip() for line in body)])


def _lines(data: dict, width: int, height: int, color: bool) -> list[str]:
    across = scaled(data["x"], data["log_x"])
    curves = {
        name: [
            None if x is None or y is None else (x, y)
            for x, y in zip(across, scaled(ys, data["log_y"]), strict=True)
        ]
        for name, ys in data["series"].items()
    }
    axes = (data["x_label"], data["log_x"]), (data["y_label"], data["log_y"])
    return _canvas(curves, axes, width, height, color)


def _histogram(data: dict, width: int, height: int, color: bool) -> list[str]:
    curves = {
        name: stairs(data["edges"], counts)
        for name, counts in data["counts"].items()
        if any(counts)
    }
    return _canvas(curves, ((data["x_label"], False), ("count", False)), width, height, color)


def _canvas(curves: dict, axes: tuple, width: int, height: int, color: bool) -> list[str]:
    """Draw curves of points, `None` where one is interrupted, with ticks and a legend."""
    import plotext

    points = [point for curve in curves.values() for point in curve if point is not None]
    if not points:
        return [NOTHING]
    plot = plotext.figure
    plot.clear()
    plot.plot_size(width, height)
    plot.theme("simple" if color else "colorless")
    for axis, (_, log), values in zip("xy", axes, zip(*points, strict=True), strict=True):
        ruler = plot.ruler(axis=axis, side=0)
        ruler.lim(*limits(values))
        places = ticks(*limits(values), max(3, width // 12 if axis == "x" else height // 3), log)
        ruler.ticks(places, [number(10.0**place if log else float(place)) for place in places])
    for place, curve in enumerate(curves.values()):
        symbol, pixel = MARKERS[place % len(MARKERS)], _colour(place) if color else None
        for run in _runs(curve):
            # A single dot of braille is hard to see.
            alone = symbol == "braille" and len(run) == 1
            marker = plotext.marker("•" if alone else symbol, pixel)
            signal = plot.signal(*map(list, zip(*run, strict=True)), marker=marker)
            plot.draw(signal.lines().density("full"))
    drawn = plot.build().string(colorless=not color)
    plot.clear()
    directions = zip(("across", "up"), axes, strict=True)
    told = [f"{word}: {label}" for word, (label, _) in directions if label]
    return [*drawn.splitlines(), *fitted(told, width), *_legend(list(curves), width, color)]


def limits(values) -> tuple[float, float]:
    """Return the ends of an axis; a single number gets room on both sides."""
    low, high = min(values), max(values)
    if low < high:
        return float(low), float(high)
    room = abs(low) / 2 or 1.0
    return low - room, high + room


def ticks(low: float, high: float, most: int, log: bool) -> list[float]:
    """Return at most `most` round places between two numbers, both ends included if round.

    Args:
        low: One end; an exponent of ten if `log`.
        high: The other, larger.
        most: At least 2.
        log: Whether only whole exponents are round.
    """
    step = 10.0 ** math.floor(math.log10((high - low) / most))
    step = max(step, 1.0) if log else step
    while True:
        for factor in (1, 2, 5):
            size = step * factor
            first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
            if last - first < most:
                places = [place * size for place in range(first, last + 1)]
                return places if len(places) > 1 else [low, high]
        step *= 10


def stairs(edges: list[float], counts: list[int]) -> list[tuple[float, float]]:
    """Return the outline of a histogram as points."""
    points = [(edges[0], 0)]
    for place, count in enumerate(counts):
        points += [(edges[place], count), (edges[place + 1], count)]
    return [*points, (edges[-1], 0)]


def _runs(curve: list) -> list[list]:
    """Return the parts of a curve between its interruptions."""
    runs: list[list] = [[]]
    for point in curve:
        if point is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _colour(place: int) -> int:
    return COLOURS[place % len(COLOURS)]


def _legend(names: list[str], width: int, color: bool) -> list[str]:
    samples = [2 * ("⠒" if marker == "braille" else marker) for marker in MARKERS]
    entries = [f"{samples[i % len(samples)]} {name}" for i, name in enumerate(names)]
    if not color:
        return fitted(entries, width)
    return [painted(shorten(entry, width), _colour(place)) for place, entry in enumerate(entries)]


_PICTURES = {
    "lines": _lines,
    "bars": bars,
    "heatmap": heatmap,
    "histogram": _histogram,
    "images": images,
}
