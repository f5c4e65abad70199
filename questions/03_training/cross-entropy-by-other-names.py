"""Train a constant prediction on labels of a few classes; compare libraries' cross-entropies."""

import keras
import numpy as np
from scipy.stats import entropy
from sklearn.metrics import log_loss

from dlprep import losses
from dlprep.reference.activations import softmax
from dlprep.reference.divergences import kl_divergence
from dlprep.reference.losses import categorical_crossentropy, sparse_categorical_crossentropy

ROWS, RATE, STEPS, BIT = 4000, 2.0, 3000, np.log(2)


def run(lab):
    classes, used = int(lab.draw["classes"]), int(lab.draw["used"])

    def train(used):
        """Return fresh labels' mean cross-entropy in bits before each step, and the last logits."""
        among = lab.rng.permutation(classes)[:used]
        labels, fresh = (np.bincount(lab.rng.choice(among, ROWS), minlength=classes) / ROWS
                         for _ in range(2))  # fmt: skip
        z, bits = np.zeros(classes), []
        for _ in range(STEPS):
            bits.append(categorical_crossentropy(fresh, z)[0] / BIT)
            z = z - RATE * categorical_crossentropy(labels, z)[1]
        return np.array(bits), z, fresh

    (even, _, _), (bits, z, shares) = lab.contrast(
        train, control={"used": classes}, treatment={"used": used}
    )
    removed, left = bits[0] - bits[-1], bits[-1]
    lab.answer(removed)

    def near(text, number, target, limit=0.05):
        gap = float(np.max(np.abs(np.subtract(number, target))))
        lab.claim(text, gap < limit, gap, f"< {limit:g}")

    near("training removes log2(classes / used) bits", removed, np.log2(classes / used))
    near("what it removes is KL(p || q), with q the first prediction", removed,
         kl_divergence(shares, np.full(classes, 1 / classes))[0] / BIT)  # fmt: skip
    near("it starts at log2(classes)", bits[0], np.log2(classes))
    near("what is left is the entropy of the labels", left, entropy(shares, base=2))
    near("that is log2(used)", left, np.log2(used))
    near("with labels on all classes nothing is removed", even[0], even[-1])
    ratio = 2**left / used
    lab.claim("the perplexity ends at the number of used classes", 0.74 < ratio < 1.36, ratio,
              "0.74 to 1.36")  # fmt: skip
    p = np.arange(classes) < used
    with np.errstate(all="ignore"):
        turned = entropy(np.full(classes, 1 / classes), p / used)
    lab.claim("in the other order the divergence is infinite", np.isinf(turned), turned, "inf")
    _names(lab, near)
    _soft(lab, near)
    shown = np.unique(np.geomspace(1, STEPS, 40).astype(int)) - 1
    lab.lines("Cross-entropy while training", shown + 1,
              {"cross-entropy": bits[shown], "entropy of the labels": [np.log2(used)] * len(shown)},
              x_label="step", y_label="bits", log_x=True)  # fmt: skip


def _names(lab, near):
    """One number under four names."""
    z, c = lab.rng.normal(size=(500, 5)), lab.rng.integers(0, 5, 500)
    nats, q, one_hot = np.mean(sparse_categorical_crossentropy(c, z)[0]), softmax(z), np.eye(5)[c]
    near("the negative log-likelihood per row is the same",
         -np.log(np.prod(q[:9][np.arange(9), c[:9]])) / 9,
         np.mean(sparse_categorical_crossentropy(c[:9], z[:9])[0]), 1e-6)  # fmt: skip
    near("so is scikit-learn's log loss", log_loss(c, q, labels=range(5)), nats, 1e-4)
    for name, package in (("Keras", keras.losses), ("dlprep", losses)):
        found = [float(package.CategoricalCrossentropy()(one_hot, q)),
                 float(package.SparseCategoricalCrossentropy()(c, q)),
                 float(package.KLDivergence()(one_hot, q))]  # fmt: skip
        near(f"{name}: one-hot, sparse and, for one-hot labels, KL too", found, nats, 1e-4)


def _soft(lab, near):
    p, q = softmax(lab.rng.normal(size=(2, 200, 4)))
    cross = categorical_crossentropy(p, np.log(q))[0]
    near("for soft targets cross-entropy is entropy plus KL", cross,
         entropy(p, axis=-1) + kl_divergence(p, q)[0], 1e-4)  # fmt: skip
    turned = np.mean(np.abs(cross - categorical_crossentropy(q, np.log(p))[0]))
    lab.claim("exchanged, it is another number", turned > 0.15, turned, "> 0.15")
    try:
        refused = str(log_loss(p, q))
    except ValueError:
        refused = "ValueError"
    lab.claim("scikit-learn refuses soft targets", refused == "ValueError", refused, "ValueError")
    loss = keras.losses.CategoricalCrossentropy()
    near("Keras divides predictions by their sum", float(loss(p, 10 * q)), float(loss(p, q)), 1e-4)
    near("for soft targets too its one-hot version is the cross-entropy", float(loss(p, q)),
         np.mean(cross), 1e-4)  # fmt: skip
    zero = float(loss(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])))
    lab.claim("a probability of zero costs 16.1 nats in Keras", 12 < zero < 22, zero, "12 to 22")
