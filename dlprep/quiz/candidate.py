"""Load a user's file, watch its function being called, and say what went wrong in it."""

import functools
import inspect
import traceback
from collections.abc import Callable
from pathlib import Path
from types import CodeType, ModuleType

from dlprep.lab.run import message, type_name
from dlprep.quiz.comparison import brief
from dlprep.quiz.guard import Guard, copied, unchanged

SECONDS, MEMORY, OUTPUT = 10, 2**30, 10**6


class CandidateError(Exception):
    """Something is wrong with the user's file; the message is for the user."""


class Calls:
    """The last call of a candidate: its function, its arguments, what it returned."""

    def __init__(self):
        self.function: Callable | None = None
        self.args: tuple = ()
        self.kwargs: dict = {}
        self.outcome: object = None
        self.of_class = False

    def watch(
        self, candidate: Callable, returns: bool, guard: Guard, changed: Callable[[str, str], None]
    ) -> Callable:
        """Return a function that calls `candidate` and remembers; a class is returned as it is.

        Args:
            candidate: The user's function or class.
            returns: Whether it has to return a value, and so to leave its arguments alone.
            guard: Keeps apart what it changes.
            changed: Called with the arguments before and after, in words, if they differ.
        """
        if isinstance(candidate, type):
            self.of_class = True
            return candidate

        @functools.wraps(candidate)
        def call(*args, **kwargs):
            self.function, self.args, self.kwargs, self.outcome = candidate, args, kwargs, None
            before = copied([args, kwargs])
            with guard.apart():
                self.outcome = candidate(*args, **kwargs)
            if returns and self.outcome is None:
                name = getattr(candidate, "__name__", "the function")
                raise CandidateError(f"{name} returned None{self.given()}; is a `return` missing?")
            if returns and not unchanged([args, kwargs], before):
                changed(_named(candidate, *before), _named(candidate, args, kwargs))
            return self.outcome

        return call

    def given(self) -> str:
        """Return the last arguments in words, after a space, or nothing."""
        words = self.function and _named(self.function, self.args, self.kwargs)
        return f" given {words}" if words else ""


def load(path: Path) -> ModuleType:
    """Run a Python file and return its module; nothing is written beside it.

    Raises:
        CandidateError: The file cannot be read or compiled.
        SyntaxError: A line of it is no Python.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        raise CandidateError(f"{path} cannot be read: {error.strerror}") from error
    module = ModuleType(path.stem)
    module.__file__ = str(path)
    exec(_compiled(source, path), module.__dict__)
    return module


def _compiled(source: bytes, path: Path) -> CodeType:
    try:
        return compile(source, str(path), "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        if isinstance(error, SyntaxError) and error.filename:
            raise
        why = message(error) or "it is nested too deeply"
        advice = "save it as UTF-8 text and write it more simply"
        raise CandidateError(f"{path.name} is not Python: {why}; {advice}") from error


def signature_fault(found: object, solution: Callable) -> str | None:
    """Return why `found` cannot be called like `solution`, or `None`.

    Every argument of the solution has to be accepted by position and by name, and no other may be
    needed. Of a class the constructor counts.
    """
    kind = "class" if isinstance(solution, type) else "function"
    if not callable(found) or isinstance(found, type) != isinstance(solution, type):
        return f"is a {type_name(found)}; it has to be a {kind}, as in the stub"
    try:
        wanted, given = (_arguments(one) for one in (solution, found))
    except (TypeError, ValueError):
        return None
    usual = [name for name, p in wanted.parameters.items() if p.kind is p.POSITIONAL_OR_KEYWORD]
    named = [name for name, p in wanted.parameters.items() if p.kind is p.KEYWORD_ONLY]
    needed = [
        name
        for name, p in wanted.parameters.items()
        if p.default is p.empty and name in usual + named
    ]
    try:
        given.bind(*usual, **dict.fromkeys(named))
        given.bind(**dict.fromkeys(usual + named))
        given.bind(**dict.fromkeys(needed))
    except TypeError as error:
        return f"has to take {wanted}, and takes {given}: {error}"
    return None


def explain(
    error: BaseException, path: Path, name: str, calls: Calls, exercise: str
) -> tuple[str, int | None]:
    """Return what went wrong, in a sentence, and the line of the user's file.

    Args:
        error: What was raised.
        path: The user's file.
        name: The candidate's name in it.
        calls: How it was called.
        exercise: The file of the check.
    """
    if isinstance(error, CandidateError):
        return str(error), None
    if isinstance(error, SyntaxError) and error.filename == str(path):
        shown = f": `{error.text.strip()}`" if error.text else ""
        # An unknown encoding is said to be in line 0.
        line = error.lineno or 1
        return f"{path.name}, line {line}: {error.msg}{shown}", line
    frames = [
        frame
        for frame, _ in traceback.walk_tb(error.__traceback__)
        if frame.f_code.co_filename == str(path)
    ]
    lines = [
        entry for entry in traceback.extract_tb(error.__traceback__) if entry.filename == str(path)
    ]
    if not lines and calls.of_class:
        asked = traceback.extract_tb(error.__traceback__)
        line = next((entry.line for entry in reversed(asked) if entry.filename == exercise), "")
        return f"the check cannot go on with {name}: {_message(error)} in `{line}`", None
    if not lines and calls.function is None:
        return f"the exercise itself stopped: {_message(error)}; dispute this question", None
    if not lines:
        what = f"the check cannot go on with what {name} returned, {brief(calls.outcome)}"
        return f"{what}{calls.given()}: {_message(error)}", None
    last = lines[-1]
    if isinstance(error, NotImplementedError) and not str(error):
        return f"{last.name} is not written yet, see line {last.lineno}", last.lineno
    given = calls.given() or _given_to(frames)
    text = f"{path.name}, line {last.lineno}: {_message(error)} in `{last.line}`{given}"
    return text, last.lineno


def _named(function: Callable, args: tuple, kwargs: dict) -> str:
    """Return arguments in words, with their names if they fit; nothing if there are none."""
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except (TypeError, ValueError):
        return brief(args)
    return brief(dict(bound.arguments)) if bound.arguments else ""


def _arguments(function: Callable) -> inspect.Signature:
    if not isinstance(function, type):
        return inspect.signature(function)
    # `inspect.signature` of a Keras class is that of its `__new__`, which takes anything.
    signature = inspect.signature(function.__init__)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _given_to(frames: list) -> str:
    """Return what the first function of the user's file was called with, in words."""
    for frame in frames:
        code = frame.f_code
        names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
        given = {
            name: frame.f_locals[name]
            for name in names
            if name not in ("self", "cls") and name in frame.f_locals
        }
        if given:
            return f" given {brief(given)}"
    return ""


def _message(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return f"out of memory, the limit is {MEMORY / 2**30:g} GiB,"
    if isinstance(error, SystemExit):
        return "the program is ended"
    if isinstance(error, RecursionError):
        return "the function calls itself without end"
    first = next((line for line in message(error).splitlines() if line.strip()), "")
    return f"{type_name(error)}{': ' if first else ''}{first[:200]}"
