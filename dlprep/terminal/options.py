"""What the options of several commands have in common."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlprep.terminal import completion as complete

if TYPE_CHECKING:
    from dlprep.quiz.bank import Bank
    from dlprep.quiz.selection import Filters

FOLDER = click.Path(path_type=Path)
KIND = click.Choice(["recall", "choice", "numeric", "predict", "code"])
MINUTES = click.IntRange(min=1)
COUNT = 10
"""Questions of a session unless something else bounds it."""
chapter = click.option(
    "--chapter",
    help="Number or name, such as 04 or optimizers.",
    shell_complete=complete.chapters,
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
in_bank = click.option("--bank", "folder", type=FOLDER, help="Folder of another bank than our own.")
in_words = click.option("--plain", is_flag=True, help="Text only, line by line, no colour.")
in_lines = click.option("--line", "by_line", is_flag=True, help="Every answer ends with Enter.")
files_in = click.option(
    "--folder", "files", type=FOLDER, help="Where your code goes; default: the data folder."
)


class Command(click.Command):
    """A command that refuses options of which only one can hold, in place of obeying the last."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments."""
        words = list(args)
        rest = super().parse_args(ctx, args)
        seen: dict[str, click.Option] = {}
        given: set[str] = set()
        for option in self.make_parser(ctx).parse_args(words)[2]:
            if not isinstance(option, click.Option) or option.multiple:
                continue
            first = seen.setdefault(option.name, option)
            name = option.opts[0]
            if first is not option:
                text = f"{first.opts[0]} and {name} exclude each other: leave one out."
                raise click.UsageError(text, ctx)
            if name in given and (not option.is_flag or option.secondary_opts):
                both = " and ".join((*option.opts, *option.secondary_opts))
                fault = f"{both} exclude each other" if option.is_flag else f"{name} is given twice"
                raise click.UsageError(f"{fault}: leave one out.", ctx)
            given.add(name)
        return rest


class Group(click.Group):
    """The commands, each of which refuses what contradicts itself."""

    command_class = Command


def filters(command):
    """Add the options that choose questions."""
    options = [
        chapter,
        click.option("--level", type=click.Choice(["junior", "mid", "senior"])),
        click.option("--kind", type=KIND),
        click.option("--tag", help="One of the questions' tags.", shell_complete=complete.tags),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def asked(command):
    """Add the options that say how a session asks, and what beside its questions."""
    options = [
        click.option(
            "--confidence/--no-confidence",
            default=None,
            help="Ask how sure each answer is; --confidence holds from then on.",
        ),
        click.option(
            "--reading/--no-reading",
            default=None,
            help="Ask which outcome decides; --reading holds from then on.",
        ),
        click.option("--aloud", is_flag=True, help="Ask for answers aloud, without the options."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def at_most(name):
    """Add the option that bounds the number of questions."""
    options = {"type": click.IntRange(min=1), "default": 10, "show_default": True}
    return click.option("-n", name, help="At most this many questions.", **options)


def chosen_filters(bank: "Bank", which: Mapping) -> "Filters":
    """Return which questions a session may ask.

    Args:
        bank: The questions.
        which: What was said on the command line, by the names of `Filters`.

    Raises:
        UsageError: Ids are named, and something else chooses too.
        BankError: There is no such id, or no question that all the filters fit.
    """
    from dlprep.quiz.selection import Filters

    said = {name: value for name, value in which.items() if value and name != "cram"}
    if said.pop("ids", None):
        if said:
            (name, value), *_ = said.items()
            option = {"only": f"--{value}", "count": "-n"}.get(name, f"--{name}")
            raise click.UsageError(f"Ids name the questions: leave out {option}, or the ids.")
        return Filters(**which)
    bank.filter(**{name: which[name] for name in ("chapter", "level", "kind", "tag")})
    bounded = which["count"] or which["minutes"]
    return Filters(**which) if bounded else Filters(**{**which, "count": COUNT})
