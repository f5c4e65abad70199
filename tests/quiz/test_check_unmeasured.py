"""Numbers of the answer that the demonstration does not measure are listed, and are no fault."""

import pytest

from dlprep.lab.report import Claim, Report, Value
from dlprep.quiz.body import parse
from dlprep.quiz.check.unmeasured import listed, quantities

TEXTS = [
    ("about 9,000-fold, 0.71 of it", [("9000", (9000,)), ("0.71", (0.71,))]),
    ("$10^{-3}$, $4 \\cdot 10^5$ and 3.5e-4", [("10^{-3}", (1e-3,)), ("4 \\cdot 10^5", (4e5,)),
                                               ("3.5e-4", (3.5e-4,))]),
    ("12 % or 20 to 25\\%", [("12 %", (0.12, 12)), ("20", (0.2, 20)), ("25\\%", (0.25, 25))]),
    ("1 of 2, 0.5 and 2.5", [("0.5", (0.5,)), ("2.5", (2.5,))]),
    ("$\\beta_1$, $x_{12}$, $x^2$, $2^{10}$, L1, float32, `7` and ``8``", []),
    ("2 048 rows.", [("2048", (2048,))]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "found"), TEXTS)
def test_numbers_are_read(text, found):
    assert list(quantities(text)) == found


QUESTION = """---
---
From 300 rows.

- [x] It is so.
    After 40 steps.
- [ ] It is not.
    After 500 steps.

## Answer

{}

## Key points

- 900 of them.
"""


def note(said, *claims, **parts):
    report = Report("q", 0, False, [Claim("a", True, *claim) for claim in claims], **parts)
    return listed(parse(QUESTION.format(said)), [report])


def test_what_nothing_measures_is_listed_by_its_place():
    assert note("About 70 %, 20 times and 5.", (0.6, "< 1"), (6, 6), (33, "> 31")) == (
        "nothing measured is within a factor of 1.5 of: answer 20; key points 900; reasons 500"
        " (no matter for constants)"
    )


def test_thresholds_values_the_answer_and_the_prompt_count():
    parts = {"values": [Value("v", -20.0)], "answer": 900}
    assert note("100 and 20, 280", (7000, "> 90"), (45, "1 to 600"), **parts) == ""


def test_words_are_no_numbers():
    assert "answer 100" in note("100", ("nan", "nan"), (True, True), (1e300, "wrong"))
