"""The verdict: what matters on one screen, whatever the question."""

from datetime import date, timedelta
from itertools import count

import pytest

from dlprep.quiz.bank import Bank
from dlprep.quiz.feedback import Card, Feedback, Verdict
from dlprep.terminal.feedback import PAUSE, first_sentence, show_rating, show_verdict
from dlprep.terminal.plain import Plain
from dlprep.terminal.screen import Screen
from dlprep.terminal.view import page_end, tightened

TODAY = date(2027, 1, 4)
CHOOSING = [question for question in Bank.load() if question.body.options]


def feedback(question, wrong, **more):
    """Return what follows when this wrong option is chosen."""
    card = Card(question, 1, 1, False, "0")
    verdicts = tuple(Verdict(option, option == wrong) for option in card.options)
    remarks = ("1 of the chosen: wrong.", "Right but not chosen: 1.")
    settings = {"reason": "over twice the time", "due": date(2027, 1, 6), **more}
    return Feedback(card, "wrong", "again", remarks, {}, verdicts, True, 3.0, "e", **settings)


@pytest.mark.parametrize("width", [79, 39])
def test_the_verdict_is_one_screen_with_its_prompt(width, monkeypatch, capsys):
    monkeypatch.setattr(Screen, "width", width)
    sizes = []
    for question in CHOOSING:
        for wrong in (option for option in question.body.options if not option.correct):
            show_verdict(Screen(), feedback(question, wrong))
            show_rating(Screen(), feedback(question, wrong), TODAY)
            sizes.append(len(tightened(capsys.readouterr().out.splitlines(), 24 - PAUSE)))
    assert len(sizes) > 80 and max(sizes) <= 24 - PAUSE


def test_only_as_many_empty_rows_are_left_out_as_save_a_page():
    rows = ["", "a", "", "b", " ", "c"]
    assert tightened(rows, 6) == rows
    assert tightened(rows, 4) == ["a", "b", " ", "c"]
    assert tightened(rows, 3) == ["a", "b", "c"]
    assert tightened(rows, 2) == rows


def test_a_page_ends_where_an_item_or_a_part_does():
    assert page_end(["one", "", "two", "more", "more", "more"], 4) == 4
    assert page_end(["one", "", "two", "", "more", "more"], 4) == 3
    assert page_end([" 1. one", "one", " 2. two", "two", " 3. three", "three"], 5) == 4
    assert page_end(["one", "\x1b[2m  - a", "\x1b[2m  - b", "b", "b"], 3) == 2


@pytest.mark.parametrize(
    ("reason", "due", "words"),
    [
        (None, date(2027, 1, 5), "Wrong, rated again: the next review is tomorrow, on 2027-01-05."),
        ("because of a hint", TODAY,
         "Wrong, rated again, because of a hint: the next review is today, on 2027-01-04."),
        (None, None, "Wrong, rated again."),
    ],
)  # fmt: skip
def test_the_rating_says_why_and_until_when(reason, due, words, capsys):
    question = CHOOSING[0]
    said = feedback(question, question.body.options[0], reason=reason, due=due)
    show_rating(Plain(), said, TODAY)
    assert " ".join(capsys.readouterr().out.split()) == words


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("One. Two.", "One."),
        ("It is `a. B` here. Then", "It is `a. B` here."),
        ("So $x. Y$ it is! More", "So $x. Y$ it is!"),
        ("Take e.g. Adam. Then", "Take e.g. Adam."),
        ("About 0.5 of it\nis left. No", "About 0.5 of it\nis left."),
        ("No end\n\nAnother. Part", "No end"),
        ("", ""),
    ],
)
def test_the_first_sentence_ends_where_it_does(text, sentence):
    assert first_sentence(text) == sentence


def test_a_thought_of_minutes_counts_line_by_line(play, session):
    def begin(kind):
        begun = session(kind)
        start, times = begun.clock(), count()
        begun.clock = lambda: start + timedelta(minutes=2.5 * next(times))
        return begun

    text = play("1,2", "", kind="choice", begin=begin)
    assert "Right, rated hard, over twice the time" in text
    assert "1 answered in 5 min 0 s" in text or "1 answered in 2 min 30 s" in text
