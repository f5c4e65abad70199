"""Search the bank with SQLite's full-text index, which is kept in the user's cache folder.

Words are compared by their stems (Porter) in one spelling; a word may also be the beginning of
one, be written apart or together, or be a usual abbreviation. Questions that have all the words
come first, then those that have some; within both, by bm25 with the weights below.
"""

import contextlib
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlprep.quiz import front_matter
from dlprep.quiz.bank import Question
from dlprep.quiz.reading import BankError, read_front_matter
from dlprep.quiz.spelling import fold

WEIGHTS = {"title": 5.0, "tags": 4.0, "id": 4.0, "prompt": 1.0, "answer": 0.2}
SHAPE = 1
"""Counted up when the tables or what fills them change: older indexes are then made anew."""

SLOW = 200
"""Reading this many questions takes so long that it is told."""

PATIENCE = 2.0
"""Seconds to wait for another search that writes the index."""

MOST_WORDS = 32
SHORTEST_COMPOUND = 6
SHORTEST_BEGINNING = 4

# Words of a question that say nothing of its topic.
COMMON = frozenset(
    re.findall(
        r"\w+",
        """a about actually affect affects an and are as at be best between by can come comes
        compare could deal describe did difference different do does effect effects exactly
        explain for from get give good had happen happens has have how i if in into is it its
        just like many me mean means much my need of on one only or out point problem problems
        purpose really role s should so solution solve some t tell than that the their them then
        there they this to us use used using versus vs was we were what whats when where which
        while who whose why will with work works would write you your""",
    )
)

_ENDING = re.compile(r"(ing|y)$")

SHORT = {
    "ae": "autoencoder",
    "amp": "mixed precision",
    "auc": "roc",
    "backprop": "backpropagation",
    "bce": "binary crossentropy",
    "bn": "batch normalization",
    "bptt": "through time",
    "ce": "cross entropy",
    "cnn": "convolution",
    "cnns": "convolution",
    "cv": "cross validation",
    "dl": "deep learning",
    "fp16": "mixed precision",
    "gan": "adversarial",
    "gd": "gradient descent",
    "int8": "quantization",
    "iou": "intersection over union",
    "kd": "distillation",
    "llm": "language model",
    "ln": "layer normalization",
    "lr": "learning rate",
    "mha": "multi head attention",
    "ml": "machine learning",
    "mlp": "dense network",
    "moe": "mixture of experts",
    "mse": "squared error",
    "nlp": "language",
    "nms": "non maximum suppression",
    "nn": "neural network",
    "nns": "neural network",
    "params": "parameters",
    "pe": "position",
    "pr": "precision recall",
    "rnn": "recurrent",
    "rnns": "recurrent",
    "sgd": "gradient descent",
    "vae": "variational autoencoder",
    "vram": "memory",
    "wd": "weight decay",
}


@dataclass(frozen=True)
class Hit:
    """A question that was found.

    Attributes:
        line: the line of its prompt or answer that has the most of the words, or "".
        whole: whether the question has all the words.
    """

    id: str
    chapter: str
    title: str
    level: str
    kind: str
    minutes: float
    tags: tuple[str, ...]
    line: str
    whole: bool


def search(
    folder: Path | str,
    words: str,
    most: int = 10,
    cache: Path | None = None,
    emit: Callable[[int, int], None] = lambda done, total: None,
) -> list[Hit]:
    """Return the questions that fit the words best.

    The index follows the files: what was changed since the last search is read anew. If it cannot
    be kept, it is made for this search alone.

    Args:
        folder: the bank; a question that cannot be read is left out.
        words: what to look for, as people type it.
        most: how many to return.
        cache: the folder of the index; the user's cache folder if `None`.
        emit: called with `(done, total)` while many questions are read.

    Returns:
        At most `most` hits, best first.

    Raises:
        BankError: the folder cannot be read, or SQLite has no full-text search.
    """
    terms = list(_terms(words))
    if not terms:
        return []
    with _index(Path(folder), cache or cache_dir(), emit) as index:
        return _found(index, terms, most)


def cache_dir() -> Path:
    """Return the folder of the indexes in the user's cache."""
    import platformdirs

    return platformdirs.user_cache_path("dlprep", appauthor=False) / "search"


def _terms(words: str) -> Iterator[str]:
    """Yield what each word that counts may match, as an expression of FTS5."""
    typed = re.findall(r"[^\W_]+", fold(words).casefold())[:MOST_WORDS]
    counting = [word for word in typed if word not in COMMON] or typed
    for at, word in enumerate(typed):
        if word in counting:
            # "drop out" also finds "dropout".
            joined = ["".join(typed[max(at - 1, 0) : at + 1]), "".join(typed[at : at + 2])]
            yield "(" + " OR ".join([*_forms(word), *(f'"{other}"' for other in joined)]) + ")"


def _forms(word: str) -> Iterator[str]:
    yield f'"{word}"'
    # The index would stem "dying" to "dy" and find "dynamic".
    if len(word) >= SHORTEST_BEGINNING and not _ENDING.search(word):
        yield f'"{word}" *'
    if len(word) >= SHORTEST_COMPOUND:
        yield from (f'"{word[:at]} {word[at:]}" *' for at in range(2, len(word) - 1))
    if word in SHORT:
        yield f'"{SHORT[word]}"'


def _found(index: sqlite3.Connection, terms: list[str], most: int) -> list[Hit]:
    hits = _ranked(index, " AND ".join(terms), most)
    whole = {row[0] for row in hits}
    if len(hits) < most and len(terms) > 1:
        some = _ranked(index, " OR ".join(terms), most + len(hits))
        hits += [row for row in some if row[0] not in whole][: most - len(hits)]
    return [
        Hit(*facts, tuple(json.loads(tags)), _line(index, number, terms), number in whole)
        for number, *facts, tags in hits
    ]


def _ranked(index: sqlite3.Connection, expression: str, most: int) -> list[tuple]:
    weights = ", ".join(map(str, WEIGHTS.values()))
    return index.execute(
        "SELECT files.rowid, files.id, chapter, files.title, level, kind, minutes, files.tags"
        " FROM texts JOIN files ON files.rowid = texts.rowid WHERE texts MATCH ?"
        f" ORDER BY bm25(texts, {weights}), path LIMIT ?",
        (expression, most),
    ).fetchall()


def _line(index: sqlite3.Connection, number: int, terms: list[str]) -> str:
    """Return the line with the most of the words, as it is written."""
    best = (0, "")
    for column, name in ((3, "prompt"), (4, "answer")):
        marked, written = index.execute(
            f"SELECT highlight(texts, {column}, char(2), char(3)), files.{name} FROM texts"
            " JOIN files ON files.rowid = texts.rowid WHERE texts MATCH ? AND texts.rowid = ?",
            (" OR ".join(terms), number),
        ).fetchone()
        lines = zip(marked.split("\n"), written.split("\n"), strict=True)
        best = max([best, *((_distinct(mark), line.strip()) for mark, line in lines)],
                   key=lambda pair: pair[0])  # fmt: skip
    return best[1]


def _distinct(marked: str) -> int:
    return len({word.casefold() for word in re.findall("\x02(.*?)\x03", marked)})


@contextlib.contextmanager
def _index(
    folder: Path, cache: Path, emit: Callable[[int, int], None]
) -> Iterator[sqlite3.Connection]:
    """Open the bank's index, brought up to date."""
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    for path in (cache / f"{name}.db", cache / f"{name}.db", None):
        try:
            index = _open(path)
        except (OSError, sqlite3.Error) as error:
            _discard(path, error)
            continue
        with contextlib.closing(index):
            try:
                with index:
                    _update(index, folder, emit)
            except sqlite3.Error as error:
                if path is None:
                    raise
                _discard(path, error)
                continue
            yield index
            return
    raise BankError(f"this Python's SQLite {sqlite3.sqlite_version} has no full-text search (FTS5)")


def _open(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    index = sqlite3.connect(path or ":memory:", timeout=PATIENCE)
    try:
        if index.execute("PRAGMA user_version").fetchone()[0] != SHAPE:
            index.executescript(
                "BEGIN IMMEDIATE; DROP TABLE IF EXISTS files; DROP TABLE IF EXISTS texts;"
                " CREATE TABLE files (path TEXT UNIQUE, stamp INTEGER, size INTEGER, id TEXT,"
                " chapter TEXT, title TEXT, level TEXT, kind TEXT, minutes REAL, tags TEXT,"
                " prompt TEXT, answer TEXT);"
                f" CREATE VIRTUAL TABLE texts USING fts5({', '.join(WEIGHTS)},"
                " tokenize = 'porter unicode61 remove_diacritics 2');"
                f" PRAGMA user_version = {SHAPE}; COMMIT;"
            )
    except sqlite3.Error:
        index.close()
        raise
    return index


def _discard(path: Path | None, error: Exception) -> None:
    """Remove an index that is damaged, not one that another search is writing."""
    damaged = isinstance(error, sqlite3.DatabaseError)
    if path and damaged and "locked" not in str(error):
        with contextlib.suppress(OSError):
            path.unlink()


def _update(index: sqlite3.Connection, folder: Path, emit: Callable[[int, int], None]) -> None:
    """Let the index have the files as they are now."""
    there = dict(_files(folder))
    known = {path: (stamp, size) for path, stamp, size in
             index.execute("SELECT path, stamp, size FROM files")}  # fmt: skip
    changed = [path for path, facts in there.items() if known.get(path) != facts]
    for path in [path for path in known if there.get(path) != known[path]]:
        query = "DELETE FROM texts WHERE rowid = (SELECT rowid FROM files WHERE path = ?)"
        index.execute(query, (path,))
        index.execute("DELETE FROM files WHERE path = ?", (path,))
    for done, path in enumerate(changed):
        if len(changed) >= SLOW and done % 20 == 0:
            emit(done, len(changed))
        _add(index, Path(path), there[path])
    if len(changed) >= SLOW:
        emit(len(changed), len(changed))


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield each question file of a bank with its time and size."""
    try:
        with os.scandir(folder) as entries:
            chapters = sorted(entry.path for entry in entries if _shown(entry) and entry.is_dir())
    except OSError as error:
        reason = error.strerror or error
        raise BankError(f"{folder} cannot be read: {reason}; give a folder of chapters") from error
    for chapter in chapters:
        with contextlib.suppress(OSError), os.scandir(chapter) as entries:
            for entry in entries:
                if entry.name.endswith(".md") and _shown(entry):
                    status = entry.stat()
                    yield entry.path, (status.st_mtime_ns, status.st_size)


def _shown(entry: os.DirEntry) -> bool:
    return not entry.name.startswith((".", "__"))


def _add(index: sqlite3.Connection, path: Path, facts: tuple[int, int]) -> None:
    question = _read(path)
    if question is None:
        return
    prompt, answer = _texts(question)
    tags = list(question.tags)
    row = index.execute(
        "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (str(path), *facts, question.id, question.chapter, question.title, question.level,
         question.kind, question.minutes, json.dumps(tags), prompt, answer),
    )  # fmt: skip
    texts = (question.title, " ".join(tags), question.id, prompt, answer)
    index.execute(
        "INSERT INTO texts (rowid, title, tags, id, prompt, answer) VALUES (?, ?, ?, ?, ?, ?)",
        (row.lastrowid, *map(fold, texts)),
    )


def _read(path: Path) -> Question | None:
    try:
        values, faults = front_matter.parse(read_front_matter(path))
        return None if faults else Question(path.stem, path.parent.name, path, **values)
    except BankError:
        return None


def _texts(question: Question) -> tuple[str, str]:
    try:
        body = question.body
    except BankError:
        return "", ""
    options = [f"{option.text}\n{option.reason}" for option in body.options]
    answer = [body.answer, *body.key_points, *body.red_flags, body.in_depth]
    return "\n".join([body.prompt, *options]), "\n".join(answer)
