r"""Recognise LaTeX mathematics: enough of the grammar to name a slip and where it is.

A formula is a row of atoms; an atom is a character, a group, a command with its arguments, a
`\left…\right` pair or an environment, each with at most one subscript and one superscript.
"""

import re

from dlprep.quiz.check.commands import (
    ARGUMENTS,
    DELIMITERS,
    ENVIRONMENTS,
    KNOWN,
    OPTIONAL,
    SHORT,
    SIZED,
    TEXT,
)

DEEPEST = 60
_TOKEN = re.compile(r"\\(?:[A-Za-z]+|.)|\S", re.DOTALL)
_NAME = re.compile(r"\s*\{([A-Za-z]+\*?)\}")
_CLOSERS = ("}", "&", r"\\", r"\right", r"\middle", r"\end")


class LatexError(ValueError):
    """A slip in a formula; `position` is counted in characters from its start."""

    def __init__(self, position: int, text: str):
        super().__init__(text)
        self.position = position


def recognise(formula: str) -> None:
    """Return if the formula parses.

    Args:
        formula: what stands between the dollars.

    Raises:
        LatexError: the first slip.
    """
    parser = _Parser(formula)
    parser.row("")
    if parser.token:
        parser.stop(f"{parser.token} closes nothing: delete it, or open the pair before it")


class _Parser:
    """A recursive descent over the tokens; `token` is the next one, "" at the end."""

    def __init__(self, formula: str):
        self.formula = formula
        self.position = self.after = self.depth = 0
        self.token = ""
        self.advance()

    def advance(self) -> None:
        found = _TOKEN.search(self.formula, self.after)
        self.token = found[0] if found else ""
        self.position = found.start() if found else len(self.formula)
        self.after = found.end() if found else len(self.formula)

    def stop(self, text: str) -> None:
        raise LatexError(self.position, text)

    def row(self, environment: str) -> None:
        """Take atoms until something closes the row; `&` and `\\\\` belong to an environment."""
        while self.token and (self.token not in _CLOSERS or self.separator(environment)):
            if self.token in ("&", r"\\"):
                self.advance()
            else:
                self.atom()

    def separator(self, environment: str) -> bool:
        if self.token == "&" and not environment:
            self.stop(r"& stands outside \begin{…}: write \& for the sign, or open an environment")
        return self.token in ("&", r"\\")

    def atom(self) -> None:
        if self.token not in ("^", "_"):
            self.nucleus()
        seen = set()
        while self.token in ("^", "_", "'"):
            mark = self.token
            if mark in seen or (mark == "'" and "^" in seen):
                name = "subscript" if mark == "_" else "superscript"
                self.stop(f"a second {name} on the same symbol: put the inner part in braces")
            seen.add(mark if mark != "'" else "")
            self.advance()
            if mark != "'":
                self.argument(f"{mark} has nothing behind it: write {mark}{{…}}")

    def nucleus(self) -> None:
        """Take one atom without its scripts."""
        self.depth += 1
        if self.depth > DEEPEST:
            self.stop(f"nested more than {DEEPEST} deep: simplify the formula")
        token = self.token
        if token == "{":
            self.group()
        elif token in ("#", "%"):
            self.stop(rf"a bare {token} has a meaning of its own in LaTeX: write \{token}")
        elif len(token) > 1 and token[0] == "\\":
            self.command(token[1:])
        elif token == "\\":
            self.stop("a backslash at the end: name a command or delete it")
        else:
            self.advance()
        self.depth -= 1

    def group(self) -> None:
        opened = self.position
        self.advance()
        self.row("")
        if self.token != "}":
            raise LatexError(opened, "{ is never closed: add the } it needs")
        self.advance()

    def argument(self, missing: str) -> None:
        if not self.token or self.token in (*_CLOSERS, "^", "_", "'"):
            self.stop(missing)
        self.nucleus()

    def command(self, name: str) -> None:
        if name == "left":
            self.pair()
        elif name == "begin":
            self.environment()
        elif name in SIZED:
            self.advance()
            self.delimiter(name)
        elif name in TEXT:
            self.raw(name)
        elif name in ARGUMENTS:
            self.arguments(name)
        elif name in KNOWN or name in SHORT:
            self.advance()
        else:
            self.stop(_unknown(name))

    def arguments(self, name: str) -> None:
        count = ARGUMENTS[name]
        self.advance()
        if name == "operatorname" and self.token == "*":
            self.advance()
        if name in OPTIONAL and self.token == "[":
            self.optional(name)
        shape = f"\\{name}" + "{…}" * count
        for _ in range(count):
            self.argument(f"\\{name} needs {count} argument{'s' * (count > 1)}: write {shape}")

    def optional(self, name: str) -> None:
        opened = self.position
        while self.token != "]":
            if not self.token or self.token in _CLOSERS:
                raise LatexError(opened, rf"the [ of \{name} is never closed: add a ]")
            self.atom()
        self.advance()

    def raw(self, name: str) -> None:
        """Skip a braced argument that is no mathematics."""
        self.advance()
        if self.token != "{":
            self.stop(rf"\{name} needs a text in braces: write \{name}{{…}}")
        opened, depth = self.position, 0
        while True:
            depth += (self.token == "{") - (self.token == "}")
            if not self.token:
                raise LatexError(opened, "{ is never closed: add the } it needs")
            self.advance()
            if not depth:
                return

    def pair(self) -> None:
        opened = self.position
        self.advance()
        self.delimiter("left")
        self.row("")
        while self.token == r"\middle":
            self.advance()
            self.delimiter("middle")
            self.row("")
        if self.token != r"\right":
            raise LatexError(opened, r"\left has no \right: add it, with . for an invisible one")
        self.advance()
        self.delimiter("right")

    def delimiter(self, name: str) -> None:
        if self.token not in DELIMITERS:
            self.stop(rf"\{name} needs a delimiter behind it, such as ( or \{{ or .")
        self.advance()

    def environment(self) -> None:
        opened, name = self.position, self.name("begin")
        if name not in ENVIRONMENTS:
            known = ", ".join(sorted(ENVIRONMENTS))
            raise LatexError(opened, f"unknown environment {name}: write one of {known}")
        if name in ("array", "alignedat"):
            self.raw_braces(name)
        self.row(name)
        if self.token != r"\end":
            raise LatexError(opened, rf"\begin{{{name}}} is never closed: add \end{{{name}}}")
        ended, last = self.position, self.name("end")
        if last != name:
            raise LatexError(ended, rf"\end{{{last}}} closes \begin{{{name}}}: use one name")

    def raw_braces(self, name: str) -> None:
        if self.token != "{":
            self.stop(rf"\begin{{{name}}} needs its columns in braces, such as {{cc}}")
        self.group()

    def name(self, command: str) -> str:
        found = _NAME.match(self.formula, self.after)
        if not found:
            self.stop(rf"\{command} needs the name of an environment: write \{command}{{aligned}}")
        self.after = found.end()
        self.advance()
        return found[1]


def _unknown(name: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(KNOWN), 1, 0.6)
    hint = rf"did you mean \{close[0]}?" if close else rf"for a word write \text{{{name}}}"
    return rf"unknown command \{name}: {hint}"
