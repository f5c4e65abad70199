"""Figures of every kind, the usual ones and the awkward ones, by name."""

from math import sin

from dlprep.lab.report import Figure

NONE = [None] * 3
LONG = "a very long name " * 9


def lines(x, series, log_x=False, log_y=False, **labels):
    labels = {"x_label": "", "y_label": "", **labels}
    return Figure("lines", "curves", {"x": x, "series": series, **labels, "log_x": log_x,
                                      "log_y": log_y})  # fmt: skip


def bars(heights, log_y=False, y_label=""):
    return Figure("bars", "bars", {"heights": heights, "y_label": y_label, "log_y": log_y})


def heatmap(matrix, x_ticks=(), y_ticks=(), **labels):
    ticks = {"x_ticks": list(x_ticks), "y_ticks": list(y_ticks)}
    labels = {"x_label": "", "y_label": "", **labels}
    return Figure("heatmap", "matrix", {"matrix": matrix, **labels, **ticks})


def histogram(edges, counts, x_label=""):
    return Figure("histogram", "counts", {"edges": edges, "counts": counts, "x_label": x_label})


def images(**pictures):
    return Figure("images", "pictures", {"images": pictures})


USUAL = {
    "lines": lines(list(range(100)), {"falls": [1 / (n + 1) for n in range(100)],
                                      "rises": [n / 100 for n in range(100)]},
                   x_label="step", y_label="loss"),
    "bars": bars({"clipnorm": 0.734, "clipvalue": -0.41, "none": None}, y_label="cosine"),
    "heatmap": heatmap([[0.1, 0.9], [0.8, 0.2]], "ab", "cd", x_label="key", y_label="query"),
    "histogram": histogram([0.0, 1.0, 2.0], {"L1": [5, 1], "L2": [3, 3]}, "weight"),
    "images": images(plus=[[0, 1, 0], [1, 1, 1], [0, 1, 0]],
                     cross=[[1, 0, 1], [0, 1, 0], [1, 0, 1]]),
}  # fmt: skip

EMPTY = {
    "no series": lines([], {}),
    "empty series": lines([], {"a": []}),
    "no number": lines([1, 2, 3], {"a": NONE}),
    "no place": lines(NONE, {"a": [1, 2, 3]}),
    "nothing positive": lines([1, 2, 3], {"a": [0, -1.0, None]}, log_y=True),
    "no bar": bars({}),
    "no height": bars({"a": None, "b": None}),
    "no positive bar": bars({"a": 0, "b": -1}, log_y=True),
    "no row": heatmap([]),
    "no column": heatmap([[], []]),
    "no cell": heatmap([[None, None]]),
    "no sample": histogram([0.0, 0.5, 1.0], {}),
    "no count": histogram([0.0, 0.5, 1.0], {"a": [0, 0]}),
    "no picture": images(),
}

AWKWARD = {
    "one point": lines([1], {"a": [3.0]}),
    "as large as can be": lines([-1.7e308, 0, 1.7e308], {"a": [1.7e308, -1.7e308, 1e308]}),
    "as large as can be, log": lines([1, 2, 3], {"a": [1.7e308, 5e-324, 1e308]}, log_y=True),
    "bars as large as can be": bars({"a": 1.7e308, "b": -1.7e308, "c": 10**308}),
    "log bars as large as can be": bars({"a": 1.7e308, "b": 5e-324}, log_y=True),
    "matrix as large as can be": heatmap([[1.7e308, -1.7e308], [1.7e308, 10**308]]),
    "wide and large": heatmap([[1.7e308] * 300]),
    "counts as far as can be": histogram([-1.7e308, 0.0, 1.7e308], {"a": [10**308, 1]}),
    "picture as large as can be": images(a=[[1.7e308, -1.7e308, None]], b=[[1e308] * 99]),
    "interrupted": lines([1, 2, 3, 4], {"a": [1.0, None, 3.0, 4.0], "b": [None, 2.0, None, 1.0]}),
    "constant": lines([0, 1, 2], {"a": [2.0, 2.0, 2.0]}),
    "constant zero": lines([0, 0], {"a": [0, 0]}),
    "log of zero": lines([0, 1, 10], {"a": [0, 1, 5.0]}, log_x=True, log_y=True),
    "log of one power": lines([2.0, 3.0], {"a": [20.0, 30.0]}, log_x=True, log_y=True),
    "far apart": lines([1e-300, 1.0, 1e300], {"a": [1e-300, 1.0, 1e300]}),
    "far apart, log": lines([1e-300, 1e300], {"a": [1e-300, 1e300]}, log_x=True, log_y=True),
    "close together": lines([1.0, 1.0 + 1e-12], {"a": [5.0, 5.0 + 1e-12]}),
    "backwards": lines([3, 2, 1], {"a": [1.0, 2.0, 3.0]}),
    "long names": lines([0, 1], {LONG + "1": [0, 1], LONG + "2": [1, 0]},
                        x_label=LONG, y_label=LONG),
    "many series": lines([0, 1], {f"_{n}$x$<&>": [n, -n] for n in range(15)}),
    "many points": lines(list(range(3000)), {"a": [sin(n / 99) for n in range(3000)]}),
    "zero bars": bars({"a": 0, "b": 0.0}),
    "tiny bar": bars({"a": 1e-12}),
    "log bars": bars({"a": 0, "b": 10, "c": 231211008, "d": -3}, log_y=True, y_label="count"),
    "one log bar": bars({"a": 5.0}, log_y=True),
    "many bars": bars({f"bar {n}": sin(n) for n in range(100)}),
    "long bars": bars({LONG: 3.25, LONG + "2": -1, "short": 1}),
    "one cell": heatmap([[3.0]]),
    "holes": heatmap([[1.0, None], [None, 3.0]]),
    "wide": heatmap([[float(n * k) for k in range(90)] for n in range(2)]),
    "tall": heatmap([[float(n)] for n in range(90)], [LONG], [f"{LONG}{n}" for n in range(90)]),
    "one value": histogram([4.5, 5.0, 5.5], {"a": [0, 20]}),
    "many bins": histogram([n / 9 for n in range(201)],
                           {LONG: [n % 7 for n in range(200)], "b": [1] * 200}),
    "black": images(black=[[0, 0], [0, 0]], white=[[1, 1, 1]]),
    "holey picture": images(a=[[None, 1.0]], b=[[None]]),
    "empty picture": images(a=[], b=[[]], c=[[1]]),
    "many pictures": images(**{f"caption {n}": [[n * i % 5 for i in range(28)]] * 28
                               for n in range(13)}),
    "wide picture": images(a=[[n % 3 for n in range(400)]] * 3),
}  # fmt: skip

FIGURES = {**USUAL, **EMPTY, **AWKWARD}
