"""What takes long in CI takes turns: some of its cases on every day, each within a few days.

Without `DAY` all run; `DAY=2026-12-01 pytest …` repeats those of a day.
"""

import datetime
import os
import zlib
from collections import Counter

DAY = os.environ.get("DAY", "")


def turn(parts, day=DAY):
    """Return which of that many parts has its turn."""
    return datetime.date.fromisoformat(day).toordinal() % parts


def pytest_collection_modifyitems(config, items):
    """Leave out what has no turn: of the cases with the mark `turns(n)` all but one in n.

    `PARTS` stands for such a mark at every test.
    """
    if not DAY:
        return
    every, seen, kept, left_out = int(os.environ.get("PARTS", 1)), Counter(), [], []
    for item in items:
        function = item.nodeid.partition("[")[0]
        mark = item.get_closest_marker("turns")
        parts = every * (mark.args[0] if mark else 1)
        # Every function begins elsewhere, so that one without cases has its day too.
        place = zlib.crc32(function.encode()) + seen[function]
        (kept if place % parts == turn(parts) else left_out).append(item)
        seen[function] += 1
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
