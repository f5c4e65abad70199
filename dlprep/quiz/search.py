"""Search the bank with SQLite's full-text index, which is kept in the user's cache folder.

Words are compared by their stems (Porter) in one spelling; a word may also be the beginning of
one, be written apart or together, or be a usual abbreviation. Questions that have all the words
come first, then those that have some; within both, by bm25 with the weights below.
"""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dlprep.quiz import index as kept
from dlprep.quiz.spelling import fold

WEIGHTS = {"title": 5.0, "tags": 4.0, "id": 4.0, "prompt": 1.0, "answer": 0.2}
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
        line: The line of its prompt or answer that has the most of the words, or "".
        whole: Whether the question has all the words.
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
        folder: The bank; a question that cannot be read is left out.
        words: What to look for, as people type it.
        most: How many to return.
        cache: The folder of the index; the user's cache folder if `None`.
        emit: Called with `(done, total)` while many questions are read.

    Returns:
        At most `most` hits, best first.

    Raises:
        BankError: The folder cannot be read, or SQLite has no full-text search.
    """
    terms = list(_terms(words))
    if not terms:
        return []
    folder, cache = Path(folder), cache or kept.cache_dir()
    try:
        with kept.opened(folder, cache, emit) as index:
            return _found(index, terms, most)
    except (sqlite3.DatabaseError, ValueError, TypeError) as error:
        # What is damaged may be found out only when it is read.
        kept.discard(kept.place(folder, cache), error)
    with kept.opened(folder, cache, emit) as index:
        return _found(index, terms, most)


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
    weights = ", ".join(str(WEIGHTS[column]) for column in kept.COLUMNS)
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
        best = max(
            [best, *((_distinct(mark), line.strip()) for mark, line in lines)],
            key=lambda pair: pair[0],
        )
    return best[1]


def _distinct(marked: str) -> int:
    return len({word.casefold() for word in re.findall("\x02(.*?)\x03", marked)})
