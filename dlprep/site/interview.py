"""The report of an interview as one HTML file that needs nothing else."""

from dlprep.quiz.interview.report import Report, Said, Score
from dlprep.site.html import bullets, code, escaped, table, words
from dlprep.terminal.interview_report import TICKED, minutes, notes, nothing, summary, verdict

STYLE = """
:root { color-scheme: light dark; --good: #14713d; --bad: #b3261e; --soft: #5f6368;
  --line: #dadce0; }
@media (prefers-color-scheme: dark) {
  :root { --good: #7fd49b; --bad: #f2a19b; --soft: #aab0b6; --line: #4a4d51; }
}
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem;
  padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
h3 { font-size: 1rem; margin: 0; }
article { border-top: 1px solid var(--line); padding: 0.8rem 0; }
article p, article ul { margin: 0.2rem 0; }
.right { color: var(--good); } .wrong { color: var(--bad); } .soft { color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; } :is(th, td) { padding: 0.2rem 1rem 0.2rem 0;
  text-align: left; border-bottom: 1px solid var(--line); }
pre { margin: 0.2rem 0; white-space: pre-wrap; }
"""


def whole_page(report: Report) -> str:
    """Return the file's text."""
    parts = ["<h1>Interview</h1>", f"<p>{escaped(summary(report))}</p>", "<h2>What to study</h2>"]
    if not report.study:
        parts.append(f"<p>{nothing(report)}</p>")
    for study in report.study:
        commands = code("\n".join(study.commands), "")
        parts += [f"<article><h3>{_line(study.title)}</h3>"]
        parts += [f"<p>{escaped(study.why)}</p>{commands}</article>"]
    parts += ["<h2>Questions</h2>", *map(_question, report.turns)]
    for name, scores in (("chapter", report.chapters), ("level", report.levels)):
        if scores:
            parts += [f"<h2>By {name}</h2>", _scores(name.capitalize(), scores)]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Interview of {escaped(report.day)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n{chr(10).join(parts)}\n</body>\n</html>\n"
    )


def _question(said: Said) -> str:
    by = f", {TICKED}" if said.by_candidate else ""
    kind = "right" if said.result == "right" else "wrong" if said.result == "wrong" else "soft"
    parts = [
        f"<article><h3>{_line(said.title)}</h3>",
        f'<p class="{kind}">{escaped(verdict(said) + by)}.</p>',
        f'<p class="soft">{escaped(f"{said.level}, {said.kind}: {said.why}.")}</p>',
    ]
    for what, items in notes(said):
        parts.append(f"<p>{what}:</p>{bullets([_line(item) for item in items])}")
    return "".join(parts) + "</article>"


def _scores(name: str, scores: tuple[Score, ...]) -> str:
    rows = [[name, "Answers", "Time", "Budget"]]
    for score in scores:
        results = ", ".join(f"{count} {result}" for result, count in score.results.items())
        budget = f"{score.budget / 60:g} min"
        rows.append([escaped(score.name), escaped(results), minutes(score.seconds), budget])
    return table(rows)


def _line(markdown: str) -> str:
    """Return a line of Markdown with formulas in words: the file draws none."""
    return escaped(words(markdown))
