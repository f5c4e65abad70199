"""What is said of a name that nothing has: the nearest ones."""

from collections.abc import Collection

MOST, FEW = 3, 40


def nearest(name: str, choices: Collection[str]) -> list[str]:
    """Return the choices that a name may mean, the nearest first.

    Case, a folder in front, blanks and underscores make no difference, and a part of a name is
    enough.
    """
    from difflib import get_close_matches

    known = {_folded(choice): choice for choice in choices}
    wanted = _folded(name.rstrip("/").rpartition("/")[2])
    close = get_close_matches(wanted, known, MOST, 0.5)
    close += [each for each in known if len(wanted) > 2 and wanted in each and each not in close]
    return [known[each] for each in close[:MOST]]


def unknown(what: str, name: str, choices: Collection[str]) -> str:
    """Return the sentence that says that nothing in the bank is called so."""
    if close := nearest(name, choices):
        return f"no {what} {name!r} in the bank: did you mean {' or '.join(close)}?"
    if len(choices) > FEW:
        return f"no {what} {name!r} in the bank: `dlprep list` shows what there is"
    return f"no {what} {name!r} in the bank: there are {', '.join(choices) or 'none'}"


def _folded(name: str) -> str:
    return name.strip().casefold().replace("_", "-").replace(" ", "-").removesuffix(".md")
