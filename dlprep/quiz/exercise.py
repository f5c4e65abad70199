"""Grade the user's solution of an exercise; the grading half runs in the worker's child.

A user's file cannot spoil its grading by accident: what it replaces in modules that the grading or
the check uses, its settings of NumPy and of the process, global seeds and arguments that it writes
into change nothing for the check (`guard`; of a class, while its file is loaded). `sys.exit` does
not pass, prints are shown, and the worker limits time, memory and output. It is no prison: the file
runs with the user's rights, and whoever deceives the check on purpose deceives himself.
"""

import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from dlprep.lab.lab import Lab
from dlprep.lab.run import brief, line_of
from dlprep.quiz import comparison
from dlprep.quiz.candidate import (
    MEMORY,
    OUTPUT,
    SECONDS,
    Calls,
    CandidateError,
    explain,
    load,
    signature_fault,
)
from dlprep.quiz.guard import Guard
from dlprep.quiz.stub import definitions, stub

if TYPE_CHECKING:
    from dlprep.lab.worker import Job, Progress, Worker

__all__ = ["ExerciseLab", "Failed", "grade", "outcome", "start", "stub"]

HOLDS = "holds: "


class Failed(AssertionError):
    """A property that does not hold; what it was is in the lab."""


class ExerciseLab(Lab):
    """The lab of an exercise: properties instead of claims, ending at the first that fails.

    Args:
        question: Id of the question.
        seed: As in `Lab`.
        emit: As in `Lab`; also called at each property that holds.

    Attributes:
        properties: The properties that hold so far.
        failed: The one that does not: `text`, `given`, `got`, `expected`.
    """

    def __init__(self, question: str, seed: int = 0, emit: Callable = lambda *_: None):
        super().__init__(question, seed, emit=emit)
        self.properties: list[str] = []
        self.failed: dict[str, str | None] | None = None

    def expect(
        self,
        text: str,
        holds: object,
        given: object = None,
        got: object = None,
        expected: object = None,
    ) -> None:
        """Record a property of the candidate, once if it is looked at again.

        Args:
            text: The property as a sentence, true when `holds`.
            holds: The outcome of the comparison; of an array, all values count.
            given: The input, `{"name": value}` if there are several.
            got: What the candidate made of it.
            expected: What it should have made; a sentence will do.

        Raises:
            Failed: The property does not hold.
        """
        import numpy as np

        if np.all(np.asarray(holds)):
            if text not in self.properties:
                self.properties.append(text)
                self._emit(HOLDS + text, len(self.properties), len(self.properties))
            return
        shown = {"given": given, "got": got, "expected": expected}
        self._fail(
            text,
            **{name: None if value is None else _words(value) for name, value in shown.items()},
        )

    def array(self, text: str, got: object, shape: tuple[int, ...], given: object = None):
        """Record that what came back is an array of numbers of a shape, and return it.

        Whatever NumPy makes such an array of will do: nested lists, tuples, tensors, a number for
        shape `()`.

        Args:
            text: The property as a sentence.
            got: What the candidate returned.
            shape: The shape it should have.
            given: The input, `{"name": value}` if there are several.

        Returns:
            A float64 array, complex128 if the values are complex; a copy.

        Raises:
            Failed: It is no number or array, or one of another shape.
        """
        if found := comparison.misfit(got, tuple(shape)):
            given = None if given is None else _words(given)
            self._fail(text, given, found.got, found.expected)
        self.expect(text, True)
        return comparison.numeric(got)

    def close(
        self,
        text: str,
        got: object,
        expected: object,
        given: object = None,
        rtol: float = 1e-5,
        atol: float = 1e-7,
    ) -> None:
        """Record that a number or array is the expected one: its shape, then its values.

        Args:
            text: The property as a sentence.
            got: What the candidate returned.
            expected: What it should have returned.
            given: The input, `{"name": value}` if there are several.
            rtol: Difference allowed relative to the expected value.
            atol: Difference allowed besides.

        Raises:
            Failed: They differ.
        """
        found = comparison.difference(got, expected, rtol, atol)
        if found is None:
            self.expect(text, True)
        else:
            given = None if given is None else _words(given)
            self._fail(text, given, found.got, found.expected)

    def changed(self, before: str, after: str) -> None:
        """Record that the candidate has changed what it was given.

        Raises:
            Failed: Always.
        """
        self._fail("the arguments stay as they are", before, after, "the arguments as given")

    def _fail(self, text: str, given: str | None, got: str | None, expected: str | None) -> None:
        self.failed = {"text": text, "given": given, "got": got, "expected": expected}
        raise Failed(text)


def grade(
    exercise: str,
    candidate: str | None = None,
    name: str | None = None,
    seed: int = 0,
    emit: Callable = lambda *_: None,
) -> dict:
    """Run the exercise's check on a candidate. Call it in a child process only.

    Args:
        exercise: Path of the exercise file.
        candidate: Path of the user's file; without it, a definition of the exercise file itself.
        name: What the candidate is called; default: like the solution.
        seed: Where the check's random inputs come from.
        emit: Told of each property that holds.

    Returns:
        `passed`; `properties`, those that hold; `failed`, the first that does not, with `text`,
        `given`, `got` and `expected` in words; `error`, a sentence if the code could not be run to
        the end; `line`, where in the user's file; `seconds`.
    """
    begun = time.perf_counter()
    lab = ExerciseLab(Path(exercise).stem.removesuffix("_exercise"), seed, emit)
    fault, line = _checked(lab, Path(exercise), Path(candidate or exercise), name)
    if fault is None and lab.failed is None and not lab.properties:
        fault = "the exercise checked nothing; dispute this question"
    result = _result(lab.properties, lab.failed, fault, line)
    return {**result, "seconds": round(time.perf_counter() - begun, 3)}


def start(
    worker: "Worker",
    exercise: Path | str,
    candidate: Path | str | None = None,
    name: str | None = None,
    seed: int = 0,
) -> "Job":
    """Begin to grade in the worker, within the limits of an exercise; see `grade`, `outcome`."""
    from dlprep.lab.worker import Limits

    limits = Limits(seconds=SECONDS, memory_bytes=MEMORY, output_bytes=OUTPUT)
    candidate = None if candidate is None else str(candidate)
    return worker.submit(
        "dlprep.quiz.exercise:grade",
        limits=limits,
        exercise=str(exercise),
        candidate=candidate,
        name=name,
        seed=seed,
    )


def outcome(job: "Job", progress: Callable[["Progress"], None] = lambda event: None) -> dict:
    """Wait for a job of `start` and return what `grade` returns, also if a limit ended it.

    Besides, `printed`: the last of what the run printed.

    Args:
        job: See `start`.
        progress: Called with each event of the job.
    """
    held = []
    for event in job:
        if event.label.startswith(HOLDS):
            held.append(event.label.removeprefix(HOLDS))
        progress(event)
    if job.failure is None:
        return {**job.result, "printed": job.output}
    where = f" after “{held[-1]}” held" if held else " before any property was checked"
    fault = f"{job.failure.reason.rstrip('.')},{where}"
    result = _result(held, None, fault, job.failure.line)
    return {**result, "seconds": None, "printed": job.output}


def _checked(
    lab: ExerciseLab, exercise: Path, path: Path, name: str | None
) -> tuple[str | None, int | None]:
    """Run the check; return what kept it from the end, and the line of the user's file."""
    calls = Calls()
    try:
        defined, module = definitions(exercise), load(exercise)
    except Exception as error:
        line = getattr(error, "lineno", None) or line_of(error, exercise)
        place = f"{exercise.name}, line {line}" if line else exercise.name
        advice = "" if isinstance(error, ImportError) else "; dispute this question"
        return f"the exercise cannot be used: {place}: {brief(error)}{advice}", None
    name, guard = name or defined.solution, Guard(module)
    try:
        with guard.apart():
            own = module if path == exercise else load(path)
        candidate = _candidate(own, name, getattr(module, defined.solution))
        module.check(calls.watch(candidate, defined.returns, guard, lab.changed), lab)
    except BaseException as error:
        return (None, None) if lab.failed else explain(error, path, name, calls, str(exercise))
    return None, None


def _candidate(module: ModuleType, name: str, solution: Callable) -> Callable:
    found = getattr(module, name, None)
    if found is None:
        file = Path(module.__file__).name
        raise CandidateError(f"{file} defines no {name}; define it as in the stub")
    if fault := signature_fault(found, solution):
        raise CandidateError(f"{name} {fault}")
    return found


def _result(held: list[str], failed: dict | None, fault: str | None, line: int | None) -> dict:
    passed = failed is None and fault is None
    return {"passed": passed, "properties": held, "failed": failed, "error": fault, "line": line}


def _words(value: object) -> str:
    return value if isinstance(value, str) else comparison.brief(value)
