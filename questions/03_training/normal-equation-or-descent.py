"""Count the steps of descent on least squares, and compare what solves it at once."""

import numpy as np

from dlprep.reference.optimizers import gradient_descent, momentum

ROWS = 200


def orthogonal(rng, rows, columns):
    return np.linalg.qr(rng.normal(size=(rows, columns)))[0]


def steps(curvatures, share, rate, memory=0.0):
    """Steps until the flattest direction keeps `share` of its error, for good."""
    w, v, last = np.ones(len(curvatures)), 0.0, 0
    flattest = np.argmin(curvatures)
    for t in range(1, 40_000):
        w, v = momentum(w, curvatures * w, v, rate, memory)
        if abs(w[flattest]) > share:
            last = t
        elif t > 2 * last + 50:
            break
    return last + 1


def run(lab):
    kappa, share = lab.draw["condition"], lab.draw["percent"] / 100

    def eigenvalues(condition):
        """Of X^T X for three columns whose singular values were chosen."""
        sizes = np.sqrt([condition, np.sqrt(condition), 1.0])
        x = orthogonal(lab.rng, ROWS, 3) * sizes @ orthogonal(lab.rng, 3, 3)
        return np.linalg.eigvalsh(x.T @ x)

    def needed(condition):
        values = eigenvalues(condition)
        return steps(values, share, 1 / values.max())

    scaled, count = lab.contrast(needed, control={"condition": 1.0}, treatment={"condition": kappa})
    lab.answer(count)
    ratio = count / (kappa * np.log(1 / share))
    lab.claim("the steps are kappa times the logarithm", 0.7 < ratio < 1.4, ratio, "0.7 to 1.4")
    lab.claim("with equal eigenvalues a handful", scaled < 4, scaled, "< 4")
    values = eigenvalues(kappa)
    best = steps(values, share, 2 / (values.max() + values.min())) / count
    lab.claim("the best constant rate halves them", 0.37 < best < 0.7, best, "0.37 to 0.7")
    low, high = np.sqrt(values.min()), np.sqrt(values.max())
    heavy = steps(values, share, 4 / (low + high) ** 2, ((high - low) / (high + low)) ** 2)
    part = heavy / (np.sqrt(kappa) * np.log(1 / share))
    lab.claim("momentum: of the order of the root of kappa", 0.3 < part < 3, part, "0.3 to 3")
    _columns(lab, kappa, share)
    _solve(lab)
    path = (1 - values.min() / values.max()) ** np.arange(0, 2 * count, max(1, count // 50))
    lab.lines("What is left in the flattest direction",
              list(range(0, 2 * count, max(1, count // 50))), {"error": list(path)},
              x_label="step", y_label="share of the first error", log_y=True)  # fmt: skip


def _columns(lab, kappa, share):
    """Columns that differ in scale alone, raw and standardised."""
    x = lab.rng.normal(size=(ROWS, 3)) * [1.0, np.sqrt(kappa), np.sqrt(kappa)]
    found = []
    for table in (x, (x - x.mean(axis=0)) / x.std(axis=0)):
        values = np.linalg.eigvalsh(table.T @ table)
        found.append(steps(values, share, 1 / values.max()))
    lab.claim("raw columns take many times the steps of standardised ones",
              found[0] / found[1] > 5, found[0] / found[1], "> 5")  # fmt: skip
    lab.claim("standardised, a handful", found[1] < 8, found[1], "< 8")
    near = np.column_stack([x, x[:, 0] + 0.1 * lab.rng.normal(size=ROWS)])
    values = np.linalg.eigvalsh(np.corrcoef(near.T))
    many = steps(values, share, 1 / values.max())
    lab.claim("columns nearly dependent: standardised, hundreds", many > 300, many, "> 300")


def _solve(lab):
    truth, z = lab.rng.normal(size=4), lab.rng.normal(size=(2 * ROWS, 3))
    x = np.column_stack([z, z[:, 0] + 1e-5 * lab.rng.normal(size=2 * ROWS)])
    square = np.log(np.linalg.cond(x.T @ x)) / np.log(np.linalg.cond(x))
    lab.claim("the condition number of X^T X is that of X squared", 1.8 < square < 2.2, square,
              "1.8 to 2.2")  # fmt: skip

    def worse(noise):
        """How far off the normal equation's weights are, for each unit that those of lstsq are."""
        y = x @ truth + noise * lab.rng.normal(size=2 * ROWS)
        found = np.linalg.solve(x.T @ x, x.T @ y), np.linalg.lstsq(x, y)[0]
        return float(np.divide(*(np.linalg.norm(weights - truth) for weights in found)))

    exact, noisy = worse(0.0), worse(1e-6)
    lab.claim("nearly equal columns: the normal equation is 1,000 times as far off", exact > 1000,
              exact, "> 1000")  # fmt: skip
    lab.claim("with noise of a millionth both are", 0.75 < noisy < 1.33, noisy, "0.75 to 1.33")
    x = np.column_stack([z, z[:, 0] + z[:, 1]])
    truth = truth + 3 * np.array([1, 1, 0, -1])
    old, new, target = x[:ROWS], x[ROWS:], x @ truth
    small, descended = np.linalg.lstsq(old, target[:ROWS])[0], np.zeros(4)
    rate = 1 / np.linalg.eigvalsh(old.T @ old).max()
    for _ in range(400):
        slope = old.T @ (old @ descended - target[:ROWS])
        descended = gradient_descent(descended, slope, rate)
    gap = np.abs(descended - small).max()
    lab.claim("from zero, descent finds the weights of lstsq", gap < 1e-6, gap, "< 1e-6")
    longer = np.linalg.norm(truth) / np.linalg.norm(small)
    lab.claim("they are smaller than those that made the targets", longer > 1.2, longer,
              "> 1.2")  # fmt: skip
    for name, weights in (("lstsq", small), ("descent", descended)):
        off = np.abs(new @ weights - target[ROWS:]).max()
        lab.claim(f"a dependent column: {name} predicts new rows", off < 1e-6, off, "< 1e-6")
