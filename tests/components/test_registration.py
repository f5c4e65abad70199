"""Importing any part of the package registers every component with Keras, in either order."""

import os
import subprocess
import sys

import pytest

import dlprep

CHECK = """
import keras
wanted = ["layers>Dense", "models>GAN", "losses>Huber", "optimizers>Adam"]
assert None not in [keras.saving.get_registered_object(f"dlprep.{name}") for name in wanted]
"""
FIRST = ["import dlprep", "import keras; import dlprep"]
FIRST += [f"import dlprep.{family}" for family in dlprep.COMPONENTS]


@pytest.mark.slow
@pytest.mark.turns(3)
@pytest.mark.parametrize("first", FIRST)
def test_keras_knows_every_component(first):
    done = subprocess.run(
        [sys.executable, "-c", first + CHECK],
        capture_output=True,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr
