"""Packs as others may write them: what is copied, what is refused, what may run."""

import os
from pathlib import Path

import pytest

from dlprep.quiz import content, packs
from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.content import Content
from dlprep.quiz.new import create
from dlprep.quiz.packs import Packs

posix = pytest.mark.skipif(os.name != "posix", reason="needs links and pipes")


@pytest.fixture
def source(tmp_path):
    """Return the folder of a pack with a question of each of two kinds."""
    create(tmp_path / "vision", "01_basics/one", "choice")
    create(tmp_path / "vision", "02_more/two", "code")
    return tmp_path / "vision"


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """Return the user's packs."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Packs()


@pytest.fixture
def added(mine, source):
    return mine.add(source)[0]


def everything(mine, folder):
    bank = Bank.load(folder)
    packs.join(bank, mine)
    return bank


def test_questions_have_the_name_of_their_pack(mine, added, folder):
    folder.add("01_basics/one")
    bank = everything(mine, folder.path)
    assert [question.id for question in bank] == ["one", "vision:one", "vision:two"]
    assert bank.chapters == ("01_basics", "vision:01_basics", "vision:02_more")
    assert [question.id for question in bank.filter(chapter="basics")] == ["one"]
    assert bank["vision:one"].body.prompt == bank["one"].body.prompt
    assert bank["vision:one"].at(3).pack.name == "vision"


def test_follow_ups_stay_in_the_pack(mine, source, folder):
    path = source / "01_basics" / "one.md"
    path.write_text(path.read_text("utf-8").replace("follow_ups: []", "follow_ups: [two]"), "utf-8")
    mine.add(source)
    assert everything(mine, folder.path)["vision:one"].follow_ups == ("vision:two",)


def test_nothing_is_handed_out_to_run_before_it_is_trusted(mine, added, folder):
    bank = everything(mine, folder.path)
    for ask in (lambda: bank["vision:one"].demo, lambda: bank["vision:two"].exercise):
        with pytest.raises(BankError, match=r"vision is not trusted.*`dlprep pack trust vision`"):
            ask()
    assert bank["vision:one"].exercise is None


def test_what_runs_is_a_copy_of_the_bytes_that_were_checked(mine, added, folder):
    mine.trust(added, Content.read(added.folder))
    question = everything(mine, folder.path)["vision:two"]
    before, kept = question.demo.read_bytes(), added.folder / "02_more" / "two.py"
    kept.write_text("raise SystemExit('exchanged after the check')")
    assert added.folder not in question.demo.parents
    assert question.demo.read_bytes() == before != kept.read_bytes()
    assert question.exercise.name == "two_exercise.py" and question.exercise.is_file()
    # Who begins anew meets what is there now.
    with pytest.raises(BankError, match="vision has changed since it was trusted"):
        everything(mine, folder.path)["vision:two"].demo  # noqa: B018


def test_what_is_trusted_is_what_was_listed(mine, added):
    listed = Content.read(added.folder)
    (added.folder / "01_basics" / "one.py").write_text("print('exchanged while he read')")
    mine.trust(added, listed)
    assert mine["vision"].state == packs.CHANGED


CHANGES = {
    "a byte": lambda at: (at / "01_basics/one.py").write_text("x = 1"),
    "a text": lambda at: (at / "01_basics/one.md").write_text("x"),
    "a file more": lambda at: (at / "01_basics/more.txt").write_text(""),
    "a file less": lambda at: (at / "01_basics/one.py").unlink(),
    "another name": lambda at: (at / "01_basics/one.py").rename(at / "01_basics/on.py"),
    "another chapter": lambda at: (at / "01_basics/one.py").rename(at / "02_more/one.py"),
    "the end of a name": lambda at: (
        (at / "01_basics/a").write_text("bc"),
        (at / "01_basics/ab").write_text("c"),
        (at / "01_basics/a").unlink(),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_ends_the_trust(mine, added, change):
    mine.trust(added, Content.read(added.folder))
    assert mine["vision"].state == packs.TRUSTED
    CHANGES[change](added.folder)
    assert mine["vision"].state == packs.CHANGED


def test_names_and_bytes_cannot_be_shifted_into_each_other():
    assert Content({"ab": b"c"}).checksum != Content({"a": b"bc"}).checksum
    assert Content({"a": b"", "b": b"c"}).checksum != Content({"a": b"b", "c": b""}).checksum


def test_a_pack_removed_and_added_again_is_not_trusted(mine, added, source):
    mine.trust(added, Content.read(added.folder))
    mine.remove(added)
    assert not list(mine)
    mine.add(source)
    assert mine["vision"].state == packs.UNTRUSTED


def test_a_damaged_list_trusts_nobody(mine, added):
    mine.trust(added, Content.read(added.folder))
    (mine.folder / "trusted.json").write_text('["vision"]')
    with pytest.raises(BankError, match="no pack is trusted: delete it"):
        mine["vision"].program(added.folder / "01_basics" / "one.py")


HOSTILE = {
    "a link out of it": (
        lambda at: (at / "01_basics/secret.md").symlink_to("/etc/passwd"),
        "is a link",
    ),
    "a link to a chapter": (lambda at: (at / "03_out").symlink_to(at.parent), "is a link"),
    "a pipe": (lambda at: os.mkfifo(at / "01_basics/pipe.md"), "is no file"),
    "a huge file": (lambda at: (at / "huge.py").write_bytes(b"#" * 64_001), "is larger than"),
    "a line break in a name": (lambda at: (at / "a\nb.md").write_text(""), "is an odd name"),
    "an escape in a name": (lambda at: (at / "a\x1b[2J.md").write_text(""), "is an odd name"),
    "a path of Windows in a name": (lambda at: (at / "..\\x.py").write_text(""), None),
    "a backslash in a name": (lambda at: (at / "a\\x.py").write_text(""), "is an odd name"),
    "a device of Windows": (lambda at: (at / "nul.py").write_text(""), "is an odd name"),
    "a stream of Windows": (lambda at: (at / "x.md:y.py").write_text(""), "is an odd name"),
    "case alone": (lambda at: (at / "01_basics/ONE.md").write_text(""), "differ in case alone"),
    "nesting": (lambda at: (at / "01_basics/in").mkdir(), "is a folder in a chapter"),
}


@posix
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_plain_file_of_text_is_refused_and_nothing_is_kept(mine, source, name):
    make, said = HOSTILE[name]
    make(source)
    if said is None:  # Hidden, so it is left out.
        mine.add(source)
        assert not list(mine.folder.rglob("*x.py"))
        return
    with pytest.raises(BankError, match=said):
        mine.add(source)
    assert not list(mine) and not list(mine.folder.glob(".*"))


@posix
@pytest.mark.parametrize("name", ["a link out of it", "a pipe", "a huge file"])
def test_a_copy_that_was_spoiled_does_not_run(mine, added, name):
    mine.trust(added, Content.read(added.folder))
    HOSTILE[name][0](added.folder)
    with pytest.raises(BankError, match=HOSTILE[name][1]):
        mine["vision"].program(added.folder / "01_basics" / "one.py")


def test_only_so_many_files_are_read(mine, source, monkeypatch):
    monkeypatch.setattr(content, "MOST_FILES", 4)
    with pytest.raises(BankError, match="more than 4 files or"):
        mine.add(source)


@pytest.mark.parametrize("name", ["..", "a/b", "Vision", "", ".x", "con", "a:b", "x" * 41, "é"])
def test_odd_names_of_packs_are_refused(mine, source, name):
    if name:
        with pytest.raises(BankError, match="is no name of a pack"):
            mine.add(source, name)
    assert not list(mine)


@pytest.mark.parametrize("name", ["optimizers", "04", "4"])
def test_a_pack_is_not_named_like_a_built_in_chapter(mine, source, name):
    with pytest.raises(BankError, match="is the chapter 04_optimizers: --name"):
        mine.add(source, name)


def test_two_packs_of_one_name_are_refused(mine, added, source):
    with pytest.raises(BankError, match="there is a pack vision already"):
        mine.add(source)
    assert mine.add(source, "vision-two")[0].name == "vision-two"
    assert [pack.name for pack in mine] == ["vision", "vision-two"]


def test_a_folder_without_questions_is_no_pack(mine, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BankError, match="no question that can be read"):
        mine.add(tmp_path / "empty")
    with pytest.raises(BankError, match="not a folder"):
        mine.add(tmp_path / "nowhere")
    assert not list(mine)


def test_a_broken_pack_hides_nothing_and_is_said_once(mine, added, folder):
    folder.add("01_basics/one")
    for path in added.folder.rglob("*.md"):
        path.write_text("no front matter")
    bank = everything(mine, folder.path)
    assert [question.id for question in bank] == ["one"]
    (problem,) = bank.problems
    assert "and 1 more in the pack vision" in str(problem)


def test_a_search_finds_packs_too(mine, added):
    found = packs.search(mine, "steadier gradient parabola", 500, lambda done, total: None)
    ids = [hit.id for hit in found]
    assert any(ident.startswith("vision:") for ident in ids)
    assert [hit.whole for hit in found] == sorted((hit.whole for hit in found), reverse=True)
    assert len(packs.search(mine, "gradient", 3, lambda done, total: None)) == 3


def test_hidden_files_are_left_out(mine, source):
    (source / ".git").mkdir()
    (source / "01_basics" / "__pycache__").mkdir()
    folder = mine.add(source)[0].folder
    assert {path.name for path in folder.iterdir()} == {"01_basics", "02_more"}
    assert Path(folder / "01_basics" / "__pycache__").exists() is False
