"""What users override and call on a Keras optimizer works on every one of ours."""

import keras
import numpy as np
import pytest
from components.arrays import array, assert_close, assert_same
from components.cases.optimizers import OPTIMIZERS
from components.test_optimizers import CASES, make, move

from dlprep import optimizers

every = pytest.mark.parametrize(("name", "options"), CASES)
once = pytest.mark.parametrize("name", OPTIMIZERS)
in_keras = pytest.mark.parametrize("name", [n for n in OPTIMIZERS if hasattr(keras.optimizers, n)])
START = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
GRADIENTS = np.random.default_rng(1).normal(size=(4, 4, 3)).astype("float32")


def with_hooks(optimizer, **methods):
    """Make the optimizer one of a subclass with these methods; of Lookahead, the wrapped one."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    inner.__class__ = type("Own", (type(inner),), methods)
    return optimizer


@once
def test_an_overridden_update_step_takes_every_step(name):
    seen = []

    def update_step(self, gradient, variable, learning_rate):
        seen.append(float(array(learning_rate)))
        super(type(self), self).update_step(2 * gradient, variable, learning_rate)

    options = OPTIMIZERS[name][0]
    given = move(with_hooks(make(name, options), update_step=update_step), START, GRADIENTS)
    assert seen == [pytest.approx(options["learning_rate"])] * 4
    assert_close(given, move(make(name, options), START, 2 * GRADIENTS), rtol=1e-5, atol=1e-6)


@once
def test_an_overridden_assignment_is_used_where_a_kernel_would_be_faster(name, monkeypatch):
    seen = []

    def stored(method):
        def store(self, variable, value):
            seen.append(tuple(variable.shape))
            getattr(super(type(self), self), method)(variable, value)

        return store

    hooks = {method: stored(method) for method in ("assign", "assign_sub")}
    optimizer = with_hooks(make(name, OPTIMIZERS[name][-1]), **hooks)
    weights = keras.Variable(START)
    optimizer.build([weights])
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        from dlprep.optimizers import fused

        monkeypatch.setattr(fused, "SMALLEST", 1)
        tf.function(lambda: optimizer.apply([tf.constant(GRADIENTS[0])], [weights]))()
    else:
        optimizer.apply([keras.ops.array(GRADIENTS[0])], [weights])
    own = [v for v in optimizer.variables if len(v.shape) and "slow" not in v.path]
    assert len([shape for shape in seen if shape]) == 1 + len(own)


@once
def test_an_overridden_build_adds_a_slot_like_a_variable(name):
    def build(self, variables):
        if not self.built:
            super(type(self), self).build(variables)
            self.own = [self.add_variable_from_reference(v, "own") for v in variables]

    weights = keras.Variable(START, dtype="float16")
    optimizer = with_hooks(make(name, OPTIMIZERS[name][0]), build=build)
    optimizer.build([weights])
    (slot,) = [v for v in optimizer.variables if v.path.endswith("own")]
    assert tuple(slot.shape) == START.shape
    assert slot.dtype == "float32"


@once
def test_apply_gradients_counts_the_steps(name):
    optimizer, weights = make(name, OPTIMIZERS[name][0]), keras.Variable(START)
    for count, gradient in enumerate(GRADIENTS, 1):
        steps = optimizer.apply_gradients(iter([(keras.ops.array(gradient), weights)]))
        assert int(steps) == int(optimizer.iterations) == count
    expected = move(make(name, OPTIMIZERS[name][0]), START, GRADIENTS)[-1]
    assert_close(weights, expected, rtol=1e-6)


@once
def test_the_rate_can_be_set_between_steps(name):
    optimizer, weights = make(name, OPTIMIZERS[name][0]), keras.Variable(START)
    optimizer.apply([keras.ops.array(GRADIENTS[0])], [weights])
    before = array(weights).copy()
    optimizer.learning_rate = 0.0
    assert float(optimizer.learning_rate) == 0.0
    if name not in ("Ftrl", "Lookahead"):
        optimizer.apply([keras.ops.array(GRADIENTS[1])], [weights])
        assert_same(weights, before)


@once
@pytest.mark.parametrize("by_name", [True, False])
def test_variables_can_be_spared_the_decay(name, by_name):
    def moved(spare):
        kernel, bias = (keras.Variable(START, name=n) for n in ("kernel", "bias"))
        decay = {"adam_weight_decay": 0.5} if name == "Muon" else {}
        options = {**OPTIMIZERS[name][0], **decay, "learning_rate": 0.1}
        optimizer = make(name, options, weight_decay=0.5)
        if spare:
            given = {"var_names": ["bias"]} if by_name else {"var_list": [bias]}
            optimizer.exclude_from_weight_decay(**given)
        optimizer.apply([keras.ops.array(GRADIENTS[0])] * 2, [kernel, bias])
        return array(kernel), array(bias)

    (kernel, spared), (decayed, bias) = moved(True), moved(False)
    assert_close(kernel, decayed, rtol=1e-6)
    assert np.abs(spared - bias).max() > 1e-3


@once
def test_the_average_of_the_weights_is_what_remains(name):
    options = {"use_ema": True, "ema_momentum": 0.5}
    walk = move(make(name, OPTIMIZERS[name][0]), START, GRADIENTS)
    optimizer, weights = make(name, OPTIMIZERS[name][0], **options), keras.Variable(START)
    for gradient in GRADIENTS:
        optimizer.apply([keras.ops.array(gradient)], [weights])
    if name != "Lookahead":
        assert_close(weights, walk[-1], rtol=1e-5, atol=1e-6)
        optimizer.finalize_variable_values([weights])
        average = walk[0]
        for value in walk[1:]:
            average = 0.5 * average + 0.5 * value
        assert_close(weights, average, rtol=1e-5, atol=1e-6)


@every
@pytest.mark.parametrize("how", ["store", "set_weights"])
def test_an_optimizer_that_takes_over_the_variables_continues(name, options, how):
    first, weights = make(name, options), keras.Variable(START)
    for gradient in GRADIENTS[:2]:
        first.apply([keras.ops.array(gradient)], [weights])
    second = make(name, options)
    second.build([weights])
    if how == "store":
        store = {}
        first.save_own_variables(store)
        second.load_own_variables(store)
    else:
        second.set_weights([array(v) for v in first.variables])
    for gradient in GRADIENTS[2:]:
        second.apply([keras.ops.array(gradient)])
    assert_close(weights, move(make(name, options), START, GRADIENTS)[-1], rtol=1e-5, atol=1e-6)


@in_keras
def test_names_shapes_and_values_of_the_variables_are_those_of_keras(name):
    """Adafactor keeps no full second moment; the product of Nadam's momenta has a name here."""
    for options in OPTIMIZERS[name]:
        pair = []
        for module in (optimizers, keras.optimizers):
            weights = [keras.Variable(START, name="kernel"), keras.Variable(START[0], name="bias")]
            optimizer = getattr(module, name)(**options, name="one")
            for gradient in GRADIENTS[:2]:
                optimizer.apply([keras.ops.array(g) for g in (gradient, gradient[0])], weights)
            pair.append(optimizer)
        ours, theirs = pair
        public = {key for key in dir(theirs) if not key.startswith("_")}
        assert public <= set(dir(ours))
        if name == "Adafactor":
            continue
        for a, b in zip(ours.variables, theirs.variables, strict=True):
            assert a.path == b.path or a.path == "one/momentum_product"
            assert_close(a, b, rtol=1e-4, atol=1e-6)


def test_a_native_variable_of_tensorflow_can_be_moved():
    if keras.backend.backend() != "tensorflow":
        pytest.skip("TensorFlow's variables")
    import tensorflow as tf

    for dtype in ("float32", "float16"):
        weights = tf.Variable(tf.ones(3, dtype))
        optimizers.Adam(0.1).apply([tf.ones(3, dtype)], [weights])
        assert_close(weights, np.full(3, 0.9), rtol=1e-3)


@every
def test_the_stateless_step_is_the_step(name, options):
    optimizer, weights = make(name, options), keras.Variable(START)
    optimizer.build([weights])
    if keras.backend.backend() == "tensorflow":
        pytest.skip("Keras has no stateless step on TensorFlow")
    state, memory = [weights.value], [v.value for v in optimizer.variables]
    for gradient in GRADIENTS:
        state, memory = optimizer.stateless_apply(memory, [keras.ops.array(gradient)], state)
    assert_same(weights, START)
    assert_close(state[0], move(make(name, options), START, GRADIENTS)[-1], rtol=1e-5, atol=1e-6)


NORMAL = keras.constraints.UnitNorm(axis=0)
LEAVING = {
    "the slow step": lambda: optimizers.Lookahead(optimizers.SGD(5.0), sync_period=1),
    "the slow step of an average": lambda: optimizers.Lookahead(
        optimizers.SGD(5.0, use_ema=True, ema_momentum=0.5), sync_period=3
    ),
    "an average": lambda: optimizers.SGD(5.0, use_ema=True, ema_momentum=0.5),
    "an overwriting average": lambda: optimizers.Adam(
        0.5, use_ema=True, ema_momentum=0.5, ema_overwrite_frequency=2
    ),
}


@pytest.mark.parametrize("finalize", [False, True])
@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("name", LEAVING)
def test_constraints_hold_whatever_writes_the_weights_last(name, dtype, finalize):
    weights, optimizer = keras.Variable(START, dtype=dtype), LEAVING[name]()
    weights.constraint = NORMAL
    for gradient in GRADIENTS:
        optimizer.apply([keras.ops.array(gradient)], [weights])
        if finalize:
            optimizer.finalize_variable_values([weights])
        norms = np.linalg.norm(array(weights).astype("float32"), axis=0)
        assert_close(norms, np.ones(3), rtol=1e-5 if dtype == "float32" else 2e-3)
