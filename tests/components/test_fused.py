"""A variable that one kernel updates goes where the plain update leads."""

import functools
import gc

import keras
import numpy as np
import pytest
from components.arrays import assert_close

from dlprep import optimizers
from dlprep.optimizers import fused

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "tensorflow", reason="the fast path is TensorFlow's"
)
COMPILED = {
    "AMSGrad": {},
    "Adagrad": {},
    "Adam": {},
    "AdamW": {},
    "Lamb": {},
    "Lion": {},
    "Nadam": {},
    "RAdam": {},
    "RMSprop": {"centered": True},
}
OWN_KERNEL = {
    "Adadelta": {"learning_rate": 10.0},
    "Adamax": {"beta_1": np.float32(0.8), "beta_2": np.float64(0.99)},
    "SGD": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9, "nesterov": True},
}


def walk(name, options, dtype="float32", **how):
    """Return two variables of one shape after three steps, and the step that moved them."""
    import tensorflow as tf

    rng = np.random.default_rng(0)
    variables = [keras.Variable(rng.normal(size=(9, 7)), dtype=dtype) for _ in range(2)]
    optimizer = getattr(optimizers, name)(**{"learning_rate": 0.1, **options})
    optimizer.build(variables)
    step = tf.function(lambda *gradients: optimizer.apply(gradients, variables), **how)
    for _ in range(3):
        gradients = [tf.constant(rng.normal(size=(9, 7)), dtype) for _ in variables]
        step(*gradients)
    return variables, step.get_concrete_function(*gradients).graph


def kernels(graph):
    calls = [op for op in graph.get_operations() if op.type.endswith("PartitionedCall")]
    return len(calls), len({op.get_attr("f").name for op in calls})


def native(graph):
    """Return how many of TensorFlow's own updates a graph holds."""
    return sum(op.type.startswith("ResourceApply") for op in graph.get_operations())


@pytest.mark.parametrize("name", COMPILED)
def test_the_compiled_update_is_the_plain_one(name, monkeypatch):
    plain, graph = walk(name, COMPILED[name])
    assert kernels(graph) == (0, 0)
    monkeypatch.setattr(fused, "SMALLEST", 1)
    compiled, graph = walk(name, COMPILED[name])
    assert kernels(graph) == (2, 1), "variables of one shape share a kernel"
    for given, expected in zip(compiled, plain, strict=True):
        assert_close(given, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.slow
def test_a_kernel_outlives_the_model_that_it_was_compiled_for(monkeypatch):
    monkeypatch.setattr(fused, "SMALLEST", 0)
    monkeypatch.setattr(fused, "compiled", functools.cache(fused.compiled.__wrapped__))
    for name in ("Adam", "Adam", "Ftrl", "Ftrl"):
        model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        model.compile(getattr(optimizers, name)(), "mse")
        model.fit(np.ones((4, 2)), np.ones((4, 3)), verbose=0)
        del model
        keras.backend.clear_session()
        gc.collect()


def test_a_share_can_be_a_numpy_number(monkeypatch):
    monkeypatch.setattr(fused, "SMALLEST", 1)
    (plain, _), _ = walk("Adam", {})
    (given, _), _ = walk("Adam", {"beta_1": np.float32(0.9), "beta_2": np.float64(0.999)})
    assert_close(given, plain, rtol=1e-5)


def test_a_half_precision_variable_is_moved_in_float32(monkeypatch):
    (plain, _), graph = walk("Adam", {}, "float16")
    assert kernels(graph) == (0, 0) and not native(graph)
    monkeypatch.setattr(fused, "SMALLEST", 1)
    (compiled, _), graph = walk("Adam", {}, "float16")
    assert kernels(graph) == (2, 1)
    assert_close(compiled, plain, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OWN_KERNEL)
def test_tensorflows_own_kernel_is_the_plain_update(name, dtype, monkeypatch):
    case = ("SGD" if name == "nesterov" else name, OWN_KERNEL[name], dtype)
    given, graph = walk(*case)
    assert native(graph) == 2
    monkeypatch.setattr(fused, "kernel_of", lambda *_: None)
    plain, graph = walk(*case)
    assert native(graph) == 0
    for ours, expected in zip(given, plain, strict=True):
        assert_close(ours, expected, rtol=1e-6, atol=1e-6)


def test_under_xla_the_rule_itself_is_compiled():
    given, _ = walk("Adamax", {})
    expected, graph = walk("Adamax", {}, jit_compile=True)
    assert native(graph) == 0
    for ours, theirs in zip(given, expected, strict=True):
        assert_close(ours, theirs, rtol=1e-5)


@pytest.mark.parametrize("name", ["Adadelta", "Adamax", "SGD"])
def test_a_sparse_gradient_needs_the_rule(name):
    import tensorflow as tf

    dense, sparse = keras.Variable(np.ones((3, 2))), keras.Variable(np.ones((3, 2)))
    slices = tf.IndexedSlices(tf.ones((1, 2)), tf.constant([1]), (3, 2))
    for variable, gradient in ((dense, tf.convert_to_tensor(slices)), (sparse, slices)):
        optimizer = getattr(optimizers, name)(**{"learning_rate": 0.1, **OWN_KERNEL[name]})
        for _ in range(2):
            optimizer.apply([gradient], [variable])
    assert_close(sparse, dense, rtol=1e-5)


@pytest.mark.parametrize(
    "name", ["Adafactor", "Adagrad", "Adam", "Adamax", "Lamb", "Lion", "Nadam", "RAdam"]
)
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
