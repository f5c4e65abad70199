"""What a demonstration records: arms, claims, values, the answer, figures, progress."""

import time

import keras
import numpy as np
import pytest
from keras import ops

from dlprep.lab.lab import Lab, run
from dlprep.lab.report import Report

TENSORS = [np.asarray, ops.convert_to_tensor]


@pytest.fixture
def lab():
    return Lab("some-question")


def draws():
    """Draw from every source of chance a demonstration has."""
    initial = keras.initializers.GlorotNormal()((3, 3))
    dropped = keras.layers.Dropout(0.5)(np.ones((4, 4), "float32"), training=True)
    parts = keras.random.normal((4,)), initial, dropped
    return np.concatenate([np.ravel(ops.convert_to_numpy(part)) for part in parts])


def figure(lab):
    return lab.report(0.0).figures[-1]


def claim(lab):
    return lab.report(0.0).claims[-1]


def test_the_same_seed_gives_the_same_report():
    def demo(lab):
        lab.lines("curve", range(5), {"a": lab.rng.normal(size=5)})
        lab.value("drawn", draws().sum())
        lab.claim("true", True)

    one, two, other = (run(demo, "q", seed=seed).to_dict() for seed in (3, 3, 4))
    for report in (one, two, other):
        del report["seconds"], report["cpu"], report["seed"]
    assert one == two
    assert one != other


def test_the_model_does_not_share_the_seed_of_the_data(lab):
    keras_draws = keras.random.normal((5,), seed=keras.random.SeedGenerator(lab.seed))
    assert not np.allclose(lab.rng.normal(size=5), keras_draws)
    again = np.random.RandomState(lab.seed).normal(size=5)
    assert not np.allclose(np.random.normal(size=5), again)


def test_every_arm_starts_from_the_same_random_state(lab):
    def experiment(scale):
        return scale * np.concatenate([lab.rng.normal(size=3), draws()])

    lab.rng.normal(size=7)
    one, two, three = lab.contrast(
        experiment, control={"scale": 1.0}, double={"scale": 2.0}, triple={"scale": 3.0}
    )
    np.testing.assert_allclose(two, 2 * one)
    np.testing.assert_allclose(three, 3 * one)


def test_arms_go_on_from_where_the_demonstration_is(lab):
    def experiment(**_):
        return lab.rng.normal()

    first = lab.contrast(experiment, control={}, treatment={})
    assert lab.contrast(experiment, control={}, treatment={}) != first


def test_outcomes_come_in_the_order_of_the_arms(lab):
    arms = {"control": {"x": 0}, "late": {"x": 1}, "early": {"x": 2}}
    assert lab.contrast(lambda x: x, **arms) == (0, 1, 2)


def test_an_aa_run_gives_every_arm_the_controls_arguments():
    lab = Lab("q", aa=True)
    arms = {"control": {"x": 0}, "one": {"x": 1}, "two": {"x": 2, "unknown": 3}}
    assert lab.contrast(lambda x: x, **arms) == (0, 0, 0)
    assert lab.report(0.0).aa


def test_a_contrast_needs_a_treatment(lab):
    with pytest.raises(TypeError, match="name one, for example treatment="):
        lab.contrast(lambda: 0, control={})


@pytest.mark.parametrize("tensor", TENSORS)
def test_a_claim_takes_any_single_truth_value(lab, tensor):
    for number, holds in enumerate((True, np.True_, tensor(True), tensor([[True]]))):
        lab.claim(f"claim {number}", holds)
        assert claim(lab).holds is True
    lab.claim("false", tensor(0.5) > 1)
    assert claim(lab).holds is False


@pytest.mark.parametrize("tensor", TENSORS)
@pytest.mark.parametrize("number", [0.1, -2.5, 1e-30, 7, 0])
def test_a_scalar_stays_the_number_that_was_meant(lab, tensor, number):
    lab.value("v", tensor(number))
    lab.value("w", number)
    stored = [value.number for value in lab.report(0.0).values]
    assert stored == [number, number]
    assert [type(value) for value in stored] == [type(number)] * 2


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("tensor", [float, np.float32, ops.convert_to_tensor])
def test_a_number_that_is_not_finite_becomes_a_word(lab, tensor, number):
    lab.value("v", tensor(number))
    lab.claim("c", True, measured=tensor(number), expected="a number")
    assert lab.report(0.0).values[0].number == str(number)
    assert claim(lab).measured == str(number)


@pytest.mark.parametrize(
    ("record", "error", "message"),
    [
        (lambda lab: lab.claim("c", [True]), TypeError, r"claim 'c' needs True or False"),
        (lambda lab: lab.claim("c", None), TypeError, r"came None: compare it"),
        (lambda lab: lab.claim("c", 0.9), TypeError, r"came 0.9: compare"),
        (lambda lab: lab.claim("c", np.float32(1)), TypeError, r"came float32: compare"),
        (lambda lab: lab.claim("c", np.ones(3) > 0), TypeError, r"shape \(3,\): take .all\(\)"),
        (lambda lab: lab.claim("c", True, np.ones(2)), TypeError, r"measured of claim 'c'"),
        (lambda lab: lab.claim("c", True, 1, [1, 2]), TypeError, r"expected of claim 'c'"),
        (lambda lab: lab.value("v", np.ones(2)), TypeError, r"value 'v' needs one number, came"),
        (lambda lab: lab.value("v", 1j), TypeError, r"value 'v' needs numbers, came 1j"),
        (lambda lab: lab.value("v", {"a": 1}), TypeError, r"value 'v' needs numbers"),
        (lambda lab: lab.answer(np.ones(2)), TypeError, r"the answer needs one number"),
        (lambda lab: lab.lines("t", [1], {"a": [1, 2]}), ValueError, r"'a' has 2 numbers, x of"),
        (lambda lab: lab.lines("t", [1], {"a": [[1]]}), ValueError, r"1 axes, came shape \(1, 1\)"),
        (lambda lab: lab.lines("t", "ab", {}), TypeError, r"x of 't' needs numbers, came 'ab'"),
        (lambda lab: lab.bars("t", {"a": "high"}), TypeError, r"bar 'a' needs numbers"),
        (lambda lab: lab.heatmap("t", [[1, 2], [3]]), ValueError, r"needs rows of one length"),
        (lambda lab: lab.heatmap("t", [1, 2]), ValueError, r"needs 2 axes, came shape \(2,\)"),
        (lambda lab: lab.heatmap("t", [[1]], x_ticks="ab"), ValueError, r"2 names for 1 places"),
        (lambda lab: lab.images("t", {"a": [1]}), ValueError, r"image 'a' needs 2 axes"),
        (lambda lab: lab.histogram("t", {"a": ["x"]}), TypeError, r"sample 'a' needs numbers"),
    ],
)
def test_a_wrong_record_says_which_and_why(lab, record, error, message):
    with pytest.raises(error, match=message):
        record(lab)


def test_nothing_is_recorded_twice(lab):
    lab.value("loss", 1.0)
    lab.claim("it falls", True)
    lab.answer("yes")
    with pytest.raises(ValueError, match="'loss' was recorded before"):
        lab.value("loss", 2.0)
    with pytest.raises(ValueError, match="'it falls' was made before"):
        lab.claim("it falls", False)
    with pytest.raises(ValueError, match="'yes' already"):
        lab.answer("no")


@pytest.mark.parametrize("tensor", [list, *TENSORS])
def test_lines(lab, tensor):
    lab.lines("t", tensor([1.0, 2.0]), {"a": tensor([0.5, float("nan")])}, log_y=True)
    assert figure(lab).kind == "lines"
    assert figure(lab).data == {
        "x": [1.0, 2.0],
        "series": {"a": [0.5, None]},
        "x_label": "",
        "y_label": "",
        "log_x": False,
        "log_y": True,
    }


def test_series_may_be_tensors_one_by_one_or_a_generator(lab):
    losses = [ops.convert_to_tensor(0.1), np.float32(0.2), None]
    lab.lines("t", (n for n in range(3)), {"loss": losses})
    assert figure(lab).data["x"] == [0, 1, 2]
    assert figure(lab).data["series"] == {"loss": [0.1, 0.2, None]}


def test_bars(lab):
    lab.bars("t", {"a": np.float32(0.1), 2: np.inf, "c": 3}, y_label="loss")
    heights = {"a": 0.1, "2": None, "c": 3}
    assert figure(lab).data == {"heights": heights, "y_label": "loss", "log_y": False}


@pytest.mark.parametrize("tensor", [list, *TENSORS])
def test_heatmap(lab, tensor):
    lab.heatmap("t", tensor([[1.0, 2.0, 3.0]]), x_ticks="abc", y_ticks=[7])
    assert figure(lab).data["matrix"] == [[1.0, 2.0, 3.0]]
    assert figure(lab).data["x_ticks"] == ["a", "b", "c"]
    assert figure(lab).data["y_ticks"] == ["7"]


def test_histogram_counts_over_common_bins(lab):
    lab.histogram("t", {"a": [[0.0, 1.0], [1.0, np.nan]], "b": np.array([4.0])}, bins=4)
    data = figure(lab).data
    assert data["edges"] == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert data["counts"] == {"a": [1, 2, 0, 0], "b": [0, 0, 0, 1]}


@pytest.mark.parametrize("samples", [{}, {"a": []}, {"a": [np.nan]}, {"a": [3.0] * 9}])
def test_histogram_of_nothing_or_of_one_number(lab, samples):
    lab.histogram("t", samples, bins=3)
    data = figure(lab).data
    assert len(data["edges"]) == 4
    assert sum(map(sum, data["counts"].values())) == (9 if 3.0 in sum(samples.values(), []) else 0)


def test_images_may_have_a_last_axis_of_one(lab):
    lab.images("t", {"digit": np.zeros((2, 3, 1)), "flat": [[1, 0]]})
    assert figure(lab).data["images"] == {"digit": [[0.0] * 3] * 2, "flat": [[1, 0]]}


@pytest.mark.parametrize(
    ("iterable", "total"), [(range(3), 3), (np.arange(3), 3), (iter(range(3)), None)]
)
def test_progress_passes_items_on_and_counts_them(iterable, total):
    news = []
    lab = Lab("q", emit=lambda *event: news.append(event))
    seen = [(item, len(news)) for item in lab.progress(iterable, "steps")]
    assert seen == [(0, 1), (1, 2), (2, 3)]
    assert news == [("steps", done, total) for done in range(4)]


def test_a_report_says_what_was_run_and_where():
    report = run(lambda lab: lab.claim("c", True), "some-question", seed=5)
    assert (report.question, report.seed, report.aa) == ("some-question", 5, False)
    assert report.versions["keras"] == keras.__version__
    assert {"python", "dlprep", "numpy", "scikit-learn"} < set(report.versions)
    assert keras.backend.backend() in report.versions
    assert report.device in ("CPU", "GPU")
    assert report.seconds >= 0
    assert report.holds


def test_a_report_tells_time_on_the_clock_from_work():
    idle = run(lambda lab: time.sleep(0.2), "q")
    assert idle.seconds >= 0.2 > 2 * idle.cpu
    assert run(lambda lab: sum(range(10**6)), "q").cpu > 0


def test_a_report_holds_when_every_claim_does():
    assert not Report("q", 0, False).holds
    one = run(lambda lab: [lab.claim("a", True), lab.claim("b", False)], "q")
    assert not one.holds
