"""Show what an answer led to, in words."""

from dlprep.lab.figures.text import number
from dlprep.quiz import grading
from dlprep.quiz.feedback import Feedback, Verdict
from dlprep.terminal.question import show_answer, show_key_points
from dlprep.terminal.view import View

RESULTS = {
    grading.RIGHT: ("Right", "good"),
    grading.PARTLY: ("Partly right", "warn"),
    grading.WRONG: ("Wrong", "bad"),
    grading.GAVE_UP: ("Given up", "warn"),
    grading.UNMARKED: ("Not graded", "warn"),
}


def show_feedback(view: View, feedback: Feedback) -> None:
    """Show the verdict, the reason of every option, the answer and the key points."""
    word, style = RESULTS[feedback.result]
    view.heading(word, style)
    for remark in feedback.remarks:
        view.markdown(remark)
    if feedback.remarks and feedback.verdicts:
        view.blank()
    question = feedback.card.question
    if question.kind == "numeric" and "key" in feedback.detail:
        _comparison(view, feedback)
    if feedback.verdicts:
        _options(view, feedback.verdicts)
    if question.kind == "code":
        _solution(view, feedback)
    seen = question.kind == "recall" and feedback.result != grading.GAVE_UP
    if not seen:
        show_answer(view, question)
        show_key_points(view, question)


def words(verdict: Verdict) -> str:
    """Return what is to be said of an option: right or wrong, chosen or not."""
    right = "right" if verdict.option.correct else "wrong"
    if verdict.chosen:
        return f"{right}, you chose it"
    return "right, you did not choose it" if verdict.option.correct else "wrong"


def _options(view: View, verdicts: tuple[Verdict, ...]) -> None:
    for place, verdict in enumerate(verdicts, 1):
        if place > 1:
            view.blank()
        view.item(f"{place:>3}. ", verdict.option.text)
        style = "good" if verdict.option.correct else "bad" if verdict.chosen else "dim"
        view.say(words(verdict) + ".", style, indent=5)
        view.markdown(verdict.option.reason, indent=5)


def _comparison(view: View, feedback: Feedback) -> None:
    detail, tolerance = feedback.detail, feedback.card.question.tolerance or {}
    allowed = [
        f"{value * 100:g} %" if name == "relative" else f"{value:g}"
        for name, value in tolerance.items()
    ]
    value, key = (number(detail[name], 6) for name in ("value", "key"))
    margin = f" (allowed difference: {' or '.join(allowed)})" * bool(allowed)
    view.say(f"You said {value}, the experiment measured {key}{margin}.")


def _solution(view: View, feedback: Feedback) -> None:
    import ast

    from dlprep.quiz.stub import definitions

    path = feedback.card.question.exercise
    source, name = path.read_text("utf-8"), definitions(path).solution
    for node in ast.parse(source).body:
        if getattr(node, "name", None) == name:
            view.heading("A solution")
            view.code(ast.get_source_segment(source, node))
