"""A figure as SVG: drawn by matplotlib, made fit to stand in a page."""

import io
import threading
from textwrap import fill

from dlprep.lab.figures.blocks import log_base, scaled, tamed
from dlprep.lab.figures.markup import INK, cleaned
from dlprep.lab.figures.plot import limits, ticks
from dlprep.lab.figures.text import NAMED_ROWS, number, shorten, thinned
from dlprep.lab.report import Figure

COLOURS = ("#3b7dd8", "#d1571b", "#0f9460", "#b8559a", "#8a7a12", "#6f6fd0", "#c2454d", "#1b90a3")
"""Each has a contrast of at least 3 to white and to a dark page."""

STYLES = ("solid", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 2, 1, 2)), (0, (3, 1, 1, 1, 1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

FEW_POINTS = 30
"""Up to here every point of a curve gets a marker."""

FEW_CELLS = 100
"""Up to here every cell of a matrix shows its number."""

SETTINGS = {
    "svg.fonttype": "none",
    "text.parse_math": False,
    "axes.unicode_minus": False,
    "font.family": "sans-serif",
    "font.size": 11,
    "axes.titlesize": 12,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.alpha": 0.25,
    "legend.frameon": False,
    "hatch.linewidth": 0.6,
    **dict.fromkeys(
        (
            "text.color",
            "axes.edgecolor",
            "axes.labelcolor",
            "xtick.color",
            "ytick.color",
            "grid.color",
            "axes.titlecolor",
        ),
        INK,
    ),
}

_LOCK = threading.Lock()


def draw(figure: Figure) -> str:
    """Return the figure as one `svg` element: text as text, no background, no style sheet.

    Curves differ by dashes and markers as well as by colour. Text and axes take the page's
    `color` where a rule such as `svg { color: inherit }` gives it, else a grey that can be read
    on light and on dark. Matrices and pictures are embedded as `data:` images.

    Args:
        figure: Any of the five kinds.
    """
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    # matplotlib's settings are global: pages may be drawn by several threads at once.
    with _LOCK, matplotlib.rc_context({**SETTINGS, "svg.hashsalt": f"dlprep {figure.title}"}):
        canvas = Canvas(figsize=(6.4, 3.8), layout="constrained")
        _PICTURES[figure.kind](canvas, tamed(figure.data))
        canvas.suptitle(_wrapped(figure.title, 60), fontsize=12)
        page = io.StringIO()
        canvas.savefig(page, format="svg", transparent=True, metadata={"Date": None})
    return cleaned(page.getvalue(), figure.title)


def _lines(canvas, data: dict) -> None:
    axes = canvas.subplots()
    xs = _drawable(data["x"], data["log_x"])
    curves = {name: _drawable(ys, data["log_y"]) for name, ys in data["series"].items()}
    pairs = [pair for ys in curves.values() for pair in zip(xs, ys, strict=True)]
    points = [(x, y) for x, y in pairs if x == x and y == y]
    if not points:
        return _say_nothing(axes)
    for place, (name, ys) in enumerate(curves.items()):
        axes.plot(xs, ys, label=name, **_look(place, len(xs)))
    if all(isinstance(x, int) for x in data["x"]):
        _whole_ticks(axes.xaxis)
    for axis, values in zip("xy", zip(*points, strict=True), strict=True):
        if data[f"log_{axis}"]:
            _powers(axes, axis, values)
    axes.set_xlabel(_wrapped(data["x_label"], 60))
    axes.set_ylabel(_wrapped(data["y_label"], 36))
    _legend(canvas, axes)


def _histogram(canvas, data: dict) -> None:
    axes = canvas.subplots()
    if not any(map(any, data["counts"].values())):
        return _say_nothing(axes)
    for place, (name, counts) in enumerate(data["counts"].items()):
        colour, style = COLOURS[place % len(COLOURS)], STYLES[place % len(STYLES)]
        axes.stairs(counts, data["edges"], fill=True, color=colour, alpha=0.18)
        axes.stairs(counts, data["edges"], color=colour, linestyle=style, linewidth=1.6, label=name)
    axes.set_xlabel(_wrapped(data["x_label"], 60))
    axes.set_ylabel("count")
    _legend(canvas, axes)


def _bars(canvas, data: dict) -> None:
    names, heights = list(data["heights"]), list(data["heights"].values())
    lengths = _drawable(heights, data["log_y"])
    few = len(names) <= NAMED_ROWS
    canvas.set_figheight(min(1.2 + (0.36 if few else 0.16) * len(names), 14))
    axes = canvas.subplots()
    if all(length != length for length in lengths):
        return _say_nothing(axes)
    base = log_base(lengths) if data["log_y"] else 0.0
    widths = [length - base for length in lengths]
    drawn = axes.barh(range(len(names)), widths, left=base, height=0.7, color=COLOURS[0])
    if few:
        axes.bar_label(drawn, [number(height) for height in heights], padding=4)
        axes.margins(x=0.18)
        for place, height in enumerate(heights):
            if lengths[place] != lengths[place]:
                axes.text(
                    0.01, place, number(height), va="center", transform=axes.get_yaxis_transform()
                )
    ticks = thinned(len(names), NAMED_ROWS)
    axes.set_yticks(ticks, [_wrapped(names[place], 28) for place in ticks])
    if data["log_y"]:
        _powers(axes, "x", [base, *lengths])
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(_wrapped(data["y_label"], 60))


def _heatmap(canvas, data: dict) -> None:
    matrix = [_drawable(row) for row in data["matrix"]]
    axes = canvas.subplots()
    if not any(item == item for row in matrix for item in row):
        return _say_nothing(axes)
    rows, columns = len(matrix), len(matrix[0])
    canvas.set_figheight(min(max(1.6 + 0.34 * rows, 2.6), 6.4))
    shades = axes.imshow(matrix, cmap="viridis", aspect="auto", interpolation="none")
    if rows * columns <= FEW_CELLS:
        _write_numbers(axes, data["matrix"], shades)
    canvas.colorbar(shades, ax=axes, shrink=0.9).outline.set_visible(False)
    axes.grid(visible=False)
    _whole_ticks(axes.xaxis)
    _whole_ticks(axes.yaxis)
    axes.set_xlabel(_wrapped(data["x_label"], 60))
    axes.set_ylabel(_wrapped(data["y_label"], 36))
    if data["x_ticks"]:
        places = thinned(columns, NAMED_ROWS)
        upright = sum(len(data["x_ticks"][place]) + 2 for place in places) <= 60
        axes.set_xticks(
            places,
            [shorten(data["x_ticks"][place], 24) for place in places],
            rotation=0 if upright else 90,
        )
    if data["y_ticks"]:
        places = thinned(rows, 24)
        axes.set_yticks(places, [_wrapped(data["y_ticks"][place], 28) for place in places])


def _images(canvas, data: dict) -> None:
    drawable = {
        caption: [_drawable(row) for row in image]
        for caption, image in data["images"].items()
        if image and image[0]
    }
    if not drawable:
        return _say_nothing(canvas.subplots())
    columns = min(len(drawable), 5)
    rows = -(-len(drawable) // columns)
    canvas.set_figheight(0.5 + 1.75 * rows)
    grid = list(canvas.subplots(rows, columns, squeeze=False).flat)
    for axes in grid:
        axes.set_axis_off()
    for axes, (caption, image) in zip(grid, drawable.items(), strict=False):
        axes.imshow(image, cmap="gray", interpolation="none", **_brightness(image))
        axes.set_title(fill(caption, 90 // columns), fontsize=9)


_PICTURES = {
    "lines": _lines,
    "bars": _bars,
    "heatmap": _heatmap,
    "histogram": _histogram,
    "images": _images,
}


def _wrapped(text: str, width: int) -> str:
    """Return at most three lines; more would leave no room for the picture."""
    return fill(shorten(text, 3 * width - 10), width)


def _drawable(values: list, log: bool = False) -> list[float]:
    """Return numbers, or their common logarithms, with NaN where there is nothing to draw."""
    return [float("nan") if value is None else float(value) for value in scaled(values, log)]


def _powers(axes, name: str, values: list[float]) -> None:
    """Label an axis of logarithms; matplotlib's own logarithmic axis overflows and writes TeX."""
    known = [value for value in values if value == value]
    places = ticks(*limits(known), 8, log=True)
    labels = [number(10.0**place) for place in places]
    getattr(axes, f"set_{name}ticks")(places, labels)


def _whole_ticks(axis) -> None:
    from matplotlib.ticker import MaxNLocator

    axis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))


def _look(place: int, points: int) -> dict:
    every = 1 if points <= FEW_POINTS else (place, max(1, points // 8))
    return {
        "color": COLOURS[place % len(COLOURS)],
        "linestyle": STYLES[place % len(STYLES)],
        "marker": MARKERS[place % len(MARKERS)],
        "markevery": every,
        "markersize": 4.5,
        "linewidth": 1.6,
    }


def _legend(canvas, axes) -> None:
    handles = axes.get_legend_handles_labels()[0] or axes.get_lines() or axes.patches
    names = [_wrapped(str(handle.get_label()), 40) for handle in handles]
    widths = [max(map(len, name.split("\n"))) + 9 for name in names]
    columns = len(names) if sum(widths) <= 84 else max(1, 84 // max(widths))
    rows = -(-len(names) // columns) * max(name.count("\n") + 1 for name in names)
    canvas.set_figheight(canvas.get_figheight() + 0.18 * (rows - 1))
    canvas.legend(handles, names, loc="outside lower center", ncols=columns, fontsize=10)


def _write_numbers(axes, matrix: list, shades) -> None:
    for i, row in enumerate(matrix):
        for j, item in enumerate(row):
            colour = INK if item is None else _readable(shades.to_rgba(item))
            axes.text(j, i, number(item, 3), ha="center", va="center", fontsize=8, color=colour)


def _readable(background: tuple) -> str:
    """Return black or white, whichever has more contrast to a colour."""
    weights = (0.2126, 0.7152, 0.0722)
    luminance = sum(w * c**2.2 for w, c in zip(weights, background, strict=False))
    return "#000000" if luminance > 0.18 else "#ffffff"


def _brightness(image: list) -> dict:
    """Return the range of a picture; one of a single brightness is judged between 0 and 1."""
    known = [item for row in image for item in row if item == item] or [0.0]
    low, high = min(known), max(known)
    return (
        {"vmin": low, "vmax": high} if low < high else {"vmin": min(low, 0), "vmax": max(high, 1)}
    )


def _say_nothing(axes) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, "nothing to draw", ha="center", va="center", transform=axes.transAxes)
