"""Count the operations and the bytes of products, for one sequence, for batches and for prompts."""

import numpy as np

WIDTH, LENGTH = 16, 32


class Machine:
    """Multiplies matrices and keeps account of the time that its two limits would allow."""

    def __init__(self, draw):
        self.peak, self.bandwidth = draw["teraflops"] * 1e12, draw["gigabytes"] * 1e9
        self.operations = self.bytes = 0

    def product(self, x, stored):
        """Multiply; `stored` is read once from memory, in the type in which it lies there."""
        result = x.astype("float32") @ stored.astype("float32")
        self.operations += 2 * result.size * stored.shape[-2]
        self.bytes += stored.nbytes
        return result

    def balance(self):
        """Time for arithmetic over time for reading."""
        return (self.operations / self.peak) / (self.bytes / self.bandwidth)


def run(lab):
    stored = {8: "int8", 16: "float16"}[lab.draw["bits"]]

    def layers(width):
        return [lab.rng.integers(-3, 4, (width, width)).astype(stored) for _ in range(3)]

    weights = layers(WIDTH)

    def balance(rows, weights=weights):
        """One step of `rows` tokens through all layers."""
        machine = Machine(lab.draw)
        x = np.ones((rows, len(weights[0])))
        for matrix in weights:
            x = np.maximum(machine.product(x, matrix), 0)
        return machine.balance()

    batch = next(n for n in range(1, 5000) if balance(n) >= 1 - 1e-9)
    lab.answer(batch)
    alone, together = lab.contrast(balance, control={"rows": 1}, treatment={"rows": batch})
    lab.claim("with this batch arithmetic takes as long as reading", 0.7 < together < 1.4, together,
              "0.7 to 1.4")  # fmt: skip
    lab.claim("one sequence keeps the arithmetic busy for at most 2% of the time", alone < 0.027,
              alone, "< 0.027")  # fmt: skip
    prompt, short = balance(4096), balance(10)
    lab.claim("a prompt of 4,096 tokens is limited by arithmetic", prompt > 4, prompt, "> 4")
    lab.claim("one of ten tokens is not", short < 0.5, short, "< 0.5")
    same = balance(batch, layers(4 * WIDTH)) / together
    lab.claim("sixteen times the weights, the same batch", 0.7 < same < 1.4, same, "0.7 to 1.4")

    def over_cache(sequences):
        """Each sequence's query looks at its own keys, and takes its own values."""
        machine = Machine(lab.draw)
        keys, values = (lab.rng.normal(size=(sequences, n, m)).astype("float16")
                        for n, m in ((WIDTH, LENGTH), (LENGTH, WIDTH)))  # fmt: skip
        machine.product(machine.product(np.ones((sequences, 1, WIDTH)), keys), values)
        return machine.balance()

    ratio = over_cache(64) / over_cache(1)
    lab.claim("64 sequences do not raise attention's operations per byte", 0.7 < ratio < 1.4, ratio,
              "0.7 to 1.4")  # fmt: skip
    rows = [2**i for i in range(13)]
    series = {"weights": [balance(n) for n in rows], "as long as reading": [1.0] * len(rows)}
    lab.lines("Arithmetic over reading", rows, series, x_label="tokens in one pass",
              y_label="time for arithmetic / time for reading", log_x=True, log_y=True)  # fmt: skip
