"""Search chains of tokens for the likeliest sequence, greedily and with a beam."""

import numpy as np

TOKENS, STEPS, CHAINS = 8, 12, 300


def beam_search(next_log_probs, width, steps, end=None, alpha=0.0):
    """Return the best sequence found and its summed log-probability."""
    beam, done = [((), 0.0)], []
    for _ in range(steps):
        grown = [((*tokens, token), total + log)
                 for tokens, total in beam
                 for token, log in enumerate(next_log_probs(tokens))]  # fmt: skip
        best = sorted(grown, key=lambda one: -one[1])[:width]
        done += [one for one in best if one[0][-1] == end]
        beam = [one for one in best if one[0][-1] != end]
    return max(done + beam, key=lambda one: one[1] / len(one[0]) ** alpha)


def chain(rng, concentration=0.5):
    """Return log-probabilities of the first token and of each token after each other."""
    rows = rng.dirichlet(np.full(TOKENS, concentration), TOKENS + 1)
    return np.log(np.maximum(rows, 1e-30))


def likeliest(logs):
    """The log-probability of the likeliest sequence, by dynamic programming."""
    best = logs[0]
    for _ in range(STEPS - 1):
        best = np.max(best[:, None] + logs[1:], axis=0)
    return best.max()


def run(lab):
    chains = [chain(lab.rng) for _ in range(CHAINS)]
    optimum = np.array([likeliest(logs) for logs in chains])

    def found(width):
        """Log-probabilities of the sequences found, below the optimum."""
        totals = [beam_search(lambda seen, logs=logs: logs[seen[-1] + 1 if seen else 0], width,
                              STEPS)[1] for logs in chains]  # fmt: skip
        return optimum - totals

    greedy, beam = lab.contrast(found, control={"width": 1}, treatment={"width": 8})
    missed = {"greedy": np.mean(greedy > 1e-9), "beam of 8": np.mean(beam > 1e-9)}
    ratio = missed["beam of 8"] / missed["greedy"]
    lab.claim("a beam of 8 misses the optimum under a quarter as often", ratio < 0.25, ratio,
              "< 0.25")  # fmt: skip
    lab.claim("greedy misses it in over half of the chains", missed["greedy"] > 0.5,
              missed["greedy"], "> 0.5", share=True)  # fmt: skip
    lab.value("chains that a beam of 8 misses", missed["beam of 8"])
    _wider_is_worse(lab)
    _length(lab)


def _wider_is_worse(lab):
    """Token 0 first is 0.55; after 1 two good tokens follow that lead into ten equal ones."""

    def tree(seen):
        shares = np.full(10, 1e-9)
        if not seen:
            shares[:2] = 0.55, 0.45
        elif len(seen) == 1:
            shares[: 3 - seen[0]] = (0.34, 0.33, 0.33)[: 3 - seen[0]] if seen[0] == 0 else 0.5
        elif seen[0] == 0:
            shares[0] = 1.0
        else:
            shares[:] = 0.1
        return np.log(shares)

    one, two, three = (np.exp(beam_search(tree, width, 3)[1]) for width in (1, 2, 3))
    lab.claim("in a tree of three steps greedy finds 0.187", 0.15 < one < 0.24, one, "0.15 to 0.24")
    lab.claim("and a beam of two only 0.0225", two < 0.03, two, "< 0.03")
    lab.value("a beam of three", three)


def _length(lab):
    """Models that end after each token with a chance of 0.1, whatever came before."""
    ends = np.full((21, 1), 0.1)
    models = [np.log(np.hstack([0.9 * lab.rng.dirichlet(np.full(20, 0.7), 21), ends]))
              for _ in range(10)]  # fmt: skip

    def length(width, alpha, limit=15, models=models):
        """The mean length of what is returned, with the end."""
        found = [beam_search(lambda seen, logs=logs: logs[seen[-1] + 1 if seen else 0], width,
                             limit, end=20, alpha=alpha) for logs in models]  # fmt: skip
        return np.mean([len(tokens) for tokens, _ in found])

    sums = {width: length(width, 0.0) for width in (1, 2, 5, 20)}
    lab.claim("with a beam of 20 the best sum is the end itself", sums[20] == 1, sums[20], 1.0)
    ratio = length(20, 1.0) / sums[20]
    lab.claim("the best mean log-probability is several times as long", ratio > 8, ratio, "> 8")
    far = length(20, 1.0, 30)
    lab.claim("with a limit of 30 they are over 12 long", far > 12, far, "> 12")
    between = length(20, 0.8) / (ratio * sums[20])
    lab.claim("an alpha of 0.8 stays shorter than 1", between < 0.75, between, "< 0.75")
    shown = {f"sum, beam of {width}": n for width, n in sums.items()}
    lab.bars("Length of the sequence returned", {**shown, "mean, beam of 20": ratio * sums[20]},
             y_label="tokens")  # fmt: skip
