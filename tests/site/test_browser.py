"""The finished site in a browser: whole pages, wide and narrow, light and dark."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlparse

import pytest

import dlprep
from dlprep.quiz.bank import Bank

pytestmark = pytest.mark.slow

BANK = Bank.load()
DOCS = Path(__file__).parents[2] / "docs"
# A part of the site -> its pages.
PAGES = {
    chapter: [
        f"generated/questions/{chapter}/{name}.html"
        for name in ("index", *(q.id for q in BANK if q.chapter == chapter))
    ]
    for chapter in BANK.chapters
} | {
    "documents": [path.with_suffix(".html").name for path in sorted(DOCS.glob("*.md"))],
    "indices": [f"generated/questions/{name}.html" for name in ("index", "coverage")],
    "components": [f"generated/components/{name}.html" for name in ("index", *dlprep.COMPONENTS)],
}
PROSE = """() => {
    const content = document.querySelector(".md-content").cloneNode(true);
    content.querySelectorAll("pre, code, .math").forEach(element => element.remove());
    return content.textContent;
}"""
WIDER = """() => {
    const root = document.documentElement;
    return root.scrollWidth > root.clientWidth ? [root.scrollWidth, root.clientWidth] : null;
}"""
FAINT = """() => {
    const bright = colour => colour.match(/[0-9.]+/g).slice(0, 3).reduce((a, b) => a + +b, 0);
    const ground = bright(getComputedStyle(document.body).backgroundColor);
    return [...document.querySelectorAll(".md-content :is(p, li, td, summary, code, .katex)")]
        .filter(e => Math.abs(bright(getComputedStyle(e).color) - ground) < 200)
        .map(e => e.textContent.slice(0, 40));
}"""


@pytest.fixture
def page(browser):
    """Return a page of the browser; `complaints` has what its console said."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.complaints = []

    def hear(said):
        if said.type in ("error", "warning"):
            page.complaints.append(said.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    page.close()


@pytest.mark.turns(3)
@pytest.mark.parametrize("part", PAGES)
def test_every_page_is_whole(page, address, part):
    wrong = []
    for path in PAGES[part]:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address + path)
        page.evaluate("document.querySelectorAll('details').forEach(block => block.open = true)")
        facts = {
            "console": page.complaints,
            "refused by KaTeX": page.locator(".katex-error").all_text_contents(),
            "not drawn": page.locator(".math:not(:has(.katex))").all_text_contents(),
            "marks": re.findall(r".{0,30}(?:\$|\*\*|`).{0,30}", page.evaluate(PROSE)),
            "headings": page.locator("h1").count() - 1,
        }
        for width, scheme in ((1280, "light"), (390, "dark")):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            facts |= {f"wider than {width}": page.evaluate(WIDER)}
            facts |= {f"faint, {scheme}": page.evaluate(FAINT)}
        wrong += [f"{path} {name}: {found}" for name, found in facts.items() if found]
        page.complaints.clear()
    assert not wrong, "\n".join(wrong)


def test_every_link_leads_somewhere(site):
    broken = []
    files = {
        path.relative_to(site).as_posix(): path.read_text("utf-8") for path in site.rglob("*.html")
    }
    for name, text in files.items():
        for target in re.findall(r'(?:href|src)="?([^"\s>]+)', text):
            place = urlparse(urljoin(f"http://site/{name}", unescape(target)))
            if place.netloc != "site" or name == "404.html":
                continue
            path = place.path[1:] + "index.html" * place.path.endswith("/")
            anchor = f'id=(?:"{re.escape(place.fragment)}"|{re.escape(place.fragment)}[ >])'
            if not (site / path).is_file():
                broken.append(f"{name}: {target} does not exist")
            elif place.fragment and not re.search(anchor, files[path]):
                broken.append(f"{name}: {target} has no such place")
    assert not broken, "\n".join(broken)
    assert {path for paths in PAGES.values() for path in paths} <= files.keys()


def test_an_option_tells_its_reason_only_when_it_is_opened(page, address):
    question = next(question for question in BANK if question.kind == "choice")
    page.goto(f"{address}generated/questions/{question.chapter}/{question.id}.html")
    verdict = page.get_by_text("Right.", exact=True).first
    option = page.locator("details.option", has=verdict)
    assert not verdict.is_visible()
    option.locator("summary").focus()
    page.keyboard.press("Enter")
    assert verdict.is_visible()
