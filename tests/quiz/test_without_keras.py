"""The quiz alone needs no Keras: here nothing can import it, whatever other tests have done."""

import pytest


def test_keras_cannot_be_imported():
    with pytest.raises(ImportError):
        import keras  # noqa: F401
