"""Candidates who answer an interview, each in his own way, and a clock that is told the time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dlprep.quiz.interview.interview import Interview
from dlprep.quiz.interview.rule import SURE

START = datetime(2026, 12, 1, 12, tzinfo=UTC)
KEY = 5.0
RIGHT, PARTLY, WRONG, PASS = "right", "partly", "wrong", "pass"


class Clock:
    """The time, which goes on only when it is told to."""

    def __init__(self):
        self.time = START

    def __call__(self):
        return self.time

    def go_on(self, seconds):
        self.time += timedelta(seconds=seconds)


@dataclass(frozen=True)
class Candidate:
    """What he does with a question: `answers` returns one of the four, by its question.

    Attributes:
        answers: Returns what the answer is worth.
        pace: Times a good candidate's minutes.
        feels: Says how sure he is, by what the answer is worth; what is true by default.
        flags: Whether a red flag is said with a wrong answer.
    """

    answers: object
    pace: float = 1.0
    feels: object = None
    flags: bool = False


def outcome(passed):
    """Return what an exercise found, as `exercise.grade` does."""
    failed = None if passed else {"text": "the sum is 1"}
    return {"passed": passed, "properties": [{}], "failed": failed, "error": None, "printed": ""}


def answer(interview, question, worth, feels=None, flags=False):
    """Answer the open question; an exam keeps what was said aloud for the end."""
    if worth == PASS:
        interview.give_up()
    elif question.kind == "code":
        interview.code(outcome(worth == RIGHT))
        if interview.open:
            interview.give_up()
    elif question.kind == "numeric":
        interview.say(str(KEY if worth == RIGHT else KEY + 2))
        interview.number(KEY)
    else:
        truth = dict(zip((RIGHT, PARTLY, WRONG), SURE, strict=True))
        interview.say("")
        interview.judge((feels or truth.get)(worth))
        if not interview.terms.exam:
            mark(interview, question, worth, flags)


def mark(interview, question, worth, flags=False):
    """Tick key points: all, half of them, none."""
    count = len(question.body.key_points)
    met = {RIGHT: count, PARTLY: (count + 1) // 2}.get(worth, 0)
    wrong = [0] if flags and worth == WRONG and question.body.red_flags else []
    interview.mark(range(met), wrong, question)


def hold(bank, history, terms, candidate):
    """Hold an interview to its end; return it."""
    clock = Clock()
    interview = Interview(bank, history, terms, clock)
    given = {}
    while ask := interview.put():
        question = ask.question
        clock.go_on(60 * question.minutes * candidate.pace)
        given[question.id] = candidate.answers(question)
        answer(interview, question, given[question.id], candidate.feels, candidate.flags)
    for turn in interview.unmarked:
        mark(interview, turn.ask.question, given[turn.ask.question.id], candidate.flags)
    return interview


def transcript(interview):
    """Return an interview as a person reads it."""
    terms, lines, seconds = interview.terms, [], 0.0
    what = [f"{terms.minutes:g} minutes", terms.chapter or "all chapters", f"seed {terms.seed}"]
    lines.append(", ".join(what + ["an exam"] * terms.exam))
    for turn in interview.turns:
        question = turn.ask.question
        lines.append(
            f"\n{seconds / 60:.1f} min, at {turn.ask.level}: {turn.ask.why}\n"
            f"  {question.title} ({question.level}, {question.kind}, {question.chapter})\n"
            f"  {turn.result} after {turn.seconds / 60:.1f} of {question.minutes:g} min"
        )
        seconds += turn.seconds
    lines.append("\nTo study:")
    for one in interview.report().study:
        lines.append(f"  {one.title}: {one.why}; {one.commands[0]}")
    return "\n".join(lines) + "\n"
