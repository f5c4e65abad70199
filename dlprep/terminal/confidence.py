"""Ask how sure an answer is: one key, before the outcome is shown."""

from typing import TYPE_CHECKING

from dlprep.quiz import settings
from dlprep.quiz.schedule import CONFIDENCES

if TYPE_CHECKING:
    from dlprep.terminal.desk import Desk

KEYS = tuple(map(str, CONFIDENCES))
STOP = "0"


def ask_how_sure(desk: "Desk") -> None:
    """Ask for the key and tell the session, where the answer counts and the user wants to be asked.

    Raises:
        Leave: The card was left.
        Quit: The user wants no more.
    """
    card = desk.session.current
    if not desk.asks or card.again or card.cram:
        return
    prompt = "How sure? 1 guess, 2 likely, 3 sure; Enter: unsaid, 0: never ask"
    while text := _key(desk, prompt):
        if text == STOP:
            desk.asks = False
            settings.keep(desk.session, settings.CONFIDENCE, False)
            desk.view.say("Not asked any more; `dlprep quiz --confidence` asks again.")
            return
        if text in KEYS:
            desk.session.sure(int(text))
            return
        desk.misread(text, "1, 2, 3, 0 or Enter")


def _key(desk: "Desk", prompt: str) -> str:
    try:
        return desk.key(prompt, own=(STOP, *KEYS))
    except EOFError:
        # The answer was given before the input ended, and counts.
        return ""
