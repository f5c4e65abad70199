"""Notes for Anki: what the text says, and what the real Anki makes of it."""

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from dlprep.quiz.bank import Bank
from dlprep.site import anki, html

BANK = Bank.load()
TEXT = anki.notes(BANK)


def rows(text):
    """Read a file as Anki does: lines with a sign in front are settings."""
    lines = text.removeprefix(anki.HEADER).splitlines()
    return list(csv.reader(lines, delimiter="\t"))


def test_every_question_is_one_line_of_five_fields():
    assert TEXT.startswith("#separator:tab\n#html:true\n")
    found = rows(TEXT)
    assert {len(row) for row in found} == {5}
    assert [row[0] for row in found] == [f"dlprep:{question.id}" for question in BANK]
    assert all(all(row) for row in found)
    # A field that begins with a quotation mark would be read as a quoted one.
    assert not any(field.startswith('"') for row in found for field in row)


def test_tags_have_no_blanks_and_decks_are_the_chapters():
    for question, (_, deck, tags, *_) in zip(BANK, rows(TEXT), strict=True):
        assert len(tags.split(" ")) == len(question.tags) + 2
        assert deck.startswith("dlprep::" + question.chapter[:2])


def test_formulas_are_mathjax_and_code_has_its_colours_with_it():
    assert 'class="math' not in TEXT
    assert not re.search(r'<span class="\w+">', TEXT)
    assert TEXT.count("\\(") == TEXT.count("\\)") > 500
    assert TEXT.count("\\[") == TEXT.count("\\]") > 0
    assert len(set(re.findall(r'<span style="(color: [^;"]+)', TEXT))) > 5


def test_the_question_does_not_tell_the_answer():
    for question, (*_, front, back) in zip(BANK, rows(TEXT), strict=True):
        assert "Right:" not in front
        assert f"dlprep demo {question.id}" in back
        for option in question.body.options:
            assert front.count("<li>") >= len(question.body.options)
            verdict = "Right" if option.correct else "Wrong"
            assert f"<b>{verdict}: {anki._for_anki(html.line(option.text))}</b>" in back
        assert back.count("Red flag:") == len(question.body.red_flags)
        assert ("NotImplementedError" in front) == (question.kind == "code")


def test_drawn_numbers_are_shown_and_the_command_draws_them():
    question = next(question for question in BANK if question.draw)
    (*_, front, back) = anki._fields(question)
    for name, number in question.drawn.items():
        assert f"--draw {name}={number:g}" in back
        assert "{" + name + "}" not in front


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    """Return an interpreter that has Anki, in an environment of its own."""
    folder = tmp_path_factory.mktemp("anki")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    found = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    wanted = [found, "-m", "pip", "install", "--quiet", "anki>=25.9,<27"]
    if subprocess.run(wanted, capture_output=True).returncode:
        pytest.skip("Anki cannot be installed here")
    return found


@pytest.mark.slow
def test_anki_finds_its_notes_again_and_keeps_their_schedule(python, tmp_path):
    few = list(BANK)[:9]
    changed = [replace(few[0], title="Another title"), *few[1:]]
    files = [tmp_path / "first.txt", tmp_path / "same.txt", tmp_path / "changed.txt"]
    for file, questions in zip(files, (few, few, changed), strict=True):
        file.write_text(anki.notes(questions), "utf-8")
    script = Path(__file__).with_name("anki_import.py")
    command = [python, script, tmp_path / "collection.anki2", *files]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    first, same, after = map(json.loads, done.stdout.splitlines())
    assert first["log"] == {"new": 9, "updated": 0, "duplicate": 0}
    assert same["log"] == {"new": 0, "updated": 0, "duplicate": 9}
    assert after["log"] == {"new": 0, "updated": 1, "duplicate": 8}
    assert same["notes"] == first["notes"]
    assert [len(one["answered"]) for one in (first, same, after)] == [0, 1, 1]
    assert after["answered"] == same["answered"], "its schedule stays"
    assert first["decks"] == sorted({row[1] for row in rows(anki.notes(few))})
    for guid, _, tags, *sides in rows(anki.notes(few)):
        assert first["notes"][guid] == [sorted(tags.split(" ")), sides]
    assert "Another title" in after["notes"][f"dlprep:{few[0].id}"][1][0]
