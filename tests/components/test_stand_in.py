"""Where code asks `isinstance` with our name, Keras's class of that name counts too."""

import copy
import pickle
from importlib import import_module

import keras
import numpy as np
import pytest
from components.arrays import assert_same
from components.test_layers import IN_KERAS, apply, build, draw, model

from dlprep import constraints, initializers, layers, losses, regularizers

FAMILIES = {
    "callbacks": keras.callbacks,
    "constraints": keras.constraints,
    "initializers": keras.initializers,
    "layers": keras.layers,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "models": keras.models,
    "optimizers": keras.optimizers,
    "regularizers": keras.regularizers,
    "schedules": keras.optimizers.schedules,
}
PAIRS = [
    (getattr(import_module(f"dlprep.{family}"), name), getattr(of_keras, name))
    for family, of_keras in FAMILIES.items()
    for name in import_module(f"dlprep.{family}").__all__
    if name[0].isupper() and hasattr(of_keras, name)
]


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_the_name_stands_for_both(ours, theirs):
    assert issubclass(theirs, ours)
    assert isinstance(object.__new__(theirs), ours)
    assert isinstance(object.__new__(type("Heir", (theirs,), {})), ours)
    assert not isinstance(object(), ours)


@pytest.mark.parametrize("ours, theirs", PAIRS)
def test_a_subclass_of_a_user_is_not_widened(ours, theirs):
    mine = type(ours.__name__, (ours,), {"__module__": "mine"})
    assert issubclass(mine, ours)
    assert not issubclass(theirs, mine)
    assert not isinstance(object.__new__(ours), mine)


def test_classes_are_related_as_those_of_keras_are():
    for ours, theirs in PAIRS:
        for other, keras_other in PAIRS:
            assert issubclass(ours, other) == issubclass(theirs, keras_other), (ours, other)


@pytest.mark.parametrize(
    "base",
    [
        constraints.MaxNorm,
        initializers.RandomNormal,
        layers.LayerNormalization,
        layers.LeakyReLU,
        losses.Huber,
        regularizers.L2,
    ],
)
def test_a_subclass_of_a_user_may_have_arguments_of_its_own(base):
    class Mine(base):
        def __init__(self, mine, **options):
            super().__init__(**options)
            self.hidden = mine

    assert Mine(3).get_config().keys() == base().get_config().keys()


def test_what_keras_lacks_stands_for_itself():
    assert isinstance(layers.Highway(), layers.Highway)
    assert not isinstance(keras.layers.Dense(1), layers.Highway)


def test_fine_tuning_freezes_the_normalization_of_a_pretrained_base():
    of_keras = keras.layers
    base = keras.Sequential(
        [
            keras.Input((4,)),
            of_keras.BatchNormalization(),
            of_keras.Dense(3),
            of_keras.ReLU(),
            layers.BatchNormalization(),
        ]
    )
    frozen = [layer for layer in base.layers if isinstance(layer, layers.BatchNormalization)]
    assert frozen == [base.layers[0], base.layers[3]]
    for layer in frozen:
        layer.trainable = False
    before = [layer.get_weights() for layer in frozen]
    network = keras.Sequential([base, layers.Dense(1)])
    network.compile("sgd", "mse")
    network.fit(np.ones((2, 4)), np.ones((2, 1)), verbose=0)
    for layer, weights in zip(frozen, before, strict=True):
        for now, then in zip(layer.get_weights(), weights, strict=True):
            assert_same(now, then)


@pytest.mark.parametrize("name", IN_KERAS)
def test_a_layer_is_copied_and_cloned_as_one_of_ours(name):
    layer, inputs = build(name), draw(name)
    apply(name, layer, inputs)
    for copied in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert type(copied) is type(layer)
        for given, expected in zip(copied.get_weights(), layer.get_weights(), strict=True):
            assert_same(given, expected)
    clone = keras.models.clone_model(model(name, build(name)))
    assert any(isinstance(part, type(layer)) for part in clone._flatten_layers())
