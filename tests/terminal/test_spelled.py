"""A terminal without Unicode is told words; what is counted is what is shown."""

import os
import subprocess
import sys

import pytest

from dlprep.quiz.bank import Bank
from dlprep.terminal import layout
from dlprep.terminal.spelled import spelled


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a — b – c", "a -- b -- c"),
        ("λ × Λ · 2ηc", "lambda x Lambda * 2 eta c"),
        ("x² + 10⁻³ + W₁₂ + xᵢ₊₁", "x^2 + 10^-3 + W_12 + x_(i+1)"),
        ("√v ≤ σε → ∞", "sqrt v <= sigma epsilon -> infinity"),
        ("ŷ é 𝐱 “naïve”…", 'y e x "naive"...'),
        ("── ✓", "-- yes"),
        ("1 - βᵗ β₁", "1 - beta^t beta_1"),
        ("n ∈ ℤ, x∈A", "n in Z, x in A"),
        ("☃ stays", "☃ stays"),
    ],
)
def test_signs_become_words(text, words):
    assert spelled(text, "ascii") == words
    assert spelled(text, "utf-8") == text


def test_what_the_terminal_has_stays():
    assert spelled("10² é × λ 10⁻²", "latin-1") == "10² é × lambda 10^-2"


@pytest.mark.parametrize("width", [39, 79])
def test_the_whole_bank_can_be_shown_in_ascii_within_the_width(width):
    def spell(text):
        return spelled(text, "ascii")

    for question in Bank.load():
        body = question.body
        reasons = [text for option in body.options for text in (option.text, option.reason)]
        for text in (question.title, body.prompt, body.answer, body.in_depth, *body.key_points,
                     *body.red_flags, *question.hints, *question.sources, *reasons):  # fmt: skip
            for line in layout.lines(text, width, indent=5, spell=spell):
                row = "".join(part for _, part in line).rstrip()
                assert row.isascii() and len(row) <= width, (question.id, row)


@pytest.mark.parametrize(
    "words", [["list"], ["search", "attention"], ["show", "adam-first-steps", "--answer"]]
)
def test_a_command_prints_ascii_where_there_is_nothing_else(words, tmp_path):
    surroundings = {**os.environ, "PYTHONIOENCODING": "ascii", "XDG_DATA_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-m", "dlprep", *words], env=surroundings,
                          capture_output=True, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii() and b"\\u" not in done.stdout
