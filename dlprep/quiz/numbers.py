"""Read a number as people type it: `1e-3`, `1/8`, `2**10`, `0.5%`, `sqrt(2)`. Nothing is run."""

import math
import re

LENGTH, DEPTH = 200, 30
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
}
EXAMPLES = "write a number such as 0.25, 1e-3, 1/8, 2**10, 0.5% or sqrt(2)"

_TYPOGRAPHY = str.maketrans(
    {"−": "-", "–": "-", "×": "*", "·": "*", "÷": "/", "π": "pi", "√": "sqrt", "\xa0": " "}
)
_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+)?)"
    r"|(?P<name>[a-z]+\d*)|(?P<sign>\*\*|[-+*/^%()])",
    re.ASCII | re.IGNORECASE,
)
_COMMA = re.compile(r"\d,\d")


class NumberError(ValueError):
    """The text is no number; the message says what came, what was expected and what to do."""


def read(text: str) -> float:
    """Return the number that `text` stands for.

    Understood: decimal numbers with exponents and underscores, `+ - * /`, powers as `**` or `^`
    (right to left, and before a sign: `-2**2` is -4), a trailing `%`, parentheses, `pi`, `e`,
    `sqrt exp ln log log2 log10` (`log` is the natural one), and the typographic signs for minus,
    times and divided by. A comma is never understood: it may mean a decimal or a thousand.

    Args:
        text: what the user typed, up to 200 characters and 30 levels deep.

    Raises:
        NumberError: the text is something else, too long, or not a finite number.
    """
    tokens = _tokens(text)
    value = _Reader(text.strip(), tokens).whole()
    if not math.isfinite(value):
        raise NumberError(f"{text.strip()!r} is too large for a number; {EXAMPLES}")
    return value


def _tokens(text: str) -> list[str]:
    if len(text) > LENGTH:
        raise NumberError(f"got {len(text)} characters, at most {LENGTH} are read; {EXAMPLES}")
    plain = text.translate(_TYPOGRAPHY)
    if _COMMA.search(plain):
        point, nothing = plain.strip().replace(",", "."), plain.strip().replace(",", "")
        raise NumberError(
            f"the comma in {text.strip()!r} may mean a decimal or a thousand;"
            f" write {point} or {nothing}"
        )
    tokens, place = [], 0
    while rest := plain[place:].lstrip():
        found = _TOKEN.match(rest)
        if not found:
            raise NumberError(f"cannot read {rest[0]!r} in {text.strip()!r}; {EXAMPLES}")
        tokens.append(found[0].lower())
        place = len(plain) - len(rest) + found.end()
    return tokens


class _Reader:
    """Recursive descent over the tokens; every loop back into a sub-term passes `signed`."""

    def __init__(self, text: str, tokens: list[str]):
        self.text, self.tokens, self.depth = text, tokens[::-1], 0

    def whole(self) -> float:
        if not self.tokens:
            raise NumberError(f"nothing was typed; {EXAMPLES}")
        value = self.sum()
        if self.tokens:
            raise NumberError(f"did not expect {self.tokens[-1]!r} in {self.text!r}; {EXAMPLES}")
        return value

    def sum(self) -> float:
        value = self.product()
        while sign := self.take("+", "-"):
            value += self.product() if sign == "+" else -self.product()
        return value

    def product(self) -> float:
        value = self.signed()
        while sign := self.take("*", "/"):
            other = self.signed()
            if sign == "/" and other == 0:
                raise NumberError(f"{self.text!r} divides by zero; {EXAMPLES}")
            value = value * other if sign == "*" else value / other
        return value

    def signed(self) -> float:
        self.depth += 1
        if self.depth > DEPTH:
            raise NumberError(f"{self.text!r} is nested too deeply; {EXAMPLES}")
        sign = self.take("+", "-")
        value = self.signed() if sign else self.power()
        self.depth -= 1
        return -value if sign == "-" else value

    def power(self) -> float:
        value = self.percent()
        if self.take("**", "^"):
            value = self.compute(math.pow, value, self.signed())
        return value

    def percent(self) -> float:
        value = self.atom()
        while self.take("%"):
            value /= 100
        return value

    def atom(self) -> float:
        if not self.tokens:
            raise NumberError(f"{self.text!r} ends where a number was expected; {EXAMPLES}")
        token = self.tokens.pop()
        if token[0].isdigit() or token[0] == ".":
            return float(token)
        if token == "(":
            return self.closed()
        if token in CONSTANTS:
            return CONSTANTS[token]
        if token in FUNCTIONS:
            if not self.take("("):
                raise NumberError(f"{token} needs parentheses in {self.text!r}; write {token}(2)")
            return self.compute(FUNCTIONS[token], self.closed())
        raise NumberError(f"did not expect {token!r} in {self.text!r}; {EXAMPLES}")

    def closed(self) -> float:
        value = self.sum()
        if not self.take(")"):
            raise NumberError(f"a parenthesis is not closed in {self.text!r}; add )")
        return value

    def compute(self, function, *arguments: float) -> float:
        try:
            return function(*arguments)
        except OverflowError:
            raise NumberError(f"{self.text!r} is too large for a number; {EXAMPLES}") from None
        except ValueError:
            raise NumberError(f"{self.text!r} has no real value; {EXAMPLES}") from None

    def take(self, *signs: str) -> str:
        """Remove and return the next token if it is one of `signs`, else return nothing."""
        return self.tokens.pop() if self.tokens and self.tokens[-1] in signs else ""
