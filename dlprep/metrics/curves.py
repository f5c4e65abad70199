"""Curves over all thresholds of a classifier, and the area under them."""

from enum import Enum

from keras import ops


class Choice(Enum):
    """A named choice that equals its name, and Keras's choice of the same name."""

    def __eq__(self, other):
        return self.value == getattr(other, "value", other)

    def __hash__(self):
        return hash(self.value)

    @classmethod
    def named(cls, key):
        """Return the choice of a name, in any case.

        Args:
            key: A name or a choice, Keras's included.

        Returns:
            A member of this class.

        Raises:
            ValueError: If there is none of that name.
        """
        name = getattr(key, "value", key)
        for choice in cls:
            if str(name).lower() == choice.value.lower():
                return choice
        expected = [choice.value for choice in cls]
        raise ValueError(f'Invalid {cls.__doc__} value: "{key}". Expected values are {expected}')


class Curve(Choice):
    """AUC curve"""

    ROC = "ROC"
    PR = "PR"
    PRGAIN = "PRGAIN"


class Summation(Choice):
    """AUC summation method"""

    INTERPOLATION = "interpolation"
    MAJORING = "majoring"
    MINORING = "minoring"


def curve_points(curve, tp, fp, tn, fn):
    r"""Return a curve's coordinates at every threshold.

    ROC: $x = \frac{\mathrm{FP}}{\mathrm{FP} + \mathrm{TN}}$,
    $y = \frac{\mathrm{TP}}{\mathrm{TP} + \mathrm{FN}}$. PR: $x$ is recall, $y$ precision. PRGAIN:
    recall and precision gain, $1 - \frac{\pi}{1 - \pi} \frac{\mathrm{FN}}{\mathrm{TP}}$ and
    $1 - \frac{\pi}{1 - \pi} \frac{\mathrm{FP}}{\mathrm{TP}}$ with the share $\pi$ of positives.

    Args:
        curve: A `Curve`.
        tp: True positives, shape `(thresholds, ...)`, thresholds increasing.
        fp: False positives, of the same shape.
        tn: True negatives, of the same shape.
        fn: False negatives, of the same shape.

    Returns:
        $x$ and $y$, both of the same shape.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.curves import Curve, curve_points
        >>> counts = (ops.array([c]) for c in (3.0, 1.0, 4.0, 1.0))
        >>> [round(float(z[0]), 4) for z in curve_points(Curve.ROC, *counts)]
        [0.2, 0.75]

    Reference:
        Fawcett 2006, "An introduction to ROC analysis"; Flach, Kull 2015,
        "Precision-recall-gain curves", equations 1 and 2.
    """
    recall = ops.divide_no_nan(tp, tp + fn)
    if curve is Curve.ROC:
        return ops.divide_no_nan(fp, fp + tn), recall
    if curve is Curve.PR:
        return recall, ops.divide_no_nan(tp, tp + fp)
    odds = ops.divide_no_nan(tp + fn, tn + fp)
    recall_gain = ops.maximum(1 - odds * ops.divide_no_nan(fn, tp), 0.0)
    precision_gain = 1 - odds * ops.divide_no_nan(fp, tp)
    nothing = ops.equal(tp, 0)
    return ops.where(nothing, ops.zeros_like(tp), recall_gain), ops.where(
        nothing, ops.ones_like(tp), precision_gain
    )


def area(x, y, summation=Summation.INTERPOLATION):
    r"""Return the area under a curve whose $x$ falls, by strips.

    $$ A = \sum_i (x_i - x_{i+1}) \, h_i $$

    with the height $h_i$ the mean, the larger or the smaller of $y_i$ and $y_{i+1}$.

    Args:
        x: Coordinates, shape `(points, ...)`, falling along the first axis.
        y: Coordinates, of the same shape.
        summation: A `Summation`.

    Returns:
        Tensor of shape `(...)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.curves import area
        >>> float(area(ops.array([1.0, 0.5, 0.0]), ops.array([1.0, 1.0, 0.0])))
        0.75

    Reference:
        Fawcett 2006, "An introduction to ROC analysis", algorithm 2.
    """
    if summation is Summation.INTERPOLATION:
        height = (y[:-1] + y[1:]) / 2
    else:
        choose = ops.maximum if summation is Summation.MAJORING else ops.minimum
        height = choose(y[:-1], y[1:])
    return ops.sum((x[:-1] - x[1:]) * height, axis=0)


def precision_recall_area(tp, fp, fn):
    r"""Return the area under the precision-recall curve, interpolated as counts, not as shares.

    Between two thresholds $\mathrm{TP} = a + b P$ is linear in the number of called positive $P$;
    the area under precision over recall is then

    $$ A = \sum_i \frac{b_i}{\mathrm{TP}_i + \mathrm{FN}_i}
       \Big(\Delta \mathrm{TP}_i + a_i \ln \frac{P_i}{P_{i+1}}\Big) $$

    A straight line between points of precision and recall would be too high.

    Args:
        tp: True positives, shape `(thresholds, ...)`, thresholds increasing.
        fp: False positives, of the same shape.
        fn: False negatives, of the same shape.

    Returns:
        Tensor of shape `(...)`.

    Example:
        >>> from keras import ops
        >>> from dlprep.metrics.curves import precision_recall_area
        >>> counts = (ops.array(c) for c in ([2.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 1.0, 2.0]))
        >>> float(precision_recall_area(*counts))
        1.0

    Reference:
        Davis, Goadrich 2006, "The relationship between precision-recall and ROC curves",
        section 4; Keras 3, `keras.metrics.AUC`.
    """
    called = tp + fp
    gained = tp[:-1] - tp[1:]
    slope = ops.divide_no_nan(gained, ops.maximum(called[:-1] - called[1:], 0.0))
    intercept = tp[1:] - slope * called[1:]
    both = ops.logical_and(called[:-1] > 0, called[1:] > 0)
    ratio = ops.where(both, ops.divide_no_nan(called[:-1], called[1:]), ops.ones_like(gained))
    strips = slope * (gained + intercept * ops.log(ratio))
    return ops.sum(ops.divide_no_nan(strips, tp[1:] + fn[1:]), axis=0)
