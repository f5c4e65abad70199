"""Every key of the program is in the page that a new user reads, in the same words."""

import re
from pathlib import Path

from dlprep.terminal.desk import KEYS, SIGNS, Desk

PAGE = Path(__file__).parents[2] / "docs" / "getting-started.md"


def test_getting_started_lists_every_key_in_the_words_of_the_program():
    text = PAGE.read_text("utf-8")
    rows = re.findall(r"^\| ((?:`.` ?)+)\| (.*) \|$", text, re.MULTILINE)
    found = {key.replace("`", "").strip(): what.replace("*", "") for key, what in rows}
    assert found == KEYS


def test_the_list_of_keys_is_what_the_program_obeys():
    listed = [key for key in KEYS if len(key) == 1]
    assert sorted(listed) == sorted(Desk.ACTIONS) == sorted(set(SIGNS.lower()))
