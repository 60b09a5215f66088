"""Customers in and out of the API."""

from __future__ import annotations

from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from blueprints.crm import rules


class SearchIn(Schema):
    q = fields.String(
        load_default="",
        metadata={"description": "The beginning of a name, a phone number or its last digits, or an e-mail address"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    after = fields.UUID(load_default=None, metadata={"description": "`after` of the page before"})


class ContactOut(Schema):
    id = fields.UUID()
    name = fields.String()
    phone = fields.String(metadata={"description": "E.164"})
    email = fields.String(allow_none=True)
    locale = fields.String()
    tier = fields.Integer(metadata={"description": "0 for everybody, 1 to 9 for members"})


class PageOut(Schema):
    customers = fields.List(fields.Nested(ContactOut))
    after = fields.UUID(allow_none=True)


class VisitOut(Schema):
    booking = fields.UUID()
    starts_at = fields.AwareDateTime()
    service = fields.UUID()
    person = fields.UUID(allow_none=True)
    branch = fields.UUID()
    status = fields.String()


class CardOut(ContactOut):
    notes = fields.String()
    created_at = fields.AwareDateTime()
    visits = fields.List(fields.Nested(VisitOut), metadata={"description": "The latest first"})


class ChangesIn(Schema):
    class Meta:
        unknown = RAISE

    notes = fields.String(metadata={"description": f"At most {rules.LONGEST_NOTES} characters"})
    tier = fields.Integer(strict=True, metadata={"description": "0 to 9; needs the permission crm.tier"})

    @validates_schema
    def something(self, data: dict[str, Any], **kwargs: Any) -> None:
        if not data:
            raise ValidationError("Send the notes or the tier.", "notes")


class ChoiceOut(Schema):
    purpose = fields.String()
    channel = fields.String()
    given = fields.Boolean(metadata={"description": "Whether it is sent, as far as the customer is concerned"})


class SaidOut(ChoiceOut):
    at = fields.AwareDateTime()
    source = fields.String(metadata={"description": "Where it was said"})
    words = fields.String(metadata={"description": "The sentence that was agreed to, as it was read"})
    version = fields.Integer(metadata={"description": "The number of that sentence"})
    locale = fields.String()
    branch_id = fields.UUID(allow_none=True)
    booking_id = fields.UUID(allow_none=True)
    user_id = fields.UUID(allow_none=True, metadata={"description": "Who of the staff wrote it down"})


class ConsentsOut(Schema):
    choices = fields.List(fields.Nested(ChoiceOut))
    history = fields.List(fields.Nested(SaidOut), metadata={"description": "The latest first"})


class ConsentIn(Schema):
    class Meta:
        unknown = RAISE

    purpose = fields.String(required=True, validate=validate.OneOf(rules.CONSENT_PURPOSES))
    channel = fields.String(required=True, validate=validate.OneOf(rules.CONSENT_CHANNELS))
    given = fields.Boolean(required=True)
    source = fields.String(
        load_default="api",
        validate=validate.OneOf(rules.HEARD),
        metadata={"description": "Where the customer said so"},
    )
