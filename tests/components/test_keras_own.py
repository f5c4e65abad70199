"""Keras's own unit tests, which its wheel ships, pass on our components."""

import importlib
import inspect
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import keras
import pytest
from mutants.table import ROOT, Mutant

HERE = Path(__file__).parent
EVERYWHERE = ROOT / "tests" / "mutants" / "everywhere"
FAMILIES = (
    "activations",
    "callbacks",
    "constraints",
    "initializers",
    "layers",
    "losses",
    "metrics",
    "optimizers",
    "optimizers.schedules",
    "regularizers",
)
# Family -> {pattern of a whole id: reason}
EXCEPTIONS = {family: {} for family in FAMILIES}
for line in (HERE / "keras_own" / "exceptions.txt").read_text("utf-8").splitlines():
    if not line.startswith("#"):
        family, pattern, reason = re.split("  (?:# )?", line, maxsplit=2)
        EXCEPTIONS[family][pattern] = reason
# No test of Keras makes one by itself.
UNUSED = {
    "initializers": {"GlorotUniform", "HeNormal", "HeUniform", "LecunUniform", "TruncatedNormal"}
}
# A fault in a file that a family's tests have to notice: that they run on our code.
FAULTS = {
    "activations": Mutant("dlprep/activations/rectifier.py", "ops.relu6", "ops.relu", "", "relu6"),
    "losses": Mutant(
        "dlprep/losses/regression.py", "ops.mean", "ops.sum", "", "mean_squared_error"
    ),
}


def keras_files(family):
    """Return the test files beside the source of each Keras object that we replace."""
    ours = importlib.import_module(f"dlprep.{family}")
    originals = importlib.import_module(f"keras.{family}")
    files = set()
    for name in ours.__all__:
        original = getattr(originals, name, None)
        if original is None or not callable(original):
            continue
        source = Path(inspect.getsourcefile(original))
        files.add(source.with_name(f"{source.stem}_test.py"))
        # Tests of a whole folder, such as conv_test.py, belong to no single source.
        files.update(
            path
            for path in source.parent.glob("*_test.py")
            if not path.with_name(path.name.replace("_test", "")).exists()
            and re.search(rf"\b{name}\b", path.read_text("utf-8"))
        )
    return sorted(file for file in files if file.exists())


def run(family, files, report, **variables):
    """Run Keras's tests in a process of their own, with our objects in the family's place."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "substitute", "--family", family]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(files[0].anchor)]
    paths = (
        HERE / "keras_own",
        EVERYWHERE,
        ROOT,
        *os.environ.get("PYTHONPATH", "").split(os.pathsep),
    )
    variables["PYTHONPATH"] = os.pathsep.join(map(str, filter(None, paths)))
    done = subprocess.run(
        [*command, f"--junit-xml={report}", *map(str, files)],
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **variables},
        cwd=report.parent,
        capture_output=True,
        text=True,
        timeout=1500,
    )
    assert report.exists(), done.stdout + done.stderr
    root = ElementTree.parse(report)
    made = [json.loads(p.get("value")) for p in root.iter("property") if p.get("name") == "made"]
    results = {"passed": [], "failed": [], "skipped": []}
    for case in root.iter("testcase"):
        name = f"{case.get('classname').rpartition('.')[2]}.{case.get('name')}"
        kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
        kind = "passed" if not kinds else "skipped" if kinds == {"skipped"} else "failed"
        results[kind].append(name)
    return results, made[0]


def excused(family, name):
    return [pattern for pattern in EXCEPTIONS[family] if re.fullmatch(pattern, name)]


def replaced(family):
    """Return the names of our classes that stand for one of Keras's."""
    ours, theirs = (importlib.import_module(f"{root}.{family}") for root in ("dlprep", "keras"))
    shared = {name: getattr(ours, name) for name in ours.__all__ if hasattr(theirs, name)}
    return {value.__name__ for value in shared.values() if isinstance(value, type)}


@pytest.mark.slow
@pytest.mark.turns(3)
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("family", FAMILIES)
def test_keras_tests_pass(family, tmp_path, record_property):
    results, made = run(family, keras_files(family), tmp_path / "report.xml")
    passed, failed = results["passed"], results["failed"]
    record_property("measured", f"{len(passed)} of Keras {keras.__version__}'s tests pass")
    assert passed
    assert [name for name in failed if not excused(family, name)] == []
    # An exception that excuses nothing goes.
    assert {pattern for name in failed for pattern in excused(family, name)} == {
        *EXCEPTIONS[family]
    }
    assert replaced(family) - made.keys() == UNUSED.get(family, set())


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("family", FAULTS)
def test_keras_tests_see_a_fault_of_ours(family, tmp_path):
    fault = FAULTS[family]
    planted = {"name": fault.module, "path": str(ROOT / fault.file), "text": fault.planted()}
    results, _ = run(
        family, keras_files(family), tmp_path / "report.xml", PLANTED=json.dumps(planted)
    )
    assert [name for name in results["failed"] if not excused(family, name)]
