"""Read the LaTeX of a formula into a tree; what this module does not know, it refuses."""

import re
from collections.abc import Collection
from dataclasses import replace

from dlprep.terminal.mathematics import symbols
from dlprep.terminal.mathematics.tree import (
    Fenced,
    Fraction,
    Root,
    Script,
    Symbol,
    Table,
    Unreadable,
    role,
)

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\d+(?:\{,\}\d{3})*(?:\.\d+)?|\.\d+|:=|\S", re.DOTALL)
BREAK = r"\\"
ENDS = ("", "}", "&", BREAK, r"\right", r"\end")
CLOSERS = frozenset(token for token, (_, kind) in symbols.SIGNS.items() if kind == "closer")
TABLES = {
    **dict.fromkeys(("aligned", "align", "align*", "split", "gathered", "gather"), "lines"),
    **dict.fromkeys(("matrix", "pmatrix", "bmatrix", "smallmatrix"), "matrix"),
    "cases": "cases",
}


def parse(source: str) -> tuple:
    """Return the row of nodes that `source` displays.

    Raises:
        Unreadable: the formula is incomplete or uses an unknown command.
    """
    if r"\epsilon" in source and r"\varepsilon" in source:
        raise Unreadable("two epsilons that look the same")
    reader = _Reader(source)
    table = reader.table("lines", end="")
    reader.expect("")
    if any(len(cells) > 1 for cells in table.rows):
        raise Unreadable("& outside a table")
    return table.rows[0][0] if len(table.rows) == 1 else (table,)


class _Reader:
    """A recursive descent: each method takes what it names from the source."""

    def __init__(self, source: str):
        self.source, self.at = source, 0

    def peek(self) -> str:
        match = TOKEN.search(self.source, self.at)
        return match.group() if match else ""

    def take(self) -> str:
        match = TOKEN.search(self.source, self.at)
        self.spaced = bool(match) and match.start() > self.at
        self.at = match.end() if match else len(self.source)
        return match.group() if match else ""

    def expect(self, token: str) -> None:
        found = self.take()
        if found != token:
            raise Unreadable(f"expected {token or 'the end'}, found {found or 'the end'}")

    def table(self, kind: str, end: str) -> Table:
        rows: list[list] = [[]]
        while True:
            rows[-1].append(self.row((end, "&", BREAK)))
            if self.peek() not in ("&", BREAK):
                break
            if self.take() == BREAK:
                rows.append([])
        if len(rows) > 1 and not any(rows[-1]):
            rows.pop()
        return Table(kind, tuple(tuple(cells) for cells in rows))

    def row(self, stop: Collection[str]) -> tuple:
        nodes: list = []
        while self.peek() not in stop:
            if self.peek() in ENDS or self.peek() in CLOSERS:
                raise Unreadable(f"{self.peek() or 'the end'} comes too early")
            nodes.extend(self.scripted())
        return _pair_bars(nodes)

    def group(self) -> tuple:
        self.expect("{")
        nodes = self.row(("}",))
        self.expect("}")
        return nodes

    def argument(self) -> tuple:
        """Take a group or, as TeX does, a single sign or digit."""
        if self.peek() == "{":
            return self.group()
        if self.peek()[:1].isdigit():
            self.at = TOKEN.search(self.source, self.at).start() + 1
            return (Symbol(self.source[self.at - 1], "number"),)
        return tuple(self.primary())

    def scripted(self) -> list:
        nodes, primes, rows = self.primary(), "", {"_": None, "^": None}
        while self.peek() in ("_", "^", "'", r"\limits", r"\nolimits"):
            sign = self.take()
            if sign == "'":
                primes += "′"
            elif sign in rows:
                if rows[sign] is not None:
                    raise Unreadable("two scripts in one place")
                rows[sign] = self.argument()
                if sign == "^" and _is_primes(rows[sign]):
                    primes, rows[sign] = primes + "′" * len(rows[sign]), None
        if not primes and rows == {"_": None, "^": None}:
            return nodes
        if len(nodes) != 1 or isinstance(nodes[0], Script) or role(nodes[0]) in ("comma", "space"):
            raise Unreadable("scripts need a single sign before them")
        return [Script(nodes[0], primes, rows["_"], rows["^"])]

    def primary(self) -> list:
        if self.peek() == "{":
            return list(self.group())
        token = self.take()
        spaced = self.spaced
        if token in symbols.IGNORED:
            return []
        node = self.node(token)
        return [replace(node, spaced=spaced) if isinstance(node, Symbol) else node]

    def node(self, token: str) -> object:
        if token in symbols.SIGNS:
            text, kind = symbols.SIGNS[token]
            return self.fenced(text) if kind == "opener" else Symbol(text, kind)
        if token in symbols.BY_GLYPH:
            return Symbol(token, symbols.BY_GLYPH[token])
        if token[-1:].isdigit():
            return Symbol(token.replace("{,}", ","), "number")
        if token.isalpha():
            return Symbol(token, "letter")
        if token in symbols.WORDS:
            return self.word(token)
        if token in symbols.ACCENTS:
            return _accented(self.argument(), symbols.ACCENTS[token])
        if token in symbols.STYLES:
            return _styled(self.argument(), symbols.STYLES[token])
        return self.structure(token)

    def structure(self, token: str) -> object:
        if token in (r"\frac", r"\dfrac", r"\tfrac"):
            return Fraction(self.argument(), self.argument())
        if token in (r"\binom", r"\dbinom"):
            return Fenced(
                "(", (*self.argument(), Symbol(" choose ", "word"), *self.argument()), ")"
            )
        if token == r"\pmod":
            return Fenced("(", (Symbol("mod ", "word"), *self.argument()), ")")
        if token == r"\sqrt":
            return self.root()
        if token == r"\left":
            return self.left()
        if token == r"\begin":
            return self.environment()
        raise Unreadable(f"no rule for {token}")

    def root(self) -> Root:
        index: tuple = ()
        if self.peek() == "[":
            self.take()
            index = self.row(("]",))
            self.expect("]")
        return Root(index, self.argument())

    def fenced(self, opener: str) -> Fenced:
        body = self.row(CLOSERS)
        return Fenced(opener, body, symbols.SIGNS[self.take()][0])

    def left(self) -> Fenced:
        opener = self.take()
        body = self.row((r"\right",))
        self.expect(r"\right")
        closer = self.take()
        ends = [symbols.SIGNS.get(token, ("", ""))[0] for token in (opener, closer)]
        if opener == "." and ends[1] == "|":
            return Fenced("[", body, "]|")
        if any(end not in tuple("()[]{}⟨⟩⌊⌋⌈⌉|‖") for end in ends):
            raise Unreadable(f"no rule for \\left{opener} with \\right{closer}")
        if any(isinstance(node, Fenced) and node.opener == ends[0] in "|‖" for node in body):
            raise Unreadable("bars directly within bars")
        return Fenced(ends[0], body, ends[1])

    def environment(self) -> Table:
        name = self.words()
        if name not in TABLES:
            raise Unreadable(f"no rule for the environment {name}")
        table = self.table(TABLES[name], end=r"\end")
        self.expect(r"\end")
        if self.words() != name:
            raise Unreadable(f"{name} is not closed")
        return table

    def word(self, command: str) -> Symbol:
        text = re.sub(r"\\[,;: ]|~", " ", self.words())
        if not text or re.search(r"[\\$^_&#%]", text):
            raise Unreadable(f"no rule for the words {text}")
        if len(text) == 1 and text.isalpha():
            return Symbol(text, "letter")
        named = command.startswith(r"\operatorname") or text in symbols.FUNCTIONS
        return Symbol(text, "function" if named else "word")

    def words(self) -> str:
        match = re.compile(r"\s*\{([^{}]*)\}").match(self.source, self.at)
        if not match:
            raise Unreadable("expected plain words in braces")
        self.at = match.end()
        return match.group(1)


def _is_primes(row: tuple) -> bool:
    return bool(row) and all(role(node) == "postfix" and node.text == "′" for node in row)


def _accented(row: tuple, mark: str) -> object:
    import unicodedata

    node = row[0] if len(row) == 1 else None
    if isinstance(node, Script) and node.upper is None and not node.primes:
        return replace(node, base=_accented((node.base,), mark))
    if role(node) != "letter" or len(node.text) > 1:
        raise Unreadable("an accent over more than one sign")
    return Symbol(unicodedata.normalize("NFC", node.text + mark), "letter")


def _styled(row: tuple, style: str) -> Symbol:
    if not row or any(role(node) not in ("letter", "number") for node in row):
        raise Unreadable(f"no {style.lower()} form of more than letters")
    try:
        letters = [symbols.styled(style, letter) for node in row for letter in node.text]
    except (KeyError, ValueError):
        raise Unreadable(f"no {style.lower()} {row[0].text}") from None
    return Symbol("".join(letters), "letter" if len(letters) == 1 else "word")


def _pair_bars(nodes: list) -> tuple:
    """Turn two bars into a fence and a lone bar into the sign for "given"."""
    for glyph in "|‖":
        at = [i for i, node in enumerate(nodes) if _bar(node) == glyph]
        if len(at) == 1 and role(nodes[at[0]]) == "bar":
            nodes[at[0]] = Symbol(glyph, "relation")
        elif len(at) % 2:
            raise Unreadable("bars that do not pair")
        for first, last in reversed(list(zip(at[::2], at[1::2], strict=False))):
            nodes[first : last + 1] = [_between_bars(nodes[first : last + 1], glyph)]
    return tuple(nodes)


def _bar(node: object) -> str:
    sign = node.base if isinstance(node, Script) else node
    return sign.text if role(sign) == "bar" else ""


def _between_bars(nodes: list, glyph: str) -> object:
    if isinstance(nodes[0], Script):
        raise Unreadable("an opening bar with scripts")
    fence = Fenced(glyph, tuple(nodes[1:-1]), glyph)
    return replace(nodes[-1], base=fence) if isinstance(nodes[-1], Script) else fence
