"""A browser, and the site built once from the bank and made-up reports."""

import contextlib
import functools
import shutil
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from dlprep.lab.report import Claim, Figure, Report, Value

ROOT = Path(__file__).parents[2]
FLAGS = """
--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync
"""


REPORT = Report(
    "any",
    0,
    False,
    [Claim("a | b grows like $x^2$", True, 1.23456789, "> 1")],
    [Value("rate", 0.5, "1/s")],
    0.5,
    [Figure("bars", "Two bars", {"heights": {"a": 1.0, "b": 2.0}, "y_label": "", "log_y": False})],
    0.1,
    {"python": "3.11"},
    "CPU",
)


@pytest.fixture(scope="session")
def report():
    """Return a made-up report of a demonstration, with one of everything."""
    return REPORT


@pytest.fixture(scope="session")
def browser():
    """Return Debian's Chromium, driven by playwright."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium
        browser = chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Return the folder of the finished site."""
    from dlprep.quiz.bank import Bank
    from dlprep.site import components, coverage, questions

    root = tmp_path_factory.mktemp("site")
    ignored = shutil.ignore_patterns("generated")
    shutil.copytree(ROOT / "docs", root / "docs", ignore=ignored)
    shutil.copy(ROOT / "mkdocs.yml", root)
    bank = Bank.load()
    generated = root / "docs" / "generated"
    questions.write(bank, {question.id: REPORT for question in bank}, generated / "questions")
    coverage.write(bank, generated / "questions")
    components.write(bank, generated / "components")
    subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"], cwd=root, check=True
    )
    return root / "site"


@pytest.fixture(scope="session")
def address(site):
    """Return where the site is served."""
    handler = functools.partial(Silent, directory=str(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Silent(SimpleHTTPRequestHandler):
    """Serve files and say nothing; a browser that goes away is no error."""

    def log_message(self, *_):
        pass

    def copyfile(self, source, outputfile):
        with contextlib.suppress(ConnectionError):
            super().copyfile(source, outputfile)
