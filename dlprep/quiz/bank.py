"""Find and read questions; a file that cannot be read is a message, the others still load."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from dlprep.quiz import body, draws, front_matter
from dlprep.quiz.body import Body, Option
from dlprep.quiz.front_matter import KINDS, LEVELS
from dlprep.quiz.nearest import unknown
from dlprep.quiz.reading import SLUG, BankError, Message, read_text

__all__ = ["Bank", "BankError", "Body", "Message", "Option", "Question", "questions_dir"]

Reader = Callable[[Path], tuple[dict, list[tuple[int, str]]]]
LONGEST_ID = 100
"""A file system takes it with what dlprep adds to it."""


def questions_dir() -> Path:
    """Return the folder of the bank that comes with dlprep."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "questions"
    return inside if inside.is_dir() else package.parent / "questions"


@dataclass(frozen=True, eq=False)
class Question:
    """A question: front matter at once, the Markdown below it when first asked for.

    Attributes:
        id: The file's stem, unique in the bank.
        chapter: The folder's name, for example `04_optimizers`.
        path: The Markdown file.
        tolerance: `relative` and/or `absolute` for a numeric question, else `None`.
        minutes: What a good candidate needs.
        asked: How often interviews ask it.
        covers: Names of the bank's `coverage.yml`.
        draw: The values of each number that is drawn anew at each meeting.
        turn: Which of the drawn combinations this one shows; its texts are filled in.
    """

    id: str
    chapter: str
    path: Path
    title: str
    level: str
    kind: str
    minutes: float
    tags: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    tolerance: dict[str, float] | None = None
    asked: float = 0.0
    covers: tuple[str, ...] = ()
    draw: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    turn: int = 0

    @cached_property
    def draws(self) -> list[dict[str, float]]:
        """Every combination of drawn numbers; a single empty one if none are drawn."""
        return draws.combinations(self.id, self.draw)

    @property
    def drawn(self) -> dict[str, float]:
        """The numbers of this turn, by name."""
        return self.draws[self.turn % len(self.draws)]

    def at(self, turn: int) -> "Question":
        """Return the question with the numbers of another turn, itself if it draws none."""
        return replace(self, turn=turn % len(self.draws)) if self.draw else self

    def showing(self, numbers: Mapping[str, float]) -> "Question":
        """Return the question with these numbers among those it draws.

        Raises:
            BankError: It never draws them.
        """
        for turn, drawn in enumerate(self.draws):
            if numbers.items() <= drawn.items():
                return self.at(turn)
        few = ", ".join(f"{name} {list(values)}" for name, values in self.draw.items())
        raise BankError(f"{self.id} does not draw {dict(numbers)}: it draws {few or 'no numbers'}")

    def fill(self, text: str) -> str:
        """Return a text of the question, such as a hint, with the numbers of this turn."""
        return draws.fill(text, self.drawn)

    @property
    def demo(self) -> Path:
        """The demonstration beside the question."""
        return self.path.with_suffix(".py")

    @property
    def exercise(self) -> Path | None:
        """The exercise beside the question, for kind `code`."""
        return self.path.with_name(f"{self.id}_exercise.py") if self.kind == "code" else None

    @cached_property
    def body(self) -> Body:
        """The prompt, options, answer, key points and derivation.

        Raises:
            BankError: The file cannot be read any more, or is not UTF-8 below the front matter.
        """
        return body.parse(self.fill(read_text(self.path)))


@dataclass
class Bank:
    """The questions of one folder, in the order of chapters and then of files.

    Attributes:
        folder: Where the chapters are.
        problems: What could not be read, with file and line.
        files: Every question file that was found, read or not.
    """

    folder: Path
    problems: list[Message] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    _questions: dict[str, Question] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path | str | None = None, read: Reader = front_matter.read) -> "Bank":
        """Read the front matter of every question.

        Args:
            folder: Where the chapters are; default: dlprep's own bank.
            read: Returns the front matter of a file, for example `Fronts.read`.
        """
        bank = cls(Path(folder) if folder is not None else questions_dir())
        for chapter in bank._entries(bank.folder):
            if os.path.isdir(chapter):
                for path in bank._entries(chapter):
                    if path.suffix == ".md":
                        bank._add(path, read)
        return bank

    def __len__(self) -> int:
        return len(self._questions)

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __contains__(self, id: str) -> bool:
        return id in self._questions

    def __getitem__(self, id: str) -> Question:
        try:
            return self._questions[id]
        except KeyError:
            raise BankError(unknown("question", id, list(self._questions))) from None

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters that have questions, in order."""
        return tuple(dict.fromkeys(question.chapter for question in self))

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags in use, sorted."""
        return tuple(sorted({tag for question in self for tag in question.tags}))

    def filter(
        self,
        chapter: str | None = None,
        level: str | None = None,
        kind: str | None = None,
        tag: str | None = None,
    ) -> list[Question]:
        """Return the questions that match every argument given.

        Args:
            chapter: `04_optimizers`, `optimizers`, `04` or `4`.
            level: `junior`, `mid` or `senior`.
            kind: `recall`, `choice`, `numeric`, `predict` or `code`.
            tag: One of `tags`.

        Raises:
            BankError: Nothing in the bank has that chapter or tag, or all of this together, or no
                such level or kind exists.
        """
        chapter = chapter and self._chapter(chapter)
        wanted = {"chapter": chapter, "level": level, "kind": kind}
        for name, value, choices in (
            ("level", level, LEVELS),
            ("kind", kind, KINDS),
            ("tag", tag, self.tags),
        ):
            if value and value not in choices:
                raise BankError(unknown(name, value, choices))
        found = [
            question
            for question in self
            if all(not value or getattr(question, name) == value for name, value in wanted.items())
            and (not tag or tag in question.tags)
        ]
        if len(self) and not found:
            said = {**wanted, "tag": tag}
            words = ", ".join(f"{name} {value}" for name, value in said.items() if value)
            raise BankError(f"no question in the bank is all of this: {words}; leave one of it out")
        return found

    def include(self, questions: Iterable[Question]) -> None:
        """Add questions of other folders, whose ids are their own."""
        self._questions.update({question.id: question for question in questions})

    def _chapter(self, wanted: str) -> str:
        if found := match_chapter(wanted, self.chapters):
            return found
        raise BankError(unknown("chapter", wanted, self.chapters))

    def _entries(self, folder: Path) -> list[Path]:
        try:
            with os.scandir(folder) as entries:
                names = sorted(entry.name for entry in entries)
        except OSError as error:
            reason = error.strerror or error
            self.problems.append(
                Message(folder, 1, f"cannot be read: {reason}; give a folder of chapters")
            )
            return []
        return [folder / name for name in names if not name.startswith((".", "__"))]

    def _add(self, path: Path, read: Reader) -> None:
        self.files.append(path)
        try:
            values, faults = read(path)
        except BankError as error:
            self.problems.append(error.message)
            return
        if not SLUG.fullmatch(path.stem) or len(path.stem) > LONGEST_ID:
            faults.append((1, f"{path.stem!r} is no id: rename it, small-words-with-hyphens.md"))
        if first := self._questions.get(path.stem):
            other = f"{first.chapter}/{path.name}"
            faults.append((1, f"the id {path.stem} is already that of {other}: rename this file"))
        if faults:
            self.problems += [Message(path, line, text) for line, text in faults]
            return
        self._questions[path.stem] = Question(path.stem, path.parent.name, path, **values)


def match_chapter(wanted: str, chapters: Iterable[str]) -> str | None:
    """Return the chapter called `04_optimizers`, `optimizers`, `04` or `4`."""
    folded = wanted.strip().casefold().replace("-", "_").replace(" ", "_")
    for chapter in chapters:
        number, _, name = chapter.casefold().partition("_")
        if folded and folded in (chapter.casefold(), name, number, number.lstrip("0") or "0"):
            return chapter
    return None
