"""What an interviewer puts next follows the stated rule."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.grading import GAVE_UP, PARTLY, RIGHT, UNMARKED, WRONG
from dlprep.quiz.interview.rule import (
    FEW,
    TASKS,
    Ask,
    Terms,
    Turn,
    level_of,
    next_ask,
)

BANK = Bank.load()
LEVEL = {"junior": 0, "mid": 1, "senior": 2}
RESULTS = [RIGHT, PARTLY, WRONG, GAVE_UP]


def turns_of(terms, answers):
    """Return the turns of an interview whose answers have these results and paces."""
    turns = []
    for result, pace in answers:
        ask = next_ask(BANK, terms, turns)
        if ask is None:
            break
        seconds = 60 * pace * ask.question.minutes
        turns.append(Turn(ask, seconds, given=True, result=result))
    return turns


def first(**terms):
    """Return the first question of an interview, answered in no time."""
    ask = next_ask(BANK, Terms(**terms), [])
    return Turn(ask, 0.0, given=True, result=RIGHT)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(
    st.lists(st.tuples(st.sampled_from(RESULTS), st.floats(0.1, 2.5)), min_size=30, max_size=30),
    st.sampled_from([15, 30, 45, 60]),
    st.sampled_from([None, "junior", "mid", "senior"]),
    st.sampled_from([None, "13_llm_and_scale", "04_optimizers"]),
    st.integers(0, 99),
)
def test_whatever_is_answered_the_rule_holds(answers, minutes, level, chapter, seed):
    terms = Terms(minutes, level, chapter, seed=seed)
    turns = turns_of(terms, answers)
    asked = [turn.ask.question for turn in turns]
    assert turns and len({question.id for question in asked}) == len(asked)
    assert asked[0].kind not in TASKS and turns[0].ask.level == (level or "mid")
    assert sum(question.kind == "code" for question in asked) <= -(-minutes // 30)
    spent = 0.0
    for before, turn in zip([None, *turns], turns, strict=False):
        question = turn.ask.question
        assert question.minutes <= min(minutes - spent / 60, minutes / 3)
        assert chapter in (None, question.chapter)
        if minutes >= 30 and spent >= 20 * minutes and spent < 60 * (minutes - 10) and not chapter:
            assert any(one.kind in TASKS for one in asked[: asked.index(question) + 1])
        spent += turn.seconds
        if before and turn.ask.follows:
            was = before.ask.question
            assert turn.ask.follows == was.id and question.id in was.follow_ups
            step = LEVEL[question.level] - LEVEL[was.level]
            assert {"strong": step in (0, 1), "weak": step <= 0}[before.strength]
        elif before and not chapter:
            assert question.chapter != before.ask.question.chapter
    kinds = " ".join(question.kind for question in asked)
    assert "code code" not in kinds
    followed = "".join("f" if turn.ask.follows else "." for turn in turns)
    assert "fff" not in followed


@pytest.mark.parametrize(
    "strengths, level",
    [
        ("", "mid"),
        ("s", "mid"),
        ("ss", "senior"),
        ("ww", "junior"),
        ("sfs", "mid"),
        ("sws", "mid"),
        ("ssss", "senior"),
        ("ssssww", "mid"),
        ("wwwwss", "mid"),
        ("sssww", "mid"),
    ],
)
def test_two_strong_or_weak_answers_in_a_row_are_a_step(strengths, level):
    results = {"s": RIGHT, "f": PARTLY, "w": WRONG}
    turns = [replace(first(), result=results[letter]) for letter in strengths]
    assert level_of(Terms(), turns) == level
    assert level_of(Terms(level="junior"), turns[:1]) == "junior"


@pytest.mark.parametrize(
    "changes, strength",
    [
        ({"result": RIGHT}, "strong"),
        ({"result": RIGHT, "seconds": 1e4}, "fair"),
        ({"result": PARTLY}, "fair"),
        ({"result": UNMARKED}, "fair"),
        ({"result": WRONG}, "weak"),
        ({"result": GAVE_UP}, "weak"),
        ({"result": None, "said": "sure"}, "strong"),
        ({"result": None, "said": "partly"}, "fair"),
        ({"result": None, "said": "no"}, "weak"),
        ({"result": WRONG, "said": "sure"}, "weak"),
    ],
)
def test_how_strong_an_answer_was(changes, strength):
    assert replace(first(), **changes).strength == strength


def test_a_fair_answer_is_not_followed_up():
    for seed in range(20):
        before = first(seed=seed)
        asked = {
            result: next_ask(BANK, Terms(seed=seed), [replace(before, result=result)])
            for result in (RIGHT, PARTLY)
        }
        assert asked[PARTLY].follows is None
        if asked[RIGHT].follows:
            return
    raise AssertionError("no first question is ever followed up")


def test_the_seed_chooses_among_the_most_asked():
    firsts = {next_ask(BANK, Terms(seed=seed), []).question.id for seed in range(60)}
    aloud = [one for one in BANK.filter(level="mid") if one.kind not in TASKS]
    aloud.sort(key=lambda one: -one.asked)
    assert firsts == {one.id for one in aloud[:FEW]}


def test_chapters_that_have_not_come_are_first():
    turns = turns_of(Terms(60), [(PARTLY, 0.2)] * 8)
    chapters = [turn.ask.question.chapter for turn in turns]
    assert len(set(chapters)) == 8


def test_the_time_that_is_over_ends_it():
    assert next_ask(BANK, Terms(15), [replace(first(), seconds=900)]) is None
    assert next_ask(BANK, Terms(15), [replace(first(), seconds=899)]) is None


def test_a_task_comes_at_half_the_time_and_not_in_a_short_interview():
    slow = [replace(first(), seconds=15 * 60, result=PARTLY)]
    assert next_ask(BANK, Terms(30), slow).question.kind in TASKS
    assert next_ask(BANK, Terms(30), slow).why == "a task"
    kinds = {
        next_ask(
            BANK, Terms(15, seed=seed), [replace(one, seconds=500, result=PARTLY)]
        ).question.kind
        for seed in range(20)
        for one in [first(seed=seed)]
    }
    assert kinds - set(TASKS)


def test_a_chapter_that_is_not_there_is_refused():
    with pytest.raises(BankError, match="chapter"):
        next_ask(BANK, Terms(chapter="99_nothing"), [])


@pytest.mark.parametrize(
    "terms",
    [
        {"minutes": "30"},
        {"minutes": 0},
        {"minutes": float("nan")},
        {"level": "expert"},
        {"level": 3},
        {"chapter": 3},
        {"exam": 1},
        {"seed": "x"},
    ],
)
def test_terms_that_are_none_are_refused(terms):
    with pytest.raises(ValueError, match="terms|level"):
        Terms(**terms)


def test_why_says_that_the_level_has_changed():
    ask = Ask(first().ask.question, "mid", "the interview begins")
    plain = Turn(replace(ask, follows="x"), 0.0, given=True, result=RIGHT)
    after = next_ask(BANK, Terms(60), [plain, plain])
    assert (after.level, after.why) == ("senior", "a new topic, a step up after 2 strong answers")
    weak = replace(plain, result=WRONG)
    after = next_ask(BANK, Terms(60), [weak, weak])
    assert (after.level, after.why) == ("junior", "a new topic, a step down after 2 weak answers")


def test_a_bank_of_one_chapter_is_not_over_after_one_question():
    one = Bank(BANK.folder)
    one.include(BANK.filter(chapter="04_optimizers"))
    turns = [replace(first(), ask=next_ask(one, Terms(), []), result=PARTLY)]
    assert next_ask(one, Terms(), turns) is not None


def test_a_strong_answer_is_followed_up_a_level_higher_at_most():
    steps = 0
    for question in BANK.filter(level="junior"):
        ask = Ask(question, "junior", "a new topic")
        follow = next_ask(BANK, Terms(60), [Turn(ask, 0.0, given=True, result=RIGHT)])
        able = [BANK[name] for name in question.follow_ups]
        able = [one for one in able if one.level != "senior" and one.minutes <= 20]
        if question.kind != "code" and able:
            assert (follow.follows, follow.question.id) == (question.id, able[0].id)
            steps += 1
    assert steps > 10
