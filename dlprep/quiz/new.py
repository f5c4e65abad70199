"""Write a new question: a small working example of its kind, to be changed piece by piece."""

from collections.abc import Sequence
from pathlib import Path

from dlprep.quiz import whole
from dlprep.quiz.bank import BankError, match_chapter
from dlprep.quiz.front_matter import KINDS
from dlprep.quiz.nearest import nearest
from dlprep.quiz.reading import SLUG

EXAMPLES = Path(__file__).parent / "examples" / "00_examples"
ENDINGS = (".md", ".py", "_exercise.py")


def create(folder: Path | str, name: str, kind: str) -> list[Path]:
    """Write a question with its demonstration, and for kind `code` its exercise.

    What is written passes `dlprep check` as it stands.

    Args:
        folder: The folder of the bank; created if it is not there.
        name: `chapter/slug`; an existing chapter by folder, name or number, or a new `NN_name`.
        kind: `recall`, `choice`, `numeric`, `predict` or `code`.

    Returns:
        The files that were written.

    Raises:
        BankError: The name is no good or taken, or the files cannot be written.
    """
    folder = Path(folder)
    chapter, _, slug = name.partition("/")
    if kind not in KINDS:
        raise BankError(f"there is no kind {kind!r}: choose one of {', '.join(KINDS)}")
    if not SLUG.fullmatch(slug):
        raise BankError(f"{name!r} is no name: write chapter/slug, such as optimizers/why-warm-up")
    try:
        chapters = sorted(path.name for path in folder.glob("[0-9]*") if path.is_dir())
        place = folder / _chapter(chapter, chapters)
        _refuse_taken(folder, place, slug, kind)
        return _write(place, slug, kind)
    except OSError as error:
        raise BankError(
            f"{error.filename or folder}: cannot be written: {error.strerror}"
        ) from error


def next_commands(name: str, folder: Path | None = None) -> list[str]:
    """Return the commands that try a new question: another seed, the A/A run, the check.

    Args:
        name: `chapter/slug`.
        folder: The folder of the bank, if it is not the built-in one.
    """
    from shlex import quote

    slug = name.partition("/")[2]
    bank = f" --bank {quote(str(folder))}" if folder else ""
    trials = (f"demo {slug} --seed 1", f"demo {slug} --aa", f"check {slug} -v")
    return [f"dlprep {trial}{bank}" for trial in trials]


def _chapter(wanted: str, chapters: Sequence[str]) -> str:
    from dlprep.quiz.check.layout import CHAPTER

    if found := match_chapter(wanted, chapters):
        return found
    listed = ", ".join(chapters) or "none yet"
    if not (form := CHAPTER.fullmatch(wanted)):
        near = " or ".join(nearest(wanted, chapters))
        known = f"did you mean {near}?" if near else f"there are: {listed}."
        raise BankError(f"no chapter {wanted!r}; {known} A new one is named NN_name")
    if taken := match_chapter(form[1], chapters):
        raise BankError(f"number {form[1]} is that of {taken}; choose another. There are: {listed}")
    return wanted


def _refuse_taken(folder: Path, place: Path, slug: str, kind: str) -> None:
    """Refuse a slug that the bank has; a program that was killed may have left its first files."""
    for ending in ENDINGS:
        example = EXAMPLES / f"{kind}{ending}"
        for path in sorted(folder.glob(f"*/{slug}{ending}")):
            may_be_left = path.parent == place and ending != ".md" and example.exists()
            if may_be_left and path.read_bytes() == example.read_bytes():
                continue
            raise BankError(f"{path}: exists already, an id is unique in the bank; choose another")


def _write(place: Path, slug: str, kind: str) -> list[Path]:
    examples = {place / f"{slug}{ending}": EXAMPLES / f"{kind}{ending}" for ending in ENDINGS}
    written = [path for path, example in examples.items() if example.exists()]
    # The question is there when its first file is, so that comes last.
    for path in reversed(written):
        whole.write(path, examples[path].read_bytes())
    return written
