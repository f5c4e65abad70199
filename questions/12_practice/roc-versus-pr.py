"""Score the same classifier on data with one positive in two and one in a hundred."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score

POSITIVES, FEW, MANY, SHIFT = 2000, 2000, 198_000, 1.5
ROC = "ROC-AUC drops below 0.7, average precision keeps its value to within 0.05"
BOTH = "ROC-AUC drops below 0.7 and average precision drops below 0.25 along with it"
PR = "ROC-AUC keeps its value to within 0.05, average precision drops below 0.25"
NONE = "ROC-AUC and average precision keep their values, each of them to within 0.05"


def areas(hits, alarms):
    """Return ROC-AUC and average precision for the scores of positives and negatives."""
    labels = np.repeat([1, 0], [len(hits), len(alarms)])
    scores = np.concatenate([hits, alarms])
    return roc_auc_score(labels, scores), average_precision_score(labels, scores)


def at_half_recall(hits, alarms):
    """Return false positive rate, false positives and precision where recall is one half."""
    called = np.sum(alarms > np.median(hits))
    return called / len(alarms), called, len(hits) / (len(hits) + 2 * called)


def run(lab):
    def scored(negatives):
        hits = lab.rng.normal(SHIFT, 1, POSITIVES)
        alarms = lab.rng.normal(0, 1, negatives)
        return *areas(hits, alarms), *at_half_recall(hits, alarms)

    even, rare = lab.contrast(scored, control={"negatives": FEW}, treatment={"negatives": MANY})
    fallen, moved = rare[1], abs(rare[0] - even[0])
    if moved < 0.05:
        lab.answer(PR if fallen < 0.25 else NONE)
    else:
        lab.answer(BOTH if fallen < 0.25 else ROC)
    lab.claim("one positive in a hundred: average precision is below 0.25", fallen < 0.25, fallen,
              "< 0.25", share=True)  # fmt: skip
    lab.claim("ROC-AUC moves by less than 0.05", moved < 0.05, moved, "< 0.05")
    lab.claim("one positive in two: average precision is 0.85", even[1] > 0.75, even[1], "> 0.75",
              share=True)  # fmt: skip
    lab.claim("ROC-AUC is 0.85 on the rare positives", 0.8 < rare[0] < 0.9, rare[0], "0.8 to 0.9")
    lab.claim("average precision is 0.12 there", 0.075 < fallen < 0.17, fallen, "0.075 to 0.17")
    for name, one in {"even": even, "rare": rare}.items():
        lab.claim(f"{name}: at half recall the false positive rate is 0.07",
                  0.045 < one[2] < 0.1, one[2], "0.045 to 0.1")  # fmt: skip
    lab.claim("that is 13,000 false alarms", 8500 < rare[3] < 20_000, int(rare[3]), "8500 to 20000")
    lab.claim("precision is 0.07 there", rare[4] < 0.105, rare[4], "< 0.105", share=True)
    lab.claim("with even classes it is 0.88", even[4] > 0.8, even[4], "> 0.8", share=True)
    _floors(lab, even[1], fallen)
    _easy(lab)
    shown = {"ROC-AUC, 1 in 2": even[0], "ROC-AUC, 1 in 100": rare[0],
             "AP, 1 in 2": even[1], "AP, 1 in 100": fallen}  # fmt: skip
    lab.bars("One classifier, two mixes of classes", shown, y_label="area under the curve")


def _floors(lab, even, rare):
    """Compare with a ranker that draws its scores."""
    ap = {n: areas(lab.rng.normal(size=POSITIVES), lab.rng.normal(size=n))[1] for n in (FEW, MANY)}
    lab.claim("a random ranker has 0.5 on even classes", 0.4 < ap[FEW] < 0.6, ap[FEW], "0.4 to 0.6")
    lab.claim("and 0.01 on rare positives", 0.007 < ap[MANY] < 0.015, ap[MANY], "0.007 to 0.015")
    lift = rare / ap[MANY]
    lab.claim("on rare positives the classifier has 12 times that", lift > 7.5, lift, "> 7.5")
    lift = even / ap[FEW]
    lab.claim("on even classes 1.7 times", 1.3 < lift < 2.2, lift, "1.3 to 2.2")


def _easy(lab):
    """Add negatives far below all others instead of more of the same."""
    hits, alarms = lab.rng.normal(SHIFT, 1, POSITIVES), lab.rng.normal(0, 1, FEW)
    before = areas(hits, alarms)[1]
    area, after = areas(hits, np.concatenate([alarms, lab.rng.normal(-4, 1, MANY - FEW)]))
    lab.claim("with easy negatives ROC-AUC is above 0.99", area > 0.99, area, "> 0.99", share=True)
    moved = abs(after - before)
    lab.claim("average precision moves by less than 0.05", moved < 0.05, moved, "< 0.05")
