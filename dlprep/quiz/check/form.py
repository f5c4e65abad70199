"""Whether the form of the options gives the key away, over a whole bank.

No rule of the attacker may find the key more often than chance and two standard errors. Below `FEW`
questions that bound would refuse many a good bank for one rule or another, so there the count
itself has to be improbable: for all the rules together, at most `DOUBT`.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dlprep.quiz.check.attacker import RULES, Choice, Rule
from dlprep.quiz.words import many

FEW = 12
DOUBT = 0.05


@dataclass(frozen=True)
class Result:
    """How often a rule finds the key of a bank, by itself and by chance."""

    rule: Rule
    hits: float
    chance: float
    limit: float
    questions: int
    clearest: tuple[str, ...]

    @property
    def caught(self) -> bool:
        """Whether the rule finds the key more often than chance allows."""
        return self.hits > self.limit + 1e-9

    def __str__(self) -> str:
        mark = "  too often" if self.caught else ""
        return (
            f"{self.hits:5.1f} of {self.questions} by {self.rule.name}"
            f" (chance {self.chance:.1f}, at most {self.limit:.1f}){mark}"
        )

    @property
    def fault(self) -> str:
        """What is wrong, as a message of the check."""
        where = f", most clearly in {', '.join(self.clearest)}" if self.clearest else ""
        return (
            f"who sees the options alone and picks {self.rule.name} is right in {self.hits:.1f} of"
            f" {many(self.questions, 'question')}, where chance finds {self.chance:.1f} and at most"
            f" {self.limit:.1f} are allowed: {self.rule.mend}{where}"
        )


def attack(choices: Sequence[Choice]) -> list[Result]:
    """Return how often each rule finds the key; nothing if there is no question with options."""
    if not choices:
        return []
    chances = [1 / len(choice.options) for choice in choices]
    bound = limit(chances)
    results = []
    for rule in RULES:
        hits = [share(rule.scores(choice), choice.key) for choice in choices]
        found = [(_lead(rule.scores(choice), choice.key), choice.id) for choice in choices]
        clearest = [id for lead, id in sorted(found, reverse=True) if lead > 0][:3]
        results.append(Result(rule, sum(hits), sum(chances), bound, len(choices), tuple(clearest)))
    return results


def share(scores: Sequence[float], key: int) -> float:
    """Return how likely picking the highest score is to pick the key: ties share the pick."""
    best = max(scores)
    return (scores[key] == best) / sum(score == best for score in scores)


def limit(chances: Sequence[float]) -> float:
    """Return how often a rule may find the key.

    Args:
        chances: For each question, how likely a random pick is right.
    """
    if len(chances) >= FEW:
        return sum(chances) + 2 * math.sqrt(sum(p * (1 - p) for p in chances))
    counts = _distribution(chances)
    enough = (n for n in range(len(counts)) if sum(counts[n + 1 :]) * len(RULES) < DOUBT)
    return float(next(enough))


def _distribution(chances: Sequence[float]) -> list[float]:
    """Return how likely 0, 1, 2, … of independent events are."""
    counts = [1.0]
    for p in chances:
        counts = [a * (1 - p) + b * p for a, b in zip([*counts, 0.0], [0.0, *counts], strict=True)]
    return counts


def _lead(scores: Sequence[float], key: int) -> float:
    """Return by how much the key's score is over all others, relative to them; below 0 if not."""
    other = max(score for at, score in enumerate(scores) if at != key)
    return (scores[key] - other) / (abs(scores[key]) + abs(other) + 1)
