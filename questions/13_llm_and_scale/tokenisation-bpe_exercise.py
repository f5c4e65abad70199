"""Byte-pair encoding: learn merges and tokenise a word."""

import re
from collections import Counter

import numpy as np


def bpe(counts, merges, word):
    """Learn at most `merges` merges from `counts` and cut `word` into tokens with them.

    Learning: every word of `counts` begins as its characters. In each round all pairs of
    neighbouring symbols within words are counted, each as often as its word occurs, and at each
    position: "aaa" holds the pair ("a", "a") twice. The most frequent pair is learnt; of equally
    frequent ones the smallest as Python compares tuples of strings. In every word it is replaced by
    one symbol, from left to right, without overlap: "aaa" becomes "aa", "a". Rounds end early only
    when no word has two symbols.

    Tokens: `word` begins as its characters; each pair, in the order learnt, is replaced in the same
    way. There is no mark for the end of a word.

    Args:
        counts: dictionary from words to how often they occur, ints of at least 1. It is not empty
            and must stay as it is.
        merges: int of at least 0.
        word: a word that may be in `counts` or not; it may have characters that `counts` has not.
            All words are strings of at least one character, of any kind but white space.
            Never asked: a word on which the first learnt of the pairs that occur, replaced again
            and again, gives other tokens.

    Returns:
        `(pairs, tokens)`: the pairs of strings in the order learnt, and the strings that `word` is
        cut into. Lists, tuples and arrays are all right.
    """
    split = {known: list(known) for known in counts}
    pairs = []
    for _ in range(merges):
        seen = Counter()
        for known, symbols in split.items():
            for pair in zip(symbols, symbols[1:], strict=False):
                seen[pair] += counts[known]
        if not seen:
            break
        pairs.append(min(seen, key=lambda pair: (-seen[pair], pair)))
        split = {known: _merged(symbols, *pairs[-1]) for known, symbols in split.items()}
    tokens = list(word)
    for pair in pairs:
        tokens = _merged(tokens, *pair)
    return pairs, tokens


def _merged(symbols, a, b):
    output, i = [], 0
    while i < len(symbols):
        size = 2 if symbols[i : i + 2] == [a, b] else 1
        output.append("".join(symbols[i : i + size]))
        i += size
    return output


ALPHABETS = ("ab", "abc", "abcdef", "lowernstid", "ab.*", "aA(\\|", "äßé語", "0123456789")


def check(candidate, lab):
    lowest = {"low": 5, "lower": 2, "newest": 6, "widest": 3}
    for merges in (0, 1, 2, 6, 10, 100):
        _compare(candidate, lab, "low, lower, newest and widest", lowest, merges, "lowest")
    _compare(candidate, lab, "overlapping pairs count", {"aaaa": 1, "bcbc": 1}, 9, "aaabcb")
    _compare(candidate, lab, "merges do not overlap", {"aaaaaaa": 3, "b": 1}, 1, "aaaaa")
    _compare(candidate, lab, "nothing to merge", {"a": 3, "b": 1}, 5, "ab")
    for turn in range(24):
        alphabet = list(ALPHABETS[turn % len(ALPHABETS)])
        counts = _corpus(lab, alphabet)
        merges = int(lab.rng.choice([1, 2, 3, 5, 8, 13, 25]))
        pairs, _ = _expected(counts, merges, "a")
        word = _word(lab, alphabet, pairs)
        if word is not None:
            _compare(candidate, lab, "words of a random corpus", counts, merges, word)
        known = str(lab.rng.choice(list(counts)))
        _compare(candidate, lab, "a word that was seen", counts, merges, known)
        strange = "z" + known[:2] + "yx"
        if _agrees(strange, pairs):
            text = "characters that were not seen stay as they are"
            _compare(candidate, lab, text, counts, merges, strange)


def _corpus(lab, alphabet):
    """Draw words, frequent and rare ones, some of them made of one another."""
    counts, words = {}, [alphabet[0] * 2]
    for _ in range(lab.rng.integers(1, 12)):
        piece = "".join(lab.rng.choice(alphabet, lab.rng.integers(1, 6)))
        word = piece + str(lab.rng.choice(words)) * int(lab.rng.integers(0, 2))
        words.append(word[:7])
        counts[word] = int(lab.rng.choice([1, 1, 2, 3, 10, 1000]))
    return counts


def _word(lab, alphabet, pairs):
    """Draw a word, of pieces that were learnt, on which all ways to apply merges agree."""
    pieces = [*alphabet, *(a + b for a, b in pairs)]
    for _ in range(20):
        word = "".join(lab.rng.choice(pieces, lab.rng.integers(1, 6)))
        if _agrees(word, pairs):
            return word
    return None


def _agrees(word, pairs):
    """Whether merges in order do what the first learnt of those possible, again and again, does."""
    tokens = list(word)
    while possible := [pair for pair in pairs if _positions(tokens, pair)]:
        tokens = _replaced(tokens, possible[0])
    in_order = list(word)
    for pair in pairs:
        in_order = _replaced(in_order, pair)
    return tokens == in_order


def _positions(tokens, pair):
    return [i for i in range(len(tokens) - 1) if (tokens[i], tokens[i + 1]) == pair]


def _replaced(tokens, pair):
    tokens, i = list(tokens), 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == pair:
            tokens[i : i + 2] = [tokens[i] + tokens[i + 1]]
        i += 1
    return tokens


def _expected(counts, merges, word):
    split, pairs = {known: list(known) for known in counts}, []
    while len(pairs) < merges and any(len(symbols) > 1 for symbols in split.values()):
        seen = {}
        for known, symbols in split.items():
            for i in range(len(symbols) - 1):
                pair = symbols[i], symbols[i + 1]
                seen[pair] = seen.get(pair, 0) + counts[known]
        most = max(seen.values())
        pairs.append(min(pair for pair, n in seen.items() if n == most))
        split = {known: _replaced(symbols, pairs[-1]) for known, symbols in split.items()}
    tokens = list(word)
    for pair in pairs:
        tokens = _replaced(tokens, pair)
    return pairs, tokens


def _compare(candidate, lab, text, counts, merges, word):
    kept = dict(counts)
    given = {"counts": kept, "merges": merges, "word": word}
    got = candidate(counts, merges, word)
    lab.expect("counts stay as they are", counts == kept, given, counts)
    several = isinstance(got, tuple | list | np.ndarray) and len(got) == 2
    lab.expect("pairs and tokens come back", several, given, str(got), "(pairs, tokens)")
    pairs, tokens = _expected(counts, merges, word)
    lab.expect(f"the pairs in the order learnt: {text}", _pairs(got[0]) == pairs, given,
               str(got[0]), str(pairs))  # fmt: skip
    lab.expect(f"the tokens: {text}", _strings(got[1]) == tokens, given, str(got[1]), str(tokens))


def _listed(value):
    return list(value) if isinstance(value, tuple | list | np.ndarray) else None


def _strings(value):
    listed = _listed(value)
    if listed is None or not all(isinstance(token, str) for token in listed):
        return None
    return [str(token) for token in listed]


def _pairs(value):
    listed = _listed(value)
    parts = None if listed is None else [_strings(pair) for pair in listed]
    return None if parts is None or None in parts else [tuple(pair) for pair in parts]


def right_with_spaces(counts, merges, word):
    """As in the paper: words as strings of symbols with spaces between, and a pattern."""
    split = {" ".join(known): n for known, n in counts.items()}
    pairs = []

    def replace(text, pair):
        pattern = r"(?<!\S)" + re.escape(" ".join(pair)) + r"(?!\S)"
        return re.sub(pattern, lambda _: "".join(pair), text)

    while len(pairs) < merges:
        seen = Counter()
        for text, n in split.items():
            symbols = text.split(" ")
            for i in range(len(symbols) - 1):
                seen[symbols[i], symbols[i + 1]] += n
        if not seen:
            break
        pairs.append(sorted(seen.items(), key=lambda item: (-item[1], item[0]))[0][0])
        split = {replace(text, pairs[-1]): n for text, n in split.items()}
    text = " ".join(word)
    for pair in pairs:
        text = replace(text, pair)
    return pairs, text.split(" ")


def right_by_rank(counts, merges, word):
    """Encodes as the libraries do: again and again the first learnt of the pairs that are there."""
    pairs = [list(pair) for pair in _expected(counts, merges, word)[0]]
    rank = {tuple(pair): i for i, pair in enumerate(pairs)}
    tokens = list(word)
    while len(tokens) > 1:
        best = min(zip(tokens, tokens[1:], strict=False), key=lambda p: rank.get(p, len(rank)))
        if best not in rank:
            break
        tokens = _replaced(tokens, best)
    return pairs, tuple(tokens)


def right_in_arrays(counts, merges, word):
    pairs, tokens = _expected(counts, merges, word)
    return [np.array(pair) for pair in pairs], np.array(tokens)


def _learn(counts, merges, choose, count=None, replace=_replaced, least=1):
    split, pairs = {known: list(known) for known in counts}, []
    for _ in range(merges):
        seen = Counter()
        for known, symbols in split.items():
            for pair in zip(symbols, symbols[1:], strict=False):
                seen[pair] += counts[known] if count is None else count
        if not seen or max(seen.values()) < least:
            break
        pairs.append(choose(seen))
        split = {known: replace(symbols, pairs[-1]) for known, symbols in split.items()}
    return pairs


def _encode(word, pairs, replace=_replaced):
    tokens = list(word)
    for pair in pairs:
        tokens = replace(tokens, pair)
    return tokens


def _smallest(seen):
    return min(seen, key=lambda pair: (-seen[pair], pair))


def wrong_frequency_ignored(counts, merges, word):
    pairs = _learn(counts, merges, _smallest, count=1)
    return pairs, _encode(word, pairs)


def wrong_ties_by_first_seen(counts, merges, word):
    pairs = _learn(counts, merges, lambda seen: max(seen, key=seen.get))
    return pairs, _encode(word, pairs)


def wrong_ties_by_largest(counts, merges, word):
    pairs = _learn(counts, merges, lambda seen: max(seen, key=lambda pair: (seen[pair], pair)))
    return pairs, _encode(word, pairs)


def wrong_pairs_that_occur_once_left(counts, merges, word):
    pairs = _learn(counts, merges, _smallest, least=2)
    return pairs, _encode(word, pairs)


def wrong_first_place_only(counts, merges, word):
    def replace(symbols, pair):
        for i in _positions(symbols, pair)[:1]:
            return [*symbols[:i], "".join(pair), *symbols[i + 2 :]]
        return symbols

    pairs = _learn(counts, merges, _smallest, replace=replace)
    return pairs, _encode(word, pairs, replace)


def wrong_replaces_in_text(counts, merges, word):
    """`replace` on the text also finds the end of one symbol and the start of another."""

    def replace(symbols, pair):
        return " ".join(symbols).replace(" ".join(pair), "".join(pair)).split(" ")

    pairs = _learn(counts, merges, _smallest, replace=replace)
    return pairs, _encode(word, pairs, replace)


def wrong_pattern_not_escaped(counts, merges, word):
    def replace(symbols, pair):
        pattern = r"(?<!\S)" + " ".join(pair) + r"(?!\S)"
        return re.sub(pattern, "".join(pair), " ".join(symbols)).split(" ")

    pairs = _learn(counts, merges, _smallest, replace=replace)
    return pairs, _encode(word, pairs, replace)


def wrong_longest_match(counts, merges, word):
    """Encodes from the left with the longest token known."""
    pairs, _ = _expected(counts, merges, word)
    known, tokens, i = {a + b for a, b in pairs}, [], 0
    while i < len(word):
        ends = [j for j in range(i + 2, len(word) + 1) if word[i:j] in known]
        end = max(ends, default=i + 1)
        tokens.append(word[i:end])
        i = end
    return pairs, tokens


def wrong_last_learnt_first(counts, merges, word):
    pairs, _ = _expected(counts, merges, word)
    tokens = list(word)
    while possible := [pair for pair in pairs if _positions(tokens, pair)]:
        tokens = _replaced(tokens, possible[-1])
    return pairs, tokens


def wrong_counted_once(counts, merges, word):
    """Takes the most frequent pairs of characters; merges do not change the counts."""
    seen = Counter()
    for known, n in counts.items():
        for pair in zip(known, known[1:], strict=False):
            seen[pair] += n
    pairs = sorted(seen, key=lambda pair: (-seen[pair], pair))[:merges]
    return pairs, _encode(word, pairs)


def wrong_across_words(counts, merges, word):
    """Counts pairs in one long text, over the ends of words."""
    text = "".join(known * min(n, 20) for known, n in counts.items())
    pairs = _learn({text: 1}, merges, _smallest)
    return pairs, _encode(word, pairs)


def wrong_end_of_word(counts, merges, word):
    """A mark that was not asked for."""
    pairs, _ = _expected({known + "_": n for known, n in counts.items()}, merges, word)
    return pairs, _encode(word + "_", pairs)


def wrong_unseen_characters_dropped(counts, merges, word):
    pairs, tokens = _expected(counts, merges, word)
    known = set("".join(counts))
    return pairs, [token for token in tokens if set(token) <= known]


def wrong_overlap_not_counted(counts, merges, word):
    def occurrences(symbols):
        last = None
        for i, pair in enumerate(zip(symbols, symbols[1:], strict=False)):
            if last is not None and last[1] == pair and last[0] == i - 1:
                last = None
                continue
            last = i, pair
            yield pair

    split, pairs = {known: list(known) for known in counts}, []
    while len(pairs) < merges and any(len(symbols) > 1 for symbols in split.values()):
        seen = Counter()
        for known, symbols in split.items():
            for pair in occurrences(symbols):
                seen[pair] += counts[known]
        pairs.append(_smallest(seen))
        split = {known: _replaced(symbols, pairs[-1]) for known, symbols in split.items()}
    return pairs, _encode(word, pairs)


def wrong_tokens_only(counts, merges, word):
    return _expected(counts, merges, word)[1]
