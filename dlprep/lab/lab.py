"""What a demonstration talks to: arms, claims, values, the answer, figures, progress."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from dlprep.lab.report import Claim, Figure, Report, Scalar, Value


class Lab:
    """One run of one demonstration.

    Args:
        question: id of the question, for the report.
        seed: non-negative integer; all randomness of the run comes from it.
        aa: whether every treatment gets the control's arguments (the A/A run).
        emit: called with `(label, done, total)` while a loop goes on; `total` may be `None`.

    Attributes:
        seed: the seed of this run.
        rng: a `numpy.random.Generator`, the demonstration's only source of chance beside Keras's
            own, which the lab seeds too.
    """

    def __init__(
        self,
        question: str,
        seed: int = 0,
        aa: bool = False,
        emit: Callable[[str, int, int | None], None] = lambda label, done, total: None,
    ):
        import numpy as np

        self.question, self.seed, self.aa = question, seed, aa
        self.rng = np.random.default_rng(seed)
        self._emit = emit
        self._claims: list[Claim] = []
        self._values: list[Value] = []
        self._figures: list[Figure] = []
        self._answer: Scalar = None
        self._seed_keras()

    def contrast(self, experiment: Callable, *, control: Mapping, **treatments: Mapping) -> tuple:
        """Call `experiment(**arguments)` once per arm and return the outcomes, control first.

        Every arm starts from the same random state, so that arms differ by their arguments
        alone. In an A/A run every treatment gets the control's arguments.

        Args:
            experiment: a function of the arms' arguments.
            control: arguments of the control arm.
            **treatments: one or more named mappings; usually a single `treatment=`.

        Returns:
            A tuple `(control's outcome, first treatment's outcome, ...)`.

        Raises:
            TypeError: no treatment was named.
        """
        if not treatments:
            raise TypeError("lab.contrast needs a treatment: name one, for example treatment={...}")
        start = self.rng.bit_generator.state
        arms = [control, *(control if self.aa else arm for arm in treatments.values())]
        outcomes = []
        for arguments in arms:
            self.rng.bit_generator.state = start
            self._seed_keras()
            outcomes.append(experiment(**arguments))
        return tuple(outcomes)

    def claim(
        self, text: str, holds: bool, measured: Scalar = None, expected: Scalar = None
    ) -> None:
        """Record a claim of the answer with its measured truth value.

        Args:
            text: the claim as a sentence, true when `holds`.
            holds: the outcome of the comparison, a single truth value.
            measured: the number (or words) that was compared.
            expected: the number (or words) it was compared with, such as `"< 0.5"`.
        """
        self._claims.append(Claim(text, bool(holds), _scalar(measured), _scalar(expected)))

    def value(self, name: str, number: Scalar, unit: str = "") -> None:
        """Record a measured number; `unit` is empty for a pure number."""
        self._values.append(Value(name, _scalar(number), unit))

    def answer(self, value: Scalar) -> None:
        """Hand over the key: the number (`numeric`) or the text of the right option (`predict`)."""
        self._answer = _scalar(value)

    def lines(
        self,
        title: str,
        x: Iterable[float],
        series: Mapping[str, Iterable[float]],
        *,
        x_label: str = "",
        y_label: str = "",
        log_x: bool = False,
        log_y: bool = False,
    ) -> None:
        """Record curves over a common `x`."""
        named = {name: _numbers(ys) for name, ys in series.items()}
        self._figure("lines", title, x=_numbers(x), series=named, x_label=x_label,
                     y_label=y_label, log_x=log_x, log_y=log_y)  # fmt: skip

    def bars(
        self, title: str, heights: Mapping[str, float], *, y_label: str = "", log_y: bool = False
    ) -> None:
        """Record one bar per name."""
        named = {str(name): _scalar(height) for name, height in heights.items()}
        self._figure("bars", title, heights=named, y_label=y_label, log_y=log_y)

    def heatmap(
        self,
        title: str,
        matrix: Iterable,
        *,
        x_label: str = "",
        y_label: str = "",
        x_ticks: Iterable = (),
        y_ticks: Iterable = (),
    ) -> None:
        """Record a matrix as shades, row 0 on top."""
        self._figure("heatmap", title, matrix=_numbers(matrix), x_label=x_label, y_label=y_label,
                     x_ticks=[str(t) for t in x_ticks], y_ticks=[str(t) for t in y_ticks])  # fmt: skip

    def histogram(
        self, title: str, samples: Mapping[str, Iterable[float]], *, bins: int = 30, x_label: str = ""
    ) -> None:
        """Record the counts of each named sample over common, equal bins."""
        import numpy as np

        flat = {name: np.ravel(np.asarray(sample, "float64")) for name, sample in samples.items()}
        edges = np.histogram_bin_edges(np.concatenate(list(flat.values())), bins)
        counts = {name: _numbers(np.histogram(sample, edges)[0]) for name, sample in flat.items()}
        self._figure("histogram", title, edges=_numbers(edges), counts=counts, x_label=x_label)

    def images(self, title: str, images: Mapping[str, Iterable]) -> None:
        """Record grey pictures (2-D, dark to bright) under their captions."""
        named = {str(caption): _numbers(image) for caption, image in images.items()}
        self._figure("images", title, images=named)

    def progress(self, iterable: Iterable, label: str) -> Iterator:
        """Pass `iterable` through and report how far it is."""
        total = len(iterable) if hasattr(iterable, "__len__") else None
        self._emit(label, 0, total)
        for done, item in enumerate(iterable, 1):
            yield item
            self._emit(label, done, total)

    def report(self, seconds: float) -> Report:
        """Return what has been recorded so far."""
        return Report(self.question, self.seed, self.aa, self._claims, self._values, self._answer,
                      self._figures, round(seconds, 3), versions(), device())  # fmt: skip

    def _figure(self, kind: str, title: str, **data) -> None:
        self._figures.append(Figure(kind, title, data))

    def _seed_keras(self) -> None:
        import keras

        # A seed of its own: a model drawn from the data's seed can reproduce the data's labels.
        keras.utils.set_random_seed(self.seed + 7919)


def run(demo: Callable[[Lab], None], question: str, **settings) -> Report:
    """Run `demo(lab)` and return the report; `settings` are those of `Lab`."""
    lab = Lab(question, **settings)
    start = time.perf_counter()
    demo(lab)
    return lab.report(time.perf_counter() - start)


def versions() -> dict[str, str]:
    """Return the versions a measurement depends on."""
    import platform
    from importlib.metadata import version

    import keras

    names = ("dlprep", "keras", keras.backend.backend(), "numpy", "scikit-learn")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def device() -> str:
    """Return where Keras computes, for example `CPU` or `GPU`."""
    from keras.distribution import list_devices

    return "GPU" if any(name.startswith(("gpu", "cuda")) for name in list_devices()) else "CPU"


def _scalar(value) -> Scalar:
    """Turn NumPy and backend scalars into plain ones; non-finite numbers become words."""
    if value is None or isinstance(value, str | bool | int):
        return value
    from keras import ops

    value = ops.convert_to_numpy(value).item()
    return value if not isinstance(value, float) or abs(value) < float("inf") else str(value)


def _numbers(values) -> list:
    """Turn any array into nested lists of plain finite numbers; others become `None`."""
    if isinstance(values, Iterable) and not hasattr(values, "dtype"):
        values = list(values)
    from keras import ops

    def plain(item):
        if isinstance(item, list):
            return [plain(part) for part in item]
        return item if not isinstance(item, float) or abs(item) < float("inf") else None

    return plain(ops.convert_to_numpy(values).tolist())
