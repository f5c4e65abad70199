r"""Read the LaTeX of a formula into a tree.

What this grammar takes, KaTeX draws and a line of text can say; it names a slip and where it is.
"""

import re
from collections.abc import Collection
from dataclasses import replace

from dlprep.quiz.mathematics import letters, symbols
from dlprep.quiz.mathematics.bars import pair_bars
from dlprep.quiz.mathematics.tree import (
    Fenced,
    Fraction,
    LatexError,
    Root,
    Script,
    Symbol,
    Table,
    role,
)

DEEPEST = 40
BREAK = r"\\"
ENDS = ("", "}", "&", BREAK, r"\right", r"\end")
_TOKEN = re.compile(
    r"\\operatorname\*|\\[A-Za-z]+|\\.|[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+|:=|\S|\\$",
    re.DOTALL,
)
_SIZE = re.compile(r"\[-?[0-9]*\.?[0-9]+(?:pt|em|ex|mm|cm|mu)\]")
_INDEX = re.compile(r"\s*\[([A-Za-z0-9]+)\]")
_NAME = re.compile(r"\{([A-Za-z]+\*?)\}")


def parse(source: str) -> tuple:
    """Return the row of nodes that `source` displays.

    Args:
        source: What stands between the dollars.

    Raises:
        LatexError: The first slip.
    """
    if r"\epsilon" in source and r"\varepsilon" in source:
        at = source.index(r"\varepsilon")
        raise LatexError(at, r"\epsilon and \varepsilon look the same: rename one of them")
    reader = _Reader(source)
    return reader.row(("",))


class _Reader:
    """A recursive descent: each method takes what it names from the tokens."""

    def __init__(self, source: str):
        self.source = source
        self.tokens = [(found.start(), found.group()) for found in _TOKEN.finditer(source)]
        self.tokens.append((len(source), ""))
        self.tokens.reverse()
        self.at = self.end = self.depth = 0

    @property
    def next(self) -> str:
        return self.tokens[-1][1]

    def take(self) -> str:
        self.at, token = self.tokens[-1]
        self.spaced = self.at > self.end
        self.end = self.at + len(token)
        if token:
            self.tokens.pop()
        return token

    def skip_to(self, end: int) -> None:
        """Go on behind a piece of the source that was matched as a whole."""
        while self.tokens[-1][0] < end and self.tokens[-1][1]:
            self.tokens.pop()
        self.end = end

    def stop(self, text: str, at: int | None = None) -> LatexError:
        return LatexError(self.tokens[-1][0] if at is None else at, text)

    def row(self, stop: Collection[str]) -> tuple:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.stop(f"nested more than {DEEPEST} deep: simplify the formula")
        nodes: list = []
        while self.next not in stop:
            if self.next in ENDS or self.next in symbols.CLOSERS:
                raise self.early()
            nodes.extend(self.scripted())
        self.depth -= 1
        return pair_bars(nodes, self.tokens[-1][0])

    def early(self) -> LatexError:
        if not self.next:
            return self.stop("the formula ends too early: close what is open")
        if self.next == "&":
            return self.stop(r"& stands outside \begin{…}: write \& for the sign, or open one")
        if self.next == BREAK:
            return self.stop(r"\\ stands outside \begin{…}: write \begin{aligned} … \end{aligned}")
        return self.stop(f"{self.next} closes nothing: delete it, or open the pair before it")

    def group(self) -> tuple:
        self.take()
        opened = self.at
        nodes = self.row(("}", "", r"\right", r"\end"))
        if self.next != "}":
            raise self.stop("{ is never closed: add the } it needs", opened)
        self.take()
        return nodes

    def argument(self, name: str, scripts: bool = False) -> tuple:
        """Take a group or, as TeX does, a single sign or digit."""
        token = self.next
        if token == "{":
            return self.group()
        if token[:1].isdigit():
            at = self.tokens.pop()[0]
            if len(token) > 1:
                self.tokens.append((at + 1, token[1:]))
            self.at, self.end, self.spaced = at, at + 1, False
            return (Symbol(token[0], "number"),)
        if scripts and (token in symbols.IN_SCRIPTS):
            return (self.node(self.take()),)
        text, kind = symbols.SIGNS.get(token, ("  ", ""))
        single = len(text) == 1 and kind in ("letter", "binary", "postfix")
        if not single and not _is_letter(token):
            missing = "has nothing behind it" if token in ENDS else "needs an argument in braces"
            raise self.stop(f"{name} {missing}: write {name}{{…}}")
        return (self.node(self.take()),)

    def scripted(self) -> list:
        start, first = self.tokens[-1]
        nodes, primes, rows = self.primary(), "", {"_": None, "^": None}
        if self.next in (r"\limits", r"\nolimits"):
            if first not in symbols.LIMITED:
                raise self.stop(rf"{self.next} stands behind \sum, \max and the like: delete it")
            self.take()
        while self.next in ("_", "^", "'"):
            sign = self.next
            if rows[sign.replace("'", "^")] is not None or (primes and sign != "_"):
                name = "subscript" if sign == "_" else "superscript"
                raise self.stop(f"a second {name} on the same symbol: put the inner part in braces")
            if sign == "'":
                primes = self.primes(rows)
            else:
                self.take()
                rows[sign] = self.argument(sign, scripts=True)
        raised = rows["^"]
        if raised and all(role(n) == "postfix" and n.text == "′" for n in raised):
            primes, rows["^"] = primes + "′" * len(raised), None
        if not primes and rows == {"_": None, "^": None}:
            return nodes
        if len(nodes) != 1 or isinstance(nodes[0], Script) or role(nodes[0]) in ("comma", "space"):
            raise self.stop("scripts stand behind a single sign: put brackets around more", start)
        return [Script(nodes[0], primes, rows["_"], rows["^"])]

    def primes(self, rows: dict) -> str:
        """Take primes and a superscript that follows them at once."""
        count = 0
        while self.next == "'" and not (count and self.tokens[-1][0] > self.end):
            self.take()
            count += 1
        if self.next == "^" and self.tokens[-1][0] == self.end:
            self.take()
            rows["^"] = self.argument("^", scripts=True)
        return "′" * count

    def primary(self) -> list:
        if self.next == "{":
            return list(self.group())
        token = self.take()
        spaced = self.spaced
        if token in symbols.IGNORED:
            return []
        if token in symbols.SIZES:
            if symbols.SIGNS.get(self.next, ("", ""))[1] not in symbols.DELIMITERS:
                raise self.stop(rf"{token} needs a delimiter behind it, such as ( or \{{")
            return []
        node = self.node(token)
        return [replace(node, spaced=spaced) if isinstance(node, Symbol) else node]

    def node(self, token: str) -> object:
        if token in symbols.SIGNS:
            text, kind = symbols.SIGNS[token]
            return self.fenced(text) if kind == "opener" else Symbol(text, kind)
        if token[-1:].isdigit() and token[0] != "\\":
            return Symbol(token.replace("{,}", ","), "number")
        if _is_letter(token):
            return Symbol(token, "letter")
        at = self.at
        if token in symbols.WORDS:
            found = letters.WORDS.match(self.source, self.end)
            self.skip_to(found.end() if found else self.end)
            return letters.word(token, found[1] if found else "", at)
        if token in symbols.ACCENTS:
            return letters.accented(token, self.argument(token), at)
        if token in symbols.STYLES:
            return letters.styled(token, self.argument(token), at)
        return self.structure(token)

    def structure(self, token: str) -> object:
        if token in (r"\frac", r"\dfrac", r"\tfrac"):
            return Fraction(self.argument(token), self.argument(token))
        if token in (r"\binom", r"\dbinom", r"\tbinom"):
            over, under = self.argument(token), self.argument(token)
            return Fenced("(", (*over, Symbol(" choose ", "word"), *under), ")")
        if token == r"\pmod":
            return Fenced("(", (Symbol("mod ", "word"), *self.argument(token)), ")")
        if token == r"\sqrt":
            return self.root()
        if token == r"\left":
            return self.left()
        if token == r"\begin":
            return self.environment()
        raise LatexError(self.at, symbols.unknown(token))

    def root(self) -> Root:
        index: tuple = ()
        if self.next == "[":
            found = _INDEX.match(self.source, self.end)
            if not found:
                raise self.stop(r"\sqrt[…] takes letters and digits: write \sqrt[3]{x}")
            self.skip_to(found.end())
            index = _Reader(found[1]).row(("",))
        return Root(index, self.argument(r"\sqrt"))

    def fenced(self, opener: str) -> Fenced:
        opened = self.at
        body = self.row((*symbols.CLOSERS, *ENDS))
        if self.next not in symbols.CLOSERS:
            raise self.stop(f"{opener} is never closed: add the bracket it needs", opened)
        return Fenced(opener, body, symbols.SIGNS[self.take()][0])

    def left(self) -> Fenced:
        opened = self.at
        opener = self.delimiter(r"\left")
        body = self.row((r"\right", ""))
        if self.take() != r"\right":
            raise self.stop(r"\left has no \right: add it", opened)
        closer = self.delimiter(r"\right")
        if opener == "." and closer == "|":
            return Fenced("[", body, "]|")
        if "." in (opener, closer):
            raise self.stop(r"\left and \right with . have no form in a line: write both", opened)
        if any(isinstance(node, Fenced) and node.opener == opener in "|‖" for node in body):
            raise self.stop("bars directly within bars: write the inner ones as brackets", opened)
        return Fenced(opener, body, closer)

    def delimiter(self, name: str) -> str:
        text, kind = symbols.SIGNS.get(self.next, ("", ""))
        if self.next != "." and kind not in ("opener", "closer", "bar"):
            raise self.stop(rf"{name} needs a delimiter behind it, such as ( or \{{")
        self.take()
        return text

    def environment(self) -> Table:
        opened, name = self.at, self.name(r"\begin")
        if name not in symbols.TABLES:
            raise self.stop(symbols.unknown_environment(name), opened)
        rows: list[list] = [[]]
        while True:
            rows[-1].append(self.row(("&", BREAK, r"\end", "")))
            if self.next not in ("&", BREAK):
                break
            if self.take() == BREAK:
                rows.append([])
                self.spread()
        if self.take() != r"\end":
            raise self.stop(rf"\begin{{{name}}} is never closed: add \end{{{name}}}", opened)
        ended, last = self.at, self.name(r"\end")
        if last != name:
            raise self.stop(rf"\end{{{last}}} closes \begin{{{name}}}: use one name", ended)
        if len(rows) > 1 and not any(rows[-1]):
            rows.pop()
        return Table(symbols.TABLES[name], tuple(map(tuple, rows)))

    def spread(self) -> None:
        """Skip the distance to the next row."""
        if size := _SIZE.match(self.source, self.end):
            self.skip_to(size.end())
        elif self.next in ("[", "*"):
            raise self.stop(rf"{self.next} behind \\ belongs to it: put the row's own in braces")

    def name(self, command: str) -> str:
        found = _NAME.match(self.source, self.end)
        if not found:
            raise self.stop(
                f"{command} needs the name of an environment: write {command}{{cases}}", self.at
            )
        self.skip_to(found.end())
        return found[1]


def _is_letter(token: str) -> bool:
    return len(token) == 1 and token.isascii() and token.isalpha()
