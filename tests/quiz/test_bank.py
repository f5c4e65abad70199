"""The bank loads what is good and names what is not."""

import os

import pytest
import yaml

from dlprep.quiz import reading
from dlprep.quiz.bank import Bank, BankError, Option, questions_dir

HEAD = "---\ntitle: T\nlevel: mid\nkind: recall\nminutes: 2\n---\n"


def problems(folder) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in Bank.load(folder.path).problems]


def test_front_matter_becomes_fields(folder):
    path = folder.add("04_optimizers/good-one", "numeric")
    bank = Bank.load(folder.path)
    question = bank["good-one"]
    assert (question.chapter, question.path) == ("04_optimizers", path)
    assert (question.level, question.kind, question.minutes) == ("junior", "numeric", 1.0)
    assert question.tags == ("parameters", "shapes")
    assert question.components == ("layers.Dense",)
    assert len(question.hints) == 1
    assert question.follow_ups == ()
    assert question.tolerance == {"absolute": 0.0}
    assert (question.asked, question.covers) == (1.0, ("notes/1.3.2", "systems/28"))
    assert question.demo == path.with_suffix(".py")
    assert question.exercise is None
    assert bank.problems == []


def test_a_code_question_has_an_exercise(folder):
    path = folder.add(kind="code")
    assert Bank.load(folder.path)["good-one"].exercise == path.with_name("good-one_exercise.py")


def test_questions_come_by_chapter_and_file(folder):
    for name in ("10_last/a", "02_first/c", "02_first/b"):
        folder.add(name)
    bank = Bank.load(folder.path)
    assert [question.id for question in bank] == ["b", "c", "a"]
    assert bank.chapters == ("02_first", "10_last")
    assert len(bank) == 3


@pytest.mark.parametrize("chapter", ["04_optimizers", "optimizers", "04", "4", "Optimizers"])
def test_a_chapter_has_several_names(folder, chapter):
    folder.add("04_optimizers/one")
    folder.add("05_losses/two")
    assert [q.id for q in Bank.load(folder.path).filter(chapter=chapter)] == ["one"]


def test_filters_hold_together(folder):
    folder.add("04_optimizers/one", "choice")
    folder.add("04_optimizers/two", "code")
    bank = Bank.load(folder.path)
    assert [q.id for q in bank.filter(kind="code", level="mid", tag="softmax")] == ["two"]
    assert len(bank.filter()) == 2


@pytest.mark.parametrize(
    ("filters", "hint"),
    [
        ({"chapter": "optimisers"}, "did you mean 04_optimizers"),
        ({"chapter": "99"}, "there are 04_optimizers"),
        ({"tag": "symetry"}, "did you mean symmetry"),
        ({"kind": "essay"}, "there are recall, choice, numeric, predict, code"),
        ({"level": "guru"}, "there are junior, mid, senior"),
    ],
)
def test_an_unknown_filter_names_what_there_is(folder, filters, hint):
    folder.add()
    with pytest.raises(BankError, match=hint):
        Bank.load(folder.path).filter(**filters)


def test_an_unknown_id_names_the_closest(folder):
    folder.add()
    with pytest.raises(BankError, match="no question 'good-on'.*did you mean good-one"):
        Bank.load(folder.path)["good-on"]


def test_the_body_is_read_when_it_is_asked_for(folder):
    path = folder.add()
    question = Bank.load(folder.path)["good-one"]
    path.unlink()
    with pytest.raises(BankError, match=r"good-one\.md:1: cannot be read"):
        _ = question.body


def test_only_the_front_matter_is_read_at_load(folder):
    folder.write("01_a/long.md", HEAD.encode() + b"x" * 100 + b"\n" * 60_000)
    folder.write("01_a/spoiled.md", HEAD.encode() + b"\n\xff")
    bank = Bank.load(folder.path)
    assert len(bank) == 2
    with pytest.raises(BankError, match=r"spoiled\.md:8: this is not UTF-8"):
        _ = bank["spoiled"].body


def test_the_parts_of_a_body(folder):
    folder.write(
        "01_a/q.md",
        HEAD
        + "\nWhich?\n\n```python\n## Answer\n- [x] no option\n```\n\n"
        + "- [ ] `a[0]`\n    Wrong: $x_1$.\n\n    Second paragraph.\n"
        + "- [X] $\\frac{1}{2}$\n    Right.\n\n"
        + "## Answer\n\nHalf.\n\n~~~\n## Key points\n~~~\n\n"
        + "## Key points\n\n- one,\n  two\n- Red flag: three\n* four\n\n## In depth\n\nWhy.\n",
    )
    body = Bank.load(folder.path)["q"].body
    assert body.prompt == "Which?\n\n```python\n## Answer\n- [x] no option\n```"
    assert body.options == (
        Option("`a[0]`", "Wrong: $x_1$.\n\nSecond paragraph.", False, 15),
        Option("$\\frac{1}{2}$", "Right.", True, 19),
    )
    assert body.answer == "Half.\n\n~~~\n## Key points\n~~~"
    assert body.key_points == ("one, two", "four")
    assert body.red_flags == ("three",)
    assert body.in_depth == "Why."


def test_an_item_within_an_item_belongs_to_it(folder):
    folder.write("01_a/q.md", HEAD + "\nWhat?\n\n## Key points\n\n- one\n  - two\n- three\n")
    assert Bank.load(folder.path)["q"].body.key_points == ("one - two", "three")


def test_a_body_may_be_empty(folder):
    folder.write("01_a/q.md", HEAD)
    body = Bank.load(folder.path)["q"].body
    assert (body.prompt, body.options, body.answer, body.key_points) == ("", (), "", ())


@pytest.mark.parametrize("change", [lambda raw: b"\xef\xbb\xbf" + raw,
                                    lambda raw: raw.replace(b"\n", b"\r\n")])  # fmt: skip
def test_windows_files_read_the_same(folder, change):
    path = folder.add()
    plain = Bank.load(folder.path)["good-one"]
    before = plain.title, plain.body
    path.write_bytes(change(path.read_bytes()))
    question = Bank.load(folder.path)["good-one"]
    assert (question.title, question.body) == before


BROKEN = {
    "empty": (b"", 1, "no front matter"),
    "no front matter": (b"# Title\n\nText\n", 1, "no front matter"),
    "unclosed": (b"---\ntitle: T\n\nText\n", 1, "not closed"),
    "unclosed and long": (b"---\n" + b"a: b\n" * 10_000, 1, "not closed"),
    "not UTF-8": (b"---\ntitle: T\nlevel: \xff\n---\n", 3, "not UTF-8"),
    "UTF-16": ("---\ntitle: T\n---\n".encode("utf-16"), 1, "not UTF-8"),
    "UTF-16 without a mark": ("---\ntitle".encode("utf-16-le"), 1, "control character U+0000"),
    "CR": (b"---\rtitle: T\r---\r", 1, "line ends of an old Mac: save it with LF line ends"),
    "direction": ("---\ntitle: a \u202e b\n---\n".encode(), 2, "control character U+202E"),
    "NUL": (b"---\ntitle: T\n\x00\n---\n", 3, "control character U+0000"),
    "escape sequence": (b"---\ntitle: \x1b[31mred\n---\n", 2, "control character U+001B"),
    "tab": (b"---\ntitle: T\n\tlevel: mid\n---\n", 3, "not YAML"),
    "colon": (b"---\ntitle: A: B\n---\n", 2, "not YAML"),
    "list": (b"---\n- title\n---\n", 2, "not a list of `key: value` lines"),
    "nothing": (b"---\n---\n", 2, "not a list of `key: value` lines"),
    "two documents": (b"---\ntitle: T\n...\nlevel: mid\n---\n", 4, "not YAML"),
    "alias": (b"---\ntitle: &a T\nlevel: *a\n---\n", 1, "aliases"),
    "deep": (b"---\ntitle: " + b"[" * 10_000 + b"\n---\n", None, "not YAML"),
    "python object": (b"---\ntitle: !!python/object:os.system x\n---\n", 2, "not YAML"),
    "too large": (HEAD.encode() + b"x" * 10_000_000, 1, "larger than"),
}


@pytest.mark.parametrize(("content", "line", "text"), BROKEN.values(), ids=BROKEN)
def test_a_broken_file_is_one_message_and_the_rest_loads(folder, content, line, text):
    folder.add()
    path = folder.write("04_optimizers/broken.md", content)
    bank = Bank.load(folder.path)
    assert [question.id for question in bank] == ["good-one"]
    (problem,) = bank.problems
    assert problem.path == path
    assert line in (None, problem.line)
    assert text in problem.text


VALUES = {
    "title": ["2020-99-99", "!!bool perhaps", "7", "''", "[a]", '"a\\nb"', '"\\e[31m"', "~"],
    "level": ["expert", "[mid]", "2", "{mid: 1}"],
    "kind": ["essay", "~"],
    "minutes": ["2026-99-99", "9" * 5000, "0", "-1", "soon", ".inf", ".nan", "true", "[2]",
                "1" * 400, "''"],
    "tags": ["clipping", "[1]", "[[a]]", "{a: b}", "['']"],
    "hints": ["[a: b]"],
    "tolerance": ["0.1", "{}", "{absolute: -1}", "{exact: 0}", "{absolute: x}", "[1]"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"), [(key, value) for key, values in VALUES.items() for value in values]
)
def test_a_wrong_value_is_named_with_its_line(folder, key, value):
    lines = HEAD.splitlines()[1:-1]
    lines = [line for line in lines if not line.startswith(key)] + [f"{key}: {value}"]
    folder.write("01_a/q.md", "---\n" + "\n".join(lines) + "\n---\n")
    ((line, text),) = problems(folder)
    assert line == len(lines) + 1
    assert text.startswith(f"{key}: ")


@pytest.mark.parametrize("key", ["title", "level", "kind", "minutes"])
def test_a_missing_key_is_named(folder, key):
    lines = [line for line in HEAD.splitlines() if not line.startswith(key)]
    folder.write("01_a/q.md", "\n".join(lines) + "\n")
    assert problems(folder) == [(1, f"{key} is missing: add a line `{key}: …`")]


def test_a_numeric_question_cannot_do_without_tolerance(folder):
    folder.write("01_a/q.md", HEAD.replace("recall", "numeric"))
    assert problems(folder) == [(1, "tolerance is missing: add a line `tolerance: …`")]


def test_a_power_of_ten_is_a_number(folder):
    folder.write("01_a/q.md", HEAD.replace("minutes: 2", "minutes: 2\ntolerance: {relative: 1e-3}"))
    assert Bank.load(folder.path)["q"].tolerance == {"relative": 0.001}


def test_an_id_is_unique_in_the_bank(folder):
    folder.write("01_a/q.md", HEAD)
    second = folder.write("02_b/q.md", HEAD)
    bank = Bank.load(folder.path)
    assert bank["q"].chapter == "01_a"
    assert [(problem.path, problem.text) for problem in bank.problems] == [
        (second, "the id q is already that of 01_a/q.md: rename this file")
    ]


@pytest.mark.parametrize("name", ["Adam.md", "a_b.md", "a b.md", "-a.md", "ä.md"])
def test_an_id_is_a_slug(folder, name):
    folder.write(f"01_a/{name}", HEAD)
    assert "is no id" in problems(folder)[0][1]


def test_things_that_are_no_files_are_named(folder):
    chapter = folder.path / "01_a"
    (chapter / "folder.md").mkdir(parents=True)
    (chapter / "loop.md").symlink_to("loop.md")
    (chapter / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(chapter / "pipe.md")
    (folder.path / "02_loop").symlink_to("02_loop")
    texts = [text.partition(":")[0] for _, text in problems(folder)]
    assert texts == ["this is not a text file", "cannot be read", "cannot be read",
                     "this is not a text file"]  # fmt: skip


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_or_folder_is_named(folder):
    folder.write("01_a/q.md", HEAD).chmod(0)
    folder.write("02_b/p.md", HEAD).parent.chmod(0)
    try:
        assert [text.partition(";")[0] for _, text in problems(folder)] == [
            "cannot be read: Permission denied",
            "cannot be read: Permission denied",
        ]
    finally:
        (folder.path / "02_b").chmod(0o755)


def test_a_file_name_that_is_no_text_can_be_printed(folder):
    path = os.fsencode(folder.path) + b"/01_a/\xff.md"
    os.mkdir(folder.path / "01_a")
    with open(path, "wb"):
        pass
    (problem,) = Bank.load(folder.path).problems
    str(problem).encode()


def test_a_folder_that_is_not_there_is_named(tmp_path):
    bank = Bank.load(tmp_path / "nowhere")
    assert len(bank) == 0
    assert "cannot be read" in str(bank.problems[0])


def test_hidden_files_and_caches_are_left_alone(folder):
    for name in (".git/q.md", "__pycache__/q.md", "01_a/.q.md.swp", "01_a/.q.md"):
        folder.write(name, "nothing")
    assert problems(folder) == []


def test_pure_python_yaml_reads_the_same(folder, monkeypatch):
    folder.add(kind="numeric")
    fast = vars(Bank.load(folder.path)["good-one"])
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert vars(Bank.load(folder.path)["good-one"]) == fast


def test_the_built_in_bank_is_beside_or_inside_the_package():
    assert questions_dir().name == "questions"
    assert questions_dir().is_dir()


def test_a_message_reads_file_line_text(tmp_path):
    assert str(reading.Message(tmp_path / "q.md", 3, "wrong")) == f"{tmp_path}/q.md:3: wrong"
