"""The code of the page on using the components runs, block after block."""

import re
from pathlib import Path

import keras
import pytest

PAGE = Path(__file__).parents[2] / "docs" / "use-the-components.md"


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="the page is TensorFlow's")
def test_the_page_runs_from_top_to_bottom(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) > 8
    names, policy = {}, keras.config.dtype_policy()
    try:
        for block in blocks:
            exec(compile(block, block.partition("\n")[0], "exec"), names)
    finally:
        keras.config.set_dtype_policy(policy)
