"""After an answer: the verdict, what was measured, the rating, and what the user does about it."""

from dlprep.quiz import schedule
from dlprep.quiz.feedback import Feedback
from dlprep.terminal.desk import Desk, Leave
from dlprep.terminal.question import show_depth
from dlprep.terminal.verdict import RESULTS, show_feedback


def go_through(desk: Desk, feedback: Feedback) -> None:
    """Show what an answer led to; return when the user goes on.

    Raises:
        Quit: the user wants no more.
    """
    question = feedback.card.question
    show_feedback(desk.view, feedback)
    if question.kind != "predict" or desk.experiment.report is None:
        desk.view.pause("Enter shows what the experiment measured")
        desk.experiment.show(desk.view)
    _rated(desk, feedback)
    try:
        while text := desk.view.ask(_ways_on(desk)).lower():
            _obey(desk, text)
    except Leave:
        return


def _obey(desk: Desk, text: str) -> None:
    if text in ("1", "2", "3", "4", *schedule.RATINGS):
        rating = schedule.RATINGS[int(text) - 1] if text.isdigit() else text
        _rated(desk, desk.session.rate(rating))
    elif text == "d":
        desk.experiment.again(desk.view)
    elif text == "i":
        show_depth(desk.view, desk.session.current.question)
    elif text in ("u", "!", "q"):
        desk.KEYS[text](desk)
    else:
        desk.view.say(f"{text!r} was not understood.")


def _ways_on(desk: Desk) -> str:
    card, rating = desk.session.current, desk.session.feedback.rating
    run = "run it with another seed" if desk.experiment.report else "run the experiment"
    end = "ends the session" if card.number == card.total else "goes on"
    return (
        f"{'Change the rating' if rating else 'Rate it'}: 1 again, 2 hard, 3 good, 4 easy.\n"
        f"Keys: d {run}, i in depth, u undo, ! dispute, q quit.\nEnter {end}"
    )


def _rated(desk: Desk, feedback: Feedback) -> None:
    result, due = RESULTS[feedback.result][0], feedback.due
    desk.view.blank()
    if feedback.rating is None:
        desk.view.say(f"{result}; rate it yourself with 1 to 4.")
        return
    days = (due - desk.session.today).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    why = f", {feedback.reason}," if feedback.reason else ""
    desk.view.say(f"{result}, rated {feedback.rating}{why}: the next review is {when}, on {due}.")
