"""Pages of the components, one per family, from the docstrings."""

import importlib
import importlib.util
import inspect
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from dlprep.quiz.bank import Bank
from dlprep.site import html
from dlprep.site.html import escaped, line, link, piece

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
_ENTRY = re.compile(r"^([\w*`, .\[\]]+?)(?: \([^)]*\))?: (.*(?:\n(?: .*|$))*)", re.MULTILINE)


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
        summary = (inspect.getdoc(importlib.import_module(f"dlprep.{name}")) or "").split("\n")[0]
        links = (link(f"<code>{public}</code>", f"{name}.html#{public}") for public in objects)
        inside = f"<p>{line(summary)}</p><p>{', '.join(links)}</p>"
        parts += [f"## [{name}]({name}.md)", piece(inside)]
    return "\n\n".join(parts) + "\n"


def page(name: str, objects: dict, uses: dict) -> str:
    """Return the page of one family."""
    module = importlib.import_module(f"dlprep.{name}")
    parts = [f"# dlprep.{name}", piece(html.text(inspect.getdoc(module) or ""))]
    for public, thing in objects.items():
        if inspect.ismodule(thing):
            continue
        inside = html.code(signature(public, thing)) + documentation(inspect.getdoc(thing) or "")
        asked = uses.get(f"{name}.{public}")
        if asked:
            links = (link(line(q.title), f"../questions/{q.chapter}/{q.id}.html") for q in asked)
            inside += f"<p><strong>Questions that use it:</strong> {', '.join(links)}</p>"
        parts += [f"## {public} {{ #{public} }}", piece(inside)]
    return "\n\n".join(parts) + "\n"


def signature(name: str, thing) -> str:
    """Return the call as it is written, one argument a line when it is long."""
    parameters = [str(p) for p in inspect.signature(thing).parameters.values()]
    call = f"{name}({', '.join(parameters)})"
    if len(call) <= 88:
        return call
    return f"{name}(\n    " + ",\n    ".join(parameters) + ",\n)"


def sections(doc: str) -> Iterator[tuple[str, str]]:
    """Yield title and text of a Google-style docstring's parts; the first has no title."""
    pieces = re.split(rf"^({'|'.join(SECTIONS)})s?:\s*$", doc, flags=re.MULTILINE)
    yield "", pieces[0].strip()
    for title, block in zip(pieces[1::2], pieces[2::2], strict=True):
        yield title, inspect.cleandoc(block)


def entries(title: str, block: str) -> list[tuple[str, str]]:
    """Return names and their Markdown, none for a section that is prose."""
    if title not in ("Args", "Call arguments", "Attributes", "Raises"):
        return []
    return [(name.strip("`"), " ".join(text.split())) for name, text in _ENTRY.findall(block)]


def is_code(title: str, block: str) -> bool:
    """Return whether a section is an example to be typed as it stands."""
    return title == "Example" and ">>>" in block and "```" not in block


def documentation(doc: str) -> str:
    """Return a docstring as HTML."""
    return "".join(
        (f"<p><strong>{title}</strong></p>" if title else "") + section(title, block)
        for title, block in sections(doc)
    )


def section(title: str, block: str) -> str:
    """Return one section: a table of arguments, a block of code, or text."""
    if is_code(title, block):
        return html.code(block, "pycon")
    named = entries(title, block)
    if not named:
        return html.text(block)
    head = "Error" if title == "Raises" else "Name"
    rows = [[f"<code>{escaped(name)}</code>", line(text)] for name, text in named]
    return html.table([[head, "Meaning"], *rows])
