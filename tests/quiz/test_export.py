"""Questions as JSON: what the schema says holds, and nothing is left out."""

import copy
import json

import jsonschema
import pytest

from dlprep.quiz import export
from dlprep.quiz.bank import Bank

BANK = Bank.load()
SCHEMA = json.loads(export.SCHEMA.read_text("utf-8"))
FOUND = json.loads(export.plain(BANK))


def test_the_schema_is_one_and_the_bank_obeys_it():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(FOUND, SCHEMA)
    assert [question["id"] for question in FOUND["questions"]] == [q.id for q in BANK]


@pytest.mark.parametrize(
    "change",
    [
        {"level": "expert"},
        {"minutes": 0},
        {"answer": ""},
        {"options": [{"text": "yes", "correct": "no", "reason": ""}]},
        {"tolerance": {}},
        {"line": 3},
        {"id": "../etc"},
    ],
)
def test_the_schema_refuses_what_is_none(change):
    wrong = copy.deepcopy(FOUND)
    wrong["questions"][0].update(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, SCHEMA)


def test_texts_are_those_of_the_bank_with_the_numbers_drawn_first():
    for question, record in zip(BANK, FOUND["questions"], strict=True):
        body = question.body
        assert (record["prompt"], record["answer"]) == (body.prompt, body.answer)
        assert [option["correct"] for option in record["options"]] == [
            option.correct for option in body.options
        ]
        assert record["drawn"] == question.drawn
        assert not any(f"{{{name}}}" in hint for name in question.draw for hint in record["hints"])
