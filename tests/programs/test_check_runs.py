"""The linter runs what it has read: claims, A/A runs, keys, exercises."""

import pytest

from dlprep.lab.worker import Worker

RANGE = '6 <= ratio <= 15, ratio, "6 to 15")'
RATIO = "ratio = single / large"

DEMO = [
    # kind, file, old text, new text, what the message says, where
    ("recall", "demo", RANGE, 'ratio < 8, ratio, "< 8")', "fails on seed 0 (measured 9.79",
     ".py:10"),
    ("recall", "demo", f'"100 examples give a tenth of the noise", {RANGE}',
     'str(lab), ratio > 20, ratio, "> 20")', "fails on seed 0", ".py:4"),
    ("recall", "demo", RANGE, 'large < 0.2, large, "< 0.2")', None, None),
    ("recall", "demo", RANGE, 'ratio > 0, ratio, "> 0.5")', "holds in the A/A run too", ".py:10"),
    ("recall", "demo", RANGE, '1 / lab.seed > 8, ratio, "> 8")', "run on seed 0: ", ".py:10"),
    ("predict", "md", "Far away: it", "Far: it", "the experiment answers 'Far away:", ".md:27"),
    ("numeric", "demo", "lab.answer(full)", "lab.answer('210')", "one finite number", ".py:1"),
    ("numeric", "demo", "lab.answer(full)", "lab.answer(True)", "one finite number", ".py:1"),
    ("numeric", "demo", "lab.answer(full)", "lab.answer(1e999)", "one finite number", ".py:1"),
    ("code", "exercise", "    large = np.array", "    return\n    large = np.array",
     "wrong_overflow on seed 0 passes the check: add the property", "_exercise.py:31"),
    ("code", "exercise", "scores.max(axis=-1, keepdims=True)", "0",
     "softmax on seed 0 fails the check (large scores are fine)", "_exercise.py:6"),
    ("code", "exercise", "np.logaddexp.reduce", "np.nowhere", "right_logarithm on seed 0 fails",
     "_exercise.py:40"),
]  # fmt: skip


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


@pytest.mark.parametrize("kind", ["recall", "choice", "numeric", "predict", "code"])
def test_a_new_question_proves_itself(folder, worker, kind):
    folder.add(kind=kind)
    assert folder.faults(run_demos=True, worker=worker, seeds=(0, 1, 2)) == []


@pytest.mark.parametrize(("kind", "part", "old", "new", "said", "place"), DEMO)
def test_what_a_run_disproves_is_named(folder, worker, kind, part, old, new, said, place):
    folder.add(kind=kind)
    folder.edit(part, old, new)
    found = folder.faults(run_demos=True, worker=worker)
    assert len(found) == (said is not None), found
    for fault in found:
        assert fault.startswith(f"04_optimizers/good-one{place}: ")
        assert said in fault


def test_claims_are_tried_on_every_seed(folder, worker):
    folder.add(kind="recall")
    folder.edit("demo", RATIO, f"{RATIO} * (3 if lab.seed == 2 else 1)")
    assert folder.faults(run_demos=True, worker=worker) == []
    (found,) = folder.faults(run_demos=True, worker=worker, seeds=(0, 1, 2))
    assert "fails on seed 2" in found


def test_the_margin_is_that_of_the_worst_seed(folder, worker):
    folder.add(kind="recall")
    folder.edit("demo", RATIO, f"{RATIO} * (1.5 if lab.seed == 2 else 1)")
    assert folder.faults(run_demos=True, worker=worker) == []
    told = []
    (found,) = folder.faults(run_demos=True, worker=worker, seeds=(0, 1, 2, 3),
                             tell=lambda *line: told.append(line))  # fmt: skip
    assert found.startswith("04_optimizers/good-one.py:10: the claim")
    assert "has a margin of 1.0" in found and "on seed 2," in found
    ((kind, line),) = told
    assert kind == "margin" and line.endswith("under 1.3")


def test_some_questions_alone(folder, worker):
    folder.add("04_optimizers/one", "recall")
    folder.add("04_optimizers/two", "recall")
    for slug in ("one", "two"):
        folder.edit("md", "minutes: 2", "minutes: 0", slug)
        folder.edit("demo", RATIO, "ratio = 1.0", slug)
    folder.write("notes.txt")
    (found,) = folder.faults(only={"two"})
    assert found.startswith("04_optimizers/two.md:12: ")
    folder.edit("md", "minutes: 0", "minutes: 2", "two")
    (found,) = folder.faults(run_demos=True, worker=worker, only={"two"})
    assert found.startswith("04_optimizers/two.py:10: ")


def test_a_key_that_depends_on_the_seed_is_named(folder, worker):
    folder.add(kind="numeric")
    folder.edit("demo", "lab.answer(full)", "lab.answer(full + lab.seed)")
    (found,) = folder.faults(run_demos=True, worker=worker, seeds=(0, 1))
    assert "the answer depends on the seed (210, 211)" in found


def test_what_does_not_parse_is_not_run(folder, worker):
    folder.add(kind="recall")
    folder.edit("demo", "def run(lab):", "def run(lab:")
    assert len(folder.faults(run_demos=True, worker=worker)) == 1


def test_progress_names_the_question(folder, worker):
    folder.add("01_a/one", "recall")
    folder.add("01_a/two", "predict")
    seen = []
    folder.faults(run_demos=True, worker=worker, emit=lambda *event: seen.append(event))
    assert seen == [
        (f"{slug}, {run} on seed 0", done, 2)
        for done, slug in enumerate(("one", "two"))
        for run in ("run", "A/A run")
    ]


def test_a_worker_is_started_where_none_is_given(folder):
    folder.add(kind="recall")
    assert folder.faults(run_demos=True) == []


def test_numbers_that_nothing_measures_are_told(folder, worker):
    folder.add(kind="recall")
    folder.edit("md", "a tenth of the noise", "0.1 of the noise, 7777 times")
    told = []
    assert folder.faults(run_demos=True, worker=worker, tell=lambda *line: told.append(line)) == []
    assert ("note", f"{folder.file('md')}: nothing measured is within a factor of 1.5 of: answer"
            " 0.1, 7777 (no matter for constants)") in told  # fmt: skip


DRAWN = """
def run(lab):
    def area(side):
        return side**2 * (1 + 0.001 * lab.rng.random())

    width = lab.draw["width"]
    unit, whole = lab.contrast(area, control={"side": 1}, treatment={"side": width})
    lab.claim("as many units as the square of the width", 0.7 < whole / unit / width**2 < 1.4,
              whole / unit / width**2, "0.7 to 1.4")
    lab.answer(width**2)
"""


@pytest.fixture
def drawing(folder):
    """A question whose number is drawn."""
    folder.add(kind="numeric")
    folder.edit("md", "minutes", "draw: {width: [3, 5, 7]}\nminutes")
    folder.edit("md", "The layer", "A width of {width}. The layer")
    folder.edit("md", "[layers.Dense]", "[]")
    folder.file("demo").write_text(f'"""Count the units of a square."""\n\n{DRAWN}')
    return folder


def test_every_drawn_combination_is_run(drawing, worker):
    seen = []
    settings = {"run_demos": True, "worker": worker, "seeds": (0, 1)}
    found = drawing.faults(**settings, emit=lambda label, *_: seen.append(label))
    assert found == []
    assert sum("width 3" in label for label in seen) == 3  # two seeds and the A/A run
    assert [sum(f"width {n}" in label for label in seen) for n in (5, 7)] == [2, 2]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lab.answer(width**2)", "lab.answer(9)", "every combination drawn has the same answer"),
        ("lab.answer(width**2)", "lab.answer(width + lab.seed)", "depends on the seed (3, 4)"),
        ("width = lab.draw", "1 / (lab.draw['width'] - 7)\n    width = lab.draw",
         "run on seed 0, width 7: the demonstration stopped"),
        ("0.7 < whole", "width < 6 and 0.7 < whole", "says on seed 0 that it fails"),
        ('lab.draw["width"]', "3 + 2 * (lab.seed % 2)",
         'the question draws width: read lab.draw["width"]'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_one_combination_is_named(drawing, worker, old, new, said):
    drawing.edit("demo", old, new)
    found = drawing.faults(run_demos=True, worker=worker, seeds=(0, 1))
    assert any(said in fault for fault in found), found


def test_an_answer_that_is_no_number_is_named_once(drawing, worker):
    drawing.edit("demo", "lab.answer(width**2)", "lab.answer(str(width))")
    (found,) = drawing.faults(run_demos=True, worker=worker)
    assert "lab.answer got '3': hand it one finite number" in found


def test_the_prompt_shows_what_is_drawn(drawing, worker):
    drawing.edit("md", "A width of {width}. ", "")
    (found,) = drawing.faults(run_demos=True, worker=worker)
    assert "draws width, but the prompt does not show {width}" in found
