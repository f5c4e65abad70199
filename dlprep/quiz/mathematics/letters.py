"""What stands for a letter: words, letters with an accent, letters of another alphabet."""

import re
from dataclasses import replace

from dlprep.quiz.mathematics import symbols
from dlprep.quiz.mathematics.tree import Fenced, LatexError, Script, Symbol, role

WORDS = re.compile(r"\s*\{((?:[A-Za-z0-9 .,:;()/'*+=!?-]|\\[,;: %&#_])*)\}")


def word(command: str, source: str, at: int) -> Symbol:
    r"""Return the sign for words such as `\text{if }`; `at` is where the command stands."""
    if not source.strip():
        raise LatexError(at, f"{command} needs plain words in braces: write {command}{{…}}")
    text = re.sub(r"\\[,;: ]", " ", source).replace("\\", "")
    if command not in symbols.TEXTS and " " in source.replace("\\ ", ""):
        raise LatexError(at, rf"blanks in {command} are not shown: write \text{{{text}}}")
    if len(text) == 1 and text.isalpha():
        return Symbol(text, "letter")
    named = command.startswith(r"\operatorname") or text in symbols.FUNCTIONS
    return Symbol(text, "function" if named else "word")


def accented(command: str, row: tuple, at: int) -> object:
    """Return a row with an accent: a letter bears it, more of them become its argument."""
    import unicodedata

    node = row[0] if len(row) == 1 else None
    bare = node.base if isinstance(node, Script) and not (node.upper or node.primes) else node
    if role(bare) == "letter" and len(bare.text) == 1:
        text = unicodedata.normalize("NFC", bare.text + symbols.ACCENTS[command])
        sign = Symbol(text, "letter")
        return replace(node, base=sign) if isinstance(node, Script) else sign
    if command not in symbols.WIDE or not row:
        raise LatexError(at, f"{command} stands over one letter: give it one")
    return Fenced(f"{command[1:]}(", row, ")")


def styled(command: str, row: tuple, at: int) -> Symbol:
    """Return letters of the alphabet that the command names, such as double-struck ones."""
    signs = "".join(node.text if role(node) in ("letter", "number") else " " for node in row)
    try:
        letters = [symbols.styled(symbols.STYLES[command], letter) for letter in signs]
    except (KeyError, ValueError):
        letters = []
    if not letters:
        raise LatexError(at, f"{command} takes letters that it has a form for, such as x or R")
    return Symbol("".join(letters), "letter" if len(letters) == 1 else "word")
