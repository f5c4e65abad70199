"""What a report may hold when it comes in: from another process, from a file."""

from collections.abc import Callable, Iterable
from math import isfinite

from dlprep.lab.printable import printable

TEXT, ROWS, NUMBERS = 10_000, 1000, 10**6
"""The longest text, the most entries of a list of claims or names, the most numbers of a figure."""

LARGEST = 1.7976931348623157e308


def check(record: object) -> None:
    """Look at a report as plain lists, dictionaries, texts and numbers.

    Args:
        record: What `Report.to_dict` returns, or something else.

    Raises:
        ValueError: Something is missing, too much, too large, or not what it should be.
    """
    _fields(record, _REPORT, "the report")


def _fields(record: object, checks: dict[str, Callable], where: str) -> None:
    """Check that a dictionary has exactly these keys, and what they hold."""
    if not isinstance(record, dict):
        raise ValueError(f"{where} has to be a dictionary, came {type(record).__name__}")
    if record.keys() != checks.keys():
        odd = ", ".join(sorted(map(repr, record.keys() ^ checks.keys())))[:200]
        raise ValueError(f"{where} lacks or has too much: {odd}")
    for name, value in record.items():
        checks[name](value, f"{name} of {where}")


def _list(entry: Callable, most: int = ROWS) -> Callable:
    def check(value: object, where: str) -> None:
        _is(isinstance(value, list) and len(value) <= most, where, f"at most {most} in a list")
        for place, part in enumerate(value):
            entry(part, f"entry {place} of {where}")

    return check


def _named(entry: Callable, most: int = ROWS) -> Callable:
    def check(value: object, where: str) -> None:
        _is(isinstance(value, dict) and len(value) <= most, where, f"at most {most} by name")
        for name, part in value.items():
            _text(name, f"a name in {where}")
            entry(part, where)

    return check


def _is(holds: bool, where: str, expected: str) -> None:
    if not holds:
        raise ValueError(f"{where} has to be {expected}")


def _text(value: object, where: str) -> None:
    _is(isinstance(value, str) and len(value) <= TEXT, where, f"a text of at most {TEXT} signs")
    _is(printable(value) == value, where, "free of control characters")


def _truth(value: object, where: str) -> None:
    _is(isinstance(value, bool), where, "True or False")


def _number(value: object, where: str) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    _is(number and -LARGEST <= value <= LARGEST, where, "a finite number")


def _positive(value: object, where: str) -> None:
    _number(value, where)
    _is(value >= 0, where, "0 or more")


def _whole(value: object, where: str) -> None:
    _positive(value, where)
    _is(isinstance(value, int), where, "a whole number")


def _scalar(value: object, where: str) -> None:
    if isinstance(value, str):
        _text(value, where)
    elif not (value is None or isinstance(value, bool)):
        _number(value, where)


def _row(value: object, where: str) -> None:
    _is(isinstance(value, list) and len(value) <= NUMBERS, where, "a list of numbers")
    for number in value:
        if not (isinstance(number, float) and isfinite(number)) and number is not None:
            _number(number, where)


def _matrix(value: object, where: str) -> None:
    _list(_row, NUMBERS)(value, where)
    _is(len({len(row) for row in value}) <= 1, where, "rows of one length")
    _sized([value], where)


def _sized(matrices: Iterable[list], where: str) -> None:
    count = sum(len(row) for matrix in matrices for row in matrix)
    _is(count <= NUMBERS, where, f"at most {NUMBERS} numbers")


def _figure(value: object, where: str) -> None:
    _fields(value, {"kind": _kind, "title": _text, "data": lambda *_: None}, where)
    kind, data, where = value["kind"], value["data"], f"the {value['kind']} {value['title']!r}"
    _fields(data, _FIGURES[kind], where)
    if kind == "lines":
        _is({len(ys) for ys in data["series"].values()} <= {len(data["x"])}, where, "as long as x")
        _sized([data["series"].values()], where)
    if kind == "heatmap":
        sizes = len(data["matrix"][0]) if data["matrix"] else 0, len(data["matrix"])
        for name, size in zip(("x_ticks", "y_ticks"), sizes, strict=True):
            _is(len(data[name]) in (0, size), f"{name} of {where}", f"none or {size} names")
    if kind == "histogram":
        edges = data["edges"]
        rising = len(edges) > 1 and None not in edges and edges == sorted(edges)
        _is(rising, f"edges of {where}", "two or more that rise")
        sizes = {len(counts) for counts in data["counts"].values()}
        _is(sizes <= {len(edges) - 1}, f"counts of {where}", "one for each bin")
    if kind == "images":
        _sized(data["images"].values(), where)


def _kind(value: object, where: str) -> None:
    _is(isinstance(value, str) and value in _FIGURES, where, f"one of {', '.join(_FIGURES)}")


_LABELS = {"x_label": _text, "y_label": _text}
_FIGURES = {
    "lines": {"x": _row, "series": _named(_row), **_LABELS, "log_x": _truth, "log_y": _truth},
    "bars": {
        "heights": _named(lambda height, where: _row([height], where)),
        "y_label": _text,
        "log_y": _truth,
    },
    "heatmap": {
        "matrix": _matrix,
        **_LABELS,
        "x_ticks": _list(_text, NUMBERS),
        "y_ticks": _list(_text, NUMBERS),
    },
    "histogram": {"edges": _row, "counts": _named(_list(_whole, NUMBERS)), "x_label": _text},
    "images": {"images": _named(_matrix)},
}
_CLAIM = {"text": _text, "holds": _truth, "measured": _scalar, "expected": _scalar, "share": _truth}
_REPORT = {
    "question": _text,
    "seed": _whole,
    "aa": _truth,
    "claims": _list(lambda value, where: _fields(value, _CLAIM, where)),
    "values": _list(
        lambda value, where: _fields(
            value, {"name": _text, "number": _scalar, "unit": _text}, where
        )
    ),
    "answer": _scalar,
    "figures": _list(_figure),
    "seconds": _positive,
    "versions": _named(_text),
    "device": _text,
    "cpu": _positive,
    "draw": _named(_number),
}
