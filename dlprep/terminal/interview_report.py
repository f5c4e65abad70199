"""The report of an interview in a terminal."""

from collections.abc import Iterable

from dlprep.quiz.interview.report import Report, Said, Score
from dlprep.quiz.words import many
from dlprep.terminal.view import View

STYLES = {"right": "good", "partly": "warn", "wrong": "bad"}
TICKED = "compared with the key points by you"


def show(view: View, report: Report) -> None:
    """Show what an interview was, question by question, and what to study."""
    view.heading("Report")
    view.say(summary(report))
    for number, said in enumerate(report.turns, 1):
        _question(view, number, said)
    for name, scores in (("By chapter", report.chapters), ("By level", report.levels)):
        if scores:
            view.heading(name)
            for score in scores:
                view.say(line(score), indent=2)
    view.heading("What to study")
    if not report.study:
        view.say(nothing(report))
    for place, study in enumerate(report.study, 1):
        view.item(f"{place:>3}. ", f"{study.title} ({study.why})")
        for command in study.commands:
            view.say(command, "bold", indent=5)


def nothing(report: Report) -> str:
    """Say why there is nothing to study."""
    if not report.turns:
        return "Nothing was answered, so nothing can be said."
    return "Nothing stands out: no answer was wrong, incomplete or slow."


def summary(report: Report) -> str:
    """Return an interview in a sentence or two."""
    terms = report.terms
    facts = [f"{terms.minutes:g} minutes", f"from level {terms.level or 'mid'}"]
    facts += [terms.chapter or "all chapters", f"seed {terms.seed}"] + ["an exam"] * terms.exam
    used = f"{minutes(report.seconds)} used"
    count = many(len(report.turns), "question")
    state = "" if report.ended else " It is not finished."
    if report.gone:
        state += f" {many(report.gone, 'question')} of it the bank does not have."
    return f"Held on {report.day}: {', '.join(facts)}. {count}, {used}.{state}"


def _question(view: View, number: int, said: Said) -> None:
    view.blank()
    view.item(f"{number:>3}. ", said.title)
    by = f", {TICKED}" if said.by_candidate else ""
    view.say(f"{verdict(said)}{by}.", STYLES.get(said.result, ""), indent=5)
    view.say(f"{said.level}, {said.kind}: {said.why}.", "dim", indent=5)
    for what, items in notes(said):
        view.say(f"{what}:", indent=5)
        for item in items:
            view.item("       - ", item)


def verdict(said: Said) -> str:
    """Return result and time in words."""
    word = {None: "Not judged", "gave up": "Passed", "unmarked": "Not compared"}
    result = word.get(said.result) or said.result.capitalize()
    return f"{result}, {minutes(said.seconds)} of {said.budget / 60:g} min"


def notes(said: Said) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Return what there is to say of an answer, each under a heading."""
    found = (
        ("Red flags said", said.red_flags),
        ("A stronger answer had", said.missed),
        ("What was wrong", said.remarks if said.result == "wrong" else ()),
        ("The experiment measured", () if said.key is None else (f"{said.key:.6g}",)),
    )
    return [(what, items) for what, items in found if items]


def line(score: Score) -> str:
    """Return a chapter's or level's answers in words."""
    results = ", ".join(f"{count} {result}" for result, count in score.results.items())
    spent = f"{minutes(score.seconds)} of {score.budget / 60:g} min"
    return f"{score.name}: {results or 'not judged'}; {spent}"


def minutes(seconds: float) -> str:
    """Return a time as it is read."""
    return f"{seconds / 60:.1f} min"
