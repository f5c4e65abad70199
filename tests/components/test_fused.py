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
NAMES = ["Adam", "SGD", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Lion", "Ftrl", "Lamb"]


def walk(name, smallest, monkeypatch):
    import tensorflow as tf

    monkeypatch.setattr(fused, "SMALLEST", smallest)
    rng = np.random.default_rng(0)
    variable = keras.Variable(rng.normal(size=(9, 7)).astype("float32"))
    optimizer = getattr(optimizers, name)(learning_rate=0.1)
    optimizer.build([variable])
    step = tf.function(lambda gradient: optimizer.apply([gradient], [variable]))
    for _ in range(3):
        step(tf.constant(rng.normal(size=(9, 7)).astype("float32")))
    compiled = [f for f in step.get_concrete_function(tf.zeros((9, 7))).graph._functions]
    return variable, bool(compiled)


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_update_is_the_plain_one(name, monkeypatch):
    plain, fast = walk(name, np.inf, monkeypatch)
    compiled, used = walk(name, 1, monkeypatch)
    assert used and not fast
    assert_close(compiled, plain, rtol=1e-5, atol=1e-6)


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
