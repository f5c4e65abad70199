"""Plant a family's mutants, each in a forked process, and look for a test that fails.

The parent imports what is slow to import and computes nothing: it would start threads, which a fork
does not have. A child serves itself the planted text, and so do the processes that it starts.
"""

import argparse
import contextlib
import importlib
import json
import os
import re
import signal
import sys
import tempfile
import time
import zlib
from pathlib import Path

import pytest
import table
from everywhere import sitecustomize

COMPONENTS = ("tests/components", "tests/test_docs.py")
TESTS = {
    "lab": ("tests/lab",),
    "quiz": ("tests/quiz", "tests/terminal", "tests/programs"),
    "site": ("tests/site",),
    "toy": ("tests",),
}
PRELOADED = {
    "toy": (),
    "lab": ("numpy", "matplotlib.figure", "sklearn.linear_model", "tensorflow", "keras"),
    "quiz": ("yaml", "click", "rich.console", "markdown_it", "hypothesis"),
    "site": ("yaml", "click", "markdown_it", "pygments"),
}
COMPONENTS_NEED = ("numpy", "sklearn.linear_model", "tensorflow", "keras", "hypothesis.extra.numpy")
OPTIONS = (
    *("-x", "-q", "-n0", "-p", "no:cacheprovider", "-o", "timeout=60"),
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
# Seconds for one test, and for all tests of a family.
ONE, ALL = 120, 300
NO_IMPORT = 64


class Watch:
    """A pytest plugin: tests that name the file's objects come first; who fails is noted."""

    def __init__(self, names, failed):
        self.names, self.failed = names, failed

    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: not any(name in item.nodeid for name in self.names))

    def pytest_runtest_logreport(self, report):
        if report.failed:
            self.failed.write_text(report.nodeid, "utf-8")


class Planter:
    """Runs tests below `root` with a mutant planted; `scratch` holds what they print."""

    def __init__(self, family, root, scratch):
        self.family, self.root, self.scratch = family, root, scratch
        self.tests = TESTS.get(family, COMPONENTS)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        for name in PRELOADED.get(family, COMPONENTS_NEED):
            importlib.import_module(name)

    def killer(self, mutant, hint=None):
        """Return the test that fails: the hinted one, else the first of the family's; or `None`."""
        if hint:
            code, failed = self.run(mutant, [hint], ONE)
            # A test that passes otherwise and does not end now has seen it as well.
            if code in (1, None):
                return failed or hint
        files, failed = self.files(mutant), None
        for some in filter(None, (files[:2], files[2:8], files[8:])):
            code, failed = self.run(mutant, some, ALL)
            if code not in (0, 1, None):
                output = (self.scratch / "output.txt").read_text("utf-8", "replace")
                raise table.Stale(f"{mutant}: its tests do not run\n{output[-2000:]}")
            if failed:
                break
        return failed

    def passes(self, tests):
        """Say whether tests pass with nothing planted."""
        return self.run(None, tests, ALL)[0] == 0

    def files(self, mutant):
        """Return the family's test files, those that speak most of the mutant's file first."""
        stem = Path(mutant.file).stem
        spoken = re.compile(rf"\b({'|'.join([stem, *names(self.root / mutant.file)])})\b")

        def rank(path):
            ours = any(word in path.stem for word in self.family.split("_"))
            return (stem not in path.stem, not ours, -len(spoken.findall(read_with_cases(path))))

        places = [self.root / place for place in self.tests]
        found = [path for place in places for path in place.rglob("test_*.py")]
        found += [place for place in places if place.is_file()]
        return [str(path.relative_to(self.root)) for path in sorted(found, key=rank)]

    def run(self, mutant, tests, seconds):
        """Return pytest's exit code in a child, `None` if it took too long, and who failed."""
        failed = self.scratch / "failed.txt"
        failed.unlink(missing_ok=True)
        text = mutant and mutant.planted(self.root)
        child = os.fork()
        if child == 0:
            with contextlib.suppress(BaseException):
                self.inside(mutant, text, tests, failed)
            os._exit(NO_IMPORT)
        code = wait(child, time.monotonic() + seconds)
        if code == NO_IMPORT:
            raise table.Stale(f"{mutant}: it does not import, which is no mutant")
        return code, failed.read_text("utf-8") if failed.exists() else None

    def inside(self, mutant, text, tests, failed):
        """Plant, import, run, and leave."""
        os.setsid()
        output = os.open(self.scratch / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(output, 1), os.dup2(output, 2)
        os.chdir(self.root)
        sys.path.insert(0, str(self.root))
        if mutant:
            path = str(self.root / mutant.file)
            planted = {"name": mutant.module, "path": path, "text": text}
            os.environ["PLANTED"] = json.dumps(planted)
            paths = [str(Path(sitecustomize.__file__).parent), str(self.root)]
            os.environ["PYTHONPATH"] = os.pathsep.join(paths)
            # The worker hands its processes this program's path, not the environment's.
            sys.path.insert(0, paths[0])
            sitecustomize.install()
            importlib.import_module(mutant.module)
        plugin = Watch(names(self.root / mutant.file) if mutant else [], failed)
        code = pytest.main([*OPTIONS, *tests], plugins=[plugin])
        sys.stdout.flush()
        os._exit(code)


def names(path):
    """Return the names of the public classes and functions of a file."""
    return re.findall(r"^(?:class|def) ([A-Za-z]\w*)", path.read_text("utf-8"), re.MULTILINE)


def read_with_cases(path):
    """Return a test file's text, and that of the case tables it runs over."""
    text = path.read_text("utf-8")
    tables = re.findall(r"components\.cases\.(\w+)", text)
    cases = [table.ROOT / "tests" / "components" / "cases" / f"{name}.py" for name in tables]
    return text + "".join(case.read_text("utf-8") for case in cases if case.exists())


def wait(child, deadline):
    """Return a child's exit code; past the deadline end it with all it started: `None`."""
    while time.monotonic() < deadline:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def plant(family, root, folder, scratch, wanted):
    """Plant the wanted of a family; return mutant -> killer, and what is wrong with the tables."""
    planter, hints = Planter(family, root, scratch), table.read_killers(folder)
    killers, faults = {}, []
    for mutant in filter(wanted, table.read(family, folder)):
        start = time.monotonic()
        try:
            killers[mutant] = killer = planter.killer(mutant, hints.get(str(mutant)))
        except table.Stale as error:
            killer = str(error)
            faults.append(killer)
        print(f"{time.monotonic() - start:5.1f} s  {mutant} <- {killer or 'LIVES'}", flush=True)
    hinted = [test for test in killers.values() if test]
    if hinted and not planter.passes(sorted(set(hinted))):
        faults.append(f"{family}: the tests fail with nothing planted")
    return killers, faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("family")
    parser.add_argument("-k", default="", help="only mutants with this in file or mistake")
    parser.add_argument(
        "--part",
        nargs=2,
        type=int,
        default=(0, 1),
        metavar=("I", "N"),
        help="only part I, counted from 0, of N that the names are dealt to",
    )
    parser.add_argument("--write", action="store_true", help="note which test saw each")
    parser.add_argument("--root", type=Path, default=table.ROOT)
    parser.add_argument("--tables", type=Path, default=table.HERE)
    options = parser.parse_args()
    where = (options.family, options.root, options.tables)
    part, parts = options.part

    def wanted(mutant):
        name = str(mutant)
        return options.k in name and zlib.crc32(name.encode()) % parts == part

    with tempfile.TemporaryDirectory() as scratch:
        killers, faults = plant(*where, Path(scratch), wanted)
    lived = [str(m) for m, test in killers.items() if test is None and not m.equivalent]
    faults += [f"{m}: {test} sees it" for m, test in killers.items() if test and m.equivalent]
    if options.write:
        seen = {str(mutant): test for mutant, test in killers.items() if test}
        table.write_killers(table.read_killers(options.tables) | seen, options.tables)
    print(f"{options.family}: {len(killers) - len(lived)} of {len(killers)} seen")
    sys.exit("\n".join([*(f"lives: {name}" for name in lived), *faults]) or 0)


if __name__ == "__main__":
    main()
