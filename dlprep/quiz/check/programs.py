"""Rules for a question's Python, read and never run: the demonstration and the exercise."""

import ast
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from dlprep.quiz.check.components import exists
from dlprep.quiz.reading import BankError, Message, read_text
from dlprep.quiz.words import many

Fault = tuple[int, str]

PACKAGES = ("numpy", "keras", "tensorflow", "sklearn", "scipy", "dlprep")
_ALLOWED = (sys.stdlib_module_names | set(PACKAGES)) - {
    *("urllib", "http", "socket", "ftplib", "smtplib", "subprocess", "webbrowser", "ssl"),
    *("multiprocessing", "asyncio", "sqlite3", "shelve", "dbm", "tkinter", "turtle"),
}
_FUNCTIONS = {
    "print": "prints: hand numbers to lab.value, curves to lab.lines",
    "input": "reads from the keyboard: a demonstration runs alone",
    "open": "opens a file: make the data, or take what scikit-learn ships",
    "exec": "runs code in a string: write it out",
    "eval": "runs code in a string: write it out",
    "breakpoint": "stops in the debugger: delete the line",
}
_METHODS = {
    **dict.fromkeys(("pprint", "print_exc", "summary"), _FUNCTIONS["print"]),
    **dict.fromkeys(("read_text", "read_bytes", "write_text", "write_bytes"), _FUNCTIONS["open"]),
    **dict.fromkeys(("savetxt", "loadtxt", "genfromtxt", "imread"), _FUNCTIONS["open"]),
}
CONSTANT = "a claim about constants, which no run can refute: compare what was measured"
_DOWNLOADS = ("get_file", "load_data", "urlretrieve", "urlopen")


def messages(
    path: Path, kind: str | None, components: tuple[str, ...], line: int
) -> Iterator[Message]:
    """Yield the faults of the Python files beside a question.

    Args:
        path: The Markdown file of the question.
        kind: The question's kind, or `None` if the front matter does not say.
        components: What the question says that its programs use.
        line: Where it says so.
    """
    mentioned = set()
    for program in (path.with_suffix(".py"), path.with_name(f"{path.stem}_exercise.py")):
        if not os.path.lexists(program):
            continue
        tree = read(program)
        if isinstance(tree, Message):
            yield tree
            return
        rules = exercise_faults(tree) if program.stem != path.stem else demo_faults(tree, kind)
        yield from (Message(program, *fault) for fault in rules)
        mentioned |= names(tree)
    for name in components:
        if mentioned and exists(name) and name.split(".")[-1] not in mentioned:
            yield Message(path, line, f"{name} is not used by the demonstration: use it or drop it")


def read(path: Path) -> ast.Module | Message:
    """Return the syntax tree of a Python file, or what is wrong with it."""
    try:
        tree = parse(read_text(path))
    except BankError as error:
        return error.message
    return tree if isinstance(tree, ast.Module) else Message(path, *tree)


def parse(source: str) -> ast.Module | Fault:
    """Return the syntax tree, or the fault where it does not parse."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # As bytes, for what the file says of its encoding.
            return ast.parse(source.encode())
    except SyntaxError as error:
        return error.lineno or 1, f"not Python: {error.msg}; mend the line"
    except (ValueError, RecursionError, MemoryError) as error:
        why = str(error) or "it is nested too deeply"
        return 1, f"not Python that can be read: {why}; write it more simply"


def demo_faults(tree: ast.Module, kind: str | None) -> Iterator[Fault]:
    """Yield `(line, fault)` for a demonstration of a question of this kind."""
    run = _function(tree, "run")
    if not ast.get_docstring(tree) and not (run and ast.get_docstring(run)):
        yield 1, "no docstring: begin the file with one sentence that says the idea"
    if not run:
        yield 1, "no run: write `def run(lab):`"
    elif [argument.arg for argument in run.args.args] != ["lab"]:
        yield run.lineno, "run takes the lab alone: write `def run(lab):`"
    line = run.lineno if run else 1
    calls = set(_lab_calls(tree))
    if "claim" not in calls:
        yield line, "no claim: prove the answer with lab.claim(text, holds, measured, expected)"
    if "contrast" not in calls:
        yield line, "no contrast: compare by lab.contrast(experiment, control=…, treatment=…)"
    yield from ((number, CONSTANT) for number in _constant_claims(tree))
    if "answer" not in calls and kind in ("numeric", "predict"):
        what = "the number" if kind == "numeric" else "the text of the right option"
        yield line, f"no answer: hand {what} to lab.answer"
    yield from common_faults(tree)


def exercise_faults(tree: ast.Module) -> Iterator[Fault]:
    """Yield `(line, fault)` for an exercise."""
    public = [node for node in _definitions(tree) if not node.name.startswith("_")]
    check = _function(tree, "check")
    solution = public[0] if public else None
    if not solution or solution == check or solution.name.startswith(("wrong_", "right_")):
        line = solution.lineno if solution else 1
        yield line, "no solution: the first public function or class is the one that is asked for"
    elif not ast.get_docstring(solution):
        yield solution.lineno, f"{solution.name} has no docstring: the stub shows it; write one"
    if not check:
        yield 1, "no check: write `def check(candidate, lab):`"
    elif [argument.arg for argument in check.args.args] != ["candidate", "lab"]:
        yield check.lineno, "check takes candidate and lab: write `def check(candidate, lab):`"
    for prefix, least in (("wrong_", 2), ("right_", 1)):
        count = sum(node.name.startswith(prefix) for node in public)
        if count < least:
            yield 1, f"{many(count, 'definition')} named {prefix}…: write at least {least}"
    yield from common_faults(tree)


def common_faults(tree: ast.Module) -> Iterator[Fault]:
    """Yield `(line, fault)` for what no program of a question may do."""
    for node in ast.walk(tree):
        for name in _imported(node):
            if name.split(".")[0] not in _ALLOWED:
                yield node.lineno, f"imports {name}: use Python's own, {', '.join(PACKAGES)}"
        if isinstance(node, ast.Call) and (fault := _call_fault(node)):
            yield node.lineno, fault


def names(tree: ast.Module) -> set[str]:
    """Return every name and attribute that a program mentions."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                found.add(name)
    return found


def claim_line(tree: ast.Module, text: str) -> int:
    """Return the line of the `lab.claim` with this text, else that of `run`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="claim"), args=[ast.Constant(value=said), *_]):
                if said == text:
                    return node.lineno
    run = _function(tree, "run")
    return run.lineno if run else 1


def solution_names(tree: ast.Module) -> tuple[list[str], list[str]]:
    """Return the names of the definitions that must pass `check`, and of those that must not."""
    public = [node.name for node in _definitions(tree) if not node.name.startswith("_")]
    passing = [*public[:1], *(name for name in public if name.startswith("right_"))]
    return passing, [name for name in public if name.startswith("wrong_")]


def line_of(tree: ast.Module, name: str) -> int:
    """Return the line where the module defines a name, or 1."""
    return next((node.lineno for node in _definitions(tree) if node.name == name), 1)


def _definitions(tree: ast.Module) -> list[ast.FunctionDef | ast.ClassDef]:
    return [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]


def _function(tree: ast.Module, name: str) -> ast.FunctionDef | None:
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    return next((node for node in functions if node.name == name), None)


def _lab_calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="lab"), attr=name)):
                yield name


def _constant_claims(tree: ast.Module) -> Iterator[int]:
    """Yield the lines of the claims whose truth is a matter of numbers alone, such as `6 < 11`."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(attr="claim"), args=[_, holds, *_]):
                parts = ast.walk(holds)
                if not any(isinstance(part, ast.Name | ast.Call) for part in parts):
                    yield node.lineno


def _imported(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=aliases):
            return [alias.name for alias in aliases]
        case ast.ImportFrom(module=module, level=level):
            return ["." * level + (module or "")]
    return []


def _call_fault(call: ast.Call) -> str | None:
    match call.func:
        case ast.Name(id=name) if name in _FUNCTIONS:
            return _FUNCTIONS[name]
        case ast.Attribute(attr=name) if name in _METHODS:
            return _METHODS[name]
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in _DOWNLOADS or name.startswith(
            "fetch_"
        ):
            return f"{name} downloads: make the data, or take what scikit-learn ships"
        case ast.Attribute(attr="default_rng") if not call.args and not call.keywords:
            return "a generator without a seed: use lab.rng"
    return None
