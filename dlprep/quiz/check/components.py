"""Whether dlprep has a component of a given name, found in the source without importing it."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]


def exists(name: str) -> bool:
    """Return whether a dotted name such as `optimizers.SGD` is public in dlprep, or a module."""
    *modules, last = name.split(".")
    if any(not part.isidentifier() or part.startswith("_") for part in (*modules, last)):
        return False
    source = _source(PACKAGE.joinpath(*modules)) if modules else None
    listed = bool(source) and last in public_names(source)
    return listed or _source(PACKAGE.joinpath(*modules, last)) is not None


def similar(name: str) -> list[str]:
    """Return names of the same module that look like this one."""
    from difflib import get_close_matches

    module, _, last = name.rpartition(".")
    source = _source(PACKAGE.joinpath(*module.split(".")))
    found = get_close_matches(last, sorted(public_names(source)), 2) if source else []
    return [f"{module}.{match}" for match in found]


@cache
def public_names(source: Path) -> frozenset[str]:
    """Return `__all__` if the module spells it out, else what it defines or imports publicly."""
    try:
        body = ast.parse(source.read_bytes()).body
    except (SyntaxError, ValueError):
        return frozenset()
    names = {name for node in body for name in _defined(node)}
    listed = next((node.value for node in body if "__all__" in _defined(node)), None)
    if isinstance(listed, ast.List | ast.Tuple):
        return frozenset(item.value for item in listed.elts if isinstance(item, ast.Constant))
    return frozenset(name for name in names if not name.startswith("_"))


def _source(stem: Path) -> Path | None:
    for path in (stem / "__init__.py", stem.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _defined(node: ast.stmt) -> list[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ImportFrom(names=names):
            return [alias.asname or alias.name for alias in names]
        case ast.Assign(targets=targets):
            return [target.id for target in targets if isinstance(target, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
    return []
