"""The user's file begins as the stub, and nothing that was in it is lost, whenever that dies."""

import ast
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dlprep.quiz import draft
from dlprep.quiz.bank import Bank
from dlprep.quiz.stub import stub

HERE = Path(__file__).parent
SOFTMAX = HERE / "exercises" / "softmax_exercise.py"
DAY = 1_799_060_400
"""Noon of 4 January 2027 in Greenwich."""


@pytest.fixture
def question():
    found = Bank.load(HERE / "session" / "sample_bank")["slice-a-pear"]
    return replace(found, id="softmax", path=SOFTMAX.with_name("softmax.md"))


def write(path, text):
    path.write_text(text, "utf-8")
    os.utime(path, (DAY, DAY))


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_begins_as_the_stub(question, tmp_path):
    folder = tmp_path / "new" / "folder"
    assert draft.begin(question, folder) is None
    assert names(folder) == ["softmax.py"]
    text = draft.place(question, folder).read_text("utf-8")
    assert text.startswith('"""Write a function that cuts a pear."""\n\nimport numpy')
    assert text.endswith(stub(SOFTMAX))


def test_what_was_in_it_is_kept_beside_it_with_its_day(question, tmp_path):
    draft.begin(question, tmp_path)
    path = draft.place(question, tmp_path)
    fresh = path.read_bytes()
    write(path, "my work")
    kept = draft.begin(question, tmp_path)
    assert kept == tmp_path / "softmax.2027-01-04.py" and kept.read_text() == "my work"
    assert path.read_bytes() == fresh
    write(path, "other work")
    assert draft.begin(question, tmp_path).name == "softmax.2027-01-04.2.py"
    assert kept.read_text() == "my work"


def test_nothing_is_kept_twice_nor_a_stub(question, tmp_path):
    draft.begin(question, tmp_path)
    assert draft.begin(question, tmp_path) is None
    for _ in range(2):
        write(draft.place(question, tmp_path), "my work")
        assert draft.begin(question, tmp_path).name == "softmax.2027-01-04.py"
    assert names(tmp_path) == ["softmax.2027-01-04.py", "softmax.py"]


DYING = """
import os, sys
from dataclasses import replace
from pathlib import Path
from dlprep.quiz import draft
from dlprep.quiz.bank import Bank
question = Bank.load(sys.argv[1])["slice-a-pear"]
question = replace(question, id="softmax", path=Path(sys.argv[2]).with_name("softmax.md"))
draft.begin(question, sys.argv[3])
path = draft.place(question, sys.argv[3])
fresh = path.read_bytes()

def run(deaths):
    left = deaths
    def hook(event, args):
        nonlocal left
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.truncate"):
            left -= 1
            if left < 0:
                os._exit(9)
    sys.addaudithook(hook)
    draft.begin(question, sys.argv[3])
    os._exit(0)

for deaths in range(100):
    for kept in path.parent.glob("softmax.*.py"):
        kept.unlink()
    path.write_bytes(b"my work")
    child = os.fork() or run(deaths)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    texts = [file.read_bytes() for file in path.parent.glob("softmax*.py")]
    assert path.read_bytes() in (fresh, b"my work"), deaths
    assert b"my work" in texts and set(texts) <= {fresh, b"my work"}, deaths
    if code == 0:
        break
print(deaths, path.read_bytes() == fresh)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a fork")
def test_whenever_it_dies_the_old_text_is_there_and_no_file_is_there_in_part(tmp_path):
    command = [sys.executable, "-c", DYING, HERE / "session" / "sample_bank", SOFTMAX, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    deaths, fresh = done.stdout.split() or pytest.fail(done.stderr)
    assert int(deaths) >= 6 and fresh == "True"


FULL = """
import resource, sys
from dataclasses import replace
from pathlib import Path
from dlprep.quiz import draft
from dlprep.quiz.bank import Bank
question = Bank.load(sys.argv[1])["slice-a-pear"]
question = replace(question, id="softmax", path=Path(sys.argv[2]).with_name("softmax.md"))
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
draft.begin(question, sys.argv[3])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="has no limit for files")
@pytest.mark.parametrize("before", [{}, {"softmax.py": "my work"}, {"softmax.py": "x" * 200}])
def test_a_disk_that_is_full_changes_no_file(tmp_path, before):
    """A limit of 100 bytes stands for the disk."""
    for name, text in before.items():
        (tmp_path / name).write_text(text)
    command = [sys.executable, "-c", FULL, HERE / "session" / "sample_bank", SOFTMAX, tmp_path]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "OSError: [Errno 27] File too large" in done.stderr
    found = {path.name: path.read_text() for path in tmp_path.glob("softmax.py")}
    assert found == before
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("source", ["def f(x)", "", "x = '\x00'", "def f(x):\n" + "-" * 10**5])
def test_an_exercise_that_is_broken_leaves_no_file(question, tmp_path, source):
    path = tmp_path / "sample_exercise.py"
    path.write_text(source, "utf-8")
    broken = replace(question, id="sample", path=path.with_name("sample.md"))
    with pytest.raises((ValueError, SyntaxError, MemoryError, RecursionError)):
        draft.begin(broken, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_title_that_no_file_can_hold_leaves_none(question, tmp_path):
    with pytest.raises(UnicodeEncodeError):
        draft.begin(replace(question, title="\udc80"), tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_title_with_quotes_gives_valid_python(question, tmp_path):
    odd = replace(question, title='Why "\\d" ends in "x"')
    draft.begin(odd, tmp_path)
    assert ast.get_docstring(ast.parse(draft.place(odd, tmp_path).read_text("utf-8")))


def test_a_question_of_another_kind_has_no_file(question, tmp_path):
    with pytest.raises(ValueError, match="choose one of kind code"):
        draft.begin(replace(question, kind="choice"), tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes in folders")
def test_what_is_no_file_is_left_alone(question, tmp_path):
    os.mkfifo(draft.place(question, tmp_path))
    with pytest.raises(OSError, match="is no file; move it away"):
        draft.begin(question, tmp_path)
    assert names(tmp_path) == ["softmax.py"]
