"""Options are shuffled: words of place are refused, and a key that stands out by its length."""

import pytest

PLACES = [
    ("md", "- [ ] All weights $0.5$", "- [ ] All of the above", "'All of the above' speaks of a"),
    ("md", "- [ ] All weights $0.5$", "- [ ] None of these", "'None of these' is about the other"),
    ("md", "- [ ] All weights $0.5$", "- [ ] Both are right.", None),
    ("md", "- [ ] All weights $0.5$", "- [ ] Both options", "'Both options' is about the other"),
    ("md", "- [ ] All weights $0.5$", "- [ ] Both A and C", "'A and C' speaks of a place"),
    ("md", "The same symmetry", "As the first option, it is the same", "'the first option' speaks"),
    ("md", "The same symmetry", "As in option B, the same", "'option B' speaks of a place"),
    ("md", "The same symmetry", "As in the option above, it is the same", "'option above' speaks"),
    ("md", "The same symmetry", "Like the previous answer, the same", "'previous answer' speaks"),
    ("md", "Random ones.", "The last option.", "'The last option' speaks of a place"),
    ("md", "Random ones.", "A, B and C are wrong.", "'A, B' speaks of a place"),
    ("md", "Compare the gradients that", "Not the second choice: what", "'the second choice'"),
    ("md", "- Equal weights", "- Unlike in statement 2, equal weights", "'statement 2' speaks"),
]  # fmt: skip

SILENT = [
    ("A hidden", "Which of the options below? A hidden"),
    ("The same symmetry", "Above 0.5, all of the first layer, a first answer"),
    ("The same symmetry", "Options of `option B` in $A and B$, and a first step"),
    ("- [ ] All weights $0.5$", "- [ ] None"),
    ("- [ ] All weights $0.5$", "- [ ] All of the weights"),
]


@pytest.mark.parametrize(("part", "old", "new", "said"), PLACES)
def test_words_of_place_are_refused(folder, part, old, new, said):
    path = folder.add()
    folder.edit(part, old, new)
    found = folder.faults()
    assert len(found) == (said is not None), found
    line = path.read_text("utf-8").partition(new)[0].count("\n") + 1
    for fault in found:
        # A hint is a fault of the key it stands under.
        line = 10 if "hints" in path.read_text("utf-8").splitlines()[line - 2] else line
        assert fault.startswith(f"04_optimizers/good-one.md:{line}: ")
        assert said in fault


@pytest.mark.parametrize(("old", "new"), SILENT)
def test_other_words_are_not(folder, old, new):
    folder.add()
    folder.edit("md", old, new)
    assert folder.faults() == []


def test_letters_that_the_prompt_names_are_no_places(folder):
    folder.add()
    folder.edit("md", "Random ones.", "Models A and B.")
    assert len(folder.faults()) == 1
    folder.edit("md", "A hidden layer", "Model A and model B have one. A hidden layer")
    assert folder.faults() == []


def test_questions_without_options_may_say_so(folder):
    folder.add(kind="recall")
    folder.edit("md", "The gradient of", "The first option: the gradient of")
    assert folder.faults() == []


def test_a_key_far_longer_than_the_rest_is_named(folder):
    folder.add()
    folder.edit("md", "Small random weights", "Small random weights, one drawn for each")
    (found,) = folder.faults()
    assert found == (
        "04_optimizers/good-one.md:24: the right option has 40 characters, the longest other one"
        " 17: that gives it away, bring them to one length"
    )
    folder.edit("md", "All weights $0$", "All weights $0$, which is the common default")
    assert folder.faults() == []


def test_a_long_prompt_and_two_questions_are_notes(folder):
    folder.add()
    folder.edit("md", "A hidden layer", "What? Why? " + "word " * 80 + "A hidden layer")
    told = []
    assert folder.faults(tell=lambda *line: told.append(line), only={"good-one"}) == []
    path = folder.file("md")
    assert told == [
        ("note", f"{path}: the prompt has 98 words: 80 can be taken in at once"),
        ("note", f"{path}: the prompt asks 2 questions, and one is graded"),
    ]
