"""Recall on the day of the interview: our plan, plain FSRS and uniform gaps, on simulated learners.

`python tests/benchmarks/plan_simulation.py LEARNERS FIRST_SEED` prints the table. Learners are
of two models that are not FSRS, with parameters that the planner does not know: power-law
forgetting, and the base-level activation of ACT-R with decay that depends on the activation
(Pavlik, Anderson 2005, doi:10.1207/s15516709cog0000_14). All policies meet new questions in the
same order and have the same minutes a day.
"""

import math
import random
import statistics
import sys
from collections.abc import Callable, Sequence

from dlprep.quiz import plan
from dlprep.quiz.bank import Bank, Question
from dlprep.quiz.plan import Known

DAYS = (10, 30, 60)
MINUTES = 30


class PowerLaw:
    """Recall is (1 + t / tau)^-beta; a success multiplies tau, the more the more was forgotten."""

    def __init__(self, chance: random.Random, names: Sequence[str]):
        self.known = chance.uniform(0.0, 0.4)
        self.beta = chance.uniform(0.3, 1.0)
        self.growth = chance.uniform(1.5, 6.0)
        start = chance.lognormvariate(0.7, 0.5)
        self.starts = {name: start * chance.lognormvariate(0.0, 0.4) for name in names}
        self.taus: dict[str, tuple[float, int]] = {}

    def recall(self, name: str, day: int) -> float:
        if name not in self.taus:
            return self.known
        tau, last = self.taus[name]
        return self.known + (1 - self.known) * (1 + (day - last) / tau) ** -self.beta

    def study(self, name: str, day: int, right: bool) -> None:
        now = self.recall(name, day)
        tau = self.taus[name][0] if name in self.taus else self.starts[name]
        if name in self.taus:
            tau *= 1 + self.growth * (1 - now) if right else 0.6
        self.taus[name] = max(tau, 0.3), day


class Activation:
    """Recall is a logistic function of ln(sum over meetings of t^-d), d by the activation then."""

    def __init__(self, chance: random.Random, names: Sequence[str]):
        self.known = chance.uniform(0.0, 0.4)
        self.decay, self.slope = chance.uniform(0.1, 0.3), chance.uniform(0.1, 0.25)
        self.noise, threshold = chance.uniform(0.25, 0.6), chance.uniform(-1.2, -0.4)
        self.thresholds = {name: threshold + chance.gauss(0.0, 0.3) for name in names}
        self.meetings: dict[str, list[tuple[int, float]]] = {}

    def activation(self, name: str, day: int) -> float:
        past = [(day - at, d) for at, d in self.meetings.get(name, ()) if day > at]
        return math.log(sum(t**-d for t, d in past)) if past else -math.inf

    def recall(self, name: str, day: int) -> float:
        if name not in self.meetings:
            return self.known
        strength = (self.activation(name, day) - self.thresholds[name]) / self.noise
        return self.known + (1 - self.known) / (1 + math.exp(-strength))

    def study(self, name: str, day: int, right: bool) -> None:
        now = self.activation(name, day)
        decay = self.slope * math.exp(now) + self.decay if math.isfinite(now) else self.decay
        self.meetings.setdefault(name, []).append((day, decay))


def plain(known, new, left, minutes):
    """What FSRS has due at 0.9, longest overdue first, and then new questions."""
    late = {name: one.since - max(1, round(one.stability)) for name, one in known.items()}
    due = sorted((name for name in late if late[name] >= 0), key=lambda name: -late[name])
    return fitting(known, due, new, minutes)


def uniform(gap: int) -> Callable:
    """Return a policy with one gap for all; in the last three days only the oldest come."""

    def today(known, new, left, minutes):
        oldest = [name for name in known if known[name].since]
        oldest.sort(key=lambda name: -known[name].since)
        last = left <= 3
        due = oldest if last else [name for name in oldest if known[name].since >= gap]
        return fitting(known, due, [] if last and known else new, minutes)

    return today


def fitting(known, due, new: Sequence[Question], minutes):
    sizes = {question.id: question.minutes for question in new}
    chosen = []
    for name in (*due, *sizes):
        size = sizes.get(name) or known[name].minutes
        if size <= minutes:
            chosen.append(name)
            minutes -= size
    return [name for name in chosen if name in known], [name for name in chosen if name in sizes]


def simulate(learner, questions: Sequence[Question], days: int, policy, chance) -> list[float]:
    """Return recall on the day, predicted recall, and the share of questions met."""
    sizes = {question.id: question.minutes for question in questions}
    known: dict[str, Known] = {}
    new = plan.by_demand(questions)
    for day in range(days):
        reviews, first = policy(known, new, days - day, MINUTES)
        known = {name: one._replace(since=one.since + 1) for name, one in known.items()}
        for name in (*reviews, *first):
            right = chance.random() < learner.recall(name, day)
            learner.study(name, day, right)
            known[name] = answered(known.get(name), sizes[name], right)
        new = [question for question in new if question.id not in known]
    real = statistics.mean(learner.recall(name, days) for name in sizes)
    said = [plan.retrievability(one.since, one.stability) for one in known.values()]
    met = [learner.recall(name, days) for name in known]
    return [real, statistics.mean(said), statistics.mean(met), len(known) / len(sizes)]


def answered(before: Known | None, minutes: float, right: bool) -> Known:
    """Return what FSRS says after an answer; a day later it is one day old."""
    w, rating = plan.parameters(), 3 if right else 1
    start = [w[4] - math.exp(w[5] * (grade - 1)) + 1 for grade in (1, 2, 3, 4)]
    if before is None:
        return Known(minutes, w[rating - 1], min(max(start[rating - 1], 1), 10), 1)
    # `before` was made one day older already: the answer came a day before.
    now = plan.retrievability(before.since - 1, before.stability)
    stability = plan.stabilities(before, now)[0 if right else 1]
    harder = before.difficulty - w[6] * (rating - 3) * (10 - before.difficulty) / 9
    difficulty = w[7] * start[3] + (1 - w[7]) * harder
    return Known(minutes, stability, min(max(difficulty, 1), 10), 1)


def table(learners: int, seed: int) -> list[dict]:
    """Return one row per model and number of days."""
    questions = list(Bank.load())
    rows = []
    for model in (PowerLaw, Activation):
        for days in DAYS:
            policies = {"plan": plan.todays, "FSRS": plain, "uniform": uniform(max(2, days // 5))}
            found = {name: [] for name in policies}
            for number in range(seed, seed + learners):
                for name, policy in policies.items():
                    learner = model(random.Random(f"{number} {days}"), [q.id for q in questions])
                    chance = random.Random(f"{number} {days} answers")
                    found[name].append(simulate(learner, questions, days, policy, chance))
            rows.append(summary(model.__name__, days, found))
    return rows


def summary(model: str, days: int, found: dict[str, list[list[float]]]) -> dict:
    means = {
        name: [statistics.mean(column) for column in zip(*rows, strict=True)]
        for name, rows in found.items()
    }
    row = {"model": model, "days": days}
    row |= {f"recall, {name}": values[0] for name, values in means.items()}
    row |= {f"met, {name}": values[3] for name, values in means.items()}
    row |= {"predicted": means["plan"][1], "of those met": means["plan"][2]}
    for other in ("FSRS", "uniform"):
        pairs = list(zip(found["plan"], found[other], strict=True))
        row[f"over {other}"] = means["plan"][0] / means[other][0] - 1
        row[f"lose to {other}"] = statistics.mean(mine[0] < theirs[0] for mine, theirs in pairs)
    return row


def main() -> None:
    learners, seed = (int(word) for word in sys.argv[1:] or ("200", "0"))
    print(f"{learners} learners of each model from seed {seed}, {MINUTES} minutes a day")
    for row in table(learners, seed):
        print(f"\n{row.pop('model')}, {row.pop('days')} days")
        for name, value in row.items():
            print(f"  {name:16} {value:7.1%}")


if __name__ == "__main__":
    main()
