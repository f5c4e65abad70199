"""A small grammar of English-like sentences: text whose entropy is known exactly."""

import numpy as np

WORDS = (
    *(".", "the", "a", "cat", "dog", "cats", "dogs", "often"),
    *("sees", "hears", "sleeps", "see", "hear", "sleep"),
)
"""Vocabulary of `grammar`: a token is an index into it."""

# State -> {word: (probability, next state)}. A word leads on from a state in one way only, so the
# past words tell the state and the entropy is exact. Number must agree across "often".
_GRAMMAR = {
    "start": {"the": (0.6, "the"), "a": (0.4, "a")},
    "the": {"cat": (0.3, "one"), "dog": (0.2, "one"), "cats": (0.3, "many"), "dogs": (0.2, "many")},
    "a": {"cat": (0.5, "one"), "dog": (0.5, "one")},
    "one": {"often": (0.4, "one often"), "sees": (0.3, "object"), "sleeps": (0.3, "end")},
    "many": {"often": (0.4, "many often"), "see": (0.3, "object"), "sleep": (0.3, "end")},
    "one often": {"sees": (0.3, "object"), "hears": (0.5, "object"), "sleeps": (0.2, "end")},
    "many often": {"see": (0.3, "object"), "hear": (0.5, "object"), "sleep": (0.2, "end")},
    "object": {"the": (0.5, "the object"), "a": (0.5, "a object")},
    "the object": {word: (0.25, "end") for word in ("cat", "dog", "cats", "dogs")},
    "a object": {"cat": (0.5, "end"), "dog": (0.5, "end")},
    "end": {".": (1.0, "start")},
}


def grammar(rng, n=2000):
    """Draw text from a small grammar of English-like sentences with known entropy.

    Sentences such as `the cats often see a dog .`: subject and verb agree in number, also when
    `often` stands between them, so whoever looks back one word only loses something.

    Args:
        rng: A `numpy.random.Generator`.
        n: Number of words, full stops among them; the last sentence may be cut.

    Returns:
        Int32 tokens of shape `(n,)`, indices into `WORDS`; the first one begins a sentence.
    """
    rows = {
        state: (list(row), np.cumsum([p for p, _ in row.values()]))
        for state, row in _GRAMMAR.items()
    }
    state, words = "start", []
    for chance in rng.random(n):
        names, levels = rows[state]
        words.append(names[min(np.searchsorted(levels, chance, side="right"), len(names) - 1)])
        state = _GRAMMAR[state][words[-1]][1]
    return np.array([WORDS.index(word) for word in words], "int32")


def grammar_entropy(memory=None):
    """Return the entropy of the next word of `grammar`, in nats.

    No model that sees the last `memory` words has a lower expected cross-entropy: 0 is the
    unigram entropy, 1 the bigram's, `None` the entropy rate of the language (all the past, of
    which the last three words tell everything).

    Args:
        memory: Number of words seen, a non-negative integer, or `None`.
    """
    states = list(_GRAMMAR)
    moves = np.zeros((len(WORDS), len(states), len(states)))
    for state, row in _GRAMMAR.items():
        for word, (p, successor) in row.items():
            moves[WORDS.index(word), states.index(state), states.index(successor)] = p
    stationary = _stationary(moves.sum(0))
    if memory is None or memory > 2:
        return float(stationary @ _entropy(moves.sum(2).T))
    seen = [stationary]
    for _ in range(memory):
        seen = [after for before in seen for move in moves if (after := before @ move).any()]
    chances = np.array([moves.sum(2) @ before / before.sum() for before in seen])
    return float(np.sum(seen, axis=1) @ _entropy(chances))


def _stationary(transitions):
    """Return the left eigenvector of eigenvalue 1 that sums to 1."""
    system = np.vstack([transitions.T - np.eye(len(transitions)), np.ones(len(transitions))])
    return np.linalg.lstsq(system, np.r_[np.zeros(len(transitions)), 1.0], rcond=None)[0]


def _entropy(rows):
    return -np.sum(rows * np.log(np.where(rows > 0, rows, 1.0)), axis=-1)
