"""What the shell completes: ids, chapters and tags of the bank that the line names."""

from collections.abc import Callable, Iterable

import click

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _of_bank(words: Callable[..., Iterable[str]]) -> Complete:
    """Return what completes a word from the questions; a bank that cannot be read has none."""

    def complete(context: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
        from dlprep.quiz.bank import Bank, BankError, questions_dir
        from dlprep.quiz.fronts import Fronts

        folder = context.params.get("folder") or questions_dir()
        fronts = Fronts(folder)
        try:
            found = dict.fromkeys(words(Bank.load(folder, fronts.read)))
        except (BankError, OSError):
            return []
        fronts.keep()
        given = context.params.get(parameter.name)
        given = given if isinstance(given, tuple) else ()
        return [word for word in found if word.startswith(begun) and word not in given]

    return complete


ids = _of_bank(lambda bank: (question.id for question in bank))
chapters = _of_bank(lambda bank: bank.chapters)
tags = _of_bank(lambda bank: sorted({tag for question in bank for tag in question.tags}))
codes = _of_bank(lambda bank: (question.id for question in bank if question.kind == "code"))
names = _of_bank(lambda bank: [*bank.chapters, *(question.id for question in bank)])


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands, options, ids, chapters and tags.

    Example: dlprep completion bash
    """
    from click.shell_completion import get_completion_class

    root = click.get_current_context().find_root()
    kind = get_completion_class(shell)
    click.echo(kind(root.command, {}, "dlprep", "_DLPREP_COMPLETE").source())
