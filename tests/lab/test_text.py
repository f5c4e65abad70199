"""Figures in words and numbers alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lab.figures import AWKWARD, FIGURES, USUAL, bars, heatmap, histogram, lines

from dlprep.lab.figures import text

NAME = "layer normalization 12"


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_lines_are_no_longer_than_the_terminal(figure, width):
    told = text.picture_in_words(figure, width)
    assert max(map(len, told.splitlines())) <= width
    assert [line for line in told.splitlines() if line != line.rstrip()] == []


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_table_is_a_header_and_few_rows_of_texts(figure):
    rows = text.table(figure)
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(isinstance(cell, str) for row in rows for cell in row)
    assert len(rows) <= 1 + (40 if figure.kind in ("bars", "images") else 12)


def test_a_long_series_keeps_its_ends():
    rows = text.table(USUAL["lines"])
    assert rows[0] == ["step", "falls", "rises"]
    assert len(rows) == 13
    assert rows[1] == ["0", "1", "0"]
    assert rows[-1] == ["99", "0.01", "0.99"]


def test_a_matrix_names_rows_and_columns():
    rows = text.table(USUAL["heatmap"])
    assert rows == [["query / key", "a", "b"], ["c", "0.1", "0.9"], ["d", "0.8", "0.2"]]
    assert text.table(heatmap([[1, 2]])) == [["", "0", "1"], ["0", "1", "2"]]


def test_a_thinned_matrix_says_how_much_is_shown():
    told = text.picture_in_words(AWKWARD["wide"])
    assert "\n  12 of 90 columns\n" in told
    assert " of 2 rows" not in told


def test_bins_are_merged_and_keep_their_counts():
    counts = {"a": list(range(30)), "b": [1] * 30}
    header, *rows = text.table(histogram([float(n) for n in range(31)], counts))
    assert header == ["from", "to", "a", "b"]
    assert len(rows) <= 12
    assert (rows[0][0], rows[-1][1]) == ("0", "30")
    assert [low for low, *_ in rows[1:]] == [high for _, high, *_ in rows[:-1]]
    assert sum(int(row[2]) for row in rows) == sum(range(30))
    assert sum(int(row[3]) for row in rows) == 30


def test_few_bins_stand_as_they_are():
    assert text.table(USUAL["histogram"])[1:] == [["0", "1", "5", "3"], ["1", "2", "1", "3"]]


def test_pictures_are_told_by_size_and_brightness():
    assert text.table(USUAL["images"])[1] == ["plus", "3 x 3", "0", "0.5556", "1"]
    assert text.table(AWKWARD["holey picture"])[1:] == [
        ["a", "1 x 2", "1", "1", "1"],
        ["b", "1 x 1", "n/a", "n/a", "n/a"],
    ]


def test_a_wide_table_goes_on_below():
    rows = [["name", "first", "second"], ["a", "1", "2"]]
    for width in (40, 19):
        assert text.layout(rows, width) == ["name  first  second", "a         1       2"]
    assert text.layout(rows, 16) == [
        *("name  first", "a         1"),
        "",
        *("name  second", "a          2"),
    ]


def test_a_name_that_is_cut_keeps_start_and_end():
    assert text.shorten(NAME, 12) == "layer... 12"[:5] + "...n 12"
    assert text.shorten("short", 12) == "short"


@pytest.mark.parametrize(
    ("length", "expected"),
    [(6, "la...2"), (5, "l...2"), (4, "laye"), (3, "lay"), (1, "l"), (0, ""), (22, NAME)],
)
def test_what_is_cut_is_never_longer_than_asked(length, expected):
    assert text.shorten(NAME, length) == expected


def test_bars_of_nothing_have_a_header():
    assert text.table(bars({})) == [["", "height"]]
    assert text.table(lines([], {})) == [["x"]]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "n/a"),
        (True, "yes"),
        (False, "no"),
        ("inf", "inf"),
        (7, "7"),
        (10**12, "1000000000000"),
        (3.0, "3"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (0.123456, "0.1235"),
        (117.39, "117.4"),
        (12345.678, "12346"),
        (231211008.5, "231211008"),
        (1e-5, "1e-5"),
        (1.5e10, "1.5e10"),
        (-2.5e-12, "-2.5e-12"),
        (999999.5, "1000000"),
    ],
)
def test_a_number_in_four_digits(value, words):
    assert text.number(value) == words


@given(st.floats(-1e300, 1e300))
def test_a_number_is_close_to_what_it_says(value):
    assert float(text.number(value)) == pytest.approx(value, rel=1e-3)


@given(st.integers(0, 500), st.integers(2, 50))
def test_thinning_keeps_order_and_ends(count, most):
    places = text.thinned(count, most)
    assert places == sorted(set(places))
    assert len(places) == min(count, most)
    assert count == 0 or (places[0], places[-1]) == (0, count - 1)
