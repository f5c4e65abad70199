"""The linter on folders, files and the programs beside a question, which it does not run."""

import os
import time

import pytest

DEMO = [
    # kind, old text, new text, what the message says, the line it names
    ("choice", "lab.claim", "lab.claim(", "not Python: '(' was never closed", 20),
    ("choice", '"""Compare', "'Compare", "not Python: unterminated string", 1),
    ("recall", '"""Average noisy gradients over batches of both sizes and compare how much the '
     'means still vary."""\n', "", "no docstring", 1),
    ("choice", "def run(lab)", "def main(lab)", "no run: write `def run(lab):`", 1),
    ("choice", "def run(lab)", "async def run(lab)", "no run: write `def run(lab):`", 1),
    ("choice", "def run(lab)", "def run(lab, seed)", "run takes the lab alone", 6),
    ("recall", "lab.claim(", "repr(", "no claim: prove the answer", 4),
    ("choice", "lab.contrast(", "compare(", "no contrast: compare by lab.contrast", 6),
    ("numeric", "    lab.answer(full)\n", "", "no answer: hand the number", 12),
    ("numeric", "full == 210, full", "21 > 2 * 10, full", "a claim about constants, which no run",
     14),
    ("numeric", "full == 210, full", "True, full", "can refute: compare what was measured", 14),
    ("recall", "lab.bars(", "print(", "prints: hand numbers to lab.value", 11),
    ("recall", "lab.bars(", "open(", "opens a file", 11),
    ("recall", "lab.bars(", "eval(", "runs code in a string", 11),
    ("recall", "lab.bars(", "path.read_text(", "opens a file", 11),
    ("recall", "lab.bars(", "keras.utils.get_file(", "get_file downloads", 11),
    ("recall", "lab.bars(", "fetch_openml(", "fetch_openml downloads", 11),
    ("recall", "lab.bars(", "np.random.default_rng(), (", "a generator without a seed", 11),
    ("choice", "import numpy as np", "import numpy as np\nimport pandas", "imports pandas", 4),
    ("choice", "import numpy as np", "import numpy as np\nimport requests", "imports requests", 4),
    ("choice", "import numpy as np", "import numpy as np\nfrom . import x", "imports .", 4),
    ("choice", "import numpy as np", "import numpy as np\nimport urllib.request", "urllib", 4),
]  # fmt: skip

EXERCISE = [
    ("def softmax", "def _softmax", "no solution", 19),
    ('"""Turn scores into probabilities along the last axis.', '"""\n    """', "not Python", None),
    ("def check(candidate, lab)", "def check(lab)", "check takes candidate and lab", 19),
    ("def check", "def grade", "no check: write `def check(candidate, lab):`", 1),
    ("def wrong_axis", "def axis", "1 definition named wrong_…: write at least 2", 1),
    ("def right_", "def other_", "0 definitions named right_…: write at least 1", 1),
    ("import numpy as np", "import numpy as np\nimport pandas", "imports pandas", 4),
    ("    powers = np.exp(scores)\n", "    print(scores)\n", "prints", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new", "said", "line"), DEMO)
def test_a_demonstration_is_read(folder, kind, old, new, said, line):
    folder.add(kind=kind)
    folder.edit("demo", old, new)
    (found,) = folder.faults()
    assert found.startswith(f"04_optimizers/good-one.py:{line}: ")
    assert said in found


@pytest.mark.parametrize(("old", "new", "said", "line"), EXERCISE)
def test_an_exercise_is_read(folder, old, new, said, line):
    folder.add(kind="code")
    folder.edit("exercise", old, new)
    (found,) = folder.faults()
    assert found.startswith(f"04_optimizers/good-one_exercise.py:{line or ''}")
    assert said in found


def test_the_solution_has_a_docstring(folder):
    folder.add(kind="code")
    path = folder.file("exercise")
    head, _, rest = path.read_text("utf-8").partition('    """Turn')
    path.write_text(head + rest.partition('"""\n')[2], "utf-8")
    (found,) = folder.faults()
    assert "softmax has no docstring" in found


@pytest.mark.parametrize("content", [b"\xff", b"x = 1\n\x00", b"(" * 5000, b"x = " + b"-" * 90_000])
def test_a_program_that_cannot_be_read_is_a_message(folder, content):
    path = folder.add().with_suffix(".py")
    path.write_bytes(content)
    (found,) = folder.faults()
    assert found.startswith("04_optimizers/good-one.py:")


def test_a_program_that_is_nested_too_deeply_says_so(folder):
    folder.add().with_suffix(".py").write_bytes(b"x = " + b"-" * 60_000 + b"1")
    (found,) = folder.faults()
    assert "not Python that can be read: it is nested too deeply; write it more simply" in found


def test_an_encoding_that_python_does_not_know_is_found_without_a_run(folder):
    path = folder.add().with_suffix(".py")
    path.write_bytes(b"# coding: nonsense\n" + path.read_bytes())
    (found,) = folder.faults()
    assert found.startswith("04_optimizers/good-one.py:1: not Python: ")
    assert "nonsense" in found


ODD_FILES = {
    "loop.py": (lambda path: path.symlink_to(path), "Too many levels"),
    "loop_exercise.py": (lambda path: path.symlink_to(path), "an exercise for a question of kind"),
    "loop.md": (lambda path: path.symlink_to(path), "Too many levels"),
    "pipe.py": (os.mkfifo, "not a text file"),
    f"{'a' * 250}.md": (lambda path: path.write_bytes(b"---\nkind: code\n---\n"), "rename it"),
    "new\nline.txt": (lambda path: path.touch(), "stray file"),
}


@pytest.mark.parametrize("name", ODD_FILES, ids=lambda name: name[:20])
def test_an_odd_file_is_a_line_and_the_rest_is_still_checked(folder, name):
    make, said = ODD_FILES[name]
    folder.add("04_optimizers/zero")
    folder.edit("md", "## Key points", "## Key", "zero")
    stem, suffix = os.path.splitext(name)
    if suffix == ".py":
        folder.add(f"04_optimizers/{stem.removesuffix('_exercise')}")
    path = folder.path / "04_optimizers" / name
    path.unlink(missing_ok=True)
    make(path)
    found = folder.faults()
    shown = name.replace("\n", "\ufffd")
    assert any(one.startswith(f"04_optimizers/{shown}:1: ") and said in one for one in found), found
    assert any("zero.md" in one and "## Key" in one for one in found)
    assert not any("\n" in one or "write it beside" in one for one in found)


def test_a_question_that_is_too_large_is_refused_at_once(folder):
    path = folder.add()
    path.write_bytes(path.read_bytes() + b"[*`$" * 200_000)
    begun = time.process_time()
    (found,) = folder.faults()
    assert "larger than 64,000 bytes" in found
    assert time.process_time() - begun < 1


def test_a_demonstration_may_document_run_instead(folder):
    folder.add(kind="recall")
    folder.edit("demo", '"""Average', 'X = """Average')
    folder.edit("demo", "def run(lab):", 'def run(lab):\n    """Average them."""')
    assert folder.faults() == []


def test_missing_and_stray_programs_are_named(folder):
    folder.add("04_optimizers/one", "code")
    folder.add("04_optimizers/two", "choice")
    folder.file("demo", "one").unlink()
    folder.file("exercise", "one").rename(folder.file("exercise", "two"))
    assert folder.faults() == [
        "04_optimizers/one.md:1: no demonstration: write one.py beside it",
        "04_optimizers/one.md:1: no exercise: write one_exercise.py beside it",
        "04_optimizers/two_exercise.py:1: an exercise for a question of kind choice: delete it",
    ]


def test_of_a_kind_that_is_not_known_an_exercise_may_be_there(folder):
    folder.add(kind="code")
    folder.edit("md", "kind: code", "kind: essay")
    (found,) = folder.faults()
    assert "kind: 'essay' is not known" in found


STRAYS = [
    ("notes.txt", "notes.txt", "a stray file: a bank holds chapters"),
    ("04_optimizers/plot.png", "04_optimizers/plot.png", "a stray file: a chapter holds"),
    ("04_optimizers/old.py", "04_optimizers/old.py", "there is no old.md beside it"),
    ("04_optimizers/old_exercise.py", "04_optimizers/old_exercise.py", "there is no old.md"),
    ("04_optimizers/deep/a.md", "04_optimizers/deep", "a folder inside a chapter"),
    ("drafts/notes.tmp", "drafts", "not a chapter's name: rename it NN_name"),
    ("4_optimizers/x.tmp", "4_optimizers", "not a chapter's name"),
    ("04_Optimizers_2/x.tmp", "04_Optimizers_2", "not a chapter's name"),
    ("04_other/x.tmp", "04_other", "number 04 is that of 04_optimizers too"),
]


@pytest.mark.parametrize(("name", "place", "said"), STRAYS)
def test_what_has_no_place_in_a_bank_is_named(folder, name, place, said):
    folder.add()
    folder.write(name, "x")
    found = [fault for fault in folder.faults() if not fault.split(":")[0].endswith(".tmp")]
    assert [fault.startswith(f"{place}:1: ") and said in fault for fault in found] == [True]


def test_caches_and_hidden_files_are_left_alone(folder):
    folder.add()
    for name in (".DS_Store", "04_optimizers/__pycache__/a.pyc", "04_optimizers/.good-one.md.swp"):
        folder.write(name)
    assert folder.faults() == []


def test_an_id_twice_is_one_message(folder):
    folder.add("04_optimizers/one")
    first = folder.file("md", "one")
    folder.write("05_losses/one.md", first.read_bytes())
    folder.write("05_losses/one.py", first.with_suffix(".py").read_bytes())
    (found,) = folder.faults()
    assert found.startswith(
        "05_losses/one.md:1: the id one is already that of 04_optimizers/one.md"
    )


def test_a_broken_question_is_named_once(folder):
    folder.add()
    folder.write("04_optimizers/bad.md", b"---\ntitle: \xff\n---\n")
    assert [fault.split(": ")[0] for fault in folder.faults()] == ["04_optimizers/bad.md:2"]


def test_a_bank_that_is_not_there_is_one_message(tmp_path, folder):
    folder.path = tmp_path / "nowhere"
    assert len(folder.faults()) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: b"\xef\xbb\xbf" + raw, ":1: begins with a byte order mark"),
        (lambda raw: raw.replace(b"minutes: 2\n", b"minutes: 2\r\n"), ":13: Windows line ends"),
    ],
)
def test_bytes_an_editor_should_not_write(folder, change, said):
    path = folder.add()
    path.write_bytes(change(path.read_bytes()))
    (found,) = folder.faults()
    assert said in found


def test_ids_of_the_history_that_are_gone_are_listed(folder):
    folder.add()
    assert folder.faults(known_ids={"good-one"}) == []
    assert folder.faults(known_ids={"good-on", "xyz"}) == [
        f"{folder.path}:1: the history has answers to {text}"
        for text in (
            "good-on, which is gone: was it renamed to good-one? give it its old name back",
            "xyz, which is gone: give it its old name back",
        )
    ]
