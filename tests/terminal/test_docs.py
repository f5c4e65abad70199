"""Every key of the program is in the page that a new user reads, in the same words."""

import re
from pathlib import Path

from dlprep.terminal import practice, room
from dlprep.terminal.desk import KEYS, SIGNS, Desk

PAGE = Path(__file__).parents[2] / "docs" / "getting-started.md"


def test_getting_started_lists_every_key_in_the_words_of_the_program():
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| ((?:`.` ?)+)\| (.*) \|$", text, re.MULTILINE)
    found = {key.replace("`", "").strip(): what.replace("*", "") for key, what in rows}
    assert found == KEYS


def test_getting_started_lists_every_key_of_the_practice_in_the_words_of_the_program():
    _, table = PAGE.read_text("utf-8").split("| key in `dlprep code` | |\n|---|---|\n")
    rows = re.findall(r"^\| (.*?) \| (.*) \|$", table.split("\n\n")[0], re.MULTILINE)
    assert dict(rows) == {"Enter": "grade the file", **practice.KEYS}
    assert set(practice.KEYS) == set(practice.Practice.ACTIONS)


def test_getting_started_lists_every_key_of_the_interview_in_the_words_of_the_program():
    _, table = PAGE.read_text("utf-8").split("| key in `dlprep interview` | |\n|---|---|\n")
    rows = dict(re.findall(r"^\| (.*?) \| (.*) \|$", table.split("\n\n")[0], re.MULTILINE))
    assert {key: rows[key] for key in rows if key != "Enter"} == room.KEYS
    assert set(room.KEYS) | {"?"} == set(room.SIGNS.lower())


def test_the_list_of_keys_is_what_the_program_obeys():
    listed = [key for key in KEYS if len(key) == 1]
    assert sorted(listed) == sorted(Desk.ACTIONS) == sorted(set(SIGNS.lower()))
