"""What a user has set for good: events of kind `setting`, of which the last holds."""

from dlprep.quiz.history import History
from dlprep.quiz.session import Session

KIND = "setting"
CONFIDENCE, READING = "confidence", "reading"
"""What may be asked beside a question: how sure its answer is, and which outcome decides."""


def asks(session: Session, what: str, wanted: bool | None) -> bool:
    """Return whether to ask something beside each question.

    Args:
        session: The session that is to ask.
        what: `CONFIDENCE` or `READING`.
        wanted: What was said for this session; yes holds from then on. `None` leaves it to the
            setting, which is yes in the beginning.
    """
    stored = setting(session.history, what, True)
    if wanted and not stored:
        keep(session, what, True)
    return stored is True if wanted is None else wanted


def keep(session: Session, what: str, wanted: bool) -> None:
    """Set for good whether to ask something."""
    data = {what: wanted}
    session.history.append(KIND, None, data, at=session.clock(), session=session.name)


def setting(history: History, name: str, default: object) -> object:
    """Return what was set last, `default` if nothing was."""
    for event in reversed(history.events(kinds=(KIND,))):
        if name in event.data:
            return event.data[name]
    return default
