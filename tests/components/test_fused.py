"""A large variable is updated by one compiled kernel, and goes where the plain update leads."""

import keras
import numpy as np
import pytest
from components.arrays import assert_close

from dlprep import optimizers
from dlprep.optimizers import fused

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the fast path is TensorFlow's"
)
OPTIONS = {
    "AMSGrad": {},
    "Adadelta": {},
    "Adagrad": {},
    "Adam": {},
    "AdamW": {},
    "Adamax": {},
    "Lamb": {},
    "Lion": {},
    "Nadam": {},
    "RAdam": {},
    "RMSprop": {"centered": True},
    "SGD": {"momentum": 0.9, "nesterov": True},
}


def walk(name, smallest, monkeypatch, dtype="float32"):
    """Return two variables of one shape after three steps, and the step that moved them."""
    import tensorflow as tf

    monkeypatch.setattr(fused, "SMALLEST", smallest)
    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=(9, 7)), dtype=dtype) for _ in range(2)]
    optimizer = getattr(optimizers, name)(learning_rate=0.1, **OPTIONS[name])
    optimizer.build(variables)
    step = tf.function(lambda *gradients: optimizer.apply(gradients, variables))
    for _ in range(3):
        gradients = [tf.constant(rng.normal(size=(9, 7)), dtype) for _ in variables]
        step(*gradients)
    return variables, step.get_concrete_function(*gradients).graph


def kernels(graph):
    calls = [op for op in graph.get_operations() if op.type.endswith("PartitionedCall")]
    return len(calls), len({op.get_attr("f").name for op in calls})


@pytest.mark.parametrize("name", OPTIONS)
def test_the_compiled_update_is_the_plain_one(name, monkeypatch):
    plain, graph = walk(name, np.inf, monkeypatch)
    assert kernels(graph) == (0, 0)
    compiled, graph = walk(name, 1, monkeypatch)
    assert kernels(graph) == (2, 1), "variables of one shape share a kernel"
    for given, expected in zip(compiled, plain, strict=True):
        assert_close(given, expected, rtol=1e-5, atol=1e-6)


def test_a_share_can_be_a_numpy_number(monkeypatch):
    (plain, _), _ = walk("Adam", 1, monkeypatch)
    monkeypatch.setitem(OPTIONS, "Adam", {"beta_1": np.float32(0.9), "beta_2": np.float64(0.999)})
    (given, _), _ = walk("Adam", 1, monkeypatch)
    assert_close(given, plain, rtol=1e-5)


def test_a_half_precision_variable_is_moved_in_float32(monkeypatch):
    (plain, _), _ = walk("Adam", np.inf, monkeypatch, "float16")
    (compiled, _), graph = walk("Adam", 1, monkeypatch, "float16")
    assert kernels(graph) == (2, 1)
    assert_close(compiled, plain, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("name", ["Adam", "Adamax", "Lamb", "Nadam", "RAdam"])
def test_the_number_of_the_step_is_read_once_for_all_variables(name):
    import tensorflow as tf

    def readings(count):
        variables = [keras.Variable([1.0]) for _ in range(count)]
        optimizer = getattr(optimizers, name)()
        optimizer.build(variables)
        step = tf.function(lambda: optimizer.apply([v.value for v in variables], variables))
        graph = step.get_concrete_function().graph
        counter = graph.capture(optimizer.iterations.value.handle)
        return sum(op.type == "ReadVariableOp" and op.inputs[0] is counter
                   for op in graph.get_operations())  # fmt: skip

    assert readings(1) == readings(5) > 0
