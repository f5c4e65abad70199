"""Write a formula's tree as text that cannot be read in another way."""

from dataclasses import dataclass

from dlprep.quiz.mathematics import symbols
from dlprep.quiz.mathematics.tree import (
    Fenced,
    Fraction,
    Root,
    Script,
    Symbol,
    Table,
    Unreadable,
    role,
)

SIGNED = ("+", "-", "±", "∓")
STARRED = ("*", "∗", "⋆", "⊗", "⊙", "∘")
CONDITIONS = ("if", "otherwise", "else", "when", "for", "where")


@dataclass(frozen=True)
class Piece:
    """A written node: its text, how it stands, and which script in ASCII it ends with."""

    text: str
    role: str
    spaced: bool = True
    tail: str = ""


def lines(nodes: tuple) -> str:
    """Write a whole formula; only aligned equations take more than one line."""
    if len(nodes) != 1 or not isinstance(nodes[0], Table) or nodes[0].kind != "lines":
        return row(nodes)
    pairs = [(row(cells[0]), row(sum(cells[1:], ()))) for cells in nodes[0].rows]
    width = max(len(left) for left, _ in pairs)
    return "\n".join(f"{left:>{width}} {right}".rstrip() for left, right in pairs)


def row(nodes: tuple, compact: bool = False) -> str:
    """Write nodes side by side; `compact` (in scripts) leaves out the blanks around signs."""
    seen = [i for i, node in enumerate(nodes) if not _is_thin(node)]
    text, before = "", None
    for i, after in zip(seen, [*seen[1:], None], strict=False):
        piece = _piece(nodes[i], before, None if after is None else nodes[after], compact)
        blank = before and gap(before, piece, compact)
        thin = i > 0 and _is_thin(nodes[i - 1]) and nodes[i - 1].text and not compact
        if before and not blank and thin and piece.role not in ("comma", "postfix"):
            blank = " "
        text, before = text + (blank or "") + piece.text, piece
    return text


def _is_thin(node: object) -> bool:
    return role(node) == "space" and len(node.text) < 2


def _piece(node: object, before: Piece | None, after: object, compact: bool) -> Piece:
    if isinstance(node, Symbol):
        return Piece(node.text, _standing(node, before, after), node.spaced)
    if isinstance(node, Fraction):
        loose = _is_edge(before) and _is_edge(after)
        text = _fraction(node, compact)
        return Piece(text if loose else f"({text})", "group")
    if isinstance(node, Root):
        text = _root(node, not _is_edge(after))
        clear = not node.index or _is_edge(before) or before.role == "binary"
        return Piece(text if clear else f"({text})", "root" if clear else "group")
    if isinstance(node, Script):
        return _scripted(node, before, compact)
    if isinstance(node, Fenced):
        return Piece(node.opener + row(node.body, compact) + node.closer, "fence")
    return Piece(_table(node), "group")


def _standing(node: Symbol, before: Piece | None, after: object) -> str:
    """Return the role of a sign where it stands: a minus with nothing before it has one side."""
    if node.role != "binary":
        return node.role
    alone = ("binary", "relation", "comma", "unary", "big", "prefix", "function")
    if after is None or role(after) in ("relation", "comma"):
        return "letter"
    if before is None or before.role in alone:
        return "unary" if node.text in SIGNED else "letter"
    return "binary"


def _is_edge(side: Piece | Symbol | object | None) -> bool:
    """Return whether a quotient may end here without brackets."""
    if side is None or not isinstance(side, Piece | Symbol):
        return side is None
    if side.role == "binary":
        return side.text in SIGNED
    blank = side.role == "word" and side.text != side.text.strip()
    return blank or side.role in ("relation", "comma", "unary", "space")


def _fraction(node: Fraction, compact: bool) -> str:
    over, under = row(node.over, compact), row(node.under, compact)
    if not (over and under):
        raise Unreadable("a fraction with an empty part")
    if _is_derivative(node):
        return f"{over}/{under}".replace(" ", "")
    if len(node.over) == 1 and isinstance(node.over[0], Root):
        over = _root(node.over[0], True)
    elif not _is_product(node.over, node.under):
        over = f"({over})"
    return f"{over}/{under}" if _is_single(node.under) else f"{over}/({under})"


def _is_derivative(node: Fraction) -> bool:
    """Return whether a fraction is d f over d x, which needs no brackets."""
    parts = (*node.over, *node.under)
    bare = [part.base if isinstance(part, Script) and not part.lower else part for part in parts]
    letters = all(role(sign) == "letter" for sign in bare)
    short = len(node.over) <= 2 and len(node.under) == 2
    return short and letters and bare[0].text == bare[len(node.over)].text == "d"


def _is_factor(node: object) -> bool:
    """Return whether a node keeps together beside a slash."""
    if isinstance(node, Script):
        return _is_factor(node.base) and not isinstance(node.base, Script)
    if role(node) == "word":
        return " " not in node.text
    return isinstance(node, Fenced) or role(node) in ("letter", "number")


def _is_single(nodes: tuple) -> bool:
    if len(nodes) == 1:
        return _is_factor(nodes[0]) or isinstance(nodes[0], Root)
    if len(nodes) != 2:
        return False
    call = role(nodes[0]) == "function" and isinstance(nodes[1], Fenced)
    return call or (_is_partial(nodes[0]) and _is_factor(nodes[1]))


def _is_partial(node: object) -> bool:
    sign = node.base if isinstance(node, Script) else node
    return role(sign) == "prefix" and sign.text == "∂"


def _is_product(nodes: tuple, under: tuple) -> bool:
    if _is_partial(nodes[0]):
        return _is_partial(under[0]) and (len(nodes) == 1 or _is_single(nodes))
    return _is_single(nodes) or all(_is_factor(node) for node in nodes)


def _root(node: Root, bracketed: bool) -> str:
    index = row(node.index, compact=True)
    if any(ord(sign) not in symbols.SUPERSCRIPTS for sign in index):
        raise Unreadable("the index of a root without raised signs")
    inside = row(node.radicand)
    if not inside:
        raise Unreadable("the root of nothing")
    only = node.radicand[0] if len(node.radicand) == 1 else None
    if isinstance(only, Fenced) and only.opener == "(":
        bracketed = False
    else:
        plain = only.base if isinstance(only, Script) and only.upper is None else only
        raised = "_" not in inside and role(plain) in ("letter", "number")
        bracketed = bracketed or not raised
    sign = index.translate(symbols.SUPERSCRIPTS) + "√"
    return f"{sign}({inside})" if bracketed else sign + inside


def _scripted(node: Script, before: Piece | None, compact: bool) -> Piece:
    base, standing, spaced = _base(node.base, before, compact)
    if standing == "number" and node.upper and row(node.upper) == "∘":
        return Piece(base + "°", "number", spaced)
    lower = _script(node.lower, symbols.SUBSCRIPTS, "_")
    upper = _script(node.upper, symbols.SUPERSCRIPTS, "^", ascii=lower[:1] == "_")
    tail = next((sign for sign in "^_" if sign in (upper[:1], lower[:1])), "")
    return Piece(base + node.primes + lower + upper, standing, spaced, tail)


def _base(node: object, before: Piece | None, compact: bool) -> tuple[str, str, bool]:
    if isinstance(node, Symbol):
        if role(node) == "binary" and node.text not in STARRED:
            raise Unreadable(f"scripts at {node.text}")
        if role(node) in ("relation", "comma", "postfix", "bar", "space", "closer"):
            raise Unreadable(f"scripts at {node.text}")
        if node.role == "word" and " " in node.text:
            raise Unreadable("scripts at several words")
        return node.text, node.role, node.spaced
    if isinstance(node, Fraction):
        return f"({_fraction(node, compact)})", "fence", True
    if isinstance(node, Root):
        return f"({_root(node, False)})", "fence", True
    piece = _piece(node, before, None, compact)
    return piece.text, piece.role, True


def _script(nodes: tuple | None, table: dict, sign: str, ascii: bool = False) -> str:
    if nodes is None:
        return ""
    text = row(nodes, compact=True)
    if not text:
        raise Unreadable("an empty script")
    if not (ascii or _has_names(nodes)) and all(ord(letter) in table for letter in text):
        return text.translate(table)
    token = len(nodes) == 1 and isinstance(nodes[0], Symbol) and " " not in text
    boxed = len(nodes) == 1 and isinstance(nodes[0], Fenced) and nodes[0].opener == "["
    return f"{sign}{text}" if token or boxed else f"{sign}({text})"


def _has_names(nodes: tuple) -> bool:
    inner = (node.body for node in nodes if isinstance(node, Fenced))
    named = any(role(node) in ("word", "function") for node in nodes)
    return named or any(_has_names(body) for body in inner)


def _table(table: Table) -> str:
    if table.kind == "cases":
        return "{ " + "; ".join(_case(cells) for cells in table.rows) + " }"
    if table.kind == "lines":
        if len(table.rows) > 1:
            raise Unreadable("lines within a line")
        return row(sum(table.rows[0], ()))
    cells = [cell for cells in table.rows for cell in cells]
    if any(role(node) == "comma" for cell in cells for node in cell):
        raise Unreadable("a matrix with commas in its cells")
    return "[" + ", ".join("[" + ", ".join(map(row, cells)) + "]" for cells in table.rows) + "]"


def _case(cells: tuple) -> str:
    if len(cells) > 2:
        raise Unreadable("a case with more than one condition")
    value = row(cells[0]).rstrip(" ,")
    condition = row(cells[1]).strip() if len(cells) == 2 else ""
    if condition and condition.split()[0].rstrip(",") not in CONDITIONS:
        condition = f"if {condition}"
    return f"{value} {condition}".rstrip(" .,")


def gap(left: Piece, right: Piece, compact: bool) -> str:
    """Return the blank between two pieces, or none."""
    for side in (left, right):
        if side.role in ("binary", "relation") and left.role != "unary":
            tight = side.text == "/" or (compact and side.text in "+-=<>|:=")
            return "" if tight else " "
    if "space" in (left.role, right.role) or left.role == "unary":
        return ""
    if right.role in ("comma", "postfix"):
        return ""
    if left.role == "comma":
        return "" if compact or _joins_digits(left, right) else " "
    if left.role == "prefix":
        return " " if left.tail or right.role in ("function", "big") else ""
    if left.text[-1:].isspace() or right.text[:1].isspace():
        return ""
    if right.role == "fence":
        return _before_fence(left, right)
    if right.role == "group":
        return "" if left.role == "function" and not left.tail else " "
    return "" if _are_together(left, right) else " "


def _joins_digits(comma: Piece, right: Piece) -> bool:
    if comma.text == ":":
        return not right.spaced
    thousand = right.role == "number" and len(right.text) == 3
    return comma.text == "," and thousand and not right.spaced


def _before_fence(left: Piece, right: Piece) -> str:
    if left.role == "number":
        return ""
    if right.text[0].isalpha():
        return "" if left.role == "fence" and left.text[-1] in "([{" else " "
    if right.text[0] in "|‖{":
        return "" if left.role == "function" and not left.tail else " "
    if left.role == "letter":
        return " " if left.tail == "^" else ""
    tight = left.role in ("function", "word", "fence", "group") and not left.tail
    return "" if tight else " "


def _are_together(left: Piece, right: Piece) -> bool:
    """Return whether two factors are written without a blank, as in 2x."""
    if left.role == right.role == "number" and left.text[-1] in "0123456789" and not left.tail:
        raise Unreadable("two numbers side by side")
    if right.role == "word":
        mark = not right.text[0].isalnum()
        return mark or (left.role == "number" and not right.spaced)
    if right.role != "letter" or left.tail:
        return False
    if left.role == "number":
        return True
    symbol = left.text.isalpha() and not left.text.isascii() and len(left.text) == 1
    return left.role == "letter" and (symbol or not right.spaced)
