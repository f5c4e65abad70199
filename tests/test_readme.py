"""The transcript of the README is what the program prints."""

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"
# The day of the next review depends on today.
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def test_the_transcript_is_true(tmp_path):
    (block,) = re.findall(r"```console\n\$ (.*?)```", README.read_text("utf-8"), re.DOTALL)
    command, *lines = block.splitlines()
    answers = re.findall(r"^(?:Your prediction|How sure).*: (.*)$", block, re.MULTILINE)
    assert len(answers) == 2
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        input="".join(f"{answer}\n" for answer in answers),
        env={"PATH": "", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    printed = iter(DAY.sub("DAY", line) for line in done.stdout.splitlines())
    for line in lines:
        if line != "…":
            # `in` reads on from the line that matched last, so the order counts too.
            assert DAY.sub("DAY", line) in printed, f"not printed, or not here: {line}"


def test_the_two_commands_stand_alone():
    text = README.read_text("utf-8")
    for command in ("dlprep quiz", "pytest"):
        assert f"\npython -m pip install -e '.[dev]' && {command}\n" in text
