"""What a demonstration talks to: arms, claims, values, the answer, figures, progress."""

import contextlib
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from dlprep import __version__
from dlprep.lab import values
from dlprep.lab.report import Claim, Figure, Report, Scalar, Value


class Lab:
    """One run of one demonstration.

    Args:
        question: Id of the question, for the report.
        seed: Non-negative integer; all randomness of the run comes from it.
        aa: Whether every treatment gets the control's arguments (the A/A run).
        emit: Called with `(label, done, total)` while a loop goes on; `total` may be `None`.
        draw: The numbers that the question draws, by name.

    Attributes:
        seed: The seed of this run.
        draw: The numbers that the question draws, by name; read only.
        rng: A `numpy.random.Generator`, the demonstration's only source of chance beside Keras's
            own, which the lab seeds too.
    """

    def __init__(
        self,
        question: str,
        seed: int = 0,
        aa: bool = False,
        emit: Callable[[str, int, int | None], None] = lambda label, done, total: None,
        draw: Mapping[str, float] | None = None,
    ):
        import numpy as np

        self.question, self.seed, self.aa = question, seed, aa
        self.rng = np.random.default_rng(seed)
        self.draw = MappingProxyType(dict(draw or {}))
        self._emit = emit
        self._claims: list[Claim] = []
        self._values: list[Value] = []
        self._figures: list[Figure] = []
        self._answer: Scalar = None
        self._seed()

    def contrast(self, experiment: Callable, *, control: Mapping, **treatments: Mapping) -> tuple:
        """Call `experiment(**arguments)` once per arm and return the outcomes, control first.

        Every arm starts from the same random state, so that arms differ by their arguments
        alone. In an A/A run every treatment gets the control's arguments.

        Args:
            experiment: A function of the arms' arguments.
            control: Arguments of the control arm.
            **treatments: One or more named mappings; usually a single `treatment=`.

        Returns:
            A tuple `(control's outcome, first treatment's outcome, ...)`.

        Raises:
            TypeError: No treatment was named.
        """
        if not treatments:
            raise TypeError("lab.contrast needs a treatment: name one, for example treatment={...}")
        start = self.rng.bit_generator.state
        arms = [control, *(control if self.aa else arm for arm in treatments.values())]
        outcomes = []
        for arguments in arms:
            self.rng.bit_generator.state = start
            self._seed()
            outcomes.append(experiment(**arguments))
        return tuple(outcomes)

    def claim(
        self,
        text: str,
        holds: bool,
        measured: Scalar = None,
        expected: Scalar = None,
        *,
        share: bool = False,
    ) -> None:
        """Record a claim of the answer with its measured truth value.

        Args:
            text: The claim as a sentence, true when `holds`.
            holds: The outcome of the comparison, a single truth value.
            measured: The number (or words) that was compared.
            expected: What it was compared with: `"< 0.5"`, `">= 3"`, a range `"0.4 to 0.6"`, or the
                number (or words) that it has to be.
            share: Whether `measured` is a share, an accuracy or a correlation, whose distance from
                1 counts where it is above one half; else it is a quantity of any size.

        Raises:
            TypeError: `holds` is no single truth value.
            ValueError: The run has claimed the same before.
        """
        what = f"claim {text!r}"
        if any(claim.text == text for claim in self._claims):
            raise ValueError(f"{what} was made before: say how the two differ")
        holds, measured = values.truth(holds, what), values.scalar(measured, f"measured of {what}")
        self._claims.append(
            Claim(text, holds, measured, values.scalar(expected, f"expected of {what}"), share)
        )

    def value(self, name: str, number: Scalar, unit: str = "") -> None:
        """Record a measured number; `unit` is empty for a pure number.

        Raises:
            TypeError: `number` is an array.
            ValueError: The name is taken.
        """
        if any(value.name == name for value in self._values):
            raise ValueError(f"value {name!r} was recorded before: name what differs")
        self._values.append(Value(name, values.scalar(number, f"value {name!r}"), unit))

    def answer(self, value: Scalar) -> None:
        """Hand over the key: the number (`numeric`) or the text of the right option (`predict`).

        Raises:
            ValueError: It has been handed over before.
        """
        if self._answer is not None:
            raise ValueError(f"the answer is {self._answer!r} already: call lab.answer once")
        self._answer = values.scalar(value, "the answer")

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
        """Record curves over a common `x`; every series has as many numbers as `x`.

        Fields: `x`, `series` (name to numbers, `None` where not finite), `x_label`, `y_label`,
        `log_x`, `log_y`.
        """
        x = values.nested(x, f"x of {title!r}", 1)
        named = {str(name): values.nested(ys, f"series {name!r}", 1) for name, ys in series.items()}
        for name, ys in named.items():
            if len(ys) != len(x):
                raise ValueError(f"series {name!r} has {len(ys)} numbers, x of {title!r} {len(x)}")
        axes = {"x_label": x_label, "y_label": y_label, "log_x": log_x, "log_y": log_y}
        self._figure("lines", title, x=x, series=named, **axes)

    def bars(
        self, title: str, heights: Mapping[str, float], *, y_label: str = "", log_y: bool = False
    ) -> None:
        """Record one bar per name.

        Fields: `heights` (name to number, `None` where not finite), `y_label`, `log_y`.
        """
        named = {str(name): values.finite(y, f"bar {name!r}") for name, y in heights.items()}
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
        """Record a matrix as shades, row 0 on top; ticks name every column and every row.

        Fields: `matrix` (list of rows), `x_label`, `y_label`, `x_ticks`, `y_ticks` (texts, none
        or one for each column or row).
        """
        rows = values.nested(matrix, f"heatmap {title!r}", 2)
        ticks = {"x_ticks": [str(t) for t in x_ticks], "y_ticks": [str(t) for t in y_ticks]}
        sizes = len(rows[0]) if rows else 0, len(rows)
        for (name, texts), size in zip(ticks.items(), sizes, strict=True):
            if texts and len(texts) != size:
                raise ValueError(f"{name} of {title!r} has {len(texts)} names for {size} places")
        self._figure("heatmap", title, matrix=rows, x_label=x_label, y_label=y_label, **ticks)

    def histogram(
        self,
        title: str,
        samples: Mapping[str, Iterable[float]],
        *,
        bins: int = 30,
        x_label: str = "",
    ) -> None:
        """Record the counts of each named sample over common, equal bins.

        Samples may have any shape; numbers that are not finite are left out.

        Fields: `edges` (one more than bins), `counts` (name to counts), `x_label`.
        """
        import numpy as np

        flat = {
            str(name): values.flat(sample, f"sample {name!r}") for name, sample in samples.items()
        }
        edges = np.histogram_bin_edges(sum(flat.values(), []), bins)
        counts = {name: np.histogram(sample, edges)[0].tolist() for name, sample in flat.items()}
        self._figure("histogram", title, edges=edges.tolist(), counts=counts, x_label=x_label)

    def images(self, title: str, images: Mapping[str, Iterable]) -> None:
        """Record grey pictures, dark to bright, under their captions.

        Fields: `images` (caption to list of rows). A last axis of length 1 is dropped.
        """
        named = {}
        for caption, image in images.items():
            shape = getattr(image, "shape", ())
            image = image[..., 0] if len(shape) == 3 and shape[-1] == 1 else image
            named[str(caption)] = values.nested(image, f"image {caption!r}", 2)
        self._figure("images", title, images=named)

    def progress(self, iterable: Iterable, label: str) -> Iterator:
        """Pass `iterable` through and report how far it is."""
        total = len(iterable) if hasattr(iterable, "__len__") else None
        self._emit(label, 0, total)
        for done, item in enumerate(iterable, 1):
            yield item
            self._emit(label, done, total)

    def report(self, seconds: float, cpu: float = 0.0) -> Report:
        """Return what has been recorded so far; the run took seconds on the clock and the CPU."""
        found = self._claims, self._values, self._answer, self._figures
        machine = versions(), device(), round(cpu, 3)
        run = self.question, self.seed, self.aa
        return Report(*run, *found, round(seconds, 3), *machine, dict(self.draw))

    def _figure(self, kind: str, title: str, **data) -> None:
        self._figures.append(Figure(kind, title, data))

    def _seed(self) -> None:
        """Seed what draws without `rng`; Keras only where there is one."""
        import numpy as np

        # A seed of its own: a model drawn from the data's seed can reproduce the data's labels.
        seed = self.seed + 7919
        random.seed(seed)
        np.random.seed(seed)
        with contextlib.suppress(ImportError):
            import keras

            keras.utils.set_random_seed(seed)


def run(demo: Callable[[Lab], None], question: str, **settings) -> Report:
    """Run `demo(lab)` and return the report; `settings` are those of `Lab`."""
    lab = Lab(question, **settings)
    start, before = time.perf_counter(), time.process_time()
    demo(lab)
    return lab.report(time.perf_counter() - start, time.process_time() - before)


def versions() -> dict[str, str]:
    """Return the versions a measurement depends on, of what is there."""
    import platform
    from importlib.metadata import PackageNotFoundError, version

    import numpy as np

    found = {"python": platform.python_version(), "dlprep": __version__}
    if keras := sys.modules.get("keras"):
        backend = keras.backend.backend()
        found |= {"keras": keras.__version__, backend: sys.modules[backend].__version__}
    found["numpy"] = np.__version__
    with contextlib.suppress(PackageNotFoundError):
        found["scikit-learn"] = version("scikit-learn")
    return found


def device() -> str:
    """Return where Keras computes, `CPU` or `GPU`; NumPy knows the first alone."""
    keras = sys.modules.get("keras")
    place = str(getattr(keras.ops.zeros(1), "device", "")).lower() if keras else ""
    return "GPU" if any(word in place for word in ("gpu", "cuda", "rocm", "mps")) else "CPU"
