"""What is due is asked first, then what is new; filters and seed choose."""

import pytest
from quiz.session.asking import CHOICE, CODE, HERE, NUMERIC, PREDICT, RECALL, TWO, ids, right

from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.history import History


def test_new_questions_take_the_chapters_in_turn_easier_ones_first(begin):
    assert ids(begin()) == [RECALL, PREDICT, CHOICE, CODE, TWO, NUMERIC]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"chapter": "pears"}, [PREDICT, CODE, NUMERIC]),
        ({"level": "senior"}, [TWO, NUMERIC]),
        ({"kind": "choice"}, [CHOICE, TWO]),
        ({"tag": "botany"}, [TWO, PREDICT]),
        ({"count": 2}, [RECALL, PREDICT]),
        ({"only": "due"}, []),
        ({"only": "failed"}, []),
    ],
)
def test_filters_choose(begin, filters, expected):
    assert ids(begin(**filters)) == expected


def test_a_filter_that_nothing_answers_to_is_refused(begin):
    with pytest.raises(BankError):
        begin(chapter="plums")
    with pytest.raises(ValueError, match="expected new, due, failed"):
        begin(only="old")


def test_due_comes_before_new_and_longest_overdue_first(begin, clock):
    for question_kind, days in (("numeric", 0), ("recall", 1)):
        clock.go(days=days)
        session = begin(kind=question_kind)
        session.next()
        session.give_up()
    clock.go(days=1)
    session = begin()
    assert session.next().is_review
    assert ids(session)[:3] == [NUMERIC, RECALL, CHOICE]


def test_what_is_not_due_waits(begin, clock):
    ids(begin(kind="choice"))
    assert ids(begin(kind="choice")) == []
    clock.go(days=1)
    assert ids(begin(kind="choice", only="new")) == []
    assert ids(begin(kind="choice", only="due")) == [CHOICE, TWO]


def test_failed_asks_what_was_last_answered_wrong_due_or_not(ask, begin):
    session = ask("choice")
    session.answer_choice(right(session))
    session.next()
    session.give_up()
    assert ids(begin(only="failed")) == [TWO]


def test_what_was_right_after_a_failure_has_not_failed(ask, begin, clock):
    ask("choice", count=1).give_up()
    assert ids(begin(only="failed")) == [CHOICE]
    clock.go(days=1)
    session = begin(only="due")
    session.next()
    session.answer_choice(right(session))
    assert ids(begin(only="failed")) == []


def test_a_seed_makes_the_order_repeatable(begin, bank, tmp_path):
    orders = set()
    for seed in range(6):
        runs = []
        for run in range(2):
            with History.open(tmp_path / f"{seed}{run}.db") as fresh:
                runs.append(tuple(ids(begin(seed, history=fresh))))
        assert runs[0] == runs[1]
        orders.add(runs[0])
    assert len(orders) > 1


def test_options_are_shuffled_by_seed_and_question(begin):
    shown = {}
    for seed in range(8):
        session = begin(seed, kind="choice", level="senior")
        shown[seed] = [option.text for option in session.next().options]
        session.skip()
        another = begin(seed, kind="choice", level="senior")
        assert [option.text for option in another.next().options] == shown[seed]
        another.skip()
        assert sorted(shown[seed]) == ["Apple", "Banana", "Cherry", "Pear"]
    assert len({tuple(texts) for texts in shown.values()}) > 1


def test_without_a_seed_options_move_from_day_to_day(begin, clock):
    orders = set()
    for _ in range(8):
        card = begin(kind="choice", level="senior").next()
        orders.add(tuple(option.text for option in card.options))
        clock.go(days=1)
    assert len(orders) > 1


def test_cards_are_numbered(begin):
    session = begin(kind="choice")
    assert (session.next().number, session.current.total) == (1, 2)
    session.skip()
    assert (session.next().number, session.current.total) == (2, 2)


def test_next_keeps_an_open_card(begin):
    session = begin()
    assert session.next() is session.next()


def test_an_edited_question_keeps_its_history(begin, clock, tmp_path):
    folder = tmp_path / "bank" / "09_moved"
    folder.mkdir(parents=True)
    text = (HERE / "sample_bank/01_apples" / f"{CHOICE}.md").read_text("utf-8")
    ids(begin(kind="choice"))
    (folder / f"{CHOICE}.md").write_text(text.replace("Red", "Crimson"), "utf-8")
    clock.go(days=1)
    card = begin(bank=Bank.load(tmp_path / "bank")).next()
    assert (card.question.chapter, card.is_review) == ("09_moved", True)


def test_a_question_that_left_the_bank_is_not_asked(begin, history, clock):
    history.append("answer", "gone", {"rating": "again"}, at=clock(), session="old")
    clock.go(days=5)
    session = begin(only="due")
    assert session.next() is None
    assert session.summary().due_tomorrow == []
