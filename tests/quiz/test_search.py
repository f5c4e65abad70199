"""Search finds all words by their beginnings, and puts titles first."""

import pytest

from dlprep.quiz.bank import Bank
from dlprep.quiz.search import fold, search

QUESTIONS = {
    "adam-bias-correction": ("Why does Adam correct its moments?", "[adam]", "The first steps."),
    "norm-placement": ("Where does layer normalization go?", "[transformers]", "Before attention."),
    "first-step": ("How long is the first step?", "[adam]", "Adam's step is the rate: $\\hat{m}$."),
    "poincare": ("What does Poincaré add?", "[geometry]", "Its drop-out is a re-LU of Adamantium."),
}


@pytest.fixture
def bank(folder) -> Bank:
    for id, (title, tags, answer) in QUESTIONS.items():
        folder.write(
            f"01_a/{id}.md",
            f"---\ntitle: {title}\nlevel: mid\nkind: recall\nminutes: 2\ntags: {tags}\n---\n"
            f"Prompt about softmax.\n\n## Answer\n\n{answer}\n\n## Key points\n\n- pointed\n",
        )
    return Bank.load(folder.path)


def found(bank, words: str) -> list[str]:
    return [question.id for _, question in search(bank, words)]


@pytest.mark.parametrize("words", ["layernorm", "layer-norm", "LAYER NORM", "Layer_Norm", "lâyer"])
def test_case_hyphens_and_accents_do_not_matter(bank, words):
    assert found(bank, words) == ["norm-placement"]


@pytest.mark.parametrize("words", ["poincare", "Poincaré", "POINCARE", "dropout", "drop-out"])
def test_the_questions_spelling_does_not_matter(bank, words):
    assert found(bank, words) == ["poincare"]


def test_titles_come_first_then_tags_then_answers(bank):
    assert found(bank, "adam") == ["adam-bias-correction", "first-step", "poincare"]


def test_a_whole_word_beats_a_beginning(folder):
    head = "level: mid\nkind: recall\nminutes: 2\n---\n"
    folder.write("01_a/a.md", f"---\ntitle: Batches\n{head}")
    folder.write("01_a/b.md", f"---\ntitle: Batches of a batch\n{head}")
    assert found(Bank.load(folder.path), "batch") == ["b", "a"]


def test_all_words_must_be_there(bank):
    assert found(bank, "adam moments") == ["adam-bias-correction"]
    assert found(bank, "adam geometry") == ["poincare"]
    assert found(bank, "adam nothing") == []


@pytest.mark.parametrize("words", ["softm", "pointed"])
def test_prompts_and_key_points_are_searched(bank, words):
    assert len(found(bank, words)) == 4


@pytest.mark.parametrize("words", ["", "  ", "$$ --", "hat", "dam", "ar"])
def test_nothing_comes_of_marks_commands_and_middles(bank, words):
    assert found(bank, words) == []


@pytest.mark.parametrize("words", ["a(b", "[x", "c++", "\\", "*.*", "é" * 500, "(" * 500])
def test_no_word_is_a_pattern(bank, words):
    found(bank, words)


def test_equal_scores_keep_the_banks_order(bank):
    assert found(bank, "softmax") == [question.id for question in bank]


def test_a_question_that_cannot_be_read_is_found_by_its_title(folder):
    path = folder.add()
    bank = Bank.load(folder.path)
    path.unlink()
    assert found(bank, "starting weights") == ["good-one"]


def test_folding():
    assert fold("Ångström's $\\frac{a}{b}$, batch-norm_1!") == "angstrom s a b batch norm 1"
