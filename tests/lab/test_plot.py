"""Figures as characters: any width, nothing that hangs on colour, numbers that are right."""

import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lab.figures import AWKWARD, EMPTY, FIGURES, USUAL, bars, heatmap, images

from dlprep.lab.figures import blocks, plot

ESCAPES = re.compile("\x1b\\[[0-9;]*m")


def body(figure, width=60, height=12, color=False):
    return plot.draw(figure, width, height, color).split("\n")[1:]


@pytest.mark.parametrize("color", [True, False], ids=["colour", "plain"])
@pytest.mark.parametrize("width", [24, 60, 200])
@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_picture_is_no_wider_than_the_terminal(figure, width, color):
    drawn = plot.draw(figure, width, 12, color)
    plain = ESCAPES.sub("", drawn)
    assert max(map(len, plain.split("\n"))) <= width
    assert (plain != drawn) <= color
    assert plain.startswith(figure.title)


@pytest.mark.parametrize("figure", EMPTY.values(), ids=EMPTY)
def test_nothing_to_draw_is_said(figure):
    assert body(figure) == ["(nothing to draw)"]


@pytest.mark.parametrize("name", ["lines", "histogram", "bars"])
def test_colour_adds_nothing_but_colour(name):
    coloured = [ESCAPES.sub("", line).rstrip() for line in body(USUAL[name], color=True)]
    assert coloured[:12] == body(USUAL[name])[:12]


def test_curves_have_ticks_labels_and_a_legend_of_marks():
    *canvas, labels, legend = body(USUAL["lines"])
    assert labels == "across: step   up: loss"
    assert legend == "⠒⠒ falls   ** rises"
    assert len(canvas) == 12
    assert canvas[1].lstrip().startswith("1┤")
    assert canvas[-1].split() == ["0", "20", "40", "60", "80"]
    assert re.search("[⠀-⣿]", "".join(canvas))
    assert "*" in "".join(canvas)


def test_an_interrupted_curve_leaves_a_gap():
    drawn = "\n".join(body(AWKWARD["interrupted"]))
    assert drawn.count("*") == 2 + 2
    assert "•" in drawn


def test_a_logarithmic_axis_has_powers_of_ten():
    *canvas, _ = body(AWKWARD["log of zero"])
    assert canvas[-1].split() == ["1", "10"]


def test_bars_are_as_long_as_their_numbers():
    drawn = body(bars({"one": 1.0, "two": 2.0, "four": 4}), width=33)
    assert [line.count("█") for line in drawn] == [6, 12, 24]
    assert [line.split()[-1] for line in drawn] == ["1", "2", "4"]
    assert drawn[0].startswith(" one |")


def test_bars_of_both_signs_share_a_zero():
    positive, negative, missing, label = body(USUAL["bars"])
    assert positive.index("█") == negative.rindex("█") + 1
    assert negative.endswith(" -0.41")
    assert missing.split() == ["none", "|", "n/a"]
    assert label == "length: cosine"


def test_negative_bars_end_at_zero():
    longer, shorter = body(bars({"a": -2.0, "b": -1.0}), width=41)
    assert longer.rindex("█") == shorter.rindex("█")
    assert (longer.count("█"), shorter.count("█")) == (34, 17)


def test_logarithmic_bars_say_so():
    *_, label = body(AWKWARD["log bars"])
    assert label == "length: count (logarithmic scale)"
    lengths = {line.split()[0]: line.count("█") for line in body(AWKWARD["log bars"])}
    assert lengths["a"] == lengths["d"] == 0 < lengths["b"] < lengths["c"]


def test_many_bars_are_thinned_and_counted():
    drawn = body(AWKWARD["many bars"])
    assert drawn[-1] == "(40 of 100 bars)"
    assert len(drawn) == 41


def test_a_matrix_is_shaded_from_small_to_large():
    drawn = body(heatmap([[0, 1, 2, 3, 4], [4, 3, 2, 1, 0]], y_ticks=["up", "down"]))
    assert drawn[:2] == ["  up   ░░▒▒▓▓██", "down ██▓▓▒▒░░"]
    assert drawn[2:] == ["[  ░░▒▒▓▓██]", "from 0 to 4"]


def test_a_hole_in_a_matrix_is_marked():
    assert body(AWKWARD["holes"]) == [
        "0   ??", "1 ??██", "[  ░░▒▒▓▓██]", "from 1 to 3   ??: not finite"
    ]  # fmt: skip


def test_a_large_matrix_is_averaged():
    checker = heatmap([[float((i + j) % 2) for j in range(80)] for i in range(40)])
    drawn = body(checker, width=60, height=20)
    assert set("".join(drawn[:20])) <= set("0123456789 ▒")


def test_a_hole_does_not_count_in_a_mean():
    holey = heatmap([[4, None, 3, 3, 5, 5]])
    assert blocks.heatmap(holey.data, 8, 12, color=False)[0] == "0 ▒▒  ██"


def test_pictures_stand_side_by_side_while_there_is_room():
    assert body(USUAL["images"], width=24)[:2] == ["plus    cross", "  ██    ██  ██"]
    stacked = body(images(one=[[0, 1] * 5], two=[[1, 0] * 5]), width=24)
    assert [line.split() for line in stacked if line.isalpha()] == [["one"], ["two"]]


def test_a_picture_keeps_its_proportions():
    square = images(a=[[float(i * j) for i in range(28)] for j in range(28)])
    drawn = body(square, width=100, height=10)
    assert (len(drawn) - 1, max(map(len, drawn))) == (10, 20)


@given(
    st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 12), st.booleans()
)  # fmt: skip
def test_ticks_are_few_round_and_inside(low, span, most, log):
    places = plot.ticks(low, low + span, most, log)
    assert 2 <= len(places) <= most
    assert places == sorted(places)
    # Between large ends the numbers there are lie further apart than that share of the span.
    slack = 1e-6 * span + 2 * math.ulp(abs(low) + span)
    assert all(low - slack <= place <= low + span + slack for place in places)


@given(st.lists(st.none() | st.floats(-1e9, 1e9), min_size=1), st.integers(4, 80))
@example([5e-324, None, -5e-324], 4)
def test_bars_fit_in_their_room(lengths, room):
    drawn = blocks._blocks(lengths, room) if any(lengths) else []
    assert all(len(bar) <= room + 1 for bar in drawn)


def test_an_outline_has_a_step_for_each_bin():
    assert plot.stairs([0, 1, 2], [5, 3]) == [(0, 0), (0, 5), (1, 5), (1, 3), (2, 3), (2, 0)]
