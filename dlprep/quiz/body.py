"""The Markdown of a question: prompt, options, answer, key points, derivation."""

import re
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

SECTIONS = ("Answer", "Key points", "In depth")
_OPTION = re.compile(r"- \[([ xX])\][ \t]+(\S.*)$")
_MARKER = re.compile(r"[ \t]*[-*+][ \t]*")
_RED_FLAG = re.compile(r"red flag:\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Option:
    """One answer to choose: Markdown text, why it is right or wrong, its line in the file."""

    text: str
    reason: str
    correct: bool
    line: int


@dataclass(frozen=True)
class Body:
    """A question below its front matter; all texts are Markdown with LaTeX."""

    prompt: str
    options: tuple[Option, ...]
    answer: str
    key_points: tuple[str, ...]
    red_flags: tuple[str, ...]
    in_depth: str


@dataclass(frozen=True)
class Section:
    """A `##` heading with the lines below it; the prompt is the section without a title.

    Attributes:
        title: The heading.
        line: The number of the heading's line in the file.
        rows: The lines below it; the first of them has the number `line + 1`.
    """

    title: str
    line: int
    rows: tuple[str, ...]

    @property
    def text(self) -> str:
        """The Markdown below the heading."""
        return "\n".join(self.rows).strip("\n").rstrip()

    def items(self) -> list[tuple[int, int]]:
        """Return the first row of each item of its lists, and the one behind its last."""
        tokens = _outline("\n".join(self.rows))
        return [tuple(t.map) for t in tokens if t.type == "list_item_open" and t.level == 1]


def parse(text: str) -> Body:
    """Return the parts of a question's Markdown.

    Args:
        text: The whole file, front matter included.
    """
    prompt, *named = sections(text)
    named = {section.title.casefold(): section for section in reversed(named)}
    answer, points, depth = (named.get(title.casefold()) for title in SECTIONS)
    options, rest = split_options(prompt)
    items = key_points(points) if points else []
    return Body(
        prompt=rest.text,
        options=tuple(options),
        answer=answer.text if answer else "",
        key_points=tuple(item for item in items if not is_red_flag(item)),
        red_flags=tuple(_RED_FLAG.sub("", item, 1) for item in items if is_red_flag(item)),
        in_depth=depth.text if depth else "",
    )


def sections(text: str) -> list[Section]:
    """Return the prompt and then one section per `##` heading.

    Args:
        text: The whole file, front matter included.
    """
    # A command that shows no question does not wait for this import.
    from dlprep.quiz.markdown.grammar import normal

    rows = normal(text).split("\n")
    begin = next((i for i, row in enumerate(rows[1:], 1) if row.rstrip() == "---"), -1) + 1
    tokens = _outline("\n".join(rows[begin:]))
    heads = [
        (begin + token.map[0], inside.content)
        for token, inside in zip(tokens, tokens[1:], strict=False)
        if token.type == "heading_open" and token.tag == "h2" and not token.level
    ]
    starts = [(begin - 1, ""), *heads]
    ends = [*(at for at, _ in heads), len(rows)]
    return [
        Section(title, at + 1, tuple(rows[at + 1 : end]))
        for (at, title), end in zip(starts, ends, strict=True)
    ]


def prose(text: str) -> list[tuple[int, str]]:
    """Return the lines below the front matter that are no code, each with its number."""
    found = []
    for section in sections(text):
        tokens = _outline("\n".join(section.rows))
        code = {row for token in tokens if token.type == "fence" for row in range(*token.map)}
        found += [
            (section.line + 1 + at, row) for at, row in enumerate(section.rows) if at not in code
        ]
        if section.title:
            found.append((section.line, section.title))
    return found


def split_options(prompt: Section) -> tuple[list[Option], Section]:
    """Return the options of the prompt, and the prompt with their lines emptied."""
    rest = list(prompt.rows)
    options = []
    for first, end in prompt.items():
        option = _OPTION.match(rest[first])
        if option:
            reason = textwrap.dedent("\n".join(rest[first + 1 : end]).expandtabs(4))
            line = prompt.line + 1 + first
            text = option[2].rstrip()
            options.append(Option(text, reason.strip("\n").rstrip(), option[1] != " ", line))
            rest[first:end] = [""] * (end - first)
    return options, Section("", prompt.line, tuple(rest))


def key_points(points: Section) -> list[str]:
    """Return the items of a section's lists, each as one line."""
    found = []
    for first, end in points.items():
        rows = [_MARKER.sub("", points.rows[first], 1), *points.rows[first + 1 : end]]
        found.append(" ".join(row.strip() for row in rows if row.strip()))
    return found


def is_red_flag(item: str) -> bool:
    """Return whether a key point is one that loses the interview."""
    return bool(_RED_FLAG.match(item))


def _outline(text: str) -> "list[Token]":
    # A command that shows no question does not wait for this import.
    from dlprep.quiz.markdown import grammar

    return grammar.outline(text)
