"""Over a bank the form of the options must not give the key away."""

import random
import re

import pytest

from dlprep.quiz.check.attacker import RULES, Choice
from dlprep.quiz.check.form import attack, limit, share

RULE = {rule.name: rule for rule in RULES}
WORDS = "rate step loss norm batch layer weight signal factor variance".split()  # noqa: SIM905


def bank(count, options=4, seed=0, spoil=lambda texts, key: None):
    """Return questions of random words; `spoil` may change the options in place."""
    rng = random.Random(seed)
    found = []
    for number in range(count):
        texts = [" ".join(rng.sample(WORDS, 4)) for _ in range(options)]
        key = rng.randrange(options)
        spoil(texts, key)
        found.append(Choice(f"q{number}", "What does the rate do?", tuple(texts), key))
    return found


def caught(choices):
    return {result.rule.name for result in attack(choices) if result.caught}


def test_there_are_a_dozen_rules_and_more():
    assert len(RULE) == len(RULES) >= 12


@pytest.mark.parametrize("count", [6, 12, 30, 200])
def test_a_key_that_is_always_the_longest_is_caught(count):
    def longer(texts, key):
        texts[key] += " and what it is multiplied with"

    assert "the longest option" in caught(bank(count, spoil=longer))


SPOILED = [
    ("the shortest option", lambda texts, key: texts.__setitem__(key, "rate")),
    ("the option with the most hedges", lambda texts, key: texts.__setitem__(key, "It may be so")),
    ("the option with the fewest absolutes",
     lambda texts, key: texts.__setitem__(slice(None), [t if n == key else f"always {t}"
                                                        for n, t in enumerate(texts)])),
    ("the option with the most words of the prompt",
     lambda texts, key: texts.__setitem__(slice(None), ["rate" if n == key else "norm"
                                                        for n in range(4)])),
    ("the option with the most words of other options",
     lambda texts, key: texts.__setitem__(slice(None), ["loss rate" if n == key else
                                                        ("loss", "rate", "rate", "loss")[n]
                                                        for n in range(4)])),
    ("the option with the most numbers and formulas",
     lambda texts, key: texts.__setitem__(key, f"{texts[key]} 0.5, $x$ and `y`")),
    ("the option with the most clauses",
     lambda texts, key: texts.__setitem__(key, "rate, because the step, which is long, grows")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil"), SPOILED, ids=[name for name, _ in SPOILED])
def test_each_kind_of_slip_is_caught(name, spoil):
    assert name in caught(bank(20, spoil=spoil))


@pytest.mark.parametrize("at", range(4))
def test_a_key_that_stands_in_one_place_is_caught(at):
    names = ["the first option", "the second option", "the third option", "the last option"]
    choices = [Choice(c.id, c.prompt, c.options, at) for c in bank(20)]
    assert names[at] in caught(choices)


def test_of_random_banks_few_are_refused_and_small_ones_hardly_ever():
    def refused(count):
        return sum(bool(caught(bank(count, seed=seed))) for seed in range(100))

    assert refused(4) + refused(8) + refused(11) < 3 * 5
    assert refused(60) < 50


def test_two_or_three_questions_alone_are_never_refused():
    for count in (1, 2, 3):
        assert limit([1 / 4] * count) >= count
    assert attack([]) == []


def test_the_limit_is_chance_and_two_standard_errors():
    assert limit([1 / 4] * 48) == pytest.approx(12 + 2 * 3)
    assert limit([1 / 2] * 8 + [1 / 3] * 18) == pytest.approx(4 + 6 + 2 * (2 + 4) ** 0.5)


def test_ties_share_the_pick():
    assert share([1, 3, 3, 0], 1) == 1 / 2
    assert share([1, 3, 3, 0], 0) == 0
    assert share([2, 2, 2, 2], 3) == 1 / 4


def test_a_third_place_that_is_not_there_is_the_last():
    assert RULE["the third option"].scores(Choice("q", "", ("a", "b"), 0)) == [0, 1]


def test_words_of_other_options_are_not_an_options_own():
    rule = RULE["the option with the most words of other options"]
    options = ("loss rate", "loss layer", "batch factor signal")
    assert rule.scores(Choice("q", "", options, 0)) == [1, 1, 0]


def test_the_message_names_rule_hits_chance_and_questions():
    def longer(texts, key):
        texts[key] += " " * (40 if texts[0] == "odd" else 9)

    choices = bank(12, spoil=longer)
    choices[7] = Choice("odd-one", "", ("a", "b" * 500, "c", "d"), 1)
    (fault,) = [r.fault for r in attack(choices) if r.rule.name == "the longest option"]
    assert fault.startswith(
        "who sees the options alone and picks the longest option is right in 12.0 of 12 questions,"
        " where chance finds 3.0 and at most 6.0 are allowed: bring the options to one length, most"
        " clearly in odd-one, "
    )


def test_a_bank_whose_key_stands_second_is_one_message_of_the_check(folder):
    for number in range(12):
        path = folder.add(f"04_optimizers/q{number}")
        text = path.read_text("utf-8")
        first, second, third = re.findall(r"- \[.*\n    .*\n", text)
        joined = first + second + third
        path.write_text(text.replace(joined, first + third + second), "utf-8")
    table = []
    found = folder.faults(tell=lambda *line: table.append(line))
    (place,) = [fault for fault in found if "picks the second option" in fault]
    assert place.startswith(f"{folder.path}:1: who sees the options alone and picks the second")
    assert "12.0 of 12 questions, where chance finds 4.0" in place
    assert len([line for kind, line in table if kind == "form"]) == len(RULES)
    assert folder.faults(only={"q1"}) == []
