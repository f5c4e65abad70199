"""What cannot work is refused, and the message names it."""

import re
from importlib import import_module

import numpy as np
import pytest
from components.cases.refusals import REFUSED

NAMES = [f"{row[1]}({', '.join(f'{k}={v}' for k, v in row[2].items())})" for row in REFUSED]


@pytest.mark.parametrize("row", REFUSED, ids=NAMES)
def test_what_cannot_work_is_refused(row):
    family, name, arguments, message, *shape = row
    cls = getattr(import_module(f"dlprep.{family}"), name)
    if not shape:
        with pytest.raises(ValueError, match=message):
            cls(**arguments)
        return
    layer, x = cls(**arguments), np.ones(shape[0], "float32")
    options = {"training": True} if layer._call_has_training_arg else {}
    with pytest.raises(ValueError) as refusal:
        layer(x, **options)
    assert re.search(message, str(refusal.value), re.DOTALL)
