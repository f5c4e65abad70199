"""What a user has set for good: events of kind `setting`, of which the last holds."""

from dlprep.quiz.history import History
from dlprep.quiz.session import Session

KIND = "setting"
CONFIDENCE = "confidence"


def asks_confidence(session: Session, wanted: bool | None) -> bool:
    """Return whether to ask how sure each answer is.

    Args:
        session: The session that is to ask.
        wanted: What was said for this session; yes holds from then on. `None` leaves it to the
            setting, which is yes in the beginning.
    """
    stored = setting(session.history, CONFIDENCE, True)
    if wanted and not stored:
        ask_confidence(session, True)
    return stored is True if wanted is None else wanted


def ask_confidence(session: Session, wanted: bool) -> None:
    """Set for good whether to ask how sure each answer is."""
    data = {CONFIDENCE: wanted}
    session.history.append(KIND, None, data, at=session.clock(), session=session.name)


def setting(history: History, name: str, default: object) -> object:
    """Return what was set last, `default` if nothing was."""
    for event in reversed(history.events(kinds=(KIND,))):
        if name in event.data:
            return event.data[name]
    return default
