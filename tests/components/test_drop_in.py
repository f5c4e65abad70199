"""Every family in Keras's place: each of Keras's names means Keras's own object or ours."""

import importlib
import importlib.util
import inspect
import sys

import keras
import pytest

import dlprep

FAMILIES = [*dlprep.COMPONENTS, "optimizers.schedules"]
EVERY = pytest.mark.parametrize("family", FAMILIES)


def both(family):
    return importlib.import_module(f"dlprep.{family}"), importlib.import_module(f"keras.{family}")


def public(module):
    return [name for name in dir(module) if not name.startswith("_")]


def classes(family):
    """Return the names of our classes that Keras makes without arguments too."""
    ours, theirs = both(family)
    found = []
    for name in ours.__all__:
        given = (
            inspect.isclass(getattr(theirs, name, None))
            and inspect.signature(getattr(theirs, name)).parameters.values()
        )
        if given and all(p.default is not p.empty or p.kind is p.VAR_KEYWORD for p in given):
            found.append(name)
    return found


GETTERS = [family for family in FAMILIES if hasattr(both(family)[1], "get")]
CLASSES = [(family, name) for family in GETTERS for name in classes(family)]
# Keras's own `get` and `deserialize` do not know these two of its classes.
FORGOTTEN = ("Lamb", "CategoricalGeneralizedCrossEntropy")
EVERY_CLASS = pytest.mark.parametrize(("family", "name"), CLASSES)


def test_every_family_of_keras_has_a_submodule_of_ours():
    for family in dlprep.COMPONENTS:
        ours, theirs = both(family)
        for name in public(theirs):
            if inspect.ismodule(getattr(theirs, name)) and hasattr(ours, name):
                assert f"{family}.{name}" in [*FAMILIES, "optimizers.legacy"]


@EVERY
def test_each_of_keras_s_names_means_the_same_or_ours(family):
    ours, theirs = both(family)
    assert len(public(theirs)) > 5
    for name in public(theirs):
        found, original = getattr(ours, name), getattr(theirs, name)
        if found is original or name in ("get", "deserialize") or name in ours.__all__:
            assert inspect.ismodule(found) == inspect.ismodule(original), name
        elif inspect.ismodule(original):
            assert found.__name__ == original.__name__.replace("keras", "dlprep"), name
        else:
            assert found is getattr(ours, original.__name__), name
            assert original.__name__ in ours.__all__, name


@EVERY
def test_a_class_of_ours_hides_no_alias(family):
    ours, theirs = both(family)
    for name in public(theirs):
        original = getattr(theirs, name).__name__
        if original in ours.__all__ and name not in ("get", "deserialize"):
            assert getattr(ours, name) is getattr(ours, original), name


@EVERY
def test_dir_shows_ours_and_keras_s(family):
    ours, theirs = both(family)
    assert {*dir(ours)} == {*ours.__all__, *public(theirs)}


@EVERY
def test_what_a_family_takes_from_its_files_is_listed(family):
    ours, _ = both(family)
    taken = {
        value.__name__
        for value in vars(ours).values()
        if getattr(value, "__module__", "").startswith(f"{ours.__name__}.")
    }
    assert taken <= {*ours.__all__}


def test_the_schedules_are_ours_before_anyone_imports_them(monkeypatch):
    spec = dlprep.optimizers.__spec__
    fresh = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, fresh)
    monkeypatch.delitem(sys.modules, f"{spec.name}.schedules")
    spec.loader.exec_module(fresh)
    assert fresh.schedules.__name__ == f"{spec.name}.schedules"


@EVERY
def test_a_name_that_neither_has_is_refused_with_the_nearest(family):
    ours, theirs = both(family)
    name = ours.__all__[-1]
    with pytest.raises(AttributeError, match=rf"{theirs.__name__} has '{name}x'.*'{name}'\.$"):
        getattr(ours, f"{name}x")
    assert not hasattr(ours, "_private")


def test_the_names_that_files_of_ours_share_with_keras_are_no_files():
    for name in ("constant", "orthogonal", "variance_scaling"):
        importlib.import_module(f"dlprep.initializers.{name}")
        assert inspect.isclass(getattr(dlprep.initializers, name))


@EVERY_CLASS
def test_a_bare_name_finds_ours_and_keras_s_get_keeps_keras_s(family, name):
    ours, theirs = both(family)
    cls = getattr(ours, name)
    bare = {"class_name": name, "config": cls().get_config()}
    kept = dict(bare)
    assert type(ours.get(name)) is type(ours.get(bare)) is type(ours.deserialize(bare)) is cls
    assert bare == kept
    if name in FORGOTTEN:
        with pytest.raises(Exception):  # noqa: B017
            theirs.get(dict(bare))
    else:
        assert type(theirs.get(dict(bare))) is getattr(theirs, name)


@EVERY_CLASS
def test_a_configuration_that_names_its_module_is_obeyed(family, name):
    ours, theirs = both(family)
    known = [ours] if name in FORGOTTEN else [ours, theirs]
    for cls in (getattr(family, name) for family in known):
        for module in (ours, theirs):
            for found in (module.get, module.deserialize):
                assert type(found(module.serialize(cls()))) is cls


@EVERY_CLASS
def test_a_registered_name_is_found(family, name):
    ours, theirs = both(family)
    registered = f"dlprep.{family}>{name}"
    assert type(ours.get(registered)) is getattr(ours, name)
    config = {"class_name": registered, "config": getattr(ours, name)().get_config()}
    assert type(theirs.get(config)) is getattr(ours, name)


@pytest.mark.parametrize(
    ("family", "name", "meant"),
    [
        ("activations", "swish", "silu"),
        ("constraints", "max_norm", "MaxNorm"),
        ("initializers", "he_normal", "HeNormal"),
        ("initializers", "uniform", "RandomUniform"),
        ("losses", "MSE", "mean_squared_error"),
        ("losses", "kld", "kl_divergence"),
        ("losses", "cosine_similarity", "cosine_similarity"),
        ("losses", "huber", "huber"),
        ("losses", "info_nce", "info_nce"),
        ("losses", "InfoNCE", "InfoNCE"),
        ("metrics", "mse", "MeanSquaredError"),
        ("metrics", "binary_accuracy", "BinaryAccuracy"),
        ("metrics", "auc", "AUC"),
        ("optimizers", "adam", "Adam"),
        ("optimizers", "radam", "RAdam"),
        ("regularizers", "l1_l2", "L1L2"),
    ],
)
def test_a_short_name_means_ours(family, name, meant):
    ours, _ = both(family)
    found, expected = ours.get(name), getattr(ours, meant)
    assert found is expected or type(found) is expected


def test_what_ours_lacks_is_made_by_keras():
    assert type(dlprep.losses.get("LogCosh")) is dlprep.losses.LogCosh
    assert type(dlprep.metrics.get("hinge")) is type(keras.metrics.get("hinge"))
    assert type(dlprep.initializers.get("stft")) is keras.initializers.STFT
    with pytest.raises(ValueError, match="nonsense"):
        dlprep.losses.get("nonsense")


def test_a_user_s_own_class_comes_first():
    class Mine(keras.layers.Layer):
        pass

    bare = {"class_name": "Dense", "config": {}}
    assert type(dlprep.layers.deserialize(bare, custom_objects={"Dense": Mine})) is Mine
    with keras.saving.custom_object_scope({"Dense": Mine}):
        assert type(dlprep.layers.deserialize(bare)) is Mine
    config = {"class_name": "Dense", "config": {"units": 3}}
    assert type(dlprep.layers.deserialize(config)) is dlprep.layers.Dense


def test_strings_inside_constructors_and_compile_stay_keras_s():
    layer = dlprep.layers.Dense(2, "relu", kernel_initializer="he_normal")
    assert layer.activation is keras.activations.relu
    assert type(layer.kernel_initializer) is keras.initializers.HeNormal
    model = keras.Sequential([layer])
    model.compile("adam", "mse")
    assert type(model.optimizer) is keras.optimizers.Adam
