"""Numbers that a question draws: the texts that show them, and the meetings they change at."""

from datetime import timedelta
from itertools import pairwise

import pytest
from quiz.session.asking import Clock

from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.draws import combinations, fill
from dlprep.quiz.history import History
from dlprep.quiz.session import Session

DRAW = "draw: {width: [16, 64], rate: [0.5, 2]}\nminutes"


@pytest.fixture
def drawing(folder):
    """A bank whose one question draws two numbers of two values each."""
    folder.add(kind="numeric")
    folder.edit("md", "minutes", DRAW)
    folder.edit("md", "The layer", "A width of {width} at rate {rate}. The layer")
    folder.edit("md", 'hints: ["One', 'hints: ["{width} units. One')
    folder.edit("md", "Every unit", "$2^{width}$ is no answer. Every unit")
    return folder


def test_the_first_combination_has_the_first_values_and_each_comes_once():
    found = combinations("a", {"width": (16, 64), "rate": (0.5, 2, 3)})
    assert found[0] == {"width": 16, "rate": 0.5}
    assert len({tuple(drawn.values()) for drawn in found}) == len(found) == 6
    assert found == combinations("a", {"width": (16, 64), "rate": (0.5, 2, 3)})
    assert combinations("a", {}) == [{}]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{n} units, `Dense({n})`", "16 units, `Dense(16)`"),
        ("$d = {n}$, $2^{n}$, $x_{n}$", "$d = 16$, $2^{16}$, $x_{16}$"),
        (r"$\frac{n}{n}$, $\sqrt{n}$, ${n}\%$", r"$\frac{16}{16}$, $\sqrt{16}$, $16\%$"),
        ("{m} and {nn} stay", "{m} and {nn} stay"),
    ],
)
def test_a_number_is_shown_in_text_code_and_formulas(text, filled):
    assert fill(text, {"n": 16}) == filled


def test_numbers_are_shown_as_people_write_them():
    shown = {"a": 0.1, "b": 2.0, "c": 1000000, "d": 0.0001}
    assert fill("{a} {b} {c} {d}", shown) == "0.1 2 1000000 0.0001"


def test_a_question_shows_its_numbers_in_every_text(drawing):
    question = Bank.load(drawing.path)["good-one"]
    assert drawing.faults() == []
    assert question.body.prompt.startswith("A width of 16 at rate 0.5.")
    assert question.fill(question.hints[0]).startswith("16 units.")
    assert question.body.answer.startswith("$2^{16}$ is")
    other = question.showing({"width": 64.0, "rate": 2.0})
    assert other.body.prompt.startswith("A width of 64 at rate 2.")
    assert question.showing({"width": 64}).drawn["width"] == 64
    with pytest.raises(BankError, match=r"does not draw .*3.*: it draws width \[16, 64\], rate"):
        question.showing({"width": 3})


def test_a_question_without_draws_is_the_same_at_every_turn(folder):
    folder.add(kind="numeric")
    question = Bank.load(folder.path)["good-one"]
    assert question.at(3) is question and question.drawn == {}
    with pytest.raises(BankError, match="it draws no numbers"):
        question.showing({"width": 3})


def test_every_meeting_has_other_numbers_than_the_last_and_the_history_knows_them(
    drawing, tmp_path
):
    bank, clock, seen = Bank.load(drawing.path), Clock(), []
    with History.open(tmp_path / "history.db") as history:
        for _ in range(4):
            session = Session(bank, history, clock=clock)
            question = session.next().question
            assert session.hint().startswith(f"{question.drawn['width']} units.")
            session.answer_numeric("7", 210)
            seen.append(question.drawn)
            clock.go(days=400)
        stored = [event.data["drawn"] for event in history.events(kinds=("answer",))]
    assert stored == seen
    assert sorted(map(str, seen)) == sorted(map(str, bank["good-one"].draws))
    assert seen[0] != bank["good-one"].drawn


def test_a_question_that_comes_again_has_other_numbers_than_before_and_at_the_next_meeting(
    drawing, tmp_path
):
    bank, clock, seen = Bank.load(drawing.path), Clock(), []
    with History.open(tmp_path / "history.db") as history:
        for _ in range(2):
            session = Session(bank, history, clock=clock)
            while card := session.next():
                seen.append(card.question.drawn)
                session.give_up()
            clock.go(days=3)
    assert len(seen) == 4
    assert all(one != other for one, other in pairwise(seen))


def test_an_undone_answer_is_asked_with_the_same_numbers(drawing, tmp_path):
    with History.open(tmp_path / "history.db") as history:
        session = Session(Bank.load(drawing.path), history, clock=Clock())
        drawn = session.next().question.drawn
        session.answer_numeric("7", 210)
        assert session.undo().question.drawn == drawn
        session.skip()
        again = Session(Bank.load(drawing.path), history, clock=Clock())
        assert again.next().question.drawn == drawn


@pytest.mark.parametrize(
    ("draw", "fault"),
    [
        ("[1, 2]", "draws nothing: write {width: [64, 128, 256]}"),
        ("{}", "draws nothing"),
        ("{Width: [1, 2]}", "'Width' is no name: write small letters"),
        ("{1: [1, 2]}", "1 is no name"),
        ("{width: 3}", "width has 3: list two to four different numbers"),
        ("{width: [3]}", "two to four different numbers"),
        ("{width: [1, 2, 3, 4, 5]}", "two to four different numbers"),
        ("{width: [3, 3]}", "two to four different numbers"),
        ("{width: [3, 3.0]}", "two to four different numbers"),
        ("{width: [3, many]}", "'many' is not a finite number"),
        ("{width: [3, '4']}", "'4' is text"),
        ("{width: [3, .inf]}", "not a finite number"),
        ("{width: [3, true]}", "not a number"),
        ("{a: [1, 2, 3, 4], b: [1, 2, 3, 4]}", "more than 12 combinations"),
    ],
)
def test_what_cannot_be_drawn_is_refused(folder, draw, fault):
    folder.add(kind="numeric")
    folder.edit("md", "minutes", f"draw: {draw}\nminutes")
    (found,) = folder.faults()
    assert found.startswith("04_optimizers/good-one.md:11: draw: ") and fault in found


def test_a_title_shows_no_drawn_number_and_other_kinds_draw_none(drawing):
    drawing.edit("md", "20 inputs", "{width} inputs")
    (found,) = drawing.faults()
    assert "{width} is drawn anew each time: let the prompt show it" in found
    drawing.add("04_optimizers/good-two", "choice")
    drawing.edit("md", "minutes", DRAW, "good-two")
    assert "draw is for kind numeric alone" in drawing.faults()[1]


def test_a_memory_of_a_year_does_not_change_what_is_drawn(drawing, tmp_path):
    bank, clock = Bank.load(drawing.path), Clock()
    with History.open(tmp_path / "history.db") as history:
        first = Session(bank, history, clock=clock).next().question.drawn
        clock.time += timedelta(days=365)
        assert Session(bank, history, clock=clock).next().question.drawn == first
