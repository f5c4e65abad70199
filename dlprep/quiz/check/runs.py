"""Run a bank's programs in the worker: claims, A/A runs, keys, exercises."""

import ast
import math
import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING

from dlprep.lab.report import Report
from dlprep.quiz import body
from dlprep.quiz.bank import Question
from dlprep.quiz.check import claims, programs, unmeasured
from dlprep.quiz.reading import BankError, Message, read_text

if TYPE_CHECKING:
    from dlprep.lab.worker import Job, Worker


def messages(
    questions: Sequence[Question],
    at_fault: Collection[Path],
    worker: "Worker | None",
    seeds: Sequence[int],
    emit: Callable[[str, int, int | None], None],
    tell: Callable[[str, str], None],
) -> Iterator[Message]:
    """Yield what running the questions' programs finds; files in `at_fault` are not run."""
    with ExitStack() as stack:
        if worker is None:
            from dlprep.lab.worker import Worker

            worker = stack.enter_context(Worker())
        for done, question in enumerate(questions):

            def say(label: str, done: int = done) -> None:
                emit(label, done, len(questions))

            if os.path.isfile(question.demo) and question.demo not in at_fault:
                yield from _demo(question, worker, seeds, say, tell)
            exercise = question.exercise
            if exercise and os.path.isfile(exercise) and exercise not in at_fault:
                yield from _exercise(exercise, worker, seeds, say)


def _demo(
    question: Question,
    worker: "Worker",
    seeds: Sequence[int],
    emit: Callable[[str], None],
    tell: Callable[[str, str], None],
) -> Iterator[Message]:
    path, tree = question.demo, programs.read(question.demo)
    if isinstance(tree, Message):
        yield tree
        return
    reports = []
    for report in _measure(worker, question, seeds, emit):
        if isinstance(report, Message):
            yield report
            return
        reports.append(report)
    *runs, aa = reports
    # The texts show the first combination of drawn numbers; the last runs are of the others.
    shown = [run for run in runs if run.draw == question.drawn]
    for text, fault in claims.faults(runs, aa):
        yield Message(path, programs.claim_line(tree, text), fault)
    yield from _answers(question, runs)
    yield from _draws(question, tree, runs)
    for worst in claims.margins(runs, aa):
        tell("margin", f"{question.id}: {worst}")
    if missing := unmeasured.listed(question.body, shown):
        tell("note", f"{question.path}: {missing}")


def _measure(
    worker: "Worker", question: Question, seeds: Sequence[int], emit: Callable[[str], None]
) -> Iterator[Report | Message]:
    """Yield the report of each seed, then that of the A/A run, or why there is none."""
    for runs in _batches(_wanted(question, seeds)):
        jobs = [worker.demo(question.at(turn), seed, aa) for turn, seed, aa in runs]
        for job, (turn, seed, aa) in zip(jobs, runs, strict=True):
            drawn = "".join(f", {name} {n:g}" for name, n in question.at(turn).drawn.items())
            name = f"{'A/A run' if aa else 'run'} on seed {seed}{drawn}"
            emit(f"{question.id}, {name}")
            yield _report(question, job, name)


def _wanted(question: Question, seeds: Sequence[int]) -> list[tuple[int, int, bool]]:
    """Return turn, seed and A/A of each run: other combinations on the first and last seed."""
    first = [(0, seed, False) for seed in seeds]
    ends = dict.fromkeys((seeds[0], seeds[-1]))
    others = [(turn, seed, False) for turn in range(1, len(question.draws)) for seed in ends]
    return [*first, *others, (0, seeds[0], True)]


def _batches(runs: Sequence[tuple]) -> Iterator[Sequence[tuple]]:
    """Yield as many runs at a time as there are processors."""
    width = os.cpu_count() or 1
    return (runs[at : at + width] for at in range(0, len(runs), width))


def _report(question: Question, job: "Job", name: str) -> Report | Message:
    if not job.wait().failure:
        return job.result
    reason = " ".join(job.failure.reason.split()).rstrip(".")
    text = f"{name}: {reason}; `dlprep demo {question.id}` shows it, mend the demonstration"
    return Message(question.demo, job.failure.line or 1, text)


def _answers(question: Question, reports: Sequence[Report]) -> Iterator[Message]:
    answers = [report.answer for report in reports]
    if question.kind == "predict":
        yield from _predicted(question, answers)
    elif question.kind == "numeric":
        odd = [answer for answer in answers if not _finite(answer)]
        if odd:
            text = f"lab.answer got {odd[0]!r}: hand it one finite number"
            yield Message(question.demo, 1, text)
        elif other := _other_answers(question, reports):
            shown = ", ".join(map(str, other))
            text = f"the answer depends on the seed ({shown}): widen the tolerance or fix the data"
            yield Message(question.path, 1, text)


def _other_answers(question: Question, reports: Sequence[Report]) -> list:
    """Return the answers of the first combination of numbers that has more than one."""
    for drawn in question.draws:
        answers = [report.answer for report in reports if report.draw == drawn]
        if not all(_close(answers[0], answer, question.tolerance) for answer in answers):
            return answers
    return []


def _draws(question: Question, tree: ast.Module, reports: Sequence[Report]) -> Iterator[Message]:
    """Yield what is wrong with the numbers that a question draws."""
    try:
        prompt = body.parse(read_text(question.path)).prompt
    except BankError as error:
        yield error.message
        return
    used = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    for name in question.draw:
        if f"{{{name}}}" not in prompt:
            text = f"draws {name}, but the prompt does not show {{{name}}}: show it, or draw less"
            yield Message(question.path, 1, text)
        if name not in used:
            text = f'the question draws {name}: read lab.draw["{name}"]'
            yield Message(question.demo, 1, text)
    answers = [report.answer for report in reports]
    if question.kind != "numeric" or not question.draw or not all(map(_finite, answers)):
        return
    if all(_close(answers[0], answer, question.tolerance) for answer in answers):
        text = "every combination drawn has the same answer: draw numbers that it hangs on"
        yield Message(question.path, 1, text)


def _predicted(question: Question, answers: Sequence) -> Iterator[Message]:
    try:
        right = [option for option in question.body.options if option.correct]
    except BankError as error:
        yield error.message
        return
    for answer in dict.fromkeys(answers):
        if len(right) == 1 and answer != right[0].text:
            text = f"marked [x], but the experiment answers {answer!r}: let the two agree exactly"
            yield Message(question.path, right[0].line, text)


def _finite(answer: object) -> bool:
    number = isinstance(answer, int | float) and not isinstance(answer, bool)
    return number and abs(answer) < 1e300


def _close(one: float, other: float, tolerance: dict[str, float]) -> bool:
    relative, absolute = tolerance.get("relative", 0), tolerance.get("absolute", 0)
    return math.isclose(one, other, rel_tol=relative, abs_tol=absolute)


def _exercise(
    path: Path, worker: "Worker", seeds: Sequence[int], emit: Callable[[str], None]
) -> Iterator[Message]:
    from dlprep.quiz.exercise import outcome, start

    tree = programs.read(path)
    if isinstance(tree, Message):
        yield tree
        return
    passing, failing = programs.solution_names(tree)
    for runs in _batches([(name, seed) for name in (*passing, *failing) for seed in seeds]):
        jobs = [start(worker, path, name=name, seed=seed) for name, seed in runs]
        for job, (name, seed) in zip(jobs, runs, strict=True):
            emit(f"{path.stem}, {name} on seed {seed}")
            grade = outcome(job)
            if grade["passed"] != (name in passing):
                text = _grade_fault(f"{name} on seed {seed}", grade, name in failing)
                yield Message(path, programs.line_of(tree, name), text)


def _grade_fault(run: str, grade: dict, wrong: bool) -> str:
    if wrong:
        return f"{run} passes the check: add the property that it violates"
    why = (grade["failed"] or {}).get("text") or grade["error"] or "no reason given"
    return f"{run} fails the check ({shorten(str(why), 160)}): mend it, or the check"
