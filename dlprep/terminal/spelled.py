"""Text for a terminal that cannot show every sign: `lambda` for λ, `x` for ×, `--` for a dash."""

import re
import unicodedata
from functools import cache

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵝᵞᵟᶿ"
_LOWERED = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ"
_RUN = re.compile(f"[{_RAISED}]+|[{_LOWERED}]+|[^\x00-\x7f]")

SIGNS = {
    **dict.fromkeys("—–―", "--"),
    **dict.fromkeys("−‐‑‒─━", "-"),
    **dict.fromkeys("│┃‖", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼", "+"),
    **dict.fromkeys("‘’′‛", "'"),
    **dict.fromkeys("“”„″", '"'),
    **dict.fromkeys("×⨯", "x"),
    **dict.fromkeys("·⋅∙•‧", "*"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f", " "),
    **dict.fromkeys("\u200b\u200d\ufe0e\ufe0f\u2061\u2062", ""),
    **dict.fromkeys("✓✔", "yes"),
    **dict.fromkeys("✗✘", "no"),
    **{"…": "...", "⋯": "...", "⋮": "...", "⋱": "...", "÷": "/", "∕": "/", "⁄": "/"},
    **{"±": "+-", "∓": "-+", "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~", "∼": "~", "≃": "~"},
    **{"≡": "==", "≪": "<<", "≫": ">>", "∝": " proportional to ", "→": "->", "←": "<-"},
    **{"↔": "<->", "↦": "|->", "⇒": "=>", "⇐": "<=", "⇔": "<=>", "↑": "up", "↓": "down"},
    **{"∞": "infinity", "√": "sqrt", "∛": "cbrt", "∑": "sum", "∏": "prod", "∫": "integral"},
    **{"∂": "d", "∇": "grad ", "∈": " in ", "∉": " not in ", "⊂": " subset of ", "∪": " union "},
    **{"⊆": " subset of ", "∩": " intersected with ", "∅": "{}", "∀": "for all ", "∃": "exists "},
    **{"¬": "not ", "∧": " and ", "∨": " or ", "⊙": "(.)", "⊗": "(x)", "⊕": "(+)", "∘": " o "},
    **{"°": " degrees", "‰": " per mille", "⟨": "<", "⟩": ">", "⌊": "floor(", "⌋": ")"},
    **{"⌈": "ceil(", "⌉": ")", "ℓ": "l", "∥": "||", "⊤": "T", "⊥": "_|_", "ℏ": "h", "∣": "|"},
    **{"€": "EUR", "£": "GBP", "§": "section ", "©": "(c)", "«": "<<", "»": ">>", "†": "+"},
    **{"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ð": "d"},
    **{"ϕ": "phi", "ϵ": "epsilon", "ϑ": "theta", "ϱ": "rho", "ϖ": "pi", "µ": "mu", "ı": "i"},
    **{"█": "#", "▓": "#", "▒": "+", "░": ".", "■": "#", "□": "o", "●": "o", "○": "o"},
}


def spelled(text: str, encoding: str) -> str:
    """Return the text with words for what an encoding does not have.

    A sign without words stays; it becomes `\\u2603` when it is written.

    Args:
        text: What is to be shown.
        encoding: Of the terminal.
    """
    if text.isascii() or encoding.replace("-", "").lower() == "utf8":
        return text

    def word(match: re.Match) -> str:
        found = _word(match.group(), encoding)
        before, after = text[: match.start()][-1:], text[match.end() :][:1]
        found = found[before in ("", " ") and found[:1] == " " :]
        found = found[:-1] if after in ("", " ") and len(found) > 1 and found[-1] == " " else found
        if len(found) < 2 or found == match.group() or not found.isalpha():
            return found
        apart = before.isascii() and before.isalnum()
        return " " * apart + found + " " * (after.isalnum() and after not in _RAISED + _LOWERED)

    return _RUN.sub(word, text)


@cache
def _word(signs: str, encoding: str) -> str:
    if fits(signs, encoding):
        return signs
    if signs[0] in _RAISED or signs[0] in _LOWERED:
        plain = "".join(map(_plain, signs))
        plain = plain if re.fullmatch(r"-?\w+", plain) else f"({plain})"
        return ("^" if signs[0] in _RAISED else "_") + plain
    found = SIGNS.get(signs) or _greek(signs) or _plain(signs)
    return found if fits(found, encoding) or signs in SIGNS else signs


def fits(text: str, encoding: str) -> bool:
    """Whether an encoding has all signs of a text."""
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def _plain(sign: str) -> str:
    """Return what a sign is made of, without marks above it: `e` for é, `2` for ², `x` for 𝐱."""
    if sign in SIGNS:
        return SIGNS[sign]
    parts = unicodedata.normalize("NFKD", sign)
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    return "".join(SIGNS.get(letter) or _greek(letter) or letter for letter in letters)


def _greek(sign: str) -> str:
    """Return the name of a Greek letter, of a capital one with a capital."""
    name = unicodedata.name(sign, "") if len(sign) == 1 else ""
    match = re.match(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", name)
    if not match:
        return ""
    word = {"LAMDA": "lambda"}.get(match[2], match[2].lower())
    return word if match[1] == "SMALL" else word.capitalize()
