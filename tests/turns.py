"""What takes long in CI takes turns: some of its cases on every day, each within a few days.

Without `DAY` all run; `DAY=2026-12-01 pytest …` repeats those of a day.
"""

import datetime
import os
import zlib

DAY = os.environ.get("DAY", "")


def turn(parts, day=DAY):
    """Return which of that many parts has its turn."""
    return datetime.date.fromisoformat(day).toordinal() % parts


def has_its_turn(name, parts, day=DAY):
    """Say whether the case of that name runs, if one in `parts` does."""
    return not day or zlib.crc32(name.encode()) % parts == turn(parts, day)


def pytest_collection_modifyitems(config, items):
    """Leave out what has no turn: of a case with the mark `turns(n)` one in n; of all, `PARTS`."""
    parts = int(os.environ.get("PARTS", 1))
    kept, left_out = [], []
    for item in items:
        mark = item.get_closest_marker("turns")
        runs = has_its_turn(item.nodeid, parts * (mark.args[0] if mark else 1))
        (kept if runs else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept
