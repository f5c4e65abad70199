"""Every rule of the linter for Markdown: one spoiled question, one message with its line."""

import re

import pytest

LONG = "word " * 201
FENCE = "```python\n1\n2\n3\n4\n5\n6\n```\n"
REASON = "\n    Both units compute the same value and receive the same gradient, at every step."
OPTION = "- [ ] All weights $0.5$"

# kind, old text, new text, what the message says; line: text on the line it names, where that is
# not the first line that changed.
FRONT_MATTER = [
    ("choice", "minutes: 2", "minutes: 2\nauthor: me", "unknown key 'author': the keys are title"),
    ("choice", "minutes: 2", "minutes: 2\nhint: me", "unknown key 'hint': did you mean hints?"),
    ("choice", "minutes: 2", "minutes: 2\n1: x", "unknown key 1: the keys are"),
    ("choice", "level: junior", "level: mid\nlevel: junior", "level stands here twice"),
    ("choice", "level: junior", "level: expert", "level: 'expert' is not known"),
    ("choice", "minutes: 2", "minutes: 0", "minutes: 0 is not more than 0"),
    ("choice", "tags: [init", "tags: [Init", "tag 'Initialization': write small words"),
    ("choice", "tags: [initialization, symmetry]", "tags: []", "no tag: add at least one"),
    ("choice", "tags: [initialization, symmetry]\n", "", "tags is missing", "kind:"),
    ("numeric", 'sources: ["Keras documentation, Dense layer"]\n', "", "sources is", "kind:"),
    ("choice", "components: []", "components: [optimizers.SDG]", "did you mean optimizers.SGD?"),
    ("numeric", "hints: [", "# [", "hints is missing", "kind:"),
    ("choice", "components: []", "components: [SGD]", "dlprep has no SGD"),
    ("choice", "components: []", "components: [layers._hidden]", "dlprep has no layers._hidden"),
    ("choice", "components: []", "components: [../etc]", "dlprep has no ../etc"),
    ("choice", "components: []", "components: [layers.Dense]", "not used by the demonstration"),
    ("choice", "follow_ups: []", "follow_ups: [nowhere]", "follow-up nowhere does not exist"),
    ("choice", "follow_ups: []", "follow_ups: [good-two]", "did you mean good-one?"),
    ("choice", "follow_ups: []", "follow_ups: [good-one]", "good-one is this question itself"),
    ("choice", "minutes: 2", "tolerance: {relative: 0.1}\nminutes: 2", "for kind numeric alone"),
    ("choice", "title: Which", "title: $\\fracc{1}{2}$. Which", "did you mean \\frac?"),
    ("numeric", "tolerance: {absolute: 0}", "tolerance: {absolute: -1}", "is below 0"),
    ("numeric", "tolerance: {absolute: 0}\n", "", "tolerance is missing", "---"),
    ("numeric", 'hints: ["', "hints: [] # ", "0 hints: write 1 to 3"),
    ("numeric", 'hints: ["', 'hints: [a, b, c, "', "4 hints: write 1 to 3"),
    ("numeric", 'hints: ["', 'hints: ["$x^$ ', "^ has nothing behind it"),
    ("numeric", 'sources: ["Keras d', 'sources: ["Deep Learning Fundamentals Handbook, ch. 2: ',
     "no source beside the seed texts"),
    ("numeric", 'sources: ["Keras', 'sources: ["Okoli, Deep Learning notes, 3', "seed texts"),
    ("numeric", 'sources: ["Keras', 'sources: ["Mountassir, Deep Learning Basics', "seed texts"),
    ("numeric", 'sources: ["K', 'sources: ["PrudviKrishna, Introduction to Deep Learning slides',
     "seed texts"),
    ("choice", "asked: 2\n", "", "asked is missing: add a line `asked: …`", "kind:"),
    ("choice", "asked: 2", "asked: often", "asked: 'often' is not a finite number"),
    ("choice", "asked: 2", "asked: -1", "asked: -1 is no weight: write 0 or more"),
    ("choice", "asked: 2", "asked: 2.25", "asked: 2.25 is no weight"),
    ("choice", "covers: [errata", "covers: []  # [errata", "covers nothing: name at least one"),
    ("recall", "covers: [", "covers: [systems/6, ", "systems/6 is listed twice: keep one"),
]  # fmt: skip

MARKDOWN = [
    ("choice", "A hidden layer has two units. Both see the same inputs and feed the same output.\n",
     "", "no prompt", 17),
    ("choice", REASON, "", "an option without its reason", OPTION),
    ("choice", "- [x]", "- [ ]", "no option is marked [x]", OPTION),
    ("predict", "- [x]", "- [ ]", "0 options marked [x]", "- [ ] Near"),
    ("predict", "- [ ] It", "- [x] It", "2 options marked [x]", "- [ ] Near"),
    ("choice", OPTION, "- [x]All weights", "not read as an option"),
    ("choice", OPTION, "* [ ] All weights", "not read as an option"),
    ("choice", OPTION, "  - [ ] All weights", "not read as an option"),
    ("choice", "- [ ] All weights $0$", "  - [ ] All", "inside this one's reason", OPTION),
    ("choice", "- [ ] All weights $0$", OPTION, "the same option twice"),
    ("choice", "\n\n## Answer", "\n\nSo.\n\n## Answer", "text after an option", "So."),
    ("recall", "much, and", "much,\n\n- [ ] a\n  b\n\nand", "of kind recall", "- [ ] a"),
    ("choice", "## Answer", "## Answers", "unknown heading ## Answers: did you mean ## Answer?"),
    ("choice", "## Key points", "## key points", "did you mean ## Key points?"),
    ("choice", "## Key points", "## Notes\n\nx\n\n## Key points", "write Answer, Key points, In"),
    ("choice", "## Key points", "## Answer\n\nx\n\n## Key points", "stands here twice"),
    ("code", "## Answer\n\nS", "S", "no section: add `## Answer`", 23),
    ("choice", "## Answer\n", "## In depth\n\n## Answer\n", "## In depth is empty"),
    ("choice", "Random ones.", "# Title", "a heading of the first level"),
    ("choice", "Random ones.", "###Part", "not a heading"),
    ("choice", "Random ones.", LONG + "\n", "words: say it in 200", "## Answer"),
    ("choice", REASON, "\n    ### Part" + REASON, "a heading inside a list", "    ### Part"),
    ("numeric", "- $(\\text{inputs} + 1) \\cdot \\text{units}$.\n", "", "no key point", "## Key"),
    ("numeric", "- $(", "First:\n\n- $(", "text beside the list of key points", "First:"),
    ("choice", "only slower\".", "only slower\".\n\n```\nx", "never closed: add a line ```", "```"),
    ("choice", "A hidden", FENCE + "\nA hidden", "6 lines of code: over 5 belong in"),
    ("choice", "for ever: the", "for ever, $\\beta_1: the", "a $ without its partner"),
    ("choice", "A hidden", "A $1 hidden", "a $ without its partner"),
    ("choice", "for ever: the", "for ever, $$ \\beta_1 $: the", "$$ opens or closes no formula"),
    ("choice", "for ever: the", "for ever $ \\beta_1$: the", "a space inside $…$"),
    ("choice", "for ever: the", "for ever $$ $$: the", "$$ opens or closes no formula"),
    ("choice", "for ever: the", "for ever\n$$\nx^^\n$$\n: the", "needs an argument", "x^^"),
    ("choice", "for ever: the", "for ever, \\alpha: the", "\\alpha stands outside a formula"),
    ("choice", "for ever: the", "for $ever$\nand $x^2^2$: the", "a second superscript", "and $x"),
    ("choice", "for ever: the", "for [ever](nowhere.md): the", "nowhere.md is broken"),
    ("choice", "for ever: the", "for [ever](good-on.md): the", "did you mean good-one?"),
    ("choice", "for ever: the", "for [ever](plot.png): the", "plot.png does not ship"),
]  # fmt: skip

SILENT = [
    ("choice", "for ever: the", "for [ever](good-one.md#answer) and [on](https://x.org/a.md): the"),
    ("choice", "for ever: the", "for `$x^` ever, \\$5 and ``a ` $``: the"),
    ("choice", "for ever: the", "so\n$$\n\\begin{gathered}a \\\\\n- c\\end{gathered}\n$$\nthe"),
    ("choice", "A hidden", "```latex\n$x^\n# no heading\n[a](b.md)\n```\nA hidden"),
    ("choice", "A hidden", "~~~\n1\n2\n3\n4\n5\n~~~\nA hidden"),
    ("predict", "Where is", FENCE + "\nWhere is"),
    ("choice", "Random ones.", "word " * 100 + "$" + "x + " * 200 + "x$"),
    ("choice", "Red flag", "red flag"),
    ("recall", "hints: [", "hints: []  # ["),
    ("recall", "hints: [", "# ["),
    ("numeric", 'hints: ["', 'hints: [a, b, "'),
    ("choice", "asked: 2", "asked: 0"),
    ("choice", "asked: 2", "asked: 4.5"),
]  # fmt: skip


def expected_line(before: str, after: str, at: str | int = "") -> int:
    """Return `at`, or the line that begins with it, or the first line that changed."""
    if isinstance(at, int):
        return at
    old, new = before.split("\n"), after.split("\n")
    if at:
        return next(number for number, line in enumerate(new, 1) if line.startswith(at))
    return next(number for number, (a, b) in enumerate(zip(old, new, strict=False), 1) if a != b)


@pytest.mark.parametrize("kind", ["recall", "choice", "numeric", "predict", "code"])
def test_a_good_question_is_silent(folder, kind):
    folder.add(kind=kind)
    assert folder.faults() == []


@pytest.mark.parametrize(
    "row", FRONT_MATTER + MARKDOWN, ids=lambda row: f"{row[3]} {row[2][:20]!r}"
)
def test_one_slip_is_one_message_at_its_line(folder, row):
    kind, old, new, said, *at = row
    folder.add(kind=kind)
    before = folder.file("md").read_text("utf-8")
    folder.edit("md", old, new)
    after = folder.file("md").read_text("utf-8")
    line = expected_line(before, after, *at)
    found = folder.faults()
    assert len(found) == 1, found
    assert found[0].startswith(f"04_optimizers/good-one.md:{line}: "), (line, found)
    assert said in found[0]
    assert re.search(r": .+[:,?].+|\?$", found[0]), "a message says how to mend it"


@pytest.mark.parametrize(("kind", "old", "new"), SILENT)
def test_what_is_allowed_is_silent(folder, kind, old, new):
    folder.add(kind=kind)
    folder.edit("md", old, new)
    assert folder.faults() == []


def test_an_answer_of_two_hundred_words_is_short_enough(folder):
    path = folder.add()
    head, rest = path.read_text("utf-8").split("## Answer\n")
    rest = rest.partition("## Key points")[2]
    for count, faults in ((200, 0), (201, 1)):
        answer = "word " * (count - 1) + "end."
        path.write_text(f"{head}## Answer\n\n{answer}\n\n## Key points{rest}", "utf-8")
        assert len(folder.faults()) == faults


COVERAGE = """
notes:
  title: Notes
  parts:
    2.10: Ten
    2.2.5-weights: Weights
systems:
  title: Systems
  parts: {17: Xavier}
"""


@pytest.mark.parametrize(
    ("covers", "said"),
    [
        ("[notes/2.10, systems/17]", []),
        ("[notes/2.1]", ["nothing called notes/2.1 can be covered: did you mean notes/2.10?"]),
        ("[notes/2.2.5-weight]", ["nothing called notes/2.2.5-weight can be covered: did you"]),
        ("[chapter]", ["nothing called chapter can be covered: coverage.yml lists the names"]),
        ("[]", ["covers nothing: name at least one part of coverage.yml"]),
        ("", ["covers is missing: add a line `covers: […]`"]),
    ],
)
def test_a_bank_with_a_list_takes_no_other_names(folder, covers, said):
    folder.add()
    folder.write("coverage.yml", COVERAGE)
    new = f"covers: {covers}" if covers else "# nothing"
    folder.edit("md", "covers: [errata/zero-initialisation]", new)
    found = folder.faults()
    assert len(found) == len(said), found
    for text, fault in zip(said, found, strict=True):
        assert text in fault


def test_a_bank_without_a_list_takes_any_name_or_none(folder):
    folder.add()
    old = "covers: [errata/zero-initialisation]"
    folder.edit("md", old, "covers: [anything]")
    assert folder.faults() == []
    folder.edit("md", "covers: [anything]\n", "")
    assert folder.faults() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "coverage.yml:1: not YAML"),
        ("a:\n  title: A\n  parts: {b: c: d}\n", "coverage.yml:3: not YAML"),
        ("- notes", "coverage.yml:1: not a list of groups"),
        ("", "coverage.yml:1: not a list of groups"),
        ("notes:\n  title: A\n", "coverage.yml:1: not a list of groups"),
        ("notes:\n  title: A\n  parts: [a]\n", "coverage.yml:1: not a list of groups"),
    ],
)
def test_a_list_that_cannot_be_read_is_one_message(folder, text, said):
    folder.add()
    folder.write("coverage.yml", text)
    (found,) = folder.faults()
    assert found.startswith(said)


@pytest.mark.parametrize(("kind", "count"), [("choice", 0), ("choice", 1), ("predict", 1)])
def test_a_choice_has_two_options(folder, kind, count):
    path = folder.add(kind=kind)
    head, *options = path.read_text("utf-8").split("- [")
    options, tail = options[:count], "## Answer" + options[-1].partition("## Answer")[2]
    path.write_text("- [".join([head, *options]) + tail, "utf-8")
    (found,) = folder.faults()
    line = path.read_text("utf-8").partition("## Answer")[0].count("\n")
    assert found.startswith(f"04_optimizers/good-one.md:{line}: {count} of at least 2 options")


def test_a_follow_up_is_listed_once(folder):
    folder.add("04_optimizers/good-one")
    folder.add("04_optimizers/good-two")
    folder.edit("md", "follow_ups: []", "follow_ups: [good-two]")
    assert folder.faults() == []
    folder.edit("md", "[good-two]", "[good-two, good-two]")
    assert folder.faults() == [
        "04_optimizers/good-one.md:12: good-two is listed twice: keep one",
    ]
