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
