"""Take two training steps on an embedding and see which rows the second one moves."""

import keras
import numpy as np

import dlprep

ROWS, SIZE = 6, 4
FIRST, SECOND = np.array([[1, 3, 3]]), np.array([[2, 2, 2]])
RULES = {
    "SGD": lambda family: family.SGD(0.1),
    "momentum": lambda family: family.SGD(0.1, momentum=0.9),
    "Adam": lambda family: family.Adam(0.1),
    "AdamW": lambda family: family.AdamW(0.1, weight_decay=0.1),
}
OPTIONS = {
    "Row 2: the others are not looked up, and their gradient is zero": {2},
    "Rows 2 and 3: a token seen twice gets a second share of its step": {2, 3},
    "Rows 1, 2 and 3: those of the step before are still in motion": {1, 2, 3},
    "All six rows: the optimizer updates the kernel as one matrix": set(range(ROWS)),
}


def moved(before, after):
    return {int(row) for row in np.flatnonzero(np.any(before != after, axis=1))}


def run(lab):
    start = lab.rng.normal(size=(ROWS, SIZE)).astype("float32")
    targets = lab.rng.normal(size=(2, 1, 3, SIZE)).astype("float32")

    def rows(rule, library=keras):
        """Return which rows each of the two steps moves."""
        embedding = library.layers.Embedding(ROWS, SIZE)
        model = keras.Sequential([keras.Input((3,), dtype="int32"), embedding])
        model.compile(RULES[rule](library.optimizers), "mse", run_eagerly=True)
        embedding.set_weights([start])
        tables = [start]
        for tokens, target in zip((FIRST, SECOND), targets, strict=True):
            model.train_on_batch(tokens, target)
            tables.append(np.array(embedding.get_weights()[0]))
        return moved(tables[0], tables[1]), moved(tables[1], tables[2])

    plain, momentum, adam, decayed = lab.contrast(
        rows, control={"rule": "SGD"}, momentum={"rule": "momentum"}, adam={"rule": "Adam"},
        decay={"rule": "AdamW"},
    )  # fmt: skip
    lab.answer(next(text for text, found in OPTIONS.items() if found == adam[1]))
    for name, steps, expected in (
        ("under Adam the second step moves rows 1, 2 and 3", adam[1], {1, 2, 3}),
        ("under SGD it moves row 2", plain[1], {2}),
        ("under SGD with momentum it moves rows 1, 2 and 3", momentum[1], {1, 2, 3}),
        ("under AdamW with decay it moves all", decayed[1], set(range(ROWS))),
        ("under Adam the first step moves rows 1 and 3", adam[0], {1, 3}),
    ):
        lab.claim(name, steps == expected, str(sorted(steps)), str(sorted(expected)))
    ours = rows("Adam", dlprep)[1]
    lab.claim("with dlprep's layer and Adam the same", ours == adam[1], str(sorted(ours)),
              str(sorted(adam[1])))  # fmt: skip

    embedding = keras.layers.Embedding(1000, 64)
    tokens = lab.rng.integers(1000, size=(8, 5))
    looked_up = keras.ops.convert_to_numpy(embedding(tokens))
    product = np.eye(1000, dtype="float32")[tokens] @ embedding.get_weights()[0]
    gap = np.abs(looked_up - product).max()
    lab.claim("looking up is one-hot times the matrix", gap < 1e-6, gap, "< 1e-6")
    size = int(embedding.count_params())
    lab.claim("1,000 tokens of size 64 have 64,000 weights", size == 64_000, size, 64_000)
    grid = np.array([[row in steps[1] for row in range(ROWS)]
                     for steps in (plain, momentum, adam, decayed)], float)  # fmt: skip
    lab.heatmap("Rows that the second step moves: SGD, momentum, Adam, AdamW", grid,
                x_label="row of the embedding", y_label="optimizer")  # fmt: skip
