"""A file is replaced in one step."""

import os
import sys

import pytest

from dlprep.quiz import whole


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be replaced there")
@pytest.mark.parametrize("lasting", [True, False])
def test_who_reads_meanwhile_sees_the_old_file_to_its_end(tmp_path, lasting):
    path = tmp_path / "folder" / "file"
    whole.write(path, b"old and long", lasting)
    with path.open("rb") as reading:
        assert reading.read(4) == b"old "
        whole.write(path, b"new", lasting)
        assert reading.read() == b"and long"
    assert path.read_bytes() == b"new"
    assert os.listdir(path.parent) == ["file"]


def test_what_cannot_be_put_in_place_changes_nothing(tmp_path):
    path = tmp_path / "taken"
    path.mkdir()
    with pytest.raises(OSError, match="taken"):
        whole.write(path, b"new")
    assert os.listdir(tmp_path) == ["taken"] and path.is_dir()
