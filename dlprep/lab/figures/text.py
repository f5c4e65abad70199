"""A figure as plain text: words and tables, no colour, no picture."""

import textwrap
from collections.abc import Iterable

from dlprep.lab.report import Figure, Scalar

ROWS = 12
"""Rows and columns that a long series or a large matrix is thinned to."""

NAMED_ROWS = 40
"""Bars and pictures have names: only many of them are thinned."""

Table = list[list[str]]


def picture_in_words(figure: Figure, width: int = 80) -> str:
    """Return the title of a figure and its numbers as a table."""
    rows = table(figure)
    about = [_wrapped(figure.title, width)]
    if figure.kind == "lines" and figure.data["y_label"]:
        about.append(_wrapped(f"  vertical: {figure.data['y_label']}", width, "    "))
    left_out = [
        f"{shown} of {all_of_them} {what}"
        for what, shown, all_of_them in _shares(figure, rows)
        if shown < all_of_them
    ]
    about += [f"  {', '.join(left_out)}"] if left_out else []
    return "\n".join([*about, *(f"  {line}".rstrip() for line in layout(rows, width - 2))])


def table(figure: Figure) -> Table:
    """Return the numbers of a figure, a header first; long series are thinned to `ROWS` rows.

    Args:
        figure: Any of the five kinds.

    Returns:
        Rows of equally many texts. A histogram's bins are merged, not left out.
    """
    return _TABLES[figure.kind](figure.data)


def number(value: Scalar, digits: int = 4) -> str:
    """Return a number in few digits; words stay, a missing number is `n/a`."""
    if value is None:
        return "n/a"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    if value.is_integer() and abs(value) < 10**9:
        return str(int(value))
    if 1000 <= abs(value) < 10**9:
        return f"{value:.{max(0, digits - len(str(int(abs(value)))))}f}"
    mantissa, exponent, power = f"{value:.{digits}g}".partition("e")
    return mantissa + (f"e{int(power)}" if exponent else "")


def layout(rows: Table, width: int) -> list[str]:
    """Return a table's lines, columns aligned; what is too wide goes on in a second block."""
    longest = max(8, (width - 2) // 2)
    rows = [[shorten(cell, longest) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines: list[str] = []
    start = 1
    while start < len(widths) or not lines:
        stop, used = start, widths[0]
        while stop < len(widths) and (stop == start or used + 2 + widths[stop] <= width):
            used += 2 + widths[stop]
            stop += 1
        lines += [""] if lines else []
        lines += [_aligned(row, widths, range(start, stop)) for row in rows]
        start = stop
    return lines


def shorten(text: str, length: int) -> str:
    """Return a text of at most `length` characters; start and end stay, names differ in either.

    Below five characters there is no room for both beside the dots: the start alone stays.
    """
    kept = length - 3
    if len(text) <= length or kept < 2:
        return text[:length]
    return f"{text[: kept - kept // 2]}...{text[-(kept // 2) :]}"


def thinned(count: int, most: int = ROWS) -> list[int]:
    """Return at most `most` indices, evenly spread, first and last among them."""
    if count <= most:
        return list(range(count))
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]


def _lines(data: dict) -> Table:
    header = [data["x_label"] or "x", *data["series"]]
    columns = [data["x"], *data["series"].values()]
    picked = thinned(len(data["x"]))
    return [header, *([number(column[i]) for column in columns] for i in picked)]


def _bars(data: dict) -> Table:
    heights = list(data["heights"].items())
    picked = thinned(len(heights), NAMED_ROWS)
    return [
        ["", data["y_label"] or "height"],
        *([heights[i][0], number(heights[i][1])] for i in picked),
    ]


def _heatmap(data: dict) -> Table:
    matrix = data["matrix"]
    width = len(matrix[0]) if matrix else 0
    across = data["x_ticks"] or [str(place) for place in range(width)]
    down = data["y_ticks"] or [str(place) for place in range(len(matrix))]
    corner = " / ".join(filter(None, (data["y_label"], data["x_label"])))
    columns = thinned(width)
    return [
        [corner, *(across[j] for j in columns)],
        *([down[i], *(number(matrix[i][j]) for j in columns)] for i in thinned(len(matrix))),
    ]


def _histogram(data: dict) -> Table:
    bins = len(data["edges"]) - 1
    merged = -(-bins // ROWS)
    starts = range(0, bins, merged)
    edges = [number(data["edges"][min(start, bins)]) for start in [*starts, bins]]
    rows = [["from", "to", *data["counts"]]]
    for start, low, high in zip(starts, edges, edges[1:], strict=False):
        counts = (sum(count[start : start + merged]) for count in data["counts"].values())
        rows.append([low, high, *map(number, counts)])
    return rows


def _images(data: dict) -> Table:
    rows = [["", "size", "darkest", "mean", "brightest"]]
    captions = list(data["images"])
    for caption in (captions[i] for i in thinned(len(captions), NAMED_ROWS)):
        image = data["images"][caption]
        pixels = [pixel for row in image for pixel in row if pixel is not None]
        mean = sum(pixel / len(pixels) for pixel in pixels)
        about = (min(pixels), mean, max(pixels)) if pixels else (None,) * 3
        size = f"{len(image)} x {len(image[0]) if image else 0}"
        rows.append([caption, size, *map(number, about)])
    return rows


_TABLES = {
    "lines": _lines,
    "bars": _bars,
    "heatmap": _heatmap,
    "histogram": _histogram,
    "images": _images,
}


def _shares(figure: Figure, rows: Table) -> Iterable[tuple[str, int, int]]:
    """Yield what a table may have thinned: its name, how much is shown, how much there is."""
    sizes = {"lines": "x", "bars": "heights", "heatmap": "matrix", "images": "images"}
    if figure.kind in sizes:
        yield "rows", len(rows) - 1, len(figure.data[sizes[figure.kind]])
    if figure.kind == "heatmap" and figure.data["matrix"]:
        yield "columns", len(rows[0]) - 1, len(figure.data["matrix"][0])


def _wrapped(text: str, width: int, indent: str = "") -> str:
    margin = " " * (len(text) - len(text.lstrip()))
    unbroken = {"break_on_hyphens": False, "break_long_words": False}
    lines = textwrap.wrap(text, width - len(margin), subsequent_indent=indent, **unbroken)
    return "\n".join(lines)


def _aligned(row: list[str], widths: list[int], columns: range) -> str:
    cells = [row[0].ljust(widths[0]), *(row[j].rjust(widths[j]) for j in columns)]
    return "  ".join(cells).rstrip()
