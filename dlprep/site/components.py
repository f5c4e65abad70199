"""Pages of the components, one per family, from the docstrings."""

import importlib
import importlib.util
import inspect
import re
from collections import defaultdict
from pathlib import Path

from dlprep.quiz.bank import Bank
from dlprep.site.markdown import fence, table

FAMILIES = (
    "activations",
    "losses",
    "optimizers",
    "schedules",
    "initializers",
    "regularizers",
    "constraints",
    "layers",
    "metrics",
    "callbacks",
    "models",
)
SECTIONS = ("Args", "Call arguments", "Attributes", "Returns", "Raises", "Example", "Reference")


def write(bank: Bank, out: Path) -> None:
    """Write one page per family and one over all."""
    out.mkdir(parents=True)
    uses = defaultdict(list)
    for question in bank:
        for name in question.components:
            uses[name].append(question)
    families = {name: family(name) for name in FAMILIES if present(name)}
    (out / "index.md").write_text(overview(families), "utf-8")
    for name, objects in families.items():
        (out / f"{name}.md").write_text(page(name, objects, uses), "utf-8")


def present(name: str) -> bool:
    """Return whether the package has this family with public names."""
    spec = importlib.util.find_spec(f"dlprep.{name}")
    return bool(spec and spec.origin and family(name))


def family(name: str) -> dict:
    """Return the public objects of a family by name."""
    module = importlib.import_module(f"dlprep.{name}")
    return {public: getattr(module, public) for public in getattr(module, "__all__", ())}


def overview(families: dict[str, dict]) -> str:
    """Return the page over all families."""
    parts = [
        "# Components",
        "Readable Keras 3 components that stand in for Keras's own: `from dlprep import layers` in "
        "place of `from keras import layers`.",
    ]
    for name, objects in families.items():
        module = importlib.import_module(f"dlprep.{name}")
        links = ", ".join(f"[`{public}`]({name}.md#{public})" for public in objects)
        parts += [f"## [{name}]({name}.md)", first_line(module), links]
    return "\n\n".join(parts) + "\n"


def page(name: str, objects: dict, uses: dict) -> str:
    """Return the page of one family."""
    module = importlib.import_module(f"dlprep.{name}")
    parts = [f"# dlprep.{name}", inspect.getdoc(module)]
    for public, thing in objects.items():
        if inspect.ismodule(thing):
            continue
        parts += [f"## {public} {{ #{public} }}", fence(signature(public, thing))]
        parts.append(documentation(inspect.getdoc(thing) or ""))
        asked = uses.get(f"{name}.{public}")
        if asked:
            links = ", ".join(f"[{q.title}](../questions/{q.chapter}/{q.id}.md)" for q in asked)
            parts.append(f"**Questions that use it:** {links}")
    return "\n\n".join(part for part in parts if part) + "\n"


def first_line(thing) -> str:
    """Return the summary of an object's docstring."""
    return (inspect.getdoc(thing) or "").split("\n")[0]


def signature(name: str, thing) -> str:
    """Return the call as it is written, one argument a line when it is long."""
    parameters = [str(p) for p in inspect.signature(thing).parameters.values()]
    line = f"{name}({', '.join(parameters)})"
    if len(line) <= 88:
        return line
    return f"{name}(\n    " + ",\n    ".join(parameters) + ",\n)"


def documentation(doc: str) -> str:
    """Return a Google-style docstring as Markdown."""
    pieces = re.split(rf"^({'|'.join(SECTIONS)})s?:\s*$", doc, flags=re.MULTILINE)
    parts = [pieces[0].strip()]
    for title, block in zip(pieces[1::2], pieces[2::2], strict=True):
        parts += [f"**{title}**", section(title, inspect.cleandoc(block))]
    return "\n\n".join(parts)


def section(title: str, block: str) -> str:
    """Return one section: a table of arguments, a block of code, or text."""
    if title == "Example":
        return fence(block, "pycon") if ">>>" in block and "```" not in block else block
    entries = re.findall(
        r"^([\w*`, .\[\]]+?)(?: \([^)]*\))?: (.*(?:\n(?: .*|$))*)", block, re.MULTILINE
    )
    if title in ("Returns", "Reference") or not entries:
        return block
    head = "Error" if title == "Raises" else "Name"
    rows = [
        [f"`{name.strip('`')}`", " ".join(text.split()).replace("|", "\\|")]
        for name, text in entries
    ]
    return table([[head, "Meaning"], *rows])
