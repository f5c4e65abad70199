"""One thread for each process of a run: pytest has one for each core already."""

import os

# TensorFlow brings a SQLite of its own, without full-text search: the first one loaded counts.
import sqlite3  # noqa: F401

from hypothesis import Phase, settings
from turns import DAY, pytest_collection_modifyitems  # noqa: F401

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
# The libraries read them once, when they are imported; the other processes inherit them.
os.environ.update(dict.fromkeys(THREADS, "1"))

# Whoever plants a mutant asks whether an example fails, and not for the smallest.
PHASES = [phase for phase in Phase if "PLANTED" not in os.environ or phase != Phase.shrink]
# A busy machine is no fault of the code.
settings.register_profile("any machine", deadline=None, phases=PHASES)
settings.load_profile("any machine")


def pytest_report_header():
    """Say how to repeat what takes turns."""
    return f"DAY={DAY}" if DAY else None


def pytest_terminal_summary(terminalreporter):
    """Print what tests have measured: their property `measured`, in whatever process they ran."""
    stats = terminalreporter.stats
    lines = [
        f"{report.nodeid.rpartition('::')[2]}: {text}"
        for report in [*stats.get("passed", []), *stats.get("failed", [])]
        for name, text in report.user_properties
        if name == "measured"
    ]
    if lines:
        terminalreporter.section("measured")
        terminalreporter.line("\n".join(lines))
