"""Every command and every public component is documented, and every example runs."""

import ast
import doctest
import functools
import importlib
import inspect
import re
import shlex
import sys
import textwrap
from pathlib import Path

import click
import keras
import pytest

from dlprep import cli
from dlprep.site.components import FAMILIES, family, present

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
SOURCES = sorted(path.relative_to(ROOT) for path in (ROOT / "dlprep").rglob("*.py"))
PUBLIC = {
    f"{name}.{public}": thing
    for name in FAMILIES
    if present(name)
    for public, thing in family(name).items()
    if not inspect.ismodule(thing)
}
COMPONENTS = pytest.mark.parametrize("name", PUBLIC)
# Names of Keras's own that a family hands on; Keras documents them.
KERAS_OWN = {name for name, thing in PUBLIC.items() if thing.__module__.startswith("keras.")}
# Its updates hand newton_schulz nothing but matrices, and so never meet the error.
SPARED = {"optimizers.Muon"}


def commands(group, path=""):
    """Return every command of a group and of the groups in it, by what is typed for it."""
    found = {}
    for name, command in group.commands.items():
        found[path + name] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{path}{name} ")
    return found


COMMANDS = commands(cli.cli)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_a_line_in_the_docs(name):
    command = COMMANDS[name]
    assert "Example: dlprep " + name in command.help
    documented = (DOCS / "commands.md").read_text("utf-8")
    assert f"| `dlprep {name}" in documented
    for option in command.params:
        if isinstance(option, click.Option):
            (row,) = re.findall(rf"^\| `dlprep {name}[ `].*$", documented, re.MULTILINE)
            assert option.opts[0] in row


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_example_of_a_command_is_understood(name):
    command = COMMANDS.get(name, cli.cli)
    program, *words = shlex.split(re.search(r"Example: (.+?)\n", command.help + "\n")[1])
    assert program == "dlprep"
    context = click.Context(cli.cli)
    while words and isinstance(context.command, click.Group):
        found = context.command.get_command(context, words[0])
        context = click.Context(found, context)
        words = words[1:]
    context.command.make_context(context.info_name, words, context.parent)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_has_the_options_that_the_docs_name(name):
    rows = [row for row in (DOCS / "commands.md").read_text("utf-8").splitlines() if "--" in row]
    longer = tuple(f"| `dlprep {other}" for other in COMMANDS if other.startswith(f"{name} "))
    named = [r for r in rows if re.match(rf"\| `dlprep {name}[ `]", r) and not r.startswith(longer)]
    known = {o for param in COMMANDS[name].params for o in (*param.opts, *param.secondary_opts)}
    assert {*re.findall(r"(?<![\w-])--[a-z][\w-]*", "".join(named))} <= known


def said_commands():
    """Return every `dlprep …` of the docs and of what the program says, with where it stands."""
    for page in [*DOCS.glob("*.md"), ROOT / "README.md"]:
        text = page.read_text("utf-8")
        for span in re.findall(r"`(dlprep [^`]+)`|^\$ (dlprep .+)$", text, re.MULTILINE):
            yield page.name, "".join(span)
    for path in SOURCES:
        for node in ast.walk(ast.parse((ROOT / path).read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr):
                # What is filled in stands for anything.
                parts = node.values
                text = "".join(p.value if isinstance(p, ast.Constant) else "X" for p in parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            else:
                continue
            for span in re.findall(r"`(dlprep [^`]+)`", text):
                yield str(path), span


def test_every_command_that_is_named_anywhere_exists_with_its_options():
    wrong, count = [], 0
    for place, text in said_commands():
        words, command = text.split()[1:], cli.cli
        # What stands for anything, such as ID or M, is no command.
        while isinstance(command, click.Group) and words and re.fullmatch("[a-z]+", words[0]):
            found = command.commands.get(words.pop(0))
            command = found or wrong.append(f"{place}: {text}") or click.Command("none")
        known = {o for p in command.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
        options = {word.strip("…,.;:") for word in words if word.startswith("--")}
        wrong += [f"{place}: {text}: {option}" for option in options - known]
        count += 1
    assert not wrong and count > 100


def own(name):
    if name in KERAS_OWN:
        pytest.skip("Keras's own, documented there")
    return PUBLIC[name]


def arguments(thing):
    ignored = ("self", "kwargs", "args")
    return [p for p in inspect.signature(thing).parameters if p not in ignored]


def equation_elsewhere(name, doc):
    """Whether the docstring points to a function of the family that has the equation."""
    members = family(name.partition(".")[0])
    pointed = re.findall(r"`(\w+)`", doc)
    return any("$" in inspect.getdoc(members[other]) for other in pointed if other in members)


@COMPONENTS
def test_a_component_is_documented(name):
    thing = own(name)
    doc = inspect.getdoc(thing)
    summary = doc.split("\n")[0]
    assert summary.endswith((".", ":")) and len(summary) > 10
    assert "$" in doc or equation_elsewhere(name, doc), "no equation"
    for section in ("Example:", "Reference:"):
        assert re.search(rf"^{section}", doc, re.MULTILINE), f"no {section}"
    for argument in arguments(thing):
        pattern = rf"^    (?:\S+, )*`?\*{{0,2}}{argument}`?(?:, \S+)*(?: \([^)]*\))?:"
        assert re.search(pattern, doc, re.MULTILINE), f"{argument} is not in Args"


def docstrings(path):
    definitions = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = (
        node
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, definitions)
    )
    return [doc for node in nodes if (doc := ast.get_docstring(node))]


@pytest.mark.parametrize("package", sorted({p.parent for p in SOURCES}), ids=str)
def test_descriptions_of_arguments_results_and_errors_begin_with_a_capital(package):
    """Or with a formula, a number or code: one dialect everywhere."""
    docs = [doc for path in SOURCES if path.parent == package for doc in docstrings(path)]
    small = []
    for doc in docs:
        sections = dict(
            re.findall(r"^([A-Z][a-z ]+):\n((?:(?: .*)?(?:\n|\Z))+)", doc, re.MULTILINE)
        )
        listed = "".join(sections.get(name, "") for name in ("Args", "Call arguments", "Raises"))
        entries = re.findall(r"^    [^ :][^:]*: (.*)", listed, re.MULTILINE)
        entries += re.findall(r"\A    (.*)", sections.get("Returns", ""))
        small += [entry for entry in entries if entry[0].islower()]
    assert not small


LAYERS = [name for name in PUBLIC if name.startswith("layers.")]


@pytest.mark.parametrize("name", LAYERS)
def test_what_a_call_takes_besides_the_inputs_is_documented(name):
    layer = own(name)
    called = arguments(layer.call)
    if len(called) > 1:
        doc = inspect.getdoc(layer)
        section = re.search(r"^Call arguments:\n((?: .*\n)*)", doc, re.MULTILINE)
        assert section, "no section `Call arguments`"
        assert re.findall(r"^    (\w+):", section[1], re.MULTILINE) == called


def ours(thing):
    return inspect.isfunction(thing) and thing.__module__.startswith("dlprep")


@functools.cache
def raises(function):
    """Return whether a function says `raise ValueError`, and our functions that it names."""
    nodes = list(ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))))
    errors = [ast.unparse(node) for node in nodes if isinstance(node, ast.Raise)]
    named = set()
    for node in nodes:
        if isinstance(node, (ast.Name, ast.Attribute)):
            thing = sys.modules[function.__module__]
            for part in ast.unparse(node).split("."):
                thing = getattr(thing, part, None)
            named |= {inspect.unwrap(thing)} if ours(thing) else set()
    return any(error.startswith("raise ValueError") for error in errors), named - {function}


@COMPONENTS
def test_an_error_that_a_component_raises_is_documented(name):
    thing = own(name)
    bases = inspect.getmro(thing) if inspect.isclass(thing) else ()
    methods = [method for base in bases for method in vars(base).values()] or [thing]
    found, new = set(), {inspect.unwrap(method) for method in methods if ours(method)}
    while new:
        found |= new
        new = set().union(*(raises(function)[1] for function in new)) - found
    wrong = sorted(function.__qualname__ for function in found if raises(function)[0])
    doc = inspect.getdoc(thing)
    documented = re.search(r"^Raises:\n(?: .*\n)*? +ValueError:", doc, re.MULTILINE)
    assert documented or not wrong or name in SPARED, f"no ValueError in Raises: {wrong}"


@COMPONENTS
def test_the_example_runs(name):
    thing = own(name)
    keras.utils.set_random_seed(0)
    module = importlib.import_module(thing.__module__)
    finder = doctest.DocTestFinder(recurse=False)
    tests = finder.find(thing, name, module=module, globs={})
    assert sum(len(test.examples) for test in tests), "no example"
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    for test in tests:
        assert runner.run(test).failed == 0
