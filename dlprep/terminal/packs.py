"""`dlprep pack`: banks of others, which are copied, and whose programs run only when trusted."""

import json
from pathlib import Path

import click

from dlprep.quiz.words import many
from dlprep.terminal.echo import echo
from dlprep.terminal.progress import YES, Guarded, confirm

NAME = click.argument("name", metavar="NAME")


@click.group(cls=Guarded)
def pack():
    """Add, list, trust or remove packs: questions of others, with ids like pack:question.

    Example: dlprep pack add ~/Downloads/vision
    """


@pack.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="What to call it; default: the folder's name.")
def add(folder, name):
    """Copy the pack in DIR; its questions can be read from then on, and nothing of it runs.

    Example: dlprep pack add ~/Downloads/vision
    """
    from dlprep.quiz.packs import MARK, Packs

    added, bank = Packs().add(folder, name)
    for problem in bank.problems:
        echo(problem, err=True)
    first = next(iter(bank)).id
    echo(f"{added.name}: {many(len(bank), 'question')}, such as {added.name}{MARK}{first}.")
    echo(f"Its programs do not run before `dlprep pack trust {added.name}`.")


@pack.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_packs(as_json):
    """List the packs, and which may run programs.

    Example: dlprep pack list
    """
    from dlprep.quiz.bank import Bank
    from dlprep.quiz.packs import Packs

    rows = []
    for one in Packs():
        bank, state = Bank.load(one.folder), state_of(one)
        rows.append(
            {
                "name": one.name,
                "questions": len(bank),
                "faults": len(bank.problems),
                "state": state,
                "folder": str(one.folder),
            }
        )
    if as_json:
        echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        faults = f", {many(row['faults'], 'fault')}" * bool(row["faults"])
        count = many(row["questions"], "question")
        echo(f"{row['name']}: {count}{faults}, {row['state']}\n  {row['folder']}")
    if not rows:
        echo("There is no pack; `dlprep pack add DIR` adds one.")


def state_of(pack) -> str:
    """Return whether a pack's programs may run, or why that cannot be said."""
    from dlprep.quiz.bank import BankError

    try:
        return pack.state
    except BankError as error:
        return f"broken: {error}"


@pack.command()
@NAME
@YES
def trust(name, yes):
    """List the programs of a pack and let them run, as they are now.

    Example: dlprep pack trust vision
    """
    from dlprep.quiz.content import Content
    from dlprep.quiz.packs import Packs

    packs = Packs()
    chosen = packs[name]
    content = Content.read(chosen.folder)
    for program in content.programs:
        lines = content.files[program].count(b"\n")
        echo(f"{chosen.folder / program}  ({many(lines, 'line')})")
    what = many(len(content.programs), "program")
    confirm(f"{what} of the pack {name} would run with your rights; read them first.", yes)
    packs.trust(chosen, content)
    echo(f"{name} is trusted until a file of it changes: {what}.")


@pack.command()
@NAME
@YES
def remove(name, yes):
    """Remove a pack; what you answered stays in your history.

    Example: dlprep pack remove vision
    """
    from dlprep.quiz.packs import Packs

    packs = Packs()
    chosen = packs[name]
    confirm(f"{chosen.folder} will be removed; your answers to its questions stay.", yes)
    packs.remove(chosen)
    echo(f"{name} removed.")
