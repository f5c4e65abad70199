"""Plain sessions, typed from a script, on a real history with a real worker."""

import pytest

from dlprep.terminal.answers import picked
from dlprep.terminal.desk import KEYS

WHOLE = ("1,2", "", "", "all", "", "", "2", "", "0.5", "", "g", "")
"""Answers to all five questions, in order: choice, recall, predict, numeric, code."""


def kinds_of(history):
    return [event.kind for event in history.events()]


def after(text, mark):
    """Return what follows `mark`, which must be there."""
    assert mark in text, text
    return text.split(mark, 1)[1]


def test_a_choice_names_each_option_and_its_reason(play):
    text = play("1,3", "", kind="choice")
    assert "Which of these numbers are even?" in text
    assert "A number n ∈ ℤ is even when n/2 is whole." in text
    for part in after(text, "\nWrong\n").split("\nOptions\n")[:2]:
        assert part.count("right, you chose it.") == part.count("wrong, you chose it.") == 1
        assert part.count("right, you did not choose it.") == 1
        assert "Half of it is 3/2, which is not whole." in part
    verdict = after(text, "\nWrong\n")
    assert 'Red flag: "every number is even".' in verdict


def test_the_next_review_and_what_was_measured_follow_the_answer(play):
    text = after(play("1,2", "", kind="choice"), "\nRight\n")
    rest = after(text, "Right, rated good: the next review is in 2 days, on 2027-01-06.")
    report = after(rest, "What the experiment measured")
    assert "holds" in report and "three leaves one" in report and "Remainder" in report


def test_a_rating_says_why_it_is_not_the_usual_one(play):
    text = play("?", "1,2", "", kind="choice")
    assert "Right, rated hard, because of a hint: the next review is" in text


def test_the_prompt_of_a_choice_does_not_tell_how_many_are_right(play):
    assert "Your choice, one number or several (such as 2, or 1 3)" in play("q", kind="choice")


def test_a_number_is_compared_with_what_was_measured(play):
    text = play("0,500", "0.25", "", kind="numeric")
    assert "the comma may mean a decimal or a thousand in '0,500'" in " ".join(text.split())
    verdict = after(text, "\nWrong\n")
    assert "Half the value: a factor of 2 is missing." in verdict
    assert "You said 0.25, the experiment measured 0.5 (allowed difference: 1 %)." in verdict


def test_a_prediction_is_stored_before_the_experiment_decides(play, history):
    text = play("2", "", kind="predict")
    assert kinds_of(history) == ["commit", "answer"]
    order = [
        text.index(part) for part in ("Noted: 2.", "\nRight\n", "What the experiment measured")
    ]
    assert order == sorted(order)
    assert text.count("What the experiment measured") == 1


def test_recall_compares_with_the_key_points_after_the_answer(play, history):
    text = play("it is neutral", "1", "", "", kind="recall")
    order = ["Answer aloud", "It changes no sum", "1. Neutral in sums.", "Which did you say?",
             '1. "zero is not a number".', "\nPartly right\n", "1 of 2 key points."]  # fmt: skip
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert history.events()[0].data["text"] == "it is neutral"


def test_a_red_flag_loses_the_interview(play):
    text = play("", "all", "1", "", kind="recall")
    assert 'A red flag was said: "zero is not a number".' in after(text, "\nWrong\n")


def test_recall_without_comparing_waits_for_a_rating(play, history):
    text = play("", "", "good", "", kind="recall")
    assert "Not graded; rate it yourself with 1 to 4." in text
    assert "Not graded, rated good: the next review is in 2 days" in text
    assert kinds_of(history) == ["commit", "answer", "rate"]


def test_the_rating_can_be_overruled(play, history):
    text = play("1,2", "1", "", kind="choice")
    assert "Right, rated again: the next review is tomorrow, on 2027-01-05." in text
    assert history.events()[-1].data["rating"] == "again"


def test_hints_come_one_by_one_and_end(play):
    text = play("?", "?", "?", "q", kind="choice")
    assert "Hint 1 of 2: Divide by two." in text
    assert "Hint 2 of 2: Look at n mod 2." in text
    assert "There are no more hints; g gives up." in text
    assert "This question has no hints" in play("?", "q", kind="recall")


def test_giving_up_shows_the_answer(play, history):
    text = play("g", "", kind="numeric")
    assert "One half, 0.5." in after(text, "\nGiven up\n")
    assert history.events()[0].data["result"] == "gave up"


def test_the_demonstration_before_the_answer_counts_as_giving_up(play, history):
    text = play("d", "n", "d", "y", "", kind="choice")
    assert text.count("counts as giving up") == 2
    assert history.events()[0].data["result"] == "gave up"


def test_the_demonstration_after_the_answer_runs_with_another_seed(play):
    text = play("1,2", "d", "", kind="choice")
    assert text.count("What the experiment measured") == 2
    assert "seed 1" in after(text, "Keys: d run it with another seed").lower()


def test_undo_asks_again_and_the_new_answer_counts(play, history):
    text = play("1,3", "u", "1,2", "", kind="choice")
    assert "Undone; here is the question again." in text
    assert kinds_of(history) == ["answer", "undo", "answer"]
    assert "1 answered in 0 s: 1 right." in text


def test_undo_reaches_back_from_the_next_question(play):
    text = play("1,3", "", "u", "q")
    assert text.count("Which of these numbers are even?") == 2
    assert "Nothing answered" in after(text, "\nSummary\n")


def test_nothing_to_undo_is_said(play):
    assert "There is no answer to undo." in play("u", "q")


def test_skip_leaves_the_question_for_another_day(play, history):
    text = play("s", "q")
    assert "Skipped." in text
    assert "Nothing answered; 1 skipped, 4 left." in text
    assert kinds_of(history) == ["skip"]


def test_a_dispute_keeps_the_note_and_the_report(play, history):
    play("1,2", "!", "four is odd to me", "", kind="choice")
    data = history.events()[-1].data
    assert data["note"] == "four is odd to me"
    assert data["report"]["question"] == "even-numbers"


def test_depth_and_sources_are_shown_when_asked_for(play):
    text = after(play("1,2", "i", "", kind="choice"), "In depth\n")
    assert "multiples of two" in text and "Euclid" in text and "half-of-one" in text


def test_all_keys_are_listed(play):
    text = play("h", "q", kind="choice")
    for key, what in KEYS.items():
        assert f"  {key:<7}  {what[:40]}" in text


def test_every_key_is_understood_before_and_after_the_answer(play):
    """What makes no sense at a prompt is said; only an answer is left to the question."""
    signs = [sign for key in KEYS for sign in key.split() if sign not in "gsunq1234"]
    assert {"e", "r", "w"} < set(signs)
    before = play(*[line for sign in signs for line in (sign, "")], "q", kind="choice")
    after_it = play("1,2", *signs, "", *"gs?erwq", kind="choice")
    assert "not understood" not in before + after_it
    assert "i is for after the answer." in before
    for sign in "gs?erw":
        assert f"{sign} is for a question that is open; this one is answered." in after_it


def test_quitting_works_where_something_else_is_asked(play, history):
    for lines in (["d", "q"], ["!", "q"], ["1,2", "!", "q"]):
        assert "\nSummary\n" in play(*lines, kind="choice")
    assert "dispute" not in kinds_of(history)
    assert "Summary" in play("", "q", kind="recall")


def test_the_session_hears_of_each_answer(play, session):
    heard = []

    def begin(kind):
        begun = session(kind)
        begun.active = lambda line: heard.append((line, begun.feedback is not None))
        return begun

    play("?", "1,2", "", kind="choice", begin=begin)
    assert heard == [(True, False), (True, False), (True, True)]


def test_next_leaves_the_rest_aside(play):
    text = play("1,2", "n", "q")
    assert "Question 2 of 5" in text and "not understood" not in text


def test_a_skip_can_be_undone(play, history):
    text = play("s", "u", "1,2", "q")
    assert text.count("Which of these numbers are even?") == 2
    assert "1 answered in 0 s: 1 right.\n0 skipped, 4 left." in text
    assert kinds_of(history) == ["skip", "undo", "answer"]


def test_after_the_answer_of_a_recall_no_hint_is_given(play, history):
    text = play("", "?", "d", "all", "", kind="recall")
    assert "no hint is needed" in text and "The experiment follows" in text
    assert "Right, rated good:" in text


def test_code_is_written_to_a_file_and_graded_at_each_enter(play, tmp_path, editor):
    editor("def double(x):\n    return x * x\n")
    text = play("e", "", "g", "", kind="code")
    assert "Write it in this file:" in text and "def double(x):" in text
    failure = after(text, "\nNot yet\n")
    assert "Does not hold: three becomes six" in failure
    assert "  given:\n      3.0\n  got:\n      9.0\n  expected:\n      6.0\n" in failure
    assert failure.index("holds: zero stays") < failure.index("Does not hold"), "it comes last"
    assert "return x + x" in after(failure, "A solution")
    (kept,) = (tmp_path / "exercises").glob("write_double.*.py")
    assert kept.name in after(text, "once more"), "the file begins again, as the question does"
    assert kept.read_text("utf-8") == "def double(x):\n    return x * x\n"


def test_code_that_passes_is_right(play, editor):
    editor("def double(x):\n    return 2 * x\n")
    text = play("e", "", "", kind="code")
    assert "2 properties hold." in after(text, "\nRight\n")


def test_a_file_that_cannot_be_written_skips_the_question(play, tmp_path):
    (tmp_path / "exercises").write_text("a file where the folder should be", "utf-8")
    text = play(kind="code")
    assert "cannot be written" in text and "1 skipped" in text


def test_what_cannot_be_read_is_asked_again(play, history):
    text = play("9", "", "one", "q", kind="choice")
    assert "'9' was not understood: numbers from 1 to 3" in text
    assert "'one' was not understood" in text and "Expected numbers from 1 to 3" in text
    assert kinds_of(history) == []


def test_the_end_of_input_ends_with_a_summary(play):
    text = play("1,2", kind="choice")
    assert "1 answered in 0 s: 1 right." in after(text, "(end of input)")
    assert play.code == 0


def test_quitting_ends_with_a_summary(play):
    text = play("1,3", "q")
    summary = after(text, "\nSummary\n")
    assert "1 answered in 0 s: 1 wrong." in summary and "4 left" in summary
    assert "`3` (even-numbers)" in summary
    assert play.code == 0


def test_a_session_without_questions_says_so(play, session):
    play("1,2", "", kind="choice")
    text = play(kind="choice")
    assert "Nothing to ask: nothing is due and nothing is new" in text
    assert play.code == 0


def test_a_whole_session_of_all_kinds(play, history):
    text = play(*WHOLE)
    assert "5 answered in 0 s: 4 right, 1 given up." in text
    assert kinds_of(history).count("answer") == 5


def test_no_line_of_prose_is_wider_than_80_columns(play):
    lines = play(*WHOLE).splitlines()
    assert [line for line in lines if len(line) > 80 and "exercises" not in line] == []
    text = "\n".join(lines)
    assert "\x1b" not in text and "\t" not in text


@pytest.mark.parametrize(
    ("text", "indices"),
    [
        ("2", [1]), ("3 1", [0, 2]), ("1,2", [0, 1]), ("all", [0, 1, 2]), ("none", []),
        ("4", None), ("0", None), ("x", None), ("", None), ("²", None), ("9" * 5000, None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_type_them(text, indices):
    assert picked(text, 3) == indices
