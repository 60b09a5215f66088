"""Customers in and out of the API."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

from blueprints.crm import rules


class SearchIn(Schema):
    q = fields.String(
        load_default="",
        metadata={"description": "The beginning of a name, or digits a phone number begins or ends with"},
    )
    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))
    after = fields.UUID(load_default=None, metadata={"description": "`after` of the page before"})


class ContactOut(Schema):
    id = fields.UUID()
    name = fields.String()
    phone = fields.String(metadata={"description": "E.164"})
    email = fields.String(allow_none=True)
    locale = fields.String()


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


class NotesIn(Schema):
    class Meta:
        unknown = RAISE

    notes = fields.String(required=True, metadata={"description": f"At most {rules.LONGEST_NOTES} characters"})
