"""Figures as SVG, drawn by matplotlib: told apart by dash and marker as well as by colour."""

import io
from textwrap import fill
from typing import TYPE_CHECKING

from dlprep.lab import text
from dlprep.lab.report import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Okabe and Ito's colours, which colour-blind readers tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
DASHES = ("-", "--", ":", "-.")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "dlprep",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#d0d0d0",
    "axes.axisbelow": True,
}


def draw(figure: Figure) -> str:
    """Return a figure as an SVG document; the same figure gives the same document.

    Args:
        figure: what a demonstration recorded; `None` among its numbers is a gap.
    """
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    kinds = {"lines": _lines, "bars": _bars, "heatmap": _heatmap, "histogram": _histogram}
    with matplotlib.rc_context(STYLE):
        canvas = Canvas(figsize=(6.4, 3.8), layout="constrained")
        if figure.kind == "images":
            _images(canvas, figure.data)
        else:
            kinds[figure.kind](canvas.add_subplot(), figure.data)
        canvas.suptitle(fill(figure.title, 70), fontsize=11)
        out = io.StringIO()
        canvas.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return out.getvalue()


def _lines(axes: "Axes", data: dict) -> None:
    few = len(data["x"]) <= 30
    for place, (name, ys) in enumerate(data["series"].items()):
        log_gap = [None if data["log_y"] and y is not None and y <= 0 else y for y in ys]
        axes.plot(
            [_gap(x) for x in data["x"]],
            [_gap(y) for y in log_gap],
            DASHES[place % len(DASHES)],
            color=COLOURS[place % len(COLOURS)],
            marker=MARKERS[place % len(MARKERS)] if few else None,
            markersize=4,
            label=name,
        )
    axes.set(xlabel=data["x_label"], ylabel=data["y_label"])
    _scale(axes, data.get("log_x"), data["log_y"])
    _legend(axes, data["series"])


def _bars(axes: "Axes", data: dict) -> None:
    names = list(data["heights"])
    heights = [height or 0 for height in data["heights"].values()]
    bars = axes.barh(range(len(names)), heights, color=COLOURS[0])
    for bar, height in zip(bars, data["heights"].values(), strict=True):
        label = "no number" if height is None else text.number(height)
        axes.annotate(label, (bar.get_width(), bar.get_center()[1]), xytext=(4, 0),
                      textcoords="offset points", va="center")  # fmt: skip
    axes.set_yticks(range(len(names)), [fill(name, 28) for name in names])
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel(data["y_label"])
    if data["log_y"] and any(
        height is not None and height > 0 for height in data["heights"].values()
    ):
        axes.set_xscale("log")


def _heatmap(axes: "Axes", data: dict) -> None:
    matrix = [[_gap(entry) for entry in row] for row in data["matrix"]]
    picture = axes.imshow(matrix, cmap="viridis", aspect="auto")
    axes.figure.colorbar(picture)
    axes.grid(visible=False)
    axes.locator_params(integer=True)
    axes.set(xlabel=data["x_label"], ylabel=data["y_label"])
    if data["x_ticks"]:
        axes.set_xticks(range(len(data["x_ticks"])), data["x_ticks"])
    if data["y_ticks"]:
        axes.set_yticks(range(len(data["y_ticks"])), data["y_ticks"])
    rows, columns = len(matrix), len(matrix[0]) if matrix else 0
    if rows * columns <= 64:
        _write_numbers(axes, picture, data["matrix"])


def _write_numbers(axes: "Axes", picture, matrix: list) -> None:
    for i, row in enumerate(matrix):
        for j, entry in enumerate(row):
            if entry is not None:
                dark = sum(picture.to_rgba(entry)[:3]) < 1.5
                axes.text(j, i, text.number(entry, 2), ha="center", va="center", fontsize=8,
                          color="white" if dark else "black")  # fmt: skip


def _histogram(axes: "Axes", data: dict) -> None:
    for place, (name, counts) in enumerate(data["counts"].items()):
        colour = COLOURS[place % len(COLOURS)]
        axes.stairs(counts, data["edges"], fill=place == 0, color=colour, label=name,
                    alpha=0.5 if place == 0 else 1, linewidth=1.5,
                    linestyle=DASHES[place % len(DASHES)])  # fmt: skip
    axes.set(xlabel=data["x_label"], ylabel="count")
    _legend(axes, data["counts"])


def _images(canvas, data: dict) -> None:
    images = data["images"]
    columns = min(len(images), 6) or 1
    rows = -(-len(images) // columns)
    canvas.set_size_inches(6.4, max(1.8, 6.4 / columns * rows + 0.6))
    for place, (caption, image) in enumerate(images.items(), 1):
        axes = canvas.add_subplot(rows, columns, place)
        axes.imshow([[_gap(entry) for entry in row] for row in image], cmap="gray")
        axes.set_title(fill(caption, 18), fontsize=9)
        axes.set(xticks=[], yticks=[])
        axes.spines[:].set(visible=True, color="gray")


def _gap(value: float | None) -> float:
    return float("nan") if value is None else value


def _scale(axes: "Axes", log_x: bool, log_y: bool) -> None:
    for wanted, name, limits in (
        (log_x, "x", axes.dataLim.intervalx),
        (log_y, "y", axes.dataLim.intervaly),
    ):
        if wanted and limits[1] > 0:
            getattr(axes, f"set_{name}scale")("log")


def _legend(axes: "Axes", named: dict) -> None:
    if len(named) > 1 or any(named):
        axes.legend(fontsize=9, framealpha=0.8)
