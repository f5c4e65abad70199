"""Ask a question of each kind and hand the answer to the session."""

import re
from collections.abc import Collection
from pathlib import Path

from dlprep.lab.run import brief
from dlprep.quiz.feedback import Feedback
from dlprep.terminal.confidence import ask_how_sure
from dlprep.terminal.desk import Desk
from dlprep.terminal.question import show_answer
from dlprep.terminal.view import View

LAST = 20
"""Lines shown of what the user's code printed."""


def picked(text: str, count: int) -> list[int] | None:
    """Read numbers from 1 to `count`, separated by blanks or commas, as indices from 0.

    `all` and `none` are read too. `None` if the text is anything else.
    """
    words = re.split(r"[\s,;]+", text.strip().lower())
    if words in (["all"], ["none"]):
        return list(range(count)) if words == ["all"] else []
    names = {str(number): number - 1 for number in range(1, count + 1)}
    return sorted({names[word] for word in words}) if all(word in names for word in words) else None


def choice(desk: Desk) -> Feedback:
    """Ask for one option or several; the prompt does not tell how many are right."""
    options = desk.session.current.options
    while True:
        text = desk.pick("Your choice, one number or several (such as 2, or 1 3)")
        if chosen := picked(text, len(options)):
            ask_how_sure(desk)
            return desk.session.answer_choice(chosen)
        desk.misread(text, f"numbers from 1 to {len(options)}, with blanks between several")


def numeric(desk: Desk) -> Feedback:
    """Ask for a number and compare it with what the experiment measures."""
    from dlprep.quiz.numbers import NumberError, read

    while True:
        text = desk.ask("Your number (such as 0.25, 1e-3, 1/8, 2**10 or 0.5%)")
        try:
            read(text)
        except NumberError as error:
            desk.misread(text, str(error))
            continue
        ask_how_sure(desk)
        try:
            report = desk.experiment.finish(desk.view)
        except KeyboardInterrupt:
            desk.view.say("Your answer was not graded. Type it again to run the experiment anew.")
            continue
        return desk.session.answer_numeric(text, report and report.answer)


def predict(desk: Desk) -> Feedback:
    """Ask for a prediction, store it, and let the experiment decide."""
    options = desk.session.current.options
    while True:
        text = desk.pick("Your prediction, one number", len(options) * (len(options) < 10))
        chosen = picked(text, len(options))
        if chosen and len(chosen) == 1:
            break
        desk.misread(text, f"one number from 1 to {len(options)}")
    ask_how_sure(desk)
    desk.session.commit(chosen[0])
    desk.view.say(f"Noted: {chosen[0] + 1}. Now the experiment decides.")
    while True:
        try:
            report = desk.experiment.finish(desk.view)
            break
        except KeyboardInterrupt:
            again = "Enter runs it again, n lets the question's file decide"
            if desk.key(again, own=("n",)).lower() == "n":
                report = None
                break
    return desk.session.resolve(report)


def recall(desk: Desk) -> Feedback:
    """Let the user answer aloud, then compare with the key points."""
    text = desk.ask("Answer aloud or type it in a line; Enter shows the answer")
    ask_how_sure(desk)
    desk.session.commit(text)
    question = desk.session.current.question
    desk.shown = True
    with desk.pages():
        show_answer(desk.view, question)
        desk.view.heading("Key points")
        desk.view.numbered(question.body.key_points)
    ticked = _ticks(
        desk,
        "Which did you say? Numbers, all or none; Enter does not compare",
        question.body.key_points,
    )
    if ticked is None or not question.body.red_flags:
        return desk.session.answer_recall(ticked)
    desk.view.heading("Red flags")
    desk.view.numbered(question.body.red_flags)
    flagged = _ticks(
        desk, "Did you say one of them? Numbers; Enter for none", question.body.red_flags
    )
    return desk.session.answer_recall(ticked, flagged or ())


def _ticks(desk: Desk, prompt: str, items: Collection[str]) -> list[int] | None:
    while True:
        text = desk.pick(prompt)
        found = picked(text, len(items)) if text else None
        if found is not None or not text:
            return found
        desk.misread(text, f"numbers from 1 to {len(items)}, all or none")


def code(desk: Desk) -> Feedback:
    """Write the stub to a file of the user's and grade the file at every Enter."""
    from dlprep.quiz import exercise

    question = desk.session.current.question
    try:
        outline = exercise.stub(question.exercise).rstrip()
        path = exercise.write_stub(question, desk.folder)
    # Of the disk or of the exercise: whatever it is, the session goes on.
    except Exception as error:
        desk.view.say(f"The file for your code cannot be written: {brief(error)}", "bad")
        desk.skip()
    with desk.pages():
        desk.view.blank()
        desk.view.code(outline)
        desk.view.blank()
        desk.view.say(f"Write it in this file: {path}", "bold")
    tries = 0
    while True:
        text = desk.key("Enter grades the file")
        if text:
            desk.misread(text, "Enter, when the file is saved")
            continue
        result = _grade(desk, question.exercise, path, tries)
        if result is None:
            continue
        tries += 1
        feedback = desk.session.answer_code(result)
        with desk.pages():
            show_printed(desk.view, result["printed"])
            if not feedback.final:
                show_failure(desk, feedback, result)
        if feedback.final:
            return feedback


def _grade(desk: Desk, exercise_path: Path, path: Path, seed: int) -> dict | None:
    from dlprep.quiz import exercise

    if not path.exists():
        desk.view.say(f"There is no file {path} any more; save it there.", "bad")
        return None
    job = exercise.start(desk.worker, exercise_path, path, seed=seed)
    try:
        with desk.view.progress("The grading", job, lambda: not job.begun) as tell:
            return exercise.outcome(job, tell)
    except KeyboardInterrupt:
        job.stop()
        desk.view.say("The grading was stopped.")
        return None


def show_printed(view: View, text: str) -> None:
    """Show the last lines that the user's code printed, if any."""
    rows = text.splitlines()
    if rows:
        view.say("Your code printed" + f", the last {LAST} lines" * (len(rows) > LAST) + ":")
        view.verbatim("\n".join(rows[-LAST:]), indent=4)


def show_failure(desk: Desk, feedback: Feedback, result: dict) -> None:
    """Show what holds, and last what does not: what came in, what came out, what should."""
    view, (reason, held) = desk.view, feedback.remarks
    view.heading("Not yet", "bad")
    view.say(held)
    for text in result["properties"]:
        view.item("  holds: ", text)
    view.blank()
    view.say(reason)
    for name in ("given", "got", "expected"):
        if result["failed"] and result["failed"][name] is not None:
            view.say(f"{name}:", indent=2)
            view.verbatim(result["failed"][name], indent=6)
