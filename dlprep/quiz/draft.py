"""The user's file of an exercise: it begins as the stub, and what was in it is kept beside it."""

import itertools
import os
from datetime import datetime
from pathlib import Path

from dlprep.quiz import whole
from dlprep.quiz.bank import Question
from dlprep.quiz.stub import stub


def default_folder() -> Path:
    """Return where the files are unless the user names a folder."""
    import platformdirs

    return platformdirs.user_data_path("dlprep", appauthor=False) / "exercises"


def place(question: Question, folder: Path | str) -> Path:
    """Return the file of a question in the user's folder."""
    return Path(folder).absolute() / f"{question.id.replace(':', '__').replace('-', '_')}.py"


def begin(question: Question, folder: Path | str) -> Path | None:
    """Write the stub to the question's file; return where its present text is kept, if it has one.

    That is a file beside it with the day of its last change in the name, such as
    `softmax.2027-01-04.py`; a text that is kept already is not kept twice. Whenever this dies, the
    old text is in the file or beside it, and no file is there in part.

    Args:
        question: A question of kind `code`.
        folder: Where the user works; created if absent.

    Raises:
        ValueError: The question has no exercise, or one without a solution.
        SyntaxError: The exercise is no Python.
        OSError: The file cannot be read or written.
    """
    if question.exercise is None:
        raise ValueError(f"{question.id} is of kind {question.kind}; choose one of kind code")
    title = question.title.replace("\\", "\\\\").replace('"', "'")
    text = f'"""{title}"""\n\n{stub(question.exercise)}'.encode()
    path = place(question, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = None
    if path.exists():
        if not path.is_file():
            raise OSError(f"{path} is no file; move it away")
        before = path.read_bytes()
        if before == text:
            return None
        kept = _keep(path, before)
    whole.write(path, text)
    return kept


def _keep(path: Path, text: bytes) -> Path:
    """Return the file beside `path` that has its text, written if there is none."""
    for other in path.parent.glob(f"{path.stem}.*.py"):
        if other.is_file() and other.read_bytes() == text:
            return other
    day = datetime.fromtimestamp(path.stat().st_mtime).date()
    ends = itertools.chain([""], (f".{number}" for number in itertools.count(2)))
    names = (path.with_name(f"{path.stem}.{day}{end}.py") for end in ends)
    kept = next(name for name in names if not os.path.lexists(name))
    whole.write(kept, text)
    return kept
