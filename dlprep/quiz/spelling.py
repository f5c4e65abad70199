"""One spelling for what people type and what the bank writes: American, without LaTeX commands."""

import re

_LATEX = re.compile(r"\\[A-Za-z]+")
_RULES = [
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"(?<=\w{3})is(?=(?:e[drs]?|ers|ing|ations?|able)\b)", "iz"),
        (r"(?<=\wl)ys(?=(?:e[drs]?|ers|ing)\b)", "yz"),
        (r"(?<=\w{2})our(?=(?:s|ed|ing|ite|al|hood)?\b)", "or"),
        (r"(?<=\w{2})tre(?=s?\b)", "ter"),
        (r"(?<=\w{2})ll(?=(?:ed|ing|er|ers)\b)", "l"),
        (r"(?<=\w{3})ogue(?=s?\b)", "og"),
        (r"\bartefact", "artifact"),
        (r"\bgrey", "gray"),
        (r"\blearnt\b", "learned"),
        (r"\bprogramme(?=s?\b)", "program"),
    )
]


def fold(text: str) -> str:
    """Return the text in American spelling, line for line; LaTeX commands become blanks.

    Both sides of a comparison are folded, so a rule may also change words that have one spelling.

    Example:
        fold("regularisation of a colour")  # "regularization of a color"
    """
    text = _LATEX.sub(" ", text)
    for pattern, plain in _RULES:
        text = pattern.sub(plain, text)
    return text
