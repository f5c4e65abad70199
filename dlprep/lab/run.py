"""Run a demonstration file: every fault of the file becomes one line that says where."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from dlprep.lab import lab
from dlprep.lab.lab import Lab

INSTALL = "python -m pip install dlprep"

Emit = Callable[[str, int, int | None], None]


class DemoError(Exception):
    """A demonstration that cannot be run; reads as `path:line: what, how to mend it`.

    Args:
        path: The demonstration.
        line: The line of it, from 1; 0 for the file as a whole.
        text: What is wrong.
    """

    def __init__(self, path: str | Path, line: int, text: str):
        super().__init__(f"{path}:{line}: {text}" if line else f"{path}: {text}")
        self.path, self.line, self.text = Path(path), line, text


def demo(
    path: str,
    question: str,
    seed: int = 0,
    aa: bool = False,
    emit: Emit | None = None,
    draw: dict[str, float] | None = None,
) -> dict:
    """Run the demonstration in a file and return its report as a plain dictionary.

    Args:
        path: The Python file.
        question: Id of the question, for the report.
        seed: Non-negative integer; all randomness of the run comes from it.
        aa: Whether every treatment gets the control's arguments.
        emit: Called with `(label, done, total)` while a loop goes on.
        draw: The numbers that the question draws, by name.

    Returns:
        What `Report.to_dict` returns.

    Raises:
        DemoError: The file cannot be read, has no `run(lab)`, raises, or claims nothing.
    """
    experiment = load(path)
    try:
        settings = {"emit": emit} if emit else {}
        report = lab.run(experiment, question, seed=seed, aa=aa, draw=draw, **settings)
    except BaseException as error:
        raise DemoError(path, line_of(error, path), brief(error)) from error
    if not report.claims:
        raise DemoError(path, 0, "run(lab) claims nothing: call lab.claim(text, holds)")
    return report.to_dict()


def load(path: str | Path) -> Callable[[Lab], None]:
    """Return the function `run` of a demonstration file; nothing is written beside the file.

    Args:
        path: The Python file.

    Raises:
        DemoError: The file cannot be read or executed, or defines no `run`.
    """
    # Dataclasses, pickling and `inspect` look a module up under its name.
    module = ModuleType(f"dlprep_demo_{Path(path).stem.replace('-', '_')}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        code = compile(Path(path).read_bytes(), str(path), "exec", dont_inherit=True)
        exec(code, module.__dict__)
    except OSError as error:
        raise DemoError(path, 0, f"cannot be read: {error.strerror}") from error
    except SyntaxError as error:
        raise DemoError(path, error.lineno or 0, f"{type(error).__name__}: {error.msg}") from error
    except BaseException as error:
        raise DemoError(path, line_of(error, path), brief(error)) from error
    if not callable(getattr(module, "run", None)):
        raise DemoError(path, 0, "defines no function run(lab): write `def run(lab):`")
    return module.run


def line_of(error: BaseException, path: str | Path) -> int:
    """Return the last line of the file that was running when the error arose, 0 if none."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), 0)


def _of_keras(error: ImportError) -> bool:
    words = (error.name or message(error)).split()
    return bool(words) and words[0].split(".")[0] in ("keras", "tensorflow", "jax", "torch")


def message(error: BaseException) -> str:
    """Return what an error says of itself, nothing if it cannot."""
    try:
        return str(error)
    # A user's class may raise anything, also what ends programs.
    except BaseException:
        return ""


def type_name(value: object) -> str:
    """Return the name of a value's type, whatever its metaclass says."""
    return type.__dict__["__name__"].__get__(type(value))


def brief(error: BaseException, limit: int = 500) -> str:
    """Return type and message of an error in at most `limit` characters, without empty lines."""
    if isinstance(error, ImportError) and not sys.modules.get("keras") and _of_keras(error):
        return f"needs Keras, which cannot be imported here ({message(error)}): {INSTALL}"
    lines = [line.rstrip() for line in message(error).splitlines() if line.strip()]
    text = "\n".join([": ".join(filter(None, (type_name(error), *lines[:1]))), *lines[1:]])
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
