"""Sessions at once, killed sessions, and what the first question loads."""

import signal
import subprocess
import sys

from quiz.session.asking import CHOICE, HERE, ids, stored

from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session


def test_what_was_answered_elsewhere_meanwhile_is_not_asked(begin, clock):
    ids(begin(kind="choice"))
    clock.go(days=1)
    here, there = begin(kind="choice"), begin(kind="choice")
    here.next()
    there.next()
    there.skip()
    there.next()
    there.give_up()
    here.give_up()
    assert here.next() is None


def test_what_was_undone_elsewhere_is_asked(begin):
    here, there = begin(kind="choice"), begin(kind="choice")
    there.next()
    there.give_up()
    there.undo()
    assert here.next().question.id == CHOICE


def test_two_sessions_at_once_lose_nothing(bank, history, clock):
    with History.open(history.path) as other:
        here = Session(bank, history, Filters(kind="choice"), clock=clock)
        there = Session(bank, other, Filters(kind="choice"), clock=clock)
        here.next()
        there.next()
        answers = {here.give_up().event, there.give_up().event}
        here.next()
        there.next()
        answers |= {there.give_up().event, here.give_up().event}
    assert {event.uid for event in stored(history, "answer")} == answers
    assert len(answers) == 4


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
