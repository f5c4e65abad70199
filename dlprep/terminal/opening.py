"""Open what a command works with; what is wrong with the user's files becomes a fault."""

from pathlib import Path

from dlprep.terminal.echo import echo
from dlprep.terminal.fault import Fault


def bank_folder(folder: Path | None) -> Path:
    """Return the folder of the bank: the one that was named, else the built-in one."""
    from dlprep.quiz.bank import questions_dir
    from dlprep.quiz.packs import default_folder

    if folder and not folder.is_dir():
        raise Fault(f"{folder}: not a folder; name the folder that holds the chapters")
    if folder and default_folder().resolve() in (resolved := folder.resolve(), *resolved.parents):
        raise Fault(f"{folder} is a pack that was added: leave out --bank, its ids are pack:id")
    return folder or questions_dir()


def open_bank(folder: Path | None = None):
    """Return a bank; broken files are named on standard error and left out.

    To the built-in one the user's packs are added.
    """
    from dlprep.quiz.bank import Bank, questions_dir
    from dlprep.quiz.fronts import Fronts
    from dlprep.quiz.packs import Packs, join

    folder = bank_folder(folder)
    fronts = Fronts(folder)
    bank = guarded(Bank.load, folder, fronts.read)
    fronts.keep()
    if folder == questions_dir():
        join(bank, Packs())
    for problem in bank.problems:
        echo(problem, err=True)
    if not len(bank):
        raise Fault("The bank has no question that can be read; `dlprep doctor` says more.")
    return bank


def open_history():
    """Return the user's history."""
    from dlprep.quiz.history import History

    return guarded(History.open)


def past(day, *more: str) -> tuple[list, dict]:
    """Return the events that the schedule comes from, and what is remembered on a day.

    There need be no history. More kinds of events than those can be named.
    """
    from dlprep.quiz import schedule
    from dlprep.quiz.cards import Cards
    from dlprep.quiz.history import History

    history = guarded(History.existing)
    if history is None:
        return [], {}
    with history:
        events = guarded(history.events, kinds=(*schedule.KINDS, *more))
        return events, guarded(Cards, history, day).memories


def today():
    """Return the user's present day."""
    from dlprep.quiz.days import day_of
    from dlprep.quiz.session import now

    return day_of(now())


def with_due_days(work, name: str):
    """Call with the day each answered question is due, by id, as the argument of some name.

    There need be no history; one that cannot be read keeps nobody from the bank, and is told after.
    """
    from dlprep.quiz.past import due_days
    from dlprep.quiz.session import now

    days, error = due_days(now())
    found = work(**{name: days})
    if error:
        raise Fault(str(error)) from error
    return found


def find(bank, ident: str):
    """Return the question of this id."""
    return guarded(bank.__getitem__, ident)


def guarded(function, *args, **kwargs):
    """Call; what is wrong with the user's files becomes a message and exit code 1."""
    from dlprep.quiz.bank import BankError
    from dlprep.quiz.history import HistoryError

    try:
        return function(*args, **kwargs)
    except (BankError, HistoryError) as error:
        raise Fault(str(error)) from error
