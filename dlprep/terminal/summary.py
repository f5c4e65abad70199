"""The closing words of a session."""

from dlprep.quiz.session import Session
from dlprep.terminal.verdict import RESULTS
from dlprep.terminal.view import View


def show_summary(view: View, session: Session) -> None:
    """Show what the session was and what comes next."""
    summary = session.summary()
    view.heading("Summary")
    if not summary.answered:
        view.say(_nothing(summary.skipped, summary.left))
    else:
        view.say(
            f"{summary.answered} answered in {_time(summary.seconds)}: {_counts(summary.results)}."
        )
    if summary.answered and len(summary.chapters) > 1:
        for chapter, results in summary.chapters.items():
            view.say(f"{chapter}: {_counts(results)}", indent=2)
    if summary.answered and (summary.skipped or summary.left):
        view.say(f"{summary.skipped} skipped, {summary.left} left.")
    if summary.misconceptions:
        view.blank()
        view.say("Wrong options you chose, worth another look:")
        for name, text in summary.misconceptions:
            view.item("  - ", f"{text} ({name})")
    view.blank()
    count = len(summary.due_tomorrow)
    view.say(f"Due by the end of tomorrow: {count} question{'s' * (count != 1)}.")


def _nothing(skipped: int, left: int) -> str:
    if skipped or left:
        return f"Nothing answered; {skipped} skipped, {left} left."
    return (
        "Nothing to ask: nothing is due and nothing is new with these filters. "
        "`dlprep list` shows all questions and when they are due."
    )


def _counts(results: dict[str, int]) -> str:
    parts = [
        f"{results[name]} {word.lower()}" for name, (word, _) in RESULTS.items() if name in results
    ]
    return ", ".join(parts)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
