"""Read a number as people type it: `1e-3`, `1/8`, `2¹¹`, `0.5%`, `√2`, `7B`. Nothing is run.

What can be meant in two ways is refused, and the refusal shows both ways as input that is read.
"""

import math
import re

from dlprep.quiz.number_text import Token, Unclear, is_whole, is_word, literal, normalized, tokens

LENGTH, DEPTH = 200, 30
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "floor": math.floor,
    "ceil": math.ceil,
}
MULTIPLIERS = {
    **{"%": 1e-2, "percent": 1e-2, "pct": 1e-2, "‰": 1e-3},
    **dict.fromkeys(("x", "X", "×"), 1.0),
    **dict.fromkeys(("dozen", "dozens"), 12.0),
    **dict.fromkeys(("hundred", "hundreds"), 1e2),
    **dict.fromkeys(("k", "K", "thousand", "thousands"), 1e3),
    **dict.fromkeys(("M", "mn", "Mn", "mio", "million", "millions"), 1e6),
    **dict.fromkeys(("B", "G", "bn", "Bn", "mrd", "billion", "billions"), 1e9),
    **dict.fromkeys(("T", "tn", "trillion", "trillions"), 1e12),
}
UNCLEAR = {"m": "e6", "b": "e9"}
NO_UNITS = {*CONSTANTS, *FUNCTIONS, "nan", "inf", "infinity", "kk"}
EXAMPLES = "write a number such as 0.25, 1e-3, 1/8, 2**10, 0.5% or sqrt(2)"


class NumberError(ValueError):
    """The text is no number; the message says what came, what was expected and what to do."""


def read(text: str) -> float:
    """Return the number that `text` stands for.

    Understood: decimal numbers with exponents; thousands set apart by spaces, underscores,
    apostrophes, points or commas; a comma as the decimal sign where it cannot be one of thousands;
    `+ - * / //`, powers as `**`, `^` or raised digits (right to left, and before a sign: `-2**2` is
    -4), parentheses, `pi`, `e`, `√2`, `sqrt exp ln log log2 log10 floor ceil` (`log` is the natural
    one); behind a number a percent sign or a multiplier (`7B`, `10x`, `63 percent`); at the end one
    word as a unit; in front `~`, `≈` or `=`.
    Two numbers around a hyphen, the first the smaller, are taken for a range and refused.

    Args:
        text: What the user typed, up to 200 characters and 30 levels deep.

    Raises:
        NumberError: The text is something else, can be meant in two ways, is too long, or no finite
            number.
    """
    if len(text) > LENGTH:
        raise NumberError(f"got {len(text)} characters, at most {LENGTH} are read; {EXAMPLES}")
    try:
        return _value(text)
    except Unclear as refusal:
        offered = " or ".join(dict.fromkeys(filter(_readable, refusal.readings)))
        advice = f"write {offered}" if offered else EXAMPLES
        raise NumberError(f"{refusal} in {text.strip()!r}; {advice}") from None


def _value(text: str) -> float:
    value = _Reader(normalized(text)).whole()
    if not math.isfinite(value):
        raise Unclear("too large for a number")
    return value


def _readable(text: str) -> bool:
    try:
        return len(text) <= LENGTH and math.isfinite(_value(text))
    except Unclear:
        return False


class _Reader:
    """Recursive descent over the tokens; every loop back into a sub-term passes `signed`."""

    def __init__(self, text: str):
        self.text, self.tokens, self.depth = text, tokens(text)[::-1], 0
        # The percent sign or multiplier of the last factor.
        self.scale: Token | None = None

    def whole(self) -> float:
        if not self.tokens:
            raise NumberError(f"nothing was typed; {EXAMPLES}")
        value = self.sum()
        if len(self.tokens) == 1:
            self.unit(self.tokens.pop())
        if self.tokens:
            self.unexpected(self.tokens[-1])
        return value

    def unit(self, token: Token) -> None:
        """Pass over one word at the end unless it could change the value."""
        word, before = token.text, self.text[: token.start].rstrip()
        if word in UNCLEAR:
            raise Unclear(f"{word} may be a unit or a multiplier", before, before + UNCLEAR[word])
        if not is_word(word) or word.lower() in NO_UNITS:
            self.unexpected(token)

    def sum(self) -> float:
        value = self.product()
        while sign := self.take("+", "-"):
            value += self.product() if sign == "+" else -self.product()
        return value

    def product(self) -> float:
        first = self.next()
        value = self.signed()
        alone = self.whole_number(first)
        while sign := self.take("*", "/", "//", "×", "·"):
            begin = self.next()
            other = self.signed()
            if sign == "×" and alone and self.is_size(begin):
                raise Unclear("× between whole numbers may be a shape", self.text.replace("×", "*"))
            if sign in ("/", "//"):
                self.refuse_scale(begin)
                if other == 0:
                    raise Unclear("a division by zero")
            value = self.compute(_PRODUCTS[sign], value, other)
            alone = False
        return value

    def whole_number(self, begin: Token | None) -> bool:
        """Return whether what has been read since `begin` is one whole number."""
        end = self.tokens[-1].start if self.tokens else len(self.text)
        return begin is not None and is_whole(self.text[begin.start : end])

    def is_size(self, begin: Token | None) -> bool:
        return self.whole_number(begin) and not re.fullmatch("10+", begin.text)

    def signed(self) -> float:
        self.depth += 1
        if self.depth > DEPTH:
            raise Unclear("too many levels")
        sign = self.take("+", "-", "–")
        value = self.signed() if sign else self.power()
        self.depth -= 1
        return -value if sign in ("-", "–") else value

    def power(self) -> float:
        value = self.factor()
        if self.take("**", "^"):
            begin = self.next()
            value = self.compute(math.pow, value, self.signed())
            self.refuse_scale(begin)
        return value

    def factor(self) -> float:
        value = self.atom()
        self.scale = None
        while self.tokens and self.multiplier(self.tokens[-1].text) and not self.is_times():
            self.scale = self.tokens.pop()
            value = self.compute(math.prod, (value, self.multiplier(self.scale.text)))
        return value

    def is_times(self) -> bool:
        """Return whether the next token multiplies what follows, unlike the × of `10×`."""
        more = len(self.tokens) > 1 and not is_word(self.tokens[-2].text)
        return self.tokens[-1].text == "×" and more

    def multiplier(self, word: str) -> float | None:
        return MULTIPLIERS.get(word) or (MULTIPLIERS.get(word.lower()) if len(word) > 2 else None)

    def refuse_scale(self, begin: Token | None) -> None:
        """Refuse `1/3%`: the scale may be meant for the divisor or for the whole."""
        if (scale := self.scale) and begin:
            before, after = self.text[: scale.start], self.text[scale.end :]
            raise Unclear(
                f"{scale.text} may belong to the last number or to all before it",
                f"{before[: begin.start]}({before[begin.start :]}{scale.text}){after}",
                f"({before.rstrip()}){scale.text}{after}",
            )

    def atom(self) -> float:
        if not self.tokens:
            raise Unclear("nothing stands where a number was expected")
        token = self.tokens.pop()
        name = token.text.lower()
        if name[0].isdecimal() or name[0] == ".":
            return literal(token, self.text)
        if name == "(":
            return self.closed()
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name == "√":
            return self.root()
        if name in FUNCTIONS:
            if not self.take("("):
                before, after = self.text[: token.end], self.text[token.end :].strip()
                raise Unclear(f"{name} needs parentheses", f"{before}({after})")
            return self.compute(FUNCTIONS[name], self.argument(token))
        return self.unexpected(token)

    def argument(self, function: Token) -> float:
        """Return the value in parentheses; a comma there may part two arguments."""
        value = self.closed()
        end = self.tokens[-1].start if self.tokens else len(self.text)
        inside = self.text[function.end : end]
        if "," in inside:
            spelled = self.text[: function.end] + inside.replace(",", ".") + self.text[end:]
            raise Unclear(f"the comma may part two arguments of {function.text}", spelled)
        return value

    def root(self) -> float:
        self.depth += 1
        if self.depth > DEPTH:
            raise Unclear("too many levels")
        value = self.compute(math.sqrt, self.atom())
        self.depth -= 1
        return value

    def closed(self) -> float:
        value = self.sum()
        if not self.take(")"):
            raise Unclear("a parenthesis is not closed", self.text + ")")
        return value

    def compute(self, function, *arguments: float) -> float:
        try:
            return float(function(*arguments))
        except OverflowError:
            raise Unclear("too large for a number") from None
        except ValueError:
            raise Unclear("no real value") from None

    def unexpected(self, token: Token) -> float:
        before, rest = self.text[: token.start].rstrip(), self.text[token.start :]
        readings = []
        if before and (token.text.lower() in NO_UNITS or token.text in "(√"):
            readings = [f"{before}*{rest}"] if not before.endswith(".") else []
        if token.text == "e":
            readings.append(before + rest.replace(" ", ""))
        raise Unclear(f"did not expect {token.text!r}", *readings)

    def next(self) -> Token | None:
        return self.tokens[-1] if self.tokens else None

    def take(self, *signs: str) -> str:
        """Remove and return the next token if it is one of `signs`, else return nothing."""
        return self.tokens.pop().text if self.tokens and self.tokens[-1].text in signs else ""


_PRODUCTS = {
    **dict.fromkeys("*×·", lambda a, b: a * b),
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
}
