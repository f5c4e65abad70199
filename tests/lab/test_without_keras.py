"""What needs NumPy alone runs where Keras cannot be imported; what needs Keras says so."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

EXERCISES = Path(__file__).parents[1] / "quiz" / "exercises"
BLOCKED = """
import json, sys

class Blocker:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.split(".")[0] in ("keras", "tensorflow", "jax", "torch"):
            raise ImportError(f"{name} is not here")

sys.meta_path.insert(0, Blocker)
"""

DEMO = """
import random
import numpy as np
from dlprep.lab import data
from dlprep.reference.activations import relu

def draw(scale):
    return scale * (np.random.normal() + random.random())

def run(lab):
    one, two = lab.contrast(draw, control={"scale": 1.0}, treatment={"scale": 2.0})
    x, _ = data.houses(lab.rng)
    lab.claim("twice as much", abs(two - 2 * one) < 1e-9, two - 2 * one, "< 1e-9")
    lab.value("drawn", one)
    lab.value("mean", np.float32(x.mean()))
    lab.heatmap("rows", relu(x[:2])[0])
"""


@pytest.fixture
def run(tmp_path):
    """Run lines in an interpreter without Keras; return what they print, read as JSON."""

    def run(lines, **files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        source = BLOCKED + textwrap.dedent(lines)
        done = subprocess.run(
            [sys.executable, "-c", source], capture_output=True, text=True, cwd=tmp_path
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


RUN = """
    from dlprep.lab.run import demo
    reports = [demo("demo.py", "q", seed=seed, aa=aa) for seed, aa in ((3, 0), (3, 0), (3, 1))]
    print(json.dumps([reports, sorted(sys.modules)]))
"""


def test_a_demonstration_with_numpy_runs(run):
    (one, two, aa), modules = run(RUN, demo=DEMO)
    assert [claim["holds"] for claim in one["claims"] + aa["claims"]] == [True, False]
    assert set(one["versions"]) == {"python", "dlprep", "numpy", "scikit-learn"}
    assert one["device"] == "CPU"
    for report in (one, two):
        del report["seconds"], report["cpu"]
    assert one == two
    assert not {"keras", "tensorflow", "sklearn"}.intersection(modules)


def test_chance_is_that_of_a_run_with_keras(run, tmp_path):
    from dlprep.lab.run import demo

    (without, *_), _ = run(RUN, demo=DEMO)
    assert demo(tmp_path / "demo.py", "q", seed=3)["values"] == without["values"]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import keras\ndef run(lab):\n    pass\n", 1),
        ("def run(lab):\n    from dlprep import layers\n", 2),
        ("def run(lab):\n    import tensorflow.nn\n", 2),
    ],
)
def test_a_demonstration_with_keras_says_what_it_needs(run, source, line):
    told = run(
        """
        from dlprep.lab.run import DemoError, demo
        try:
            demo("demo.py", "q")
        except DemoError as error:
            print(json.dumps(str(error)))
        """,
        demo=source,
    )
    expected = f"demo.py:{line}: needs Keras, which cannot be imported here"
    assert told.startswith(expected) and "python -m pip install dlprep" in told


def test_an_exercise_with_numpy_is_graded(run):
    results = run(f"""
        from dlprep.quiz.exercise import grade
        names = (None, "right_by_logarithms", "wrong_axis", "wrong_sum")
        path = {str(EXERCISES / "softmax_exercise.py")!r}
        print(json.dumps([grade(path, name=name) for name in names]))
    """)
    assert [result["passed"] for result in results] == [True, True, False, False]
    assert [result["error"] for result in results] == [None] * 4


def test_an_exercise_with_keras_says_what_it_needs(run):
    told = run(f"""
        from dlprep.quiz.exercise import grade
        print(json.dumps(grade({str(EXERCISES / "scale_exercise.py")!r})))
    """)
    assert "needs Keras, which cannot be imported here" in told["error"]
    assert "dispute" not in told["error"]
