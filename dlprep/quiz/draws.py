"""Numbers that a question draws anew at each meeting, and the texts that show them as `{name}`."""

import random
import re
from collections.abc import Mapping, Sequence
from itertools import product

Number = int | float

# Behind a command, a `^`, a `_` or another argument LaTeX needs the braces.
_ARGUMENT = re.compile(r"(?:\\[A-Za-z]+|[\^_}])$")


def combinations(id: str, draw: Mapping[str, Sequence[Number]]) -> list[dict[str, Number]]:
    """Return every choice of one value for each name: the first of each, then the rest mixed.

    Args:
        id: The question's id, which mixes them the same way each time.
        draw: The values of each name.

    Returns:
        One mapping for each combination; a single empty one if nothing is drawn.
    """
    first, *rest = (dict(zip(draw, values, strict=True)) for values in product(*draw.values()))
    random.Random(id).shuffle(rest)
    return [first, *rest]


def fill(text: str, drawn: Mapping[str, Number]) -> str:
    """Return the text with `{name}` replaced by the number drawn, in formulas and code too.

    Example:
        fill("$2^{bits}$ for {bits} bits", {"bits": 16})  # "$2^{16}$ for 16 bits"
    """
    if not drawn:
        return text

    def shown(match: re.Match) -> str:
        number = f"{drawn[match[1]]:.10g}"
        return f"{{{number}}}" if _ARGUMENT.search(text[: match.start()]) else number

    return re.sub(r"\{(" + "|".join(map(re.escape, drawn)) + r")\}", shown, text)
