"""A program that answers questions until it is killed: `writer.py HISTORY NAME COUNT`."""

import sys
from datetime import UTC, datetime

from dlprep.quiz.history import History

path, name, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with History.open(path) as history:
    for number in range(count):
        data = {"number": number, "rating": "good"}
        history.append("answer", f"{name}-{number}", data, at=datetime.now(UTC), session=name)
        print(number, flush=True)
