"""Bars, matrices and pictures from block characters."""

import math
from textwrap import wrap

from dlprep.lab.figures.text import NAMED_ROWS, number, shorten, thinned

SHADES = " ░▒▓█"
"""From the smallest number to the largest."""

EIGHTHS = " ▏▎▍▌▋▊▉"
"""Parts of a character, for the end of a bar."""

BLUE = 12
"""Code of one of the terminal's 16 colours."""

VIRIDIS = (53, 54, 60, 24, 31, 30, 36, 42, 77, 113, 148, 190, 226)
"""Codes of the terminal's 256 colours, ever brighter, for numbers."""

GREYS = tuple(range(232, 256))
"""Codes of the terminal's 256 colours, for pictures."""

LARGEST = 1e300
"""The largest number a picture tells from others."""

NOTHING = "(nothing to draw)"


def tamed(data):
    """Return a figure's data with numbers so small that their differences and sums are finite."""
    if isinstance(data, dict):
        return {name: tamed(part) for name, part in data.items()}
    if isinstance(data, list):
        return [tamed(part) for part in data]
    if isinstance(data, int | float) and abs(data) > LARGEST:
        return LARGEST if data > 0 else -LARGEST
    return data


def scaled(values: list, log: bool) -> list:
    """Return numbers as they are drawn: common logarithms on a logarithmic scale, else as is."""
    if not log:
        return values
    return [math.log10(value) if value is not None and value > 0 else None for value in values]


def log_base(exponents: list[float]) -> float:
    """Return where bars begin that have no zero: a little before the shortest."""
    known = [exponent for exponent in exponents if exponent == exponent]
    return min(known) - 0.1 * (max(known) - min(known) or 1.0)


def painted(text: str, code: int | None) -> str:
    """Return a text in one of the terminal's 256 colours, or as it is."""
    return text if code is None or not text else f"\x1b[38;5;{code}m{text}\x1b[0m"


def fitted(parts: list[str], width: int) -> list[str]:
    """Join short texts in lines of at most `width` characters; long ones are wrapped."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + 3 + len(part) <= width:
            lines[-1] += f"   {part}"
        else:
            lines += wrap(part, width, subsequent_indent="   ")
    return lines


def bars(data: dict, width: int, height: int, color: bool) -> list[str]:
    """Draw one row for each bar, its number beside it; `height` is free."""
    heights = list(data["heights"].items())
    shown = [heights[i] for i in thinned(len(heights), NAMED_ROWS)]
    lengths = scaled([value for _, value in shown], data["log_y"])
    drawn = [length for length in lengths if length is not None]
    if not drawn:
        return [NOTHING]
    base = log_base(drawn) if data["log_y"] else 0.0
    names = [shorten(name, width // 3) for name, _ in shown]
    numbers = [number(value) for _, value in shown]
    room = width - max(map(len, names)) - max(map(len, numbers)) - 4
    bars = _blocks([length and length - base for length in lengths], room)
    rows = zip(names, bars, numbers, strict=True)
    lines = [
        f"{name:>{max(map(len, names))}} |{painted(bar, BLUE if color else None)} {value}"
        for name, bar, value in rows
    ]
    few = [f"({len(shown)} of {len(heights)} bars)"] if len(shown) < len(heights) else []
    scale = " (logarithmic scale)" if data["log_y"] else ""
    label = data["y_label"] + scale
    return [*lines, *fitted([f"length: {label.strip()}"] if label else [], width), *few]


def _blocks(lengths: list[float | None], room: int) -> list[str]:
    """Return bars of blocks that share a zero; together they need `room` characters."""
    known = [length for length in lengths if length is not None]
    low, high = min(0.0, *known), max(0.0, *known)
    # Divided first: room over the smallest numbers there are would be infinite.
    span, room = (high - low) or 1, max(room, 4)
    zero = round(-low / span * room)
    bars = []
    for length in (length or 0.0 for length in lengths):
        if length < 0:
            whole, half = divmod(min(round(-2 * length / span * room), 2 * zero), 2)
            bars.append(("▐" * half + "█" * whole).rjust(zero))
        else:
            whole, part = divmod(round(8 * length / span * room), 8)
            bars.append(" " * zero + "█" * whole + EIGHTHS[part].strip())
    return bars


def heatmap(data: dict, width: int, height: int, color: bool) -> list[str]:
    """Draw a matrix as shades, averaged until it fits."""
    matrix = data["matrix"]
    if not _known(matrix):
        return [NOTHING]
    names = data["y_ticks"] or [str(place) for place in range(len(matrix))]
    margin = min(max(map(len, names)), width // 3)
    room = (width - margin - 1) // 2
    small, down = _reduced(matrix, _groups(len(matrix[0]), room), _groups(len(matrix), height))
    rows = _shaded(small, VIRIDIS if color else None)
    lines = [
        f"{shorten(names[place], margin):>{margin}} {row}"
        for place, row in zip(down, rows, strict=True)
    ]
    told = [
        f"{word}: {data[key]}"
        for word, key in (("across", "x_label"), ("down", "y_label"))
        if data[key]
    ]
    if data["x_ticks"]:
        told.append(f"columns: {', '.join(data['x_ticks'])}")
    return [*lines, *_scale(matrix, width, color), *fitted(told, width)]


def images(data: dict, width: int, height: int, color: bool) -> list[str]:
    """Draw pictures side by side, each from its own darkest to its own brightest."""
    lines: list[str] = []
    line: list[list[str]] = []
    used = 0
    for caption, image in data["images"].items():
        block, columns = _picture(caption, image, width, height, color)
        if line and used + 2 + columns > width:
            lines += [*_beside(line), ""]
            line, used = [], 0
        line.append(block)
        used += columns + (2 if used else 0)
    return [*lines, *_beside(line)] if line else [NOTHING]


def _picture(caption: str, image: list, width: int, height: int, color: bool) -> tuple[list, int]:
    """Return the lines of one picture, caption first, and how many columns they take."""
    together = max(_groups(len(image[0]) if image else 0, width // 2), _groups(len(image), height))
    small, _ = _reduced(image, together, together)
    drawn = 2 * len(small[0]) if small else 0
    columns = max(drawn, min(len(caption), 12))
    shades = (row + " " * (columns - drawn) for row in _shaded(small, GREYS if color else None))
    return [shorten(caption, columns).ljust(columns), *shades], columns


def _beside(blocks: list[list[str]]) -> list[str]:
    """Join blocks of lines; shorter ones are filled up with blanks of their caption's length."""
    tallest = max(map(len, blocks))
    filled = [[*block, *[" " * len(block[0])] * (tallest - len(block))] for block in blocks]
    return ["  ".join(parts) for parts in zip(*filled, strict=True)]


def _shaded(matrix: list, ramp: tuple | None) -> list[str]:
    """Return two characters for each number: shades, or blocks in the colours of a ramp."""
    known = _known(matrix)
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    return [
        "".join(_cell(None if item is None else _level(item, low, high), ramp) for item in row)
        for row in matrix
    ]


def _level(item: float, low: float, high: float) -> float:
    return (item - low) / (high - low) if high > low else 0.5


def _cell(level: float | None, ramp: tuple | None) -> str:
    if level is None:
        return "??"
    if ramp is None:
        return 2 * SHADES[min(int(level * len(SHADES)), len(SHADES) - 1)]
    return painted("██", ramp[min(int(level * len(ramp)), len(ramp) - 1)])


def _scale(matrix: list, width: int, color: bool) -> list[str]:
    known = _known(matrix)
    told = [f"from {number(min(known))} to {number(max(known))}"]
    told += ["??: not finite"] if any(item is None for row in matrix for item in row) else []
    shades = "".join(_cell(step / 4, VIRIDIS if color else None) for step in range(5))
    return [f"[{shades}]", *fitted(told, width)]


def _reduced(matrix: list, across: int, down: int) -> tuple[list, list[int]]:
    """Average groups of neighbours; also return the first row of each group."""
    starts = list(range(0, len(matrix), down))
    columns = range(0, len(matrix[0]) if matrix else 0, across)
    groups = [matrix[start : start + down] for start in starts]
    return [
        [_mean([row[k : k + across] for row in rows]) for k in columns] for rows in groups
    ], starts


def _groups(count: int, room: int) -> int:
    """Return how many neighbours must share a place."""
    return max(1, -(-count // max(room, 1)))


def _mean(matrix: list) -> float | None:
    known = _known(matrix)
    return sum(known) / len(known) if known else None


def _known(matrix: list) -> list[float]:
    return [item for row in matrix for item in row if item is not None]
