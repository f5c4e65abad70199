"""A file is replaced in one step."""

import os
import sys
import threading
from pathlib import Path

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


def test_two_writers_of_one_file_leave_the_whole_of_one(tmp_path):
    path, seen = tmp_path / "file", set()
    contents = [bytes([letter]) * 300_000 for letter in b"ab"]
    stop = threading.Event()

    def write(content):
        while not stop.is_set():
            whole.write(path, content, lasting=False)

    writers = [threading.Thread(target=write, args=(content,)) for content in contents]
    whole.write(path, contents[0])
    for writer in writers:
        writer.start()
    for _ in range(300):
        seen.add(path.read_bytes())
    stop.set()
    for writer in writers:
        writer.join()
    assert seen <= set(contents)
    assert os.listdir(tmp_path) == ["file"]


def test_what_a_killed_program_left_is_removed_after_a_while(tmp_path):
    left, fresh = (tmp_path / f".file.{name}.partial" for name in ("old", "new"))
    for path in (left, fresh):
        path.touch()
    os.utime(left, (0, 0))
    whole.write(tmp_path / "file", b"new")
    assert sorted(os.listdir(tmp_path)) == [".file.new.partial", "file"]


@pytest.mark.skipif(os.name != "posix", reason="needs rights of files")
def test_a_file_keeps_its_rights_and_a_new_one_has_the_usual(tmp_path):
    path, usual = tmp_path / "file", tmp_path / "usual"
    usual.touch()
    whole.write(path, b"new")
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o600)
    whole.write(path, b"newer")
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.name != "posix", reason="needs links and devices")
def test_a_link_stays_one_and_a_device_is_written_to(tmp_path):
    file, link = tmp_path / "file", tmp_path / "link"
    link.symlink_to(file)
    whole.write(link, b"new")
    assert link.is_symlink() and file.read_bytes() == b"new"
    master, slave = os.openpty()
    whole.write(Path(os.ttyname(slave)), b"told")
    assert os.read(master, 9) == b"told"
    os.close(master), os.close(slave)


def test_the_message_names_the_file_that_was_asked_for(tmp_path):
    path = tmp_path / "taken"
    path.mkdir()
    with pytest.raises(OSError) as caught:
        whole.write(path, b"new")
    assert caught.value.filename == str(path)
