"""Search the bank: every word must begin some word of the question; the title counts most."""

import re
import unicodedata

from dlprep.quiz.bank import Bank, BankError, Question

# The title's weight is more than all others together, so that a hit in it comes first.
WEIGHTS = {"title": 100.0, "id": 8.0, "tags": 6.0, "prompt": 2.0, "answer": 1.0}
WHOLE_WORD = 1.5

_ACCENTS = re.compile("[\u0300-\u036f]+")
_LATEX = re.compile(r"\\[A-Za-z]+")
_GAPS = re.compile(r"[\W_]+")
_SHORTEST_COMPOUND = 6


def search(bank: Bank, words: str) -> list[tuple[float, Question]]:
    """Return the questions that have all the words, best first.

    A word matches whatever begins with it; accents, case and hyphens do not matter, so that
    `layer-norm` and `layernorm` both find "Layer normalization".

    Args:
        bank: where to look: titles, ids, tags, prompts with their options, answers.
        words: what to look for, separated by spaces.

    Returns:
        `(score, question)`; equal scores stay in the bank's order.
    """
    patterns = [_pattern(word) for word in words.split() if fold(word)]
    if not patterns:
        return []
    scored = [(_score(_texts(question), patterns), question) for question in bank]
    return sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])


def fold(text: str) -> str:
    """Return the words in lower case without accents, LaTeX commands, hyphens and marks."""
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    return _GAPS.sub(" ", _LATEX.sub(" ", text).casefold()).strip()


def _pattern(word: str) -> re.Pattern:
    """Return what matches the word, written in one, with a hyphen, or apart."""
    parts = fold(word).split()
    # In a short word every letter apart would match too much: "at" is in "a tensor".
    pieces = parts if len(parts) > 1 or len(parts[0]) < _SHORTEST_COMPOUND else parts[0]
    return re.compile(r"\b" + " ?".join(re.escape(piece) for piece in pieces))


def _texts(question: Question) -> dict[str, str]:
    texts = {"title": question.title, "id": question.id, "tags": " ".join(question.tags)}
    try:
        body = question.body
    except BankError:
        return {field: fold(text) for field, text in texts.items()}
    options = [f"{option.text} {option.reason}" for option in body.options]
    texts["prompt"] = " ".join([body.prompt, *options])
    texts["answer"] = " ".join([body.answer, *body.key_points, *body.red_flags, body.in_depth])
    return {field: fold(text) for field, text in texts.items()}


def _score(texts: dict[str, str], patterns: list[re.Pattern]) -> float:
    """Return the sum of the weights of the fields that have each word; 0 if a word is missing."""
    total = 0.0
    for pattern in patterns:
        hits = [WEIGHTS[field] * _closeness(pattern, text) for field, text in texts.items()]
        if not any(hits):
            return 0.0
        total += sum(hits)
    return total


def _closeness(pattern: re.Pattern, text: str) -> float:
    found = pattern.search(text)
    while found and text[found.end() : found.end() + 1] not in ("", " "):
        later = pattern.search(text, found.end())
        if not later:
            return 1.0
        found = later
    return WHOLE_WORD if found else 0.0
