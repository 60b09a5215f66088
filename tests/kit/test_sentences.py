"""marshmallow's own sentences, in the reader's language."""

from __future__ import annotations

import pytest
from marshmallow import Schema, ValidationError, fields, validate

from shopbell.http.problems import flat_fields
from shopbell.http.sentences import READERS, SENTENCES, said
from shopbell.i18n import speaking


class Child(Schema):
    day = fields.Date(required=True)


class Everything(Schema):
    text = fields.String(validate=validate.Length(2, 5))
    short = fields.String(validate=validate.Length(min=2))
    long = fields.String(validate=validate.Length(max=2))
    exact = fields.String(validate=validate.Length(equal=2))
    same = fields.String(validate=validate.Equal("x"))
    kind = fields.String(validate=validate.OneOf(["room", "device"]))
    pattern = fields.String(validate=validate.Regexp("^a$"))
    whole = fields.Integer(strict=True, validate=validate.Range(1, 10))
    least = fields.Integer(validate=validate.Range(min=1))
    most = fields.Integer(validate=validate.Range(max=1))
    number = fields.Float()
    yes = fields.Boolean()
    id = fields.UUID()
    at = fields.AwareDateTime()
    when = fields.DateTime()
    email = fields.Email()
    address = fields.Url()
    items = fields.List(fields.String())
    more = fields.Dict()
    child = fields.Nested(Child)
    needed = fields.String(required=True)
    given = fields.String()


WRONG = {
    "text": "x",
    "short": "x",
    "long": "xxx",
    "exact": "x",
    "same": "y",
    "kind": "shop",
    "pattern": "b",
    "whole": 99,
    "least": 0,
    "most": 9,
    "number": "nan",
    "yes": "perhaps",
    "id": "x",
    "at": "2026-03-02T10:00:00",
    "when": "x",
    "email": "x",
    "address": "x",
    "items": "x",
    "more": 1,
    "child": {},
    "given": None,
    "unknown": 1,
}


def messages(wrong: object) -> dict[str, str]:
    with speaking("en"):
        with pytest.raises(ValidationError) as refused:
            Everything().load(wrong)  # type: ignore[arg-type]
        return flat_fields(refused.value.messages)


@pytest.mark.parametrize("wrong", [WRONG, {"text": 1, "whole": "x", "number": "x", "child": 1, "at": "x"}, 7])
def test_every_sentence_that_the_library_says_is_known(wrong: object) -> None:
    for field, sentence in messages(wrong).items():
        assert sentence in SENTENCES or any(reader.fullmatch(sentence) for reader, _ in READERS), (field, sentence)


def test_a_sentence_keeps_the_values_in_it() -> None:
    found = messages(WRONG)
    assert found["kind"] == "Must be one of: room, device."
    assert found["whole"] == "Must be greater than or equal to 1 and less than or equal to 10."
    assert found["text"] == "Length must be between 2 and 5."
    assert found["child.day"] == "Missing data for required field."


def test_what_a_schema_of_ours_says_stays() -> None:
    with speaking("vi"):
        assert said("一个自己的句子 100%") == "一个自己的句子 100%"
