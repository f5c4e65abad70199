"""Beam search over a model of the next token."""

import heapq
import math
from itertools import count

import numpy as np


def beam_search(next_log_probs, width, max_length, end, alpha):
    """Search for a likely sequence of tokens with a beam.

    The beam begins with the empty sequence. In each of at most `max_length` steps every sequence of
    the beam is continued with every token; of all these continuations together the `width` with the
    largest sums of log-probabilities are kept (fewer if there are fewer; a continuation with log-
    probability -inf is not kept, and `next_log_probs` never asked about it). Those of them that end
    with `end` are finished: they are set aside, are not continued, and take no place in later
    steps. The others are the next beam.

    The result is, of all finished sequences and of those in the last beam after `max_length` steps,
    the one with the largest `sum / length ** alpha`. The length counts all tokens, also `end`.

    Args:
        next_log_probs: function that takes a tuple or list of tokens, the sequence so far, empty at
            first, and returns a float64 array of shape `(tokens,)`: the log-probability of each
            token, also of `end`, as the next one. It has a number above -inf.
        width: int of at least 1; it may be larger than the number of tokens.
        max_length: int of at least 1. It may be 500, where probabilities underflow.
        end: int, the token that finishes a sequence.
        alpha: float of at least 0.

    Returns:
        `(tokens, score)`: the tokens as a list, tuple or array of ints, with `end` if it is
        finished, and `sum / length ** alpha` as a float, right to 1e-9 relative. No two sequences
        that compete have equal sums or scores.
    """
    beam, finished = [((), 0.0)], []
    for _ in range(max_length):
        grown = []
        for tokens, total in beam:
            for token, log in enumerate(next_log_probs(tokens)):
                if log > -np.inf:
                    grown.append(((*tokens, token), total + log))
        kept = sorted(grown, key=lambda one: -one[1])[:width]
        finished += [one for one in kept if one[0][-1] == end]
        beam = [one for one in kept if one[0][-1] != end]
        if not beam:
            break
    tokens, total = max(finished + beam, key=lambda one: one[1] / len(one[0]) ** alpha)
    return tokens, float(total / len(tokens) ** alpha)


class Asked:
    """A model that remembers sequences it should not have been asked about."""

    def __init__(self, model):
        self.model, self.impossible = model, []

    def __call__(self, sequence):
        *before, last = sequence or (None,)
        if last is not None and self.model(before)[int(last)] == -np.inf:
            self.impossible.append(list(sequence))
        return self.model(sequence)


class Model:
    """Log-probabilities that depend on the whole sequence, or on its last token and its length."""

    def __init__(self, lab, tokens, end, chance, ruled_out=0.0, whole=True, flat=0.7):
        self.rows = lab.rng.dirichlet(np.full(tokens, flat), 997)
        self.rows *= lab.rng.random(self.rows.shape) >= ruled_out
        self.rows[:, (end + 1) % tokens] += 0.01
        self.rows[:, end] = chance * lab.rng.uniform(0.3, 1.7, 997)
        self.rows /= self.rows.sum(axis=1, keepdims=True)
        with np.errstate(divide="ignore"):
            self.rows = np.log(self.rows)
        self.whole = whole

    def __call__(self, sequence):
        key = 1
        for token in list(sequence) if self.whole else [len(sequence), *sequence[-1:]]:
            key = (key * 131 + int(token) + 7) % 1000003
        return self.rows[key % 997].copy()


def check(candidate, lab):
    for turn in range(20):
        tokens = int(lab.rng.integers(2, 8))
        end = int(lab.rng.integers(tokens))
        chance = lab.rng.choice([0.05, 0.2, 0.5])
        model = Model(lab, tokens, end, chance, lab.rng.choice([0.0, 0.5]))
        width, steps = int(lab.rng.integers(1, 2 * tokens)), int(lab.rng.integers(1, 8))
        width = 1 if turn < 3 else width
        for alpha in (0.0, float(lab.rng.choice([0.3, 0.7, 1.5, 2.5])), 1.0):
            text = ("the sum decides", "the score decides")[alpha > 0]
            text = f"greedy search with a beam of 1: {text}" if width == 1 else text
            _compare(candidate, lab, text, model, width, steps, end, alpha)
    for _ in range(12):
        tokens, width, steps = (int(n) for n in lab.rng.integers((3, 2, 7), (6, 5, 11)))
        model = Model(lab, tokens, 0, 0.3)
        for alpha in (0.0, 1.0, 2.5):
            text = "finished sequences take no place in later steps"
            _compare(candidate, lab, text, model, width, steps, 0, alpha)
    for alpha in (0.0, 1.0):
        model = Model(lab, 12, 0, 1e-4, whole=False, flat=20.0)
        _compare(candidate, lab, "500 tokens do not underflow", model, 2, 500, 0, alpha)


def _compare(candidate, lab, text, model, width, steps, end, alpha):
    tokens, score = _expected(model, width, steps, end, alpha)
    given = {"width": width, "max_length": steps, "end": end, "alpha": alpha,
             "first": model(())}  # fmt: skip
    asked = Asked(model)
    got = candidate(asked, width, steps, end, alpha)
    lab.expect("what has probability 0 is not continued", not asked.impossible, given,
               asked.impossible[:1])  # fmt: skip
    pair = isinstance(got, tuple | list) and len(got) == 2
    lab.expect("tokens and a score come back", pair, given, str(got)[:80], "(tokens, score)")
    found = got[0].tolist() if isinstance(got[0], np.ndarray) else got[0]
    listed = isinstance(found, tuple | list)
    lab.expect("the tokens are a list, tuple or array", listed, given, str(got[0])[:80])
    lab.expect(f"the tokens: {text}", [int(token) for token in found] == tokens, given,
               str(list(found))[:80], str(tokens)[:80])  # fmt: skip
    value = lab.array("the score is a number", got[1], (), given)
    lab.close(f"the score: {text}", value, score, given, 1e-9, 1e-12)


def _expected(model, width, steps, end, alpha):
    beam, results = {(): 0.0}, {}
    for _ in range(steps):
        grown = {}
        for sequence, total in beam.items():
            for token, log in enumerate(model(sequence).tolist()):
                if log != -math.inf:
                    grown[(*sequence, token)] = total + log
        kept = sorted(grown, key=grown.get, reverse=True)[:width]
        results.update({one: grown[one] for one in kept if one[-1] == end})
        beam = {one: grown[one] for one in kept if one[-1] != end}
    results.update(beam)
    best = max(results, key=lambda one: results[one] / len(one) ** alpha)
    return list(best), results[best] / len(best) ** alpha


def right_in_arrays(next_log_probs, width, max_length, end, alpha):
    """All continuations in one matrix; an array of tokens comes back."""
    beam, sums, best = [[]], np.zeros(1), (None, -np.inf)
    for length in range(1, max_length + 1):
        totals = sums[:, None] + np.array([next_log_probs(one) for one in beam])
        order = np.argsort(-totals, axis=None)[:width]
        order = order[np.isfinite(totals.ravel()[order])]
        rows, tokens = np.unravel_index(order, totals.shape)
        old, beam, sums = beam, [], []
        for row, token in zip(rows, tokens, strict=True):
            one, total = [*old[row], token], totals[row, token]
            if (token == end or length == max_length) and total / length**alpha > best[1]:
                best = np.array(one), total / length**alpha
            if token != end:
                beam.append(one)
                sums.append(total)
        sums = np.array(sums)
        if not beam:
            break
    return best


def right_with_heaps(next_log_probs, width, max_length, end, alpha):
    order, beam, ended = count(), [(0.0, 0, [])], []
    for _ in range(max_length):
        heap = []
        for total, _, sequence in beam:
            for token, log in enumerate(next_log_probs(sequence)):
                if math.isinf(log):
                    continue
                heapq.heappush(heap, (total + float(log), next(order), [*sequence, token]))
                if len(heap) > width:
                    heapq.heappop(heap)
        ended += [one for one in heap if one[2][-1] == end]
        beam = [one for one in heap if one[2][-1] != end]
    scored = [(total / len(one) ** alpha, one) for total, _, one in ended + beam]
    score, sequence = max(scored)
    return [sequence, score]


def _search(next_log_probs, width, steps, end, alpha, *, per_parent=False, ended_go_on=False,
            lost=False, product=False, prune_by_score=False, only_ended=False, keeps_places=False,
            length=len, first_end=False):  # fmt: skip
    """The search with the mistakes people make in it."""

    def score(one):
        total = math.log(one[1]) if product and one[1] > 0 else -1e9 if product else one[1]
        return total / max(1, length(one[0])) ** alpha

    beam, ended = [((), 1.0 if product else 0.0)], []
    for _ in range(steps):
        groups = []
        for tokens, total in beam:
            logs = next_log_probs(tokens)
            groups.append([((*tokens, t), total * math.exp(x) if product else total + x)
                           for t, x in enumerate(logs.tolist()) if x > -np.inf])  # fmt: skip
        rank = score if prune_by_score else (lambda one: one[1])
        if per_parent:
            groups = [sorted(group, key=rank, reverse=True)[:width] for group in groups]
            kept = [one for group in groups for one in group][: 4 * width]
        else:
            room = width - len(ended) if keeps_places else width
            kept = sorted((one for group in groups for one in group), key=rank, reverse=True)
            kept = kept[: max(room, 0)]
        ended += [] if lost else [one for one in kept if one[0][-1] == end]
        beam = [one for one in kept if ended_go_on or one[0][-1] != end]
        if not beam or (first_end and ended):
            break
    results = ended if only_ended and ended else ended + beam
    best = max(results or [((end,), -1.0)], key=score)
    return list(best[0]), score(best)


def wrong_best_per_parent(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, end, alpha, per_parent=True)


def wrong_finished_go_on(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, end, alpha, ended_go_on=True)


def wrong_finished_lost(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, end, alpha, lost=True)


def wrong_products(next_log_probs, width, max_length, end, alpha):
    """Multiplies probabilities: 500 of them underflow."""
    return _search(next_log_probs, width, max_length, end, alpha, product=True)


def wrong_only_finished(next_log_probs, width, max_length, end, alpha):
    """Forgets the sequences that reach the last step without an end."""
    return _search(next_log_probs, width, max_length, end, alpha, only_ended=True)


def wrong_finished_take_places(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, end, alpha, keeps_places=True)


def wrong_stops_at_first_end(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, end, alpha, first_end=True)


def wrong_length_without_end(next_log_probs, width, max_length, end, alpha):
    def length(tokens):
        return len(tokens) - (tokens[-1] == end)

    return _search(next_log_probs, width, max_length, end, alpha, length=length)


def wrong_greedy(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, 1, max_length, end, alpha)


def wrong_mean_always(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, end, 1.0)


def wrong_score_not_normalised(next_log_probs, width, max_length, end, alpha):
    tokens, score = _search(next_log_probs, width, max_length, end, alpha)
    return tokens, score * len(tokens) ** alpha


def wrong_end_is_zero(next_log_probs, width, max_length, end, alpha):
    return _search(next_log_probs, width, max_length, 0, alpha)


def wrong_impossible_stays(next_log_probs, width, max_length, end, alpha):
    """Continues what has probability 0, at a large price."""

    def floored(tokens):
        return np.maximum(next_log_probs(tokens), -100.0)

    return beam_search(floored, width, max_length, end, alpha)
