"""Whatever a file holds, the bank and the linter answer with messages, never with an exception."""

import string
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlprep.quiz.bank import Bank, BankError
from dlprep.quiz.check import check
from dlprep.quiz.mathematics import LatexError, written
from dlprep.quiz.new import EXAMPLES
from dlprep.quiz.reading import Message
from dlprep.quiz.search import search

GOOD = {path.name: path.read_bytes() for path in sorted(EXAMPLES.iterdir()) if path.is_file()}
REST = {f"other{path.suffix}": path.read_bytes() for path in sorted(EXAMPLES.glob("recall.*"))}

yaml_values = st.recursive(
    st.sampled_from(
        ["a", "1", "-1", ".inf", "~", "true", "2020-01-01", '"x"', "*a", "&a b", "!!set {}", "<<",
         "!!binary x", "0x_", "1:2:3", "= ", "|", "? a", "'", "[", "}", "\t", "9" * 5000,
         '"\\ud800"']
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(st.sampled_from("ab"), inner, max_size=2).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs.items()) + "}"
        ),
    ),
    max_leaves=4,
)  # fmt: skip
pieces = st.sampled_from(
    [b"---\n", b"$", b"$$", b"```\n", b"~~~", b"- [ ] ", b"- [x] a\n", b"    ", b"## ", b"`",
     b"## Answer\n", b"\\frac{", b"\\begin{cases}", b"\\", b"[a](b.md)", b"](", b"\x00", b"\xff",
     b"\r\n", b"\t", b"\n\n", b"Red flag:", b"&", b"{", b"}", b"'''", b"def run(lab):\n", b"(",
     "\u2028é".encode()]
)  # fmt: skip


def assert_only_messages(name: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        chapter = Path(place, "04_chapter")
        chapter.mkdir()
        stem = name.partition(".")[0].removesuffix("_exercise")
        files = {known: good for known, good in GOOD.items() if known.startswith(stem)}
        for known, good in {**files, **REST, name: content}.items():
            (chapter / known).write_bytes(good)
        bank = Bank.load(place)
        assert all(isinstance(problem, Message) for problem in bank.problems)
        assert "other" in bank
        for question in bank:
            try:
                assert question.body is question.body
            except BankError as error:
                assert error.message.path == question.path
        search(bank, "soft max")
        for message in check(place, run_demos=False):
            lines = message.path.read_bytes().count(b"\n") + 1 if message.path.is_file() else 1
            assert 1 <= message.line <= max(lines, 1) or b"\r" in content
            str(message).encode()


def spoil(raw: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for start, length, new in edits:
        start %= len(raw) + 1
        raw = raw[:start] + new + raw[start + length :]
    return raw


edit = st.tuples(st.integers(0, 3000), st.integers(0, 20), pieces)
names = st.sampled_from(sorted(GOOD))


@settings(max_examples=100, deadline=None)
@given(names, st.binary(max_size=200))
def test_random_bytes(name, content):
    assert_only_messages(name, content)


@settings(max_examples=100, deadline=None)
@given(names, st.binary(max_size=60), st.binary(max_size=60))
def test_random_bytes_in_the_right_frame(name, head, body):
    assert_only_messages(name, b"---\n" + head + b"\n---\n" + body)


@settings(max_examples=200, deadline=None)
@given(names, st.lists(edit, min_size=1, max_size=4))
def test_spoiled_good_files(name, changes):
    assert_only_messages(name, spoil(GOOD[name], changes))


@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from(["title", "level", "kind", "tags", "components", "sources", "hints",
                     "follow_ups", "tolerance", "minutes", "asked", "covers", "other"]),
    yaml_values,
)  # fmt: skip
def test_any_value_for_any_key(key, value):
    good = GOOD["numeric.md"].decode()
    lines = [line for line in good.split("\n") if not line.startswith(f"{key}:")]
    lines.insert(1, f"{key}: {value}")
    assert_only_messages("numeric.md", "\n".join(lines).encode())


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.sampled_from(["\\frac", "\\left", "\\right", "\\begin", "\\end", "{cases}", "{", "}",
                         "_", "&", "\\\\", "(", ")", "\\text", "\\sqrt", "[", "]", "\\", "x", "'",
                         "\\middle", "|", " ", "\\big", "%", "\\operatorname", "*", "\\hat", "^"])
        | st.text(string.printable, max_size=3)
    ).map("".join)
)  # fmt: skip
def test_any_formula(formula):
    try:
        written(formula)
    except LatexError as error:
        assert 0 <= error.position <= len(formula)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_every_truncation(name):
    for end in range(0, len(GOOD[name]), 97):
        assert_only_messages(name, GOOD[name][:end])
