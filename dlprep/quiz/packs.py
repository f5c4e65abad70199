"""Packs: banks of others, kept as copies; their programs run only when their content is trusted.

The copy of a pack lies in the folder `packs` of the user's data; `trusted.json` beside the copies
has the checksum of each content that the user trusts. What runs is neither the copy nor what it
came from: it is written, from the bytes that gave the checksum, to a folder of this process.
"""

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from dlprep.quiz import whole
from dlprep.quiz.bank import Bank, Question, match_chapter
from dlprep.quiz.content import Content, name_fault
from dlprep.quiz.reading import SLUG, BankError, Message

if TYPE_CHECKING:
    from dlprep.quiz.search import Hit

LONGEST_NAME = 40
MARK = ":"
"""Between the names of a pack and of its question or chapter."""
TRUSTED, CHANGED, UNTRUSTED = "trusted", "changed since it was trusted", "not trusted"


@dataclass(frozen=True, eq=False)
class Pack:
    """One pack of the user's.

    Attributes:
        name: What its ids begin with.
        folder: The copy.
        trusted: Returns the checksum of the content that is trusted, or `None`.
    """

    name: str
    folder: Path
    trusted: Callable[[], str | None]

    @property
    def state(self) -> str:
        """Whether its programs may run."""
        known = self.trusted()
        if known is None:
            return UNTRUSTED
        return TRUSTED if Content.read(self.folder).checksum == known else CHANGED

    def program(self, path: Path) -> Path:
        """Return the file that may be run for a program of this pack.

        Raises:
            BankError: The content is not the one that the user trusts.
        """
        return self._sealed / path.relative_to(self.folder)

    @cached_property
    def _sealed(self) -> Path:
        """A copy of the trusted content that nobody knows of, until the process ends."""
        import atexit
        import shutil
        import tempfile

        known, content = self.trusted(), Content.read(self.folder)
        if content.checksum != known:
            what = f"the pack {self.name} {'has ' + CHANGED if known else 'is ' + UNTRUSTED}"
            ask = f"`dlprep pack trust {self.name}` lists them and asks"
            raise BankError(f"{what}, so its programs do not run: {ask}")
        try:
            place = tempfile.mkdtemp(prefix="dlprep-pack-")
            atexit.register(shutil.rmtree, place, ignore_errors=True)
            content.write(Path(place) / self.name)
        except OSError as error:
            raise BankError(f"{error.filename} cannot be written: {error.strerror}") from error
        return Path(place) / self.name


@dataclass(frozen=True, eq=False)
class PackQuestion(Question):
    """A question of a pack: it can be read, and its programs are there only if it is trusted.

    Attributes:
        pack: Where it is from.
    """

    pack: Pack | None = None

    @property
    def demo(self) -> Path:
        """The demonstration, which may be run."""
        return self.pack.program(self.path.with_suffix(".py"))

    @property
    def exercise(self) -> Path | None:
        """The exercise, which may be run, for kind `code`."""
        name = f"{self.path.stem}_exercise.py"
        return self.pack.program(self.path.with_name(name)) if self.kind == "code" else None


class Packs:
    """The user's packs.

    Args:
        folder: Where they are kept; default: in the user's data folder.
    """

    def __init__(self, folder: Path | None = None):
        self.folder = folder or default_folder()
        self._list = self.folder / "trusted.json"

    def __iter__(self) -> Iterator[Pack]:
        try:
            with os.scandir(self.folder) as found:
                names = sorted(entry.name for entry in found if entry.is_dir())
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise BankError(f"{self.folder} cannot be read: {error.strerror}") from error
        for name in filter(SLUG.fullmatch, names):
            yield Pack(name, self.folder / name, lambda name=name: self._checksums().get(name))

    def __getitem__(self, name: str) -> Pack:
        known = {pack.name: pack for pack in self}
        if name not in known:
            there = f"there are {', '.join(known)}" if known else "none was added yet"
            raise BankError(f"no pack {name!r}: {there}")
        return known[name]

    def add(self, folder: Path, name: str | None = None) -> tuple[Pack, Bank]:
        """Copy a pack and return it with its bank; nothing of it runs.

        Args:
            folder: The pack.
            name: What to call it; default: the folder's name.

        Raises:
            BankError: The name or something in the folder is refused, or no question can be read.
        """
        import shutil

        if not folder.is_dir():
            raise BankError(f"{folder}: not a folder; name the folder that holds the chapters")
        name = name or folder.resolve().name
        self._refuse(name)
        content = Content.read(folder)
        part = self.folder / f".{name}.part"
        try:
            shutil.rmtree(part, ignore_errors=True)
            content.write(part)
            if not len(Bank.load(part)):
                faults = Bank.load(folder).problems
                why = f": {faults[0]}" if faults else "; it wants files like chapter/question.md"
                raise BankError(f"{folder} has no question that can be read{why}")
            part.rename(self.folder / name)
        except OSError as error:
            raise BankError(f"{error.filename} cannot be written: {error.strerror}") from error
        finally:
            shutil.rmtree(part, ignore_errors=True)
        return self[name], Bank.load(self.folder / name)

    def trust(self, pack: Pack, content: Content) -> None:
        """Let the programs of this content run, and of no other that the pack may come to have."""
        self._keep({**self._checksums(), pack.name: content.checksum})

    def remove(self, pack: Pack) -> None:
        """Forget a pack; the answers to its questions stay."""
        import shutil

        # A pack of this name that is added later is another one.
        self._keep({name: sum_ for name, sum_ in self._checksums().items() if name != pack.name})
        part = self.folder / f".{pack.name}.part"
        try:
            shutil.rmtree(part, ignore_errors=True)
            # In one step: what dies in the middle of the rest leaves no half of a pack.
            pack.folder.rename(part)
            shutil.rmtree(part)
        except OSError as error:
            raise BankError(f"{error.filename} cannot be removed: {error.strerror}") from error

    def _refuse(self, name: str) -> None:
        if not SLUG.fullmatch(name) or len(name) > LONGEST_NAME or name_fault(name):
            raise BankError(
                f"{name!r} is no name of a pack: --name gives it another,"
                f" small-words-with-hyphens, {LONGEST_NAME} letters at most"
            )
        if chapter := match_chapter(name, Bank.load().chapters):
            raise BankError(f"{name} is the chapter {chapter}: --name gives the pack another name")
        if os.path.lexists(self.folder / name):
            raise BankError(
                f"there is a pack {name} already: `dlprep pack remove {name}` first,"
                " or --name gives this one another name"
            )

    def _checksums(self) -> dict[str, str]:
        if not os.path.lexists(self._list):
            return {}
        try:
            found = json.loads(self._list.read_bytes() if self._list.is_file() else b"")
            return {str(name): str(checksum) for name, checksum in found.items()}
        except (OSError, ValueError, AttributeError) as error:
            raise BankError(
                f"{self._list} cannot be read, so no pack is trusted: delete it and trust anew"
            ) from error

    def _keep(self, checksums: dict[str, str]) -> None:
        try:
            whole.write(self._list, json.dumps(checksums, indent=2).encode())
        except OSError as error:
            raise BankError(f"{self._list} cannot be written: {error.strerror}") from error


def default_folder() -> Path:
    """Return where the packs are kept."""
    import platformdirs

    return platformdirs.user_data_path("dlprep", appauthor=False) / "packs"


def join(bank: Bank, packs: Packs) -> None:
    """Add the packs' questions to a bank; of each pack at most one problem is told."""
    from dlprep.quiz.fronts import Fronts

    try:
        for pack in packs:
            fronts = Fronts(pack.folder)
            theirs = Bank.load(pack.folder, fronts.read)
            fronts.keep()
            bank.include(question_of(pack, question) for question in theirs)
            if theirs.problems:
                first, *rest = theirs.problems
                more = f" (and {len(rest)} more in the pack {pack.name})" if rest else ""
                bank.problems.append(replace(first, text=first.text + more))
    except BankError as error:
        bank.problems.append(Message(packs.folder, 1, str(error)))


def question_of(pack: Pack, question: Question) -> PackQuestion:
    """Return a pack's question under the name it has beside the built-in ones."""
    values = {field.name: getattr(question, field.name) for field in fields(question)}
    begin = pack.name + MARK
    named = {"id": begin + question.id, "chapter": begin + question.chapter, "pack": pack}
    follow_ups = tuple(begin + name for name in question.follow_ups)
    return PackQuestion(**{**values, **named, "follow_ups": follow_ups})


def search(packs: Packs, words: str, most: int, emit: Callable[[int, int], None]) -> list["Hit"]:
    """Return what is found in the built-in bank and then in the packs; all the words come first.

    Args:
        packs: The user's packs; one that cannot be read is left out.
        words: What to look for.
        most: How many to return.
        emit: Called with `(done, total)` while many questions are read.
    """
    from dlprep.quiz.bank import questions_dir
    from dlprep.quiz.search import search

    hits = search(questions_dir(), words, most, emit=emit)
    with contextlib.suppress(BankError):
        for pack in packs:
            begin = pack.name + MARK
            for hit in search(pack.folder, words, most, emit=emit):
                hits.append(replace(hit, id=begin + hit.id, chapter=begin + hit.chapter))
    return sorted(hits, key=lambda hit: not hit.whole)[:most]
