"""What faults lose: a small part of the table that `tests/benchmarks/faults.py` prints."""

import os

import faults
import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="needs signals and limits"),
]
killing = pytest.mark.skipif(not faults.can_kill_in_calls(), reason="needs strace")


@killing
def test_a_session_that_is_killed_loses_nothing_that_was_acknowledged(tmp_path):
    row = faults.kills_of_a_session(tmp_path / "all", 25, 3)
    assert row.tries == 25 and not row.lost


@killing
@pytest.mark.turns(3)
@pytest.mark.parametrize("name", faults.COMMANDS)
def test_a_command_that_is_killed_leaves_the_old_state_or_the_new(tmp_path, name):
    row = faults.kills_of_a_command(tmp_path / "all", name, 6)
    assert row.tries >= 6 and not row.lost


@pytest.mark.parametrize("sessions", [2, 4])
def test_sessions_at_once_lose_nothing_and_ask_nothing_twice(tmp_path, sessions):
    assert not faults.writers_at_once(tmp_path / "writers", sessions, 200).lost
    row = faults.sessions_at_once(tmp_path / "sessions", sessions)
    assert not row.lost and row.tries >= 90


@pytest.mark.turns(3)
@pytest.mark.parametrize("name", faults.COMMANDS)
def test_a_full_disk_is_one_sentence_and_leaves_the_old_state_or_the_new(tmp_path, name):
    assert not faults.full_disk(tmp_path / "all", name).lost


@pytest.mark.turns(2)
@pytest.mark.parametrize("name", faults.STORES)
def test_a_bit_that_turns_over_is_told_or_changes_nothing(tmp_path, name):
    assert not faults.flips(tmp_path / "all", name, 12).lost
