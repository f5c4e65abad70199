"""What the user of an exercise begins with: the solution without its body, read but never run."""

import ast
import difflib
import textwrap
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

WRONG, RIGHT = "wrong_", "right_"
Definition = ast.FunctionDef | ast.ClassDef

_BODY = "raise NotImplementedError"
APART, CONTEXT = "...", 2
_LIBRARIES = {"keras", "numpy", "math", "tensorflow"}


@dataclass(frozen=True)
class Definitions:
    """The names an exercise defines.

    Attributes:
        solution: The first public function or class.
        wrong: The wrong solutions, `wrong_…`.
        right: The other right ones, `right_…`.
        returns: Whether the solution returns a value (a class counts as one that does not).
    """

    solution: str
    wrong: tuple[str, ...]
    right: tuple[str, ...]
    returns: bool


def definitions(path: Path | str) -> Definitions:
    """Return what the exercise file defines.

    Raises:
        ValueError: It has no public function or class of its own.
        SyntaxError: It is no Python.
    """
    _, tree = _parse(path)
    names = [node.name for node in _definitions(tree)]
    solution = _solution(path, tree)
    return Definitions(
        solution=solution.name,
        wrong=tuple(name for name in names if name.startswith(WRONG)),
        right=tuple(name for name in names if name.startswith(RIGHT)),
        returns=isinstance(solution, ast.FunctionDef) and _returns(solution),
    )


def stub(path: Path | str) -> str:
    """Return the solution's imports, signature and docstring, with nothing of its body.

    Of a class: its docstring, its fields, and the signature and docstring of every method that is
    public or special. Imports are those that the signatures name, and those of the usual
    libraries that the body names.

    Raises:
        ValueError: The exercise has no public function or class of its own.
        SyntaxError: It is no Python.
    """
    lines, tree = _parse(path)
    solution = _solution(path, tree)
    outline = "\n".join(_outline(solution, lines))
    signatures = _names(ast.parse(outline))
    imports = "\n".join(_imports(tree, signatures, _names(solution)))
    constants = "\n".join(_constants(tree, lines, signatures))
    head = "\n\n".join(filter(None, (imports, constants)))
    return f"{head}\n\n\n{outline}\n" if head else f"{outline}\n"


def solution(path: Path | str) -> str:
    """Return the solution's own lines, with its decorators, without the docstring of the stub.

    Raises:
        ValueError: The exercise has no public function or class of its own.
        SyntaxError: It is no Python.
    """
    lines, tree = _parse(path)
    node = _solution(path, tree)
    first = node.body[0]
    apart = ast.get_docstring(node) and len(node.body) > 1 and first.lineno > node.lineno
    hidden = range(first.lineno, first.end_lineno + 1) if apart else ()
    return _source(lines, node, hidden)


def difference(own: str, path: Path | str) -> list[str]:
    """Return the lines of a user's file and of the solution, marked with `-`, `+` or a blank.

    The user's definition of the same name is compared, the whole file if there is none. Three dots
    stand for lines that are the same; nothing is returned if all are.

    Args:
        own: The text of the user's file.
        path: The exercise.
    """
    lines, tree = _parse(path)
    wanted = _solution(path, tree)
    try:
        found = [node for node in _definitions(ast.parse(own)) if node.name == wanted.name]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = []
    mine = _source(own.splitlines(), found[-1]) if found else own
    pair = mine.strip().splitlines(), _source(lines, wanted).splitlines()
    # Two lines of names stand above the rest.
    rows = list(difflib.unified_diff(*pair, lineterm="", n=CONTEXT))[2:]
    rows = rows[1:] if rows and rows[0].startswith("@@ -1") else rows
    return [APART if row.startswith("@@") else row for row in rows]


def _source(lines: list[str], node: Definition, hidden: Collection[int] = ()) -> str:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    numbers = range(first, node.end_lineno + 1)
    return "\n".join(lines[number - 1] for number in numbers if number not in hidden)


def _parse(path: Path | str) -> tuple[list[str], ast.Module]:
    source = Path(path).read_text("utf-8")
    return source.splitlines(), ast.parse(source, str(path))


def _definitions(tree: ast.Module) -> list[Definition]:
    return [node for node in tree.body if isinstance(node, Definition)]


def _solution(path: Path | str, tree: ast.Module) -> Definition:
    for node in _definitions(tree):
        if node.name != "check" and not node.name.startswith(("_", WRONG, RIGHT)):
            return node
    raise ValueError(f"{path} defines no solution; begin it with a public function or class")


def _returns(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Yield | ast.YieldFrom)
        or (isinstance(node, ast.Return) and node.value is not None)
        for node in ast.walk(function)
    )


def _names(node: ast.AST) -> set[str]:
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}


def _imports(tree: ast.Module, signatures: set[str], anywhere: set[str]) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = getattr(node, "module", None) or node.names[0].name
            wanted = anywhere if module.split(".")[0] in _LIBRARIES else signatures
            node.names = [a for a in node.names if (a.asname or a.name.split(".")[0]) in wanted]
            if node.names:
                yield ast.unparse(node)


def _constants(tree: ast.Module, lines: list[str], signatures: set[str]) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and _names(ast.Tuple(node.targets)) & signatures:
            yield from lines[node.lineno - 1 : node.end_lineno]


def _outline(node: Definition, lines: list[str]) -> Iterator[str]:
    """Yield the lines of a definition without what its functions do."""
    yield from _signature(node, lines)
    if isinstance(node, ast.FunctionDef):
        yield " " * (node.col_offset + 4) + _BODY
        return
    for part in node.body:
        if isinstance(part, ast.AnnAssign | ast.Assign):
            yield from textwrap.indent(ast.unparse(part), " " * part.col_offset).splitlines()
        elif isinstance(part, ast.FunctionDef) and _public(part.name):
            yield ""
            yield from _outline(part, lines)


def _public(name: str) -> bool:
    return not name.startswith("_") or (name.startswith("__") and name.endswith("__"))


def _signature(node: Definition, lines: list[str]) -> list[str]:
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    body, last = node.body[0], _colon(lines[node.lineno - 1 :]) + node.lineno
    if body.lineno == last:
        return _unparsed(node)
    documented = ast.get_docstring(node) is not None
    said = lines[body.lineno - 1 : body.end_lineno] if documented else []
    return lines[first - 1 : last] + said


def _colon(lines: list[str]) -> int:
    """Return the index of the line with the colon that ends a signature."""
    depth = 0
    for token in tokenize.generate_tokens(iter([f"{line}\n" for line in lines]).__next__):
        if token.type == tokenize.OP:
            depth += (token.string in "([{") - (token.string in ")]}")
            if token.string == ":" and not depth:
                return token.start[0] - 1
    raise ValueError("a signature without a colon")


def _unparsed(node: Definition) -> list[str]:
    """A definition on one line has no lines of its own to quote."""
    bare = type(node)(**{**dict(ast.iter_fields(node)), "body": [ast.Pass()]})
    text = ast.unparse(ast.fix_missing_locations(bare)).removesuffix("\n    pass")
    return textwrap.indent(text, " " * node.col_offset).splitlines()
