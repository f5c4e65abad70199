"""Show a question: its heading, prompt and options, and for `dlprep show --answer` the rest."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from dlprep.quiz.bank import Option, Question
from dlprep.terminal.streams import open_view
from dlprep.terminal.view import View

RED_FLAG = "Red flag: "


def print_question(question: Question, answer: bool, plain: bool) -> None:
    """Print one question for `dlprep show`.

    Args:
        question: What to show.
        answer: Whether to show hints, reasons, answer, key points, derivation and sources too.
        plain: Words only, also on a terminal.
    """
    view = open_view(plain, asks=False)
    view.heading(facts(question))
    show_question(view, question)
    show_options(view, question.body.options)
    if not answer:
        return
    if question.hints:
        view.heading("Hints")
        view.numbered(map(question.fill, question.hints))
    if question.body.options:
        view.heading("Options")
    for number, option in enumerate(question.body.options, 1):
        view.item(f"{number:>3}. ", option.text)
        view.say("right" if option.correct else "wrong", indent=5)
        view.markdown(option.reason, indent=5)
    show_answer(view, question)
    show_key_points(view, question)
    show_depth(view, question)


def record(question: Question, answer: bool) -> dict:
    """Return a question as plain data, for `dlprep show --json`.

    Args:
        question: What to show.
        answer: Whether with hints and all that tells the answer.
    """
    names = [field.name for field in fields(question) if field.name not in ("path", "pack")]
    data = {name: getattr(question, name) for name in names}
    # To be read, not to be run: of a pack that is not trusted too.
    path = question.path
    exercise = path.with_name(f"{path.stem}_exercise.py") if question.kind == "code" else None
    paths = {"path": path, "demo": path.with_suffix(".py"), "exercise": exercise}
    words = {name: None if path is None else str(path) for name, path in paths.items()}
    body = asdict(question.body)
    if not answer:
        del data["hints"]
        options = [{"text": option.text} for option in question.body.options]
        return {**data, **words, "body": {"prompt": body["prompt"], "options": options}}
    hints = [question.fill(hint) for hint in question.hints]
    return {**data, **words, "hints": hints, "body": body}


def facts(question: Question) -> str:
    """Return chapter, with its pack if it is from one, level, kind and time in words."""
    pack, mark, folder = question.chapter.rpartition(":")
    chapter = pack + mark + (folder.partition("_")[2].replace("_", " ") or folder)
    return f"{chapter}, {question.level}, {question.kind}, about {question.minutes:g} min"


def show_question(view: View, question: Question) -> None:
    """Show title and prompt."""
    view.title(question.title)
    if question.body.prompt:
        view.blank()
        view.markdown(question.body.prompt)


def show_options(view: View, options: Sequence[Option]) -> None:
    """Show the options with numbers to choose by, if there are any."""
    if options:
        view.blank()
    view.numbered(option.text for option in options)


def show_answer(view: View, question: Question) -> None:
    """Show what a strong candidate says."""
    view.heading("Answer")
    view.markdown(question.body.answer)


def show_key_points(view: View, question: Question) -> None:
    """Show the key points and the red flags, each named in words."""
    view.heading("Key points")
    for point in question.body.key_points:
        view.item("  - ", point)
    for flag in question.body.red_flags:
        view.item("  - ", RED_FLAG + flag)


def show_depth(view: View, question: Question) -> None:
    """Show the derivation, what an interviewer asks next, and the sources."""
    if question.body.in_depth:
        view.heading("In depth")
        view.markdown(question.body.in_depth)
    if question.follow_ups:
        view.heading("Asked next")
        view.say(", ".join(question.follow_ups))
    view.heading("Sources")
    for source in question.sources:
        view.item("  - ", source)
