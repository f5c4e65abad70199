"""The signs of which people make numbers: typography, tokens, and digits with commas and points."""

import re
import unicodedata
from typing import NamedTuple

_HIGH = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"
_LOW = str.maketrans(_HIGH, "0123456789+-")
_SPACE = " '’\xa0\u2009\u202f"
_SIGNS = {
    "−": "-",
    "‐": "-",
    "‑": "-",
    "÷": "/",
    "∗": "*",
    "⋅": "·",
    "•": "·",
    "∙": "·",
    "π": "pi",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
    "log₂": "log2",
    "log₁₀": "log10",
    "per cent": "percent",
}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))
_FRACTION = re.compile(r"(?:(?<![\d.,])(\d+) ?)?([¼-¾⅐-⅞])")
_LEAD = re.compile(r"[~≈≃∼=]|(?:about|approx|roughly|around)\b\.?")
_TIMES = re.compile(r"(?<=[\d)])(?<!\b0)\s*[xX]\s*(?=[\d(])")
_DIGITS = r"\d+(?:_\d+)*"
_TOKEN = re.compile(
    rf"(?P<number>(?:\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?![\d_])(?:[.,]\d+)?"
    rf"|{_DIGITS}(?:[.,]{_DIGITS})*\.?|\.{_DIGITS})(?:e[+-]?\d+)?)"
    r"|(?P<high>[⁺⁻]?[⁰¹²³⁴-⁹]+)|(?P<sign>\*\*|//|[-+*/^%‰()×·√–—‒])",
    re.IGNORECASE | re.ASCII,
)
# Letters: what Python counts among them without being one, such as ², is not.
_LETTERS = r"(?:(?![²³¹¼-¾⁰-₟⅐-↋①-⓿])[^\W\d_])+"
_WORD = re.compile(rf"{_LETTERS}(?:[/-]{_LETTERS})*")
_NAME = re.compile(
    rf"(?:pi|e)\b|[kKMBGT](?=(?:param|token|weight))|{_WORD.pattern}\d*", re.IGNORECASE
)
_DOT = re.compile(rf"(?<![\d.,])\d+·\d+(?![\d.,{_HIGH}]|\s*(?:\^|\*\*))")
_RANGE = re.compile(r"(?<=[\d)%])\s*(?:[–—‒~∼]|\.\.+|…|\bto\b)\s*(?=[-\d(]|\.\d)")
_HYPHEN = re.compile(r"([\d.,]+)[%xkMB]?-([\d.,]+)[%xkMB]?", re.ASCII)


class Unclear(ValueError):
    """A text that cannot be read; `readings` are what may have been meant."""

    def __init__(self, why: str, *readings: str):
        super().__init__(why)
        self.readings = [reading.strip() for reading in readings]


class Token(NamedTuple):
    """A piece of the text, and where it stands there."""

    text: str
    start: int
    end: int


def normalized(text: str) -> str:
    """Return the text with one spelling of every sign, without what only surrounds the number.

    Raises:
        Unclear: A dot between digits, or a range.
    """
    text = text.strip()
    if found := _LEAD.match(text):
        text = text[found.end() :].lstrip()
    text = _TIMES.sub("×", _SIGN.sub(lambda found: _SIGNS[found[0]], _FRACTION.sub(_mixed, text)))
    if found := _DOT.search(text):
        before, after = text[: found.start()], text[found.end() :]
        pairs = (before + found[0].replace("·", sign) + after for sign in ".*")
        raise Unclear("the · may be a decimal point or a times sign", *pairs)
    if found := _RANGE.search(text):
        ends = (text[: found.start()], text[found.end() :])
        raise Unclear("a range is no single number", *ends, " - ".join(ends))
    if (found := _HYPHEN.fullmatch(text)) and _ascending(*found.groups()):
        left, right = text.split("-")
        raise Unclear("the - may mean a range or a difference", left, right, f"{left} - {right}")
    return text


def _mixed(found: re.Match) -> str:
    """Spell a fraction of one sign out, with the whole number before it: `2½` is `(2+1/2)`."""
    spelled = unicodedata.normalize("NFKC", found[2]).replace("⁄", "/")
    return f"({found[1]}+{spelled})" if found[1] else f"({spelled})"


def _ascending(left: str, right: str) -> bool:
    try:
        return float(left.replace(",", ".")) < float(right.replace(",", "."))
    except ValueError:
        return False


def tokens(text: str) -> list[Token]:
    """Return the pieces of a plain text; raised digits become a power.

    Raises:
        Unclear: A sign that no number has.
    """
    found, place = [], 0
    while rest := text[place:].lstrip():
        piece = _TOKEN.match(rest) or _NAME.match(rest)
        if not piece:
            raise Unclear(f"cannot read {rest[0]!r}")
        start = len(text) - len(rest)
        place = start + piece.end()
        if piece.lastgroup != "high":
            found.append(Token(piece[0], start, place))
            continue
        low = piece[0].translate(_LOW)
        found.append(Token("**", start, start))
        found += (
            [Token(part, start, place) for part in (low[:1], low[1:]) if part]
            if (low[0] in "+-")
            else [Token(low, start, place)]
        )
    return found


def is_word(text: str) -> bool:
    """Return whether the text is one word, as a unit is."""
    return bool(_WORD.fullmatch(text))


def literal(token: Token, text: str) -> float:
    """Return the value of digits with signs for decimals and thousands.

    Of several signs the last is the decimal one, unless they are all alike.

    Args:
        token: The digits.
        text: The whole text, for the readings of a comma.

    Raises:
        Unclear: A lone comma before three digits, or signs in no known order.
    """
    joined = re.sub(f"[{_SPACE}_]", "", token.text.lower())
    digits, mark, exponent = joined.partition("e")
    whole, *groups = re.split("[.,]", digits)
    signs = re.findall("[.,]", digits)
    spaced = bool(re.search(f"[{_SPACE}]", token.text))
    if signs == [","] and len(groups[0]) == 3 and not spaced:
        before, after = text[: token.start], text[token.end :]
        meant = token.text.replace(",", "."), token.text.replace(",", "").lstrip("0") or "0"
        readings = (before + reading + after for reading in meant)
        raise Unclear("the comma may mean a decimal or a thousand", *readings)
    decimal = len(signs) == 1 or signs[-1:] != signs[:1]
    fraction = groups.pop() if signs and decimal else ""
    thousands = set(signs[: len(groups)])
    grouped = 0 < len(whole) < 4 and all(len(group) == 3 for group in groups)
    if groups and (len(thousands) > 1 or not grouped):
        raise Unclear(f"{token.text!r} mixes points and commas")
    value = float(f"{whole}{''.join(groups)}.{fraction or 0}{mark}{exponent}")
    if value == 0 and digits.strip("0.,"):
        raise Unclear("too small for a number")
    return value


def is_whole(text: str) -> bool:
    """Return whether the text is one whole number, its thousands set apart or not."""
    return re.sub(f"[{_SPACE}_]", "", text).isdecimal()
