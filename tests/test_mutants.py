"""Mistakes that people make, planted one at a time: an ordinary test sees every one.

With `DAY` one in three of a family's is planted, and all within three days.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from textwrap import dedent

import pytest
import turns
import yaml
from mutants import table

import dlprep

RUN = table.HERE / "run.py"
EVERY = [mutant for family in table.families() for mutant in table.read(family)]


def plant(*arguments):
    """Run the planter in a process of its own: this one has computed, and may not fork."""
    return subprocess.run(
        [sys.executable, str(RUN), *map(str, arguments)], capture_output=True, text=True
    )


@pytest.mark.parametrize("mutant", EVERY, ids=str)
def test_a_mutant_has_its_place(mutant):
    assert mutant.planted()


def test_every_mutant_has_a_name_of_its_own():
    assert {name: n for name, n in Counter(map(str, EVERY)).items() if n > 1} == {}


def test_every_killer_is_a_test_of_any_machine():
    for killer in table.read_killers().values():
        file, function = killer.partition("[")[0].split("::")
        assert f"def {function}(" in (table.ROOT / file).read_text("utf-8"), killer
        assert not re.search(r"[\[-]/", killer), killer


@pytest.mark.slow
def test_every_killer_is_a_case_that_exists():
    killers = set(table.read_killers().values())
    files = sorted({killer.partition("::")[0] for killer in killers})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n0", *files]
    # What a day leaves out is there all the same.
    surroundings = {name: value for name, value in os.environ.items() if name != "DAY"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=table.ROOT, env=surroundings)
    assert not killers - set(done.stdout.splitlines()), done.stdout[-500:]


def test_nearly_every_mutant_can_be_seen():
    assert sum(bool(mutant.equivalent) for mutant in EVERY) <= 0.05 * len(EVERY)


def component_files():
    """Return the components' files that define a public class."""
    families = [table.ROOT / "dlprep" / family for family in dlprep.COMPONENTS]
    paths = [path for family in families for path in family.glob("*.py")]
    paths += [family.with_suffix(".py") for family in families if not family.is_dir()]
    return {
        str(path.relative_to(table.ROOT))
        for path in paths
        if re.search(r"^class [A-Z]", path.read_text("utf-8"), re.MULTILINE)
    }


@pytest.mark.skipif(len(EVERY) < 200, reason="the tables are being written")
def test_a_new_component_brings_three_mutants():
    planted = Counter(mutant.file for mutant in EVERY)
    fewer = (table.HERE / "fewer.txt").read_text("utf-8").split()
    assert sorted(file for file in component_files() if planted[file] < 3) == fewer


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("family", table.families())
def test_an_ordinary_test_sees_every_mutant(family, record_property):
    part = ["--part", turns.turn(3), 3] if turns.DAY else []
    done = plant(family, *part)
    record_property("measured", done.stdout.strip().rpartition("\n")[2])
    assert done.returncode == 0, done.stdout + done.stderr


TOY = {
    "toy/half.py": """
        def half(x):
            return x / 2

        def safe(x):
            return max(x, 0) / 2
        """,
    "toy/twice.py": "from toy.half import half\n\nONE = half(2)\n",
    "tests/test_half.py": """
        import subprocess
        import sys
        from toy.half import half

        def test_half():
            assert half(6) == 3

        def test_half_elsewhere():
            code = "from toy.half import half; raise SystemExit(half(4) != 2)"
            assert subprocess.run([sys.executable, "-c", code]).returncode == 0
        """,
}
SEEN = dict(what="x / 2", by="x / 3", scope="half")
COMPLAINTS = [
    (dict(what="max(x, 0)", by="max(x, 1)"), "lives: toy/half.py: 0"),
    (SEEN | dict(equivalent="none"), "toy/half.py: 1: tests/test_half.py::test_half sees it"),
    (SEEN | dict(what="x / 9"), "toy/half.py: 2: the text occurs 0 times in half"),
    (dict(what="/ 2", by="/ 3"), "toy/half.py: 3: the text occurs 2 times in the file"),
    (SEEN | dict(scope="third"), "toy/half.py: 4: third is defined 0 times"),
    (SEEN | dict(by="x / (2)"), "toy/half.py: 5: it changes no code"),
    (SEEN | dict(by="x /"), "toy/half.py: 6: invalid syntax, which is no mutant"),
    (dict(what="half(2)", by="half()", file="toy/twice.py"), "toy/twice.py: 7: it does not import"),
]


@pytest.fixture
def toy(tmp_path):
    """Return a function that plants mutants in a small project and says what came of it."""
    for name, text in TOY.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(dedent(text))

    def planted(*entries, killer=""):
        rows = [{"file": "toy/half.py", "mistake": str(i)} | e for i, e in enumerate(entries)]
        text = yaml.safe_dump([{"in": row.pop("scope", ""), **row} for row in rows])
        (tmp_path / "toy.yml").write_text(text)
        (tmp_path / "killers.txt").write_text(f"toy/half.py: 0 <- {killer}\n")
        return plant("toy", "--root", tmp_path, "--tables", tmp_path, "--write")

    return planted


@pytest.mark.parametrize("killer", ["", "tests/test_half.py::test_half", "tests/test_gone.py"])
def test_a_mutant_is_seen_by_whatever_test_fails(toy, tmp_path, killer):
    done = toy(SEEN, killer=killer)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 of 1 seen" in done.stdout
    noted = (tmp_path / "killers.txt").read_text()
    assert noted == "toy/half.py: 0 <- tests/test_half.py::test_half\n"


def test_a_process_that_a_test_starts_has_the_mutant_too(toy):
    killer = "tests/test_half.py::test_half_elsewhere"
    assert f"<- {killer}" in toy(SEEN, killer=killer).stdout


def test_what_is_wrong_with_a_mutant_is_said(toy):
    done = toy(*(entry for entry, _ in COMPLAINTS))
    assert done.returncode == 1
    assert [complaint for _, complaint in COMPLAINTS if complaint not in done.stderr] == []


def test_what_nobody_can_see_needs_a_proof(toy):
    unseen = dict(what="max(x, 0)", by="max(x, 1)", equivalent="nobody calls it")
    assert toy(SEEN, unseen).returncode == 0


def test_tests_that_fail_with_nothing_planted_are_no_witnesses(toy, tmp_path):
    path = tmp_path / "tests" / "test_half.py"
    path.write_text(path.read_text().replace("== 3", "== 4"))
    assert "the tests fail with nothing planted" in toy(SEEN).stderr
