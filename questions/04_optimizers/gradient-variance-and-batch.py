"""Draw many batches at fixed weights, and measure how their gradients scatter."""

import numpy as np

ROWS, WORK = 20_000, 200_000


def gradients(rng, columns, spread=1.0):
    """Gradient of the squared error at weights zero, row by row, and the targets."""
    x = rng.normal(size=(ROWS, columns))
    y = x @ rng.normal(size=columns) + spread * rng.normal(size=ROWS)
    return -2 * y[:, None] * x, y


def run(lab):
    batch, times = lab.draw["batch"], lab.draw["times"]
    table = gradients(lab.rng, 30)[0]

    def batches(rows):
        picks = lab.rng.integers(ROWS, size=(max(1000, WORK // rows), rows))
        return table[picks].mean(axis=1)

    def noise(rows):
        """Standard deviation of the gradient, over batches."""
        return float(np.sqrt(batches(rows).var(axis=0).sum()))

    small, large = lab.contrast(noise, control={"rows": batch}, treatment={"rows": batch * times})
    lab.answer(small / large)
    ratio = small / large / np.sqrt(times)
    lab.claim("the noise falls by the root of the factor", 0.7 < ratio < 1.4, ratio, "0.7 to 1.4")
    halving = small / noise(4 * batch)
    lab.claim("four times the rows halve it", 1.5 < halving < 2.7, halving, "1.5 to 2.7")
    for rows in (batch, batch * times):
        found = batches(rows)
        off = np.linalg.norm(found.mean(axis=0) - table.mean(axis=0))
        off *= np.sqrt(len(found) / found.var(axis=0).sum())
        text = f"{rows} rows: the mean over batches is the whole gradient, to its standard error"
        lab.claim(text, off < 2, off, "< 2")
    _sorted(lab)
    _without_replacement(lab, table[:400])


def _sorted(lab):
    """Batches read in order, from a table as it came and from one sorted by its target."""
    table, y = gradients(lab.rng, 3, spread=0.3)
    sizes, curves = [1, 2, 4, 8, 16, 32, 64], {}
    for name, rows in (("shuffled", table), ("sorted by target", table[np.argsort(y)])):
        means = [rows[: ROWS // n * n].reshape(-1, n, 3).mean(axis=1) for n in sizes]
        curves[name] = [float(np.sqrt(one.var(axis=0).sum())) for one in means]
    lost = {name: (noise[0] / noise[-1]) ** 2 for name, noise in curves.items()}
    lab.claim("64 rows in shuffled order: about 1/64 of the variance", 43 < lost["shuffled"] < 90,
              lost["shuffled"], "43 to 90")  # fmt: skip
    lab.claim("in sorted order: over a quarter is left", lost["sorted by target"] < 4,
              lost["sorted by target"], "< 4")  # fmt: skip
    lab.lines("Noise of the gradient", sizes, curves, x_label="rows in the batch",
              y_label="standard deviation", log_x=True, log_y=True)  # fmt: skip


def _without_replacement(lab, table):
    def variance(rows):
        picks = [lab.rng.permutation(table)[:rows].mean(axis=0) for _ in range(300)]
        return float(np.var(picks, axis=0).sum())

    law = table.var(axis=0).sum() / (len(table) // 2)
    share = variance(len(table) // 2) / law
    lab.claim("half the rows, without replacement: half the variance of the law",
              0.38 < share < 0.65, share, "0.38 to 0.65")  # fmt: skip
    rest = variance(len(table)) / law
    lab.claim("all rows: none", rest < 1e-9, rest, "< 1e-9")
