"""Answers one sample question and then waits to be killed: `answering.py HISTORY`."""

import sys
import time
from pathlib import Path

from dlprep.quiz.bank import Bank
from dlprep.quiz.history import History
from dlprep.quiz.session import Filters, Session

bank = Bank.load(Path(__file__).with_name("sample_bank"))
session = Session(bank, History.open(sys.argv[1]), Filters(kind="choice"))
session.next()
feedback = session.answer_choice([0])
session.next()
session.hint()
print(feedback.card.question.id, flush=True)
time.sleep(600)
