"""Figures as SVG: valid, readable without colour and without a style sheet."""

import re
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from xml.etree import ElementTree

import matplotlib
import pytest
from lab.figures import AWKWARD, EMPTY, FIGURES, LONG, USUAL, heatmap, lines

from dlprep.lab.figures import markup, svg
from dlprep.lab.report import Figure

SVG = "{http://www.w3.org/2000/svg}"


@cache
def drawn_once(name):
    return svg.draw(FIGURES[name])


def texts(drawn):
    return [element.text for element in ElementTree.fromstring(drawn).iter(f"{SVG}text")]


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, two):
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_is_one_element_that_any_page_may_hold(name):
    drawn = drawn_once(name)
    root = ElementTree.fromstring(drawn)
    assert drawn.startswith("<svg ")
    assert root.tag == f"{SVG}svg"
    assert root[0].text == root.get("aria-label") == FIGURES[name].title
    assert root.get("role") == "img"
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= set(
        ["svg", "title", "g", "defs", "path", "use", "text", "tspan", "clipPath", "rect", "image"]
    )
    assert not [element for element in root.iter() if "style" in element.attrib]
    assert not re.search(r"<script|javascript|on\w+=|http://(?!www\.w3\.org/2000/svg)", drawn)


@pytest.mark.parametrize("name", FIGURES)
def test_ids_are_unique_and_every_reference_is_found(name):
    drawn = drawn_once(name)
    ids = re.findall(r' id="([^"]+)"', drawn)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r"#(\w+)\)", drawn)) <= set(ids)
    assert set(re.findall(r'href="#(\w+)"', drawn)) <= set(ids)


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_to_draw_is_said(name):
    assert "nothing to draw" in texts(drawn_once(name))


def test_the_same_figure_gives_the_same_text():
    assert svg.draw(USUAL["lines"]) == svg.draw(USUAL["lines"])


def test_matplotlibs_settings_are_left_alone():
    before = dict(matplotlib.rcParams)
    svg.draw(USUAL["bars"])
    assert dict(matplotlib.rcParams) == before


def test_threads_may_draw_at_once():
    figures = [USUAL["lines"], USUAL["bars"]] * 3
    alone = [svg.draw(figure) for figure in figures[:2]]
    with ThreadPoolExecutor(3) as threads:
        assert list(threads.map(svg.draw, figures)) == alone * 3


def test_words_are_words_and_no_formulas():
    drawn = texts(svg.draw(AWKWARD["many series"]))
    assert {f"_{n}$x$<&>" for n in range(15)} <= set(drawn)


def test_bars_carry_names_and_numbers():
    drawn = texts(svg.draw(USUAL["bars"]))
    assert {"clipnorm", "0.734", "clipvalue", "-0.41", "none", "n/a", "cosine"} <= set(drawn)


def test_a_small_matrix_carries_numbers_and_ticks():
    drawn = texts(svg.draw(USUAL["heatmap"]))
    assert {"0.1", "0.9", "0.8", "0.2", "a", "b", "c", "d", "key", "query"} <= set(drawn)
    assert "n/a" in texts(svg.draw(AWKWARD["holes"]))


def test_a_large_matrix_carries_none():
    drawn = texts(svg.draw(heatmap([[i + j / 7 for i in range(20)] for j in range(20)])))
    assert len(drawn) < 40


def test_as_many_as_are_few_get_marks_and_numbers(monkeypatch):
    monkeypatch.setattr(svg, "FEW_CELLS", 4)

    def marks(count):
        curve = lines(list(range(count)), {"a": list(range(count))})
        return svg.draw(curve).count(f'fill="{svg.COLOURS[0]}"')

    def numbers(columns):
        return texts(svg.draw(heatmap([[0.123] * columns] * 2))).count("0.123")

    # The legend has a mark too.
    assert (marks(30), marks(31)) == (1 + 30, 1 + 11)
    assert (numbers(2), numbers(3)) == (4, 0)


def test_pictures_have_captions():
    assert {"plus", "cross"} <= set(texts(svg.draw(USUAL["images"])))


def test_logarithmic_ticks_are_plain_numbers():
    drawn = texts(svg.draw(AWKWARD["far apart, log"]))
    assert not any("$" in text for text in drawn)
    assert any(re.fullmatch(r"1e-?\d+", text) for text in drawn)


def test_curves_differ_without_colour():
    drawn = svg.draw(USUAL["lines"])
    root = ElementTree.fromstring(drawn)
    strokes = {
        path.get("stroke"): path.get("stroke-dasharray")
        for path in root.iter(f"{SVG}path")
        if path.get("stroke") in svg.COLOURS[:2] and path.get("clip-path")
    }
    assert len(strokes) == len(set(strokes.values())) == 2


def test_text_takes_the_colour_of_the_page():
    root = ElementTree.fromstring(svg.draw(USUAL["lines"]))
    assert root.get("color") == markup.INK
    assert {text.get("fill") for text in root.iter(f"{SVG}text")} == {"currentColor"}
    assert markup.INK not in ElementTree.tostring(root[1], encoding="unicode")


def test_long_words_leave_room_for_the_picture():
    drawn = svg.draw(Figure("lines", LONG * 3, AWKWARD["long names"].data))
    assert max(map(len, texts(drawn))) <= 60


@pytest.mark.parametrize("page", ["#ffffff", "#1e1e1e"])
@pytest.mark.parametrize("colour", svg.COLOURS)
def test_curves_stand_out_on_light_and_dark(colour, page):
    assert contrast(colour, page) >= 3


@pytest.mark.parametrize("page", ["#ffffff", "#000000"])
def test_text_can_be_read_on_light_and_dark(page):
    assert contrast(markup.INK, page) >= 4.5
