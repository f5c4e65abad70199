"""Ask a question of each kind and hand the answer to the session."""

import re
from collections.abc import Collection

from dlprep.quiz.feedback import Feedback
from dlprep.terminal.bench import WAYS, Bench, show_failure, show_printed
from dlprep.terminal.confidence import ask_how_sure
from dlprep.terminal.desk import Desk
from dlprep.terminal.question import show_answer


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
        text = desk.ask("Your number (such as 0.25, 1e-3, 1/8, 2**10 or 0.5%)", own=("e",))
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
    desk.given = True
    desk.view.say(f"Noted: {chosen[0] + 1}. Now the experiment decides.")
    while True:
        try:
            report = desk.experiment.finish(desk.view)
            break
        except KeyboardInterrupt:
            again = "Enter runs it again, n lets the question's file decide"
            if desk.key(again, own=("n", "d")).lower() == "n":
                report = None
                break
    return desk.session.resolve(report)


def recall(desk: Desk) -> Feedback:
    """Let the user answer aloud, then compare with the key points."""
    text = desk.ask("Answer aloud or type it in a line; Enter shows the answer")
    ask_how_sure(desk)
    desk.session.commit(text)
    question = desk.session.current.question
    desk.given = True
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
    """Begin a file of the user's with the stub and grade it at every Enter, or every save."""
    card, view = desk.session.current, desk.view
    bench = Bench(view, desk.worker, card.question, desk.folder)
    place = card.question.id, card.again
    if not bench.begin(anew=place not in desk.begun):
        desk.skip()
    desk.begun.add(place)
    desk.bench = bench
    with desk.pages():
        bench.show()
    while True:
        text = ""
        with bench.until_saved():
            text = desk.key(f"{WAYS}.\nEnter grades the file")
        if text:
            desk.misread(text, "Enter, when the file is saved")
            continue
        result = bench.grade()
        if result is None:
            continue
        feedback = desk.session.answer_code(result)
        with bench.until_saved(), desk.pages():
            show_printed(view, result["printed"])
            if not feedback.final:
                show_failure(view, feedback.remarks, result)
        if feedback.final:
            return feedback
