"""Search finds stems in one spelling, all words first, and its index follows the files."""

import os
import sqlite3
from pathlib import Path

import pytest
import yaml

from dlprep.quiz import index as module
from dlprep.quiz.bank import BankError, questions_dir
from dlprep.quiz.search import search
from dlprep.quiz.spelling import fold

QUESTIONS = {
    "adam-bias-correction": ("Why does Adam correct its moments?", "[adam]", "The first steps."),
    "norm-placement": ("Where does layer normalization go?", "[transformers]", "Before attention."),
    "first-step": ("How long is the first step?", "[adam]", "Adam's step is the rate: $\\hat{m}$."),
    "poincare": ("What does Poincaré add?", "[geometry]", "Its dropout is a re-LU of colours."),
}


@pytest.fixture
def bank(folder):
    for id, (title, tags, answer) in QUESTIONS.items():
        folder.write(
            f"01_a/{id}.md",
            f"---\ntitle: {title}\nlevel: mid\nkind: recall\nminutes: 2\ntags: {tags}\n---\n"
            f"Prompt about softmax.\n\n## Answer\n\nNothing here.\n{answer}\n\n"
            "## Key points\n\n- pointed\n",
        )
    return folder


@pytest.fixture
def found(bank, tmp_path):
    def ids(words, **settings):
        return [hit.id for hit in search(bank.path, words, cache=tmp_path / "cache", **settings)]

    return ids


@pytest.mark.parametrize("words", ["layernorm", "layer-norm", "LAYER NORM", "Layer_Norm", "lâyer",
                                   "layer normalisation", "normalizing a layer"])  # fmt: skip
def test_case_hyphens_accents_endings_and_spelling_do_not_matter(found, words):
    assert found(words)[0] == "norm-placement"


@pytest.mark.parametrize("words", ["poincare", "Poincaré", "drop out", "drop-out", "color"])
def test_the_questions_spelling_does_not_matter(found, words):
    assert found(words) == ["poincare"]


def test_titles_and_ids_come_before_tags_and_answers(found):
    assert found("adam") == ["adam-bias-correction", "first-step"]
    assert found("steps")[0] == "first-step"


def test_all_words_come_first_then_some(found):
    assert found("adam rate") == ["first-step", "adam-bias-correction"]
    assert found("geometry nothing", most=1) == ["poincare"]


def test_a_question_need_not_have_the_words_that_every_question_has(found):
    assert found("what is the difference between Adam and geometry")[0] in QUESTIONS
    assert found("why correct the moments") == ["adam-bias-correction"]


def test_an_abbreviation_is_what_it_stands_for(found):
    assert found("ln")[0] == "norm-placement"


def test_the_line_with_most_words_is_shown_as_written(bank, tmp_path):
    hits = search(bank.path, "adam steps rate", cache=tmp_path)
    assert (hits[0].id, hits[0].whole) == ("first-step", True)
    assert hits[0].line == "Adam's step is the rate: $\\hat{m}$."
    assert not hits[1].whole


def test_prompts_and_key_points_are_searched(found):
    assert sorted(found("softmax")) == sorted(found("pointed")) == sorted(QUESTIONS)


@pytest.mark.parametrize("words", ["", "  ", "$$ --", "hat", "dam", "zzz"])
def test_nothing_comes_of_marks_commands_and_middles(found, words):
    assert found(words) == []


@pytest.mark.parametrize("words", ["a(b", "[x", 'c"++', "\\", "*.*", "é" * 500, "(" * 500, "NEAR(a",
                                   "title: adam", "adam NOT step", "x " * 5000])  # fmt: skip
def test_no_word_is_an_operator(found, words):
    found(words)


def test_common_words_alone_are_looked_for(found):
    assert found("where")[0] == "norm-placement"


def test_the_index_follows_the_files(bank, found):
    assert found("moments") == ["adam-bias-correction"]
    path = bank.path / "01_a/adam-bias-correction.md"
    path.write_text(path.read_text("utf-8").replace("moments", "errors"), "utf-8")
    assert found("errors") == ["adam-bias-correction"] and found("moments") == []
    path.unlink()
    assert found("errors") == []
    bank.write("02_b/new.md", "---\ntitle: Errors\nlevel: mid\nkind: recall\nminutes: 1\n---\n")
    assert found("errors") == ["new"]


def test_a_broken_question_is_left_out(bank, found):
    bank.write("01_a/first-step.md", "no front matter")
    assert found("adam") == ["adam-bias-correction"]


@pytest.mark.parametrize("damage", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5000])
def test_a_damaged_index_is_made_anew(found, tmp_path, damage):
    found("adam")
    (path,) = (tmp_path / "cache").iterdir()
    path.write_bytes(damage)
    assert found("adam") == ["adam-bias-correction", "first-step"]


def test_an_index_of_another_version_is_made_anew(found, tmp_path):
    found("adam")
    (path,) = (tmp_path / "cache").iterdir()
    with sqlite3.connect(path) as other:
        other.executescript("DROP TABLE files; PRAGMA user_version = 99")
    other.close()
    assert found("adam") == ["adam-bias-correction", "first-step"]


def test_a_cache_that_cannot_be_written_is_done_without(bank, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert search(bank.path, "geometry", cache=blocked / "cache")[0].id == "poincare"


def test_an_index_that_another_program_writes_is_done_without(found, bank, tmp_path, monkeypatch):
    found("adam")
    (path,) = (tmp_path / "cache").iterdir()
    bank.write("01_a/more.md", "---\ntitle: More\nlevel: mid\nkind: recall\nminutes: 1\n---\n")
    monkeypatch.setattr(module, "PATIENCE", 0.05)
    file = path.stat().st_ino
    with sqlite3.connect(path, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert found("more") == ["more"]
        assert path.stat().st_ino == file
        other.execute("ROLLBACK")
    other.close()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BankError, match="nowhere cannot be read: No such file"):
        search(tmp_path / "nowhere", "adam", cache=tmp_path)


def test_many_questions_are_read_with_progress(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "SLOW", 4)
    seen = []
    search(bank.path, "adam", cache=tmp_path, emit=lambda *event: seen.append(event))
    assert seen == [(0, 4), (4, 4)]
    search(bank.path, "adam", cache=tmp_path, emit=lambda *event: seen.append(event))
    assert len(seen) == 2


def test_odd_entries_of_a_folder_are_left_alone(bank, found):
    os.mkfifo(bank.path / "01_a/pipe.md")
    (bank.path / "01_a/folder.md").mkdir()
    Path(bank.path / "01_a/gone.md").symlink_to("nowhere")
    assert len(found("softmax")) == 4


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("Regularisation, initialise, optimisers", "Regularization, initialize, optimizers"),
        ("colour behaviour neighbouring", "color behavior neighboring"),
        ("centre, modelling, labelled, analyse", "center, modeling, labeled, analyze"),
        ("four hours of your noise", "four hours of your noise"),
        ("a $\\frac{a}{b}$", "a $ {a}{b}$"),
        ("one\ntwo", "one\ntwo"),
    ],
)
def test_spelling(british, american):
    assert fold(british) == fold(american) == american


def test_people_find_what_they_mean_among_the_first_five(tmp_path):
    queries = yaml.safe_load(Path(__file__).with_name("queries.yml").read_text("utf-8"))
    bank, missed = questions_dir(), []
    for entry in queries:
        hits = {hit.id for hit in search(bank, entry["query"], 5, tmp_path)}
        if not hits.intersection(entry["wanted"]):
            missed.append(entry["query"])
    assert len(queries) >= 80
    assert len(missed) <= 0.1 * len(queries), missed


def test_a_link_to_nowhere_does_not_hide_its_chapter(bank, found):
    for number in range(40):
        (bank.path / f"01_a/gone-{number}.md").symlink_to("nowhere")
    assert len(found("softmax")) == 4


def test_a_file_whose_name_is_no_id_is_no_question(bank, found):
    text = (bank.path / "01_a/poincare.md").read_text("utf-8")
    bank.write("01_a/No Id.md", text)
    assert found("geometry") == ["poincare"]


def test_a_folder_whose_name_is_no_text_is_searched(bank, found):
    odd = os.fsdecode(b"03_\xff")
    try:
        bank.write(
            f"{odd}/new.md", "---\ntitle: Oddity\nlevel: mid\nkind: recall\nminutes: 1\n---\n"
        )
    except OSError:
        pytest.skip("the file system wants text")
    assert found("oddity") == ["new"]


@pytest.mark.parametrize("spoil", [b"fts5(", b'["'])
def test_an_index_whose_damage_shows_when_it_is_read_is_made_anew(tmp_path, spoil):
    bank = questions_dir()
    right = search(bank, "softmax", cache=tmp_path)
    (path,) = tmp_path.glob("*.db")
    content = path.read_bytes()
    path.write_bytes(content.replace(spoil, spoil[:-1] + b"!"))
    assert search(bank, "softmax", cache=tmp_path) == right
