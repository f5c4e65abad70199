"""The mutants as the tables of this folder hold them, and the text that each plants."""

import ast
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Stale(Exception):
    """The table and the source no longer fit."""


@dataclass(frozen=True)
class Mutant:
    """One mistake: in `file`, inside `scope` if any, `by` stands for `what`."""

    file: str
    what: str
    by: str
    mistake: str
    scope: str = ""
    equivalent: str = ""

    def __str__(self):
        return f"{self.file}: {self.mistake}"

    @property
    def module(self):
        """The name under which the file is imported."""
        return ".".join(Path(self.file).with_suffix("").parts).removesuffix(".__init__")

    def planted(self, root=ROOT):
        """Return the file's text with the mistake in it; raise `Stale` if it has no place there."""
        source = (root / self.file).read_text("utf-8")
        try:
            before, inside, after = cut(source, self.scope)
        except Stale as error:
            raise Stale(f"{self}: {error}") from error
        if (count := inside.count(self.what)) != 1:
            raise Stale(f"{self}: the text occurs {count} times in {self.scope or 'the file'}")
        text = before + inside.replace(self.what, self.by) + after
        try:
            same = ast.dump(ast.parse(text)) == ast.dump(ast.parse(source))
        except SyntaxError as error:
            raise Stale(f"{self}: {error.msg}, which is no mutant") from error
        if same:
            raise Stale(f"{self}: it changes no code")
        return text


def cut(source, scope):
    """Return the text before a definition, its own and the text after it."""
    if not scope:
        return "", source, ""
    body = ast.parse(source).body
    for name in scope.split("."):
        found = [node for node in body if getattr(node, "name", None) == name]
        if len(found) != 1:
            raise Stale(f"{scope} is defined {len(found)} times")
        body = found[0].body
    lines = source.splitlines(keepends=True)
    first = min(node.lineno for node in (found[0], *found[0].decorator_list)) - 1
    last = found[0].end_lineno
    return "".join(lines[:first]), "".join(lines[first:last]), "".join(lines[last:])


def families(folder=HERE):
    """Return the family of every table."""
    return sorted(path.stem for path in folder.glob("*.yml"))


def read(family, folder=HERE):
    """Return a family's mutants."""
    rows = yaml.safe_load((folder / f"{family}.yml").read_text("utf-8"))
    return [Mutant(scope=row.pop("in", ""), **row) for row in rows]


def read_killers(folder=HERE):
    """Return mutant -> the test that saw it when somebody last looked."""
    path = folder / "killers.txt"
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split(" <- ", 1) for line in lines)


def write_killers(killers, folder=HERE):
    """Note which test sees which mutant; what is in no table is forgotten."""
    known = {str(mutant) for family in families(folder) for mutant in read(family, folder)}
    lines = [f"{name} <- {killers[name]}\n" for name in sorted(known & killers.keys())]
    (folder / "killers.txt").write_text("".join(lines), "utf-8")
