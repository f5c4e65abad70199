"""Sessions at once, killed sessions, and what the first question loads."""

import signal
import subprocess
import sys

from quiz.session.asking import CHOICE, HERE, TWO, ids, stored

from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session


def test_what_was_answered_elsewhere_meanwhile_is_not_asked(begin, clock):
    ids(begin(kind="choice"))
    clock.go(days=1)
    here, there = begin(kind="choice"), begin(kind="choice")
    here.next()
    there.next()
    there.give_up()
    here.give_up()
    assert [here.next().again, there.next().again] == [True, True]


def test_what_was_undone_elsewhere_is_asked(begin):
    here, there = begin(kind="choice"), begin(kind="choice")
    there.next()
    there.give_up()
    there.undo()
    there.skip()
    assert here.next().question.id == CHOICE


def test_what_is_on_screen_elsewhere_is_not_asked_until_it_is_skipped_there(begin):
    here, there = begin(kind="choice"), begin(kind="choice")
    assert here.next().question.id == CHOICE
    assert there.next().question.id == TWO
    there.give_up()
    there.rate("good")
    assert there.next() is None, "what is left is on screen here"
    assert there.summary().left == 1
    here.skip()
    assert here.next() is None
    assert there.next().question.id == CHOICE


def test_a_question_answered_elsewhere_without_a_rating_is_not_asked(begin):
    here, there = begin(kind="recall"), begin(kind="recall")
    there.next()
    there.answer_recall(None)
    assert here.next() is None


def test_an_undo_takes_its_question_back_from_other_sessions(begin):
    here, there = begin(kind="choice", count=1), begin(kind="choice", count=1)
    here.next()
    here.give_up()
    here.undo()
    assert there.next() is None


def test_a_killed_session_does_not_keep_its_question(begin, history):
    command = [sys.executable, str(HERE / "answering.py"), str(history.path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        killed.stdout.readline()
        meanwhile = begin(kind="choice", level="senior").next()
        killed.send_signal(signal.SIGKILL)
    assert meanwhile is None
    assert begin(kind="choice", level="senior").next().question.id == TWO


def test_a_claim_leaves_nothing_behind(begin, history):
    session = begin(kind="choice")
    session.next()
    assert len(list(history.path.parent.glob("*.asking"))) == 1
    ids(session)
    assert list(history.path.parent.glob("*.asking")) == []


def test_two_sessions_at_once_lose_nothing(bank, history, clock):
    with History.open(history.path) as other:
        here = Session(bank, history, Filters(kind="choice"), clock=clock)
        there = Session(bank, other, Filters(kind="choice"), clock=clock)
        asked = [here.next().question.id, there.next().question.id]
        answers = {here.give_up().event, there.give_up().event}
        assert here.next().again and there.next().again
        answers |= {there.give_up().event, here.give_up().event}
    assert {event.uid for event in stored(history, "answer")} == answers
    assert (len(answers), asked) == (4, [CHOICE, TWO])


def test_a_kill_loses_at_most_the_question_on_screen(begin, history, tmp_path):
    path = tmp_path / "killed.db"
    command = [sys.executable, str(HERE / "answering.py"), str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as killed:
        answered = killed.stdout.readline().strip()
        killed.send_signal(signal.SIGKILL)
    with History.open(path) as history:
        (event,) = history.events()
        assert (event.kind, event.question) == ("answer", answered)
        assert answered not in ids(begin(history=history, kind="choice", only="new"))


def test_a_first_question_needs_neither_scheduler_nor_keras(tmp_path):
    code = (
        "import sys; from dlprep.quiz.bank import Bank; from dlprep.quiz.history import History;"
        "from dlprep.quiz.session import Session; import dlprep.quiz.exercise;"
        "bank, history = Bank.load(sys.argv[1]), History.open(sys.argv[2]);"
        "assert Session(bank, history).next();"
        "print(*{'fsrs', 'keras', 'numpy', 'rich', 'tensorflow'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(HERE / "sample_bank"), str(tmp_path / "h.db")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
