"""What questions can cover: `coverage.yml` beside the chapters, read when it is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dlprep.quiz.reading import BankError, Message, read_text

FILE = "coverage.yml"


@dataclass(frozen=True)
class Group:
    """A document, the errata or the systems, with what can be covered of it.

    Attributes:
        name: What stands before the slash.
        title: The document's, as the questions' sources name it.
        parts: Titles by full name, such as `notes/2.4.3`.
    """

    name: str
    title: str
    parts: dict[str, str]


def load(folder: Path) -> list[Group] | None:
    """Return the groups of a bank's list, or `None` for a bank that has no list.

    Raises:
        BankError: The file is not what it should be.
    """
    import yaml

    path = folder / FILE
    if not path.exists():
        return None
    try:
        # The base loader leaves 1.10 and 14 the texts that they are.
        return list(_groups(yaml.load(read_text(path), yaml.BaseLoader)))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        text = f"not YAML: {error.problem}; put titles with `: ` in quotes"
        raise BankError(Message(path, mark.line + 1 if mark else 1, text)) from error
    except (AttributeError, KeyError, TypeError) as error:
        text = "not a list of groups: write a name, below it `title:` and `parts:`, name: title"
        raise BankError(Message(path, 1, text)) from error


def names(groups: list[Group]) -> list[str]:
    """Return every name that a question may give in `covers`."""
    return [name for group in groups for name in group.parts]


def _groups(mapping: dict) -> Iterator[Group]:
    for name, entry in mapping.items():
        parts = {f"{name}/{part}": str(title) for part, title in entry["parts"].items()}
        yield Group(name, entry["title"], parts)
