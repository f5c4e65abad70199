"""What every model has to do, checked on each row of the table."""

import json
import operator

import keras
import numpy as np
import pytest
from components.cases.models import MODELS

from dlprep import models

DATA = np.random.default_rng(0).uniform(0, 1, (16, 4)).astype("float32")
EVERY = pytest.mark.parametrize("name", MODELS)


def build(name, dtype=None, **options):
    """Make and compile the model of a row."""
    keras.utils.set_random_seed(0)
    model = getattr(models, name)(**MODELS[name]["kwargs"](dtype))
    model.compile(**MODELS[name]["compile"], **options)
    return model


def examples(model):
    """Return the data, with targets where the model needs them."""
    return (DATA, DATA) if MODELS[type(model).__name__].get("targets") else (DATA,)


def fit(model, epochs=1):
    """Train on the data and return the last epoch's logs."""
    options = {"batch_size": 8, "epochs": epochs, "shuffle": False, "verbose": 0}
    history = model.fit(*examples(model), **options).history
    return {name: values[-1] for name, values in history.items()}


def test_every_model_has_a_row():
    assert sorted(MODELS) == list(models.__all__)


@EVERY
def test_config_survives_json(name):
    config = build(name).get_config()
    revived = getattr(models, name).from_config(json.loads(json.dumps(config)))
    assert json.dumps(revived.get_config()) == json.dumps(config)


@EVERY
@pytest.mark.parametrize("jit", [False, True])
def test_training_moves_every_trainable_weight(name, jit):
    if jit and keras.backend.backend() == "torch":
        pytest.skip("loading PyTorch's compiler warns of PyTorch's own deprecations")
    model = build(name, jit_compile=jit)
    before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights]
    assert np.isfinite(list(fit(model).values())).all()
    for old, new in zip(before, model.trainable_weights, strict=True):
        # The bias of a linear critic has no say in what it compares.
        indifferent = name == "WassersteinGAN" and new is model.discriminator.weights[-1]
        assert indifferent or not np.array_equal(old, new), new.path


@EVERY
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_is_finite(name, policy):
    model = build(name, policy)
    assert np.isfinite(list(fit(model).values())).all()
    assert np.isfinite(model.predict(DATA, verbose=0).astype("float32")).all()


@EVERY
def test_reloads_without_custom_objects_and_trains_on(name, tmp_path):
    model = build(name)
    fit(model)
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert json.dumps(revived.get_config()) == json.dumps(model.get_config())
    # Not the outputs: Keras files do not hold the state of seed generators.
    for part in ("weights", "optimizer.variables"):
        find = operator.attrgetter(part)
        for old, new in zip(find(model), find(revived), strict=True):
            np.testing.assert_array_equal(old, new, err_msg=part)
    assert np.isfinite(list(fit(revived).values())).all()


@EVERY
def test_a_model_under_a_global_policy_trains_reloads_and_trains_on(name, tmp_path, request):
    request.addfinalizer(lambda: keras.config.set_dtype_policy("float32"))
    keras.config.set_dtype_policy("mixed_float16")
    model = build(name)
    assert np.isfinite(list(fit(model).values())).all()
    model.save(tmp_path / "model.keras")
    revived = keras.saving.load_model(tmp_path / "model.keras")
    assert type(revived.optimizer) is type(model.optimizer) is keras.optimizers.LossScaleOptimizer
    for old, new in zip(model.optimizer.variables, revived.optimizer.variables, strict=True):
        np.testing.assert_array_equal(old, new)
    assert np.isfinite(list(fit(revived).values())).all()


@EVERY
def test_evaluation_changes_no_weight(name):
    model = build(name)
    fit(model)
    before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights]
    assert np.isfinite(model.evaluate(*examples(model), verbose=0)).all()
    for old, new in zip(before, model.trainable_weights, strict=True):
        np.testing.assert_array_equal(old, new)


@EVERY
def test_parts_must_be_keras_models(name):
    kwargs = MODELS[name]["kwargs"]()
    part = next(iter(kwargs))
    with pytest.raises(ValueError, match=part):
        getattr(models, name)(**{**kwargs, part: "a network"})


NUMBERS = [
    ("GAN", "latent_dim", (0, -1, 1.5, True)),
    ("SAM", "rho", (-0.1, float("nan"), float("inf"))),
    ("VariationalAutoencoder", "beta", (-0.1, float("nan"), float("inf"))),
    ("WassersteinGAN", "latent_dim", (0, -1, 1.5, True)),
    ("WassersteinGAN", "critic_steps", (0, -1, 1.5, True)),
    ("WassersteinGAN", "penalty_weight", (-0.1, float("nan"), float("inf"))),
]


@pytest.mark.parametrize(("name", "argument", "values"), NUMBERS)
def test_impossible_numbers_are_refused_by_name(name, argument, values):
    for value in values:
        with pytest.raises(ValueError, match=f"`{argument}` must .*{value}"):
            getattr(models, name)(**{**MODELS[name]["kwargs"](), argument: value})


@EVERY
def test_an_overridden_train_step_is_the_one_that_runs(name):
    class Counted(getattr(models, name)):
        steps = 0

        def train_step(self, *data):
            Counted.steps += 1
            return super().train_step(*data)

    model = Counted(**MODELS[name]["kwargs"]())
    model.compile(**MODELS[name]["compile"])
    targets = {"y": DATA} if MODELS[name].get("targets") else {}
    model.fit(DATA, **targets, batch_size=8, verbose=0)
    assert Counted.steps > 0
