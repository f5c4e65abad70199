"""Keras's own unit tests, which its wheel ships, pass on our components."""

import importlib
import importlib.util
import inspect
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import keras
import pytest

HERE = Path(__file__).parent
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
EXCEPTIONS = {
    pattern.strip(): reason
    for pattern, _, reason in (
        line.partition("  # ")
        for line in (HERE / "keras_own" / "exceptions.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    )
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


def run(family, files, report):
    """Run Keras's tests in a process of their own, with our objects in the family's place."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "substitute", "--family", family]
    command += ["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(files[0].anchor)]
    environment = {**os.environ, "PYTHONPATH": str(HERE / "keras_own"), "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run(
        [*command, f"--junit-xml={report}", *map(str, files)],
        env=environment,
        cwd=report.parent,
        capture_output=True,
        timeout=1500,
    )
    return [
        (f"{case.get('classname').rpartition('.')[2]}.{case.get('name')}", case)
        for case in ElementTree.parse(report).iter("testcase")
    ]


def excused(name):
    return any(re.search(pattern, name) for pattern in EXCEPTIONS)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("family", FAMILIES)
def test_keras_tests_pass(family, tmp_path, capsys):
    if importlib.util.find_spec(f"dlprep.{family}") is None:
        pytest.skip("no such family yet")
    files = keras_files(family)
    cases = run(family, files, tmp_path / "report.xml")
    passed, failed = Counter(), []
    for name, case in cases:
        if case.find("failure") is not None or case.find("error") is not None:
            failed += [] if excused(name) else [name]
        elif case.find("skipped") is None:
            passed[name.partition(".")[0]] += 1
    with capsys.disabled():
        print(f"\n{family}: {passed.total()} of Keras {keras.__version__}'s tests pass")
        print("  " + ", ".join(f"{name} {count}" for name, count in sorted(passed.items())))
    assert failed == []
    assert passed
