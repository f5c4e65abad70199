"""An interview is in the history word by word, and goes on from there."""

import pytest
from quiz.interview import candidates
from quiz.interview.candidates import KEY, RIGHT, WRONG, Candidate, answer, hold, outcome

from dlprep.quiz import readiness, schedule
from dlprep.quiz.history import History, HistoryError
from dlprep.quiz.interview.interview import Interview, InterviewError
from dlprep.quiz.interview.rule import SURE, Terms
from dlprep.quiz.numbers import NumberError

CHOICES = ("choice", "predict")


def put(interview, *kinds):
    """Go on to a question, of one of these kinds if any are named."""
    while True:
        question = interview.put().question
        if not kinds or question.kind in kinds:
            return question
        answer(interview, question, RIGHT)


def test_the_same_answers_and_times_are_the_same_interview(bank, tmp_path):
    found = []
    worth = {
        question.id: [RIGHT, "partly", WRONG, "pass"][n % 4] for n, question in enumerate(bank)
    }
    for name in "ab":
        with History.open(tmp_path / name) as history:
            held = hold(bank, history, Terms(60, seed=3), Candidate(lambda q: worth[q.id], 0.7))
            found.append(held.report())
    assert found[0] == found[1] and len(found[0].turns) > 8


@pytest.mark.parametrize("exam", [False, True])
def test_it_goes_on_wherever_it_was_killed(bank, history, clock, exam):
    terms = Terms(30, exam=exam, seed=1)
    whole = hold(bank, history, terms, Candidate(lambda q: RIGHT if len(q.id) % 2 else WRONG))
    interview = Interview(bank, history, terms, clock)
    while True:
        # Each step is done by a program that was just started.
        interview = Interview(bank, history, None, clock, interview.name)
        if interview.spoken:
            turn = interview.spoken
            worth = RIGHT if len(turn.ask.question.id) % 2 else WRONG
            if turn.ask.is_task:
                interview.number(KEY)
            else:
                candidates.mark(interview, turn.ask.question, worth)
            continue
        ask = interview.put()
        if ask is None:
            break
        question = ask.question
        worth = RIGHT if len(question.id) % 2 else WRONG
        clock.go_on(60 * question.minutes)
        if question.kind == "code":
            answer(interview, question, worth)
        elif question.kind == "numeric":
            interview.say(str(KEY if worth == RIGHT else KEY + 2))
        else:
            interview.say("")
            interview.judge({RIGHT: "sure", WRONG: "no"}[worth])
    for turn in interview.unmarked:
        worth = RIGHT if len(turn.ask.question.id) % 2 else WRONG
        candidates.mark(interview, turn.ask.question, worth)
    assert interview.report() == whole.report()
    assert Interview.last(bank, history).report() == whole.report()


def test_time_runs_while_a_question_is_open_and_not_while_paused(begin, bank, history, clock):
    interview = begin(minutes=30)
    question = put(interview)
    clock.go_on(30)
    interview.pause()
    clock.go_on(1e6)
    assert interview.elapsed() == 30
    interview = Interview(bank, history, None, clock, interview.name)
    assert interview.put().question.id == question.id
    clock.go_on(10)
    assert interview.elapsed() == 40
    interview.say("")
    clock.go_on(500)
    assert (interview.elapsed(), interview.turns[0].seconds) == (40, 40)
    interview.mark([])
    assert interview.elapsed() == 40


def test_a_clock_that_steps_back_counts_for_nothing(begin, clock):
    interview = begin()
    put(interview)
    clock.go_on(-1000)
    interview.say("")
    assert interview.elapsed() == 0


def test_what_was_put_aloud_makes_a_chapter_ready(begin, bank, history, clock):
    interview = begin()
    question = put(interview, *CHOICES)
    candidates.answer(interview, question, RIGHT)
    known = schedule.answers(history.events(kinds=schedule.KINDS))
    assert readiness.ready(question.chapter, known, bank)
    assert known[-1].rating == "good" and known[-1].data["aloud"] is True


def test_a_number_is_graded_by_the_key_and_rated(begin, history):
    interview = begin(minutes=60)
    question = put(interview, "numeric")
    with pytest.raises(NumberError):
        interview.say("many")
    assert interview.open
    interview.say(f"{KEY + 2}")
    assert interview.number(KEY).result == WRONG
    event = history.events(kinds=["answer"])[-1]
    assert (event.question, event.data["rating"]) == (question.id, "again")
    assert (event.data["key"], event.data["aloud"]) == (KEY, False)


def test_a_failed_try_leaves_code_open(begin, history, clock):
    interview = begin(minutes=60)
    put(interview, "code")
    clock.go_on(20)
    assert interview.code(outcome(False)).remarks and interview.open
    clock.go_on(20)
    interview.code(outcome(False))
    assert interview.open and interview.code(outcome(True)).result == RIGHT
    data = history.events(kinds=["answer"])[-1].data
    assert (data["seconds"], data["tries"], data["reason"]) == (40, 3, "after 2 failed tries")


def test_in_an_exam_code_is_handed_in_once(begin):
    interview = begin(minutes=60, exam=True)
    put(interview, "code")
    assert interview.code(outcome(False)).result == WRONG
    assert not interview.open


def test_in_an_exam_what_was_said_is_marked_at_the_end(begin):
    interview = begin(minutes=15, exam=True)
    questions = []
    while ask := interview.put():
        interview.clock.go_on(60 * ask.question.minutes)
        questions.append(ask.question)
        answer(interview, ask.question, RIGHT)
    assert interview.ended and all(turn.result is None for turn in interview.unmarked)
    left = [turn.ask.question for turn in interview.unmarked]
    assert left == [question for question in questions if question.kind not in ("numeric", "code")]
    for question in left:
        candidates.mark(interview, question, WRONG, flags=True)
    assert not interview.unmarked
    flagged = [said for said in interview.report().turns if said.red_flags]
    assert len(flagged) == len(left) and all(said.by_candidate for said in flagged)


def test_who_says_that_he_is_sure_is_asked_more(begin):
    paths = []
    for said in SURE[::2]:
        interview = begin(minutes=30, exam=True)
        while ask := interview.put():
            interview.clock.go_on(100)
            if ask.is_task:
                interview.give_up()
            else:
                interview.say("")
                interview.judge(said)
        levels = [turn.ask.level for turn in interview.turns]
        paths.append(levels)
    assert "senior" in paths[0] and "junior" not in paths[0][:4]
    assert "junior" in paths[1] and "senior" not in paths[1]


def test_calls_that_do_not_fit_are_refused(begin):
    interview = begin(minutes=60)
    with pytest.raises(InterviewError, match="call put"):
        interview.say("")
    put(interview, *CHOICES)
    for call in (lambda: interview.mark([]), lambda: interview.number(1)):
        with pytest.raises(InterviewError, match="call put"):
            call()
    interview.say("")
    with pytest.raises(ValueError, match="sure"):
        interview.judge("very")
    with pytest.raises(InterviewError, match="mark or number"):
        interview.put()
    interview.mark(None)
    assert interview.turns[-1].result == "unmarked"
    interview = begin(minutes=60)
    put(interview, "code")
    with pytest.raises(InterviewError, match="call code"):
        interview.say("")


def test_a_question_that_is_gone_is_left_out(bank, history, clock, tmp_path):
    interview = Interview(bank, history, Terms(30), clock)
    gone = put(interview)
    answer(interview, gone, RIGHT)
    put(interview)
    smaller = type(bank)(bank.folder)
    smaller.include(question for question in bank if question.id != gone.id)
    again = Interview(smaller, history, None, clock, interview.name)
    assert [turn.ask.question.id for turn in again.turns] == [interview.turns[1].ask.question.id]
    assert again.put() is not None


@pytest.mark.parametrize(
    "kind, data",
    [("interview", {"minutes": "long"}), ("interview", {"colour": 1}), ("put", {}), ("pause", {})],
)
def test_odd_events_are_one_sentence(bank, history, clock, kind, data):
    if kind != "interview":
        interview = Interview(bank, history, Terms(), clock)
        name, question = interview.name, put(interview).id
    else:
        name, question = "interview-odd", None
    history.append(kind, question, data, at=clock(), session=name)
    with pytest.raises(HistoryError, match="begin another with `dlprep interview --new`"):
        Interview.last(bank, history, clock)


def test_without_an_interview_there_is_no_last_one(bank, history):
    assert Interview.last(bank, history) is None


def test_a_report_counts_by_chapter_and_level(begin):
    interview = begin(minutes=60, seed=2)
    while ask := interview.put():
        interview.clock.go_on(60 * ask.question.minutes)
        answer(interview, ask.question, RIGHT)
    found = interview.report()
    for scores, name in ((found.chapters, "chapter"), (found.levels, "level")):
        for score in scores:
            its = [said for said in found.turns if getattr(said, name) == score.name]
            assert score.results == {"right": len(its)}
            assert score.budget == score.seconds == sum(said.budget for said in its)


def test_what_was_spent_on_a_question_that_is_gone_stays_spent(bank, history, clock):
    interview = Interview(bank, history, Terms(30), clock)
    gone = put(interview)
    clock.go_on(600)
    answer(interview, gone, RIGHT)
    smaller = type(bank)(bank.folder)
    smaller.include(question for question in bank if question.id != gone.id)
    again = Interview(smaller, history, None, clock, interview.name)
    assert again.elapsed() == 600 and again.report().gone == 1


def test_who_did_not_compare_was_not_wrong(begin):
    interview = begin(minutes=15)
    put(interview, *CHOICES, "recall")
    interview.say("")
    interview.mark(None)
    interview.put()
    interview.end()
    (said,) = interview.report().turns
    assert not said.by_candidate and not interview.report().study
    assert interview.put() is None, "nothing more is put"


def test_the_last_interview_is_the_one_begun_last(bank, history, clock):
    later = Interview(bank, history, Terms(), clock)
    clock.go_on(-86400)
    Interview(bank, history, Terms(), clock)
    assert Interview.last(bank, history, clock).name == later.name


def test_a_question_that_is_skipped_comes_no_more(begin, bank, history, clock):
    interview = begin()
    first = put(interview)
    interview.skip()
    assert put(interview).id != first.id and not interview.turns[0].given
    again = Interview(bank, history, None, clock, interview.name)
    assert [turn.ask.question.id for turn in again.turns] == [put(interview).id]


def test_a_report_names_the_bank_and_what_was_passed(begin, bank, tmp_path):
    interview = begin()
    question = put(interview)
    interview.give_up()
    (study,) = interview.report().study
    assert "--bank" not in study.commands[0]
    assert interview.report().turns[0].missed == question.body.key_points
    elsewhere = type(bank)(tmp_path)
    elsewhere.include(bank)
    interview.bank = elsewhere
    assert interview.report().study[0].commands[0].endswith(f"--bank {tmp_path}")
