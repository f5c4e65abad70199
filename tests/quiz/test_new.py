"""A new question is a small working example, and nothing is overwritten."""

from pathlib import Path

import pytest

from dlprep.quiz.bank import Bank, BankError, questions_dir
from dlprep.quiz.coverage import load, names
from dlprep.quiz.front_matter import KINDS
from dlprep.quiz.new import create, next_commands


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_is_complete(folder, kind):
    written = create(folder.path, "04_optimizers/why-warm-up", kind)
    endings = [".md", ".py"] + ["_exercise.py"] * (kind == "code")
    place = folder.path / "04_optimizers"
    assert written == [place / f"why-warm-up{ending}" for ending in endings]
    question = Bank.load(folder.path)["why-warm-up"]
    assert question.kind == kind
    assert folder.faults() == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_question_covers_what_the_bank_lists(folder, kind):
    path = create(folder.path, "04_optimizers/why-warm-up", kind)[0]
    question = Bank.load(folder.path)["why-warm-up"]
    assert "\nasked: " in path.read_text("utf-8")
    assert question.covers and set(question.covers) <= set(names(load(questions_dir())))


@pytest.mark.parametrize("chapter", ["04_optimizers", "optimizers", "4", "04"])
def test_a_chapter_that_is_there_goes_by_its_names(folder, chapter):
    folder.add("04_optimizers/one")
    path = create(folder.path, f"{chapter}/two", "recall")[0]
    assert path == folder.path / "04_optimizers" / "two.md"


def test_a_folder_of_ones_own_is_made(tmp_path):
    path = create(tmp_path / "pack", "01_mine/first", "recall")[0]
    assert path.is_file()
    assert path.is_relative_to(tmp_path / "pack")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("04_optimizers/good-one", "exists already"),
        ("05_losses/good-one", "exists already"),
        ("04_optimizers/Good", "write chapter/slug"),
        ("04_optimizers/a_b", "write chapter/slug"),
        ("04_optimizers/../x", "write chapter/slug"),
        ("04_optimizers/", "write chapter/slug"),
        ("04_optimizers", "write chapter/slug"),
        ("/x", "no chapter ''; there are: 04_optimizers"),
        ("../x", "no chapter '..'; there are: 04_optimizers"),
        ("losses/x", "there are: 04_optimizers. A new one is named NN_name"),
        ("5_losses/x", "A new one is named NN_name"),
        ("04_losses/x", "number 04 is that of 04_optimizers"),
    ],
)
def test_a_bad_name_writes_nothing(folder, name, said):
    folder.add("04_optimizers/good-one")
    before = sorted(folder.path.rglob("*"))
    with pytest.raises(BankError) as caught:
        create(folder.path, name, "code")
    assert said in str(caught.value)
    assert sorted(folder.path.rglob("*")) == before


@pytest.mark.parametrize("name", ["why.md", "why.py", "why_exercise.py"])
def test_no_file_is_overwritten(folder, name):
    mine = folder.write(f"04_optimizers/{name}", "mine")
    with pytest.raises(BankError, match="exists already"):
        create(folder.path, "04_optimizers/why", "recall")
    assert mine.read_text() == "mine"
    assert list(mine.parent.iterdir()) == [mine]


def test_an_unknown_kind_names_the_kinds(folder):
    with pytest.raises(BankError, match="choose one of recall, choice, numeric, predict, code"):
        create(folder.path, "04_optimizers/x", "essay")


def test_a_place_that_cannot_be_written_is_named(folder):
    folder.write("04_optimizers", "a file")
    with pytest.raises(BankError, match="04_optimizers: cannot be written"):
        create(folder.path, "04_optimizers/x", "recall")


def test_the_next_commands_try_the_question():
    assert next_commands("04_optimizers/why-warm-up") == [
        "dlprep demo why-warm-up --seed 1",
        "dlprep demo why-warm-up --aa",
        "dlprep check why-warm-up -v",
    ]
    named = next_commands("4/why-warm-up", Path("my pack"))
    assert named[2] == "dlprep check why-warm-up -v --bank 'my pack'"
