"""The inbox's API in and out."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from blueprints.inbox.rules import STATES


class InboxQuery(Schema):
    state = fields.String(load_default="open", validate=validate.OneOf(STATES))
    before = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=25, validate=validate.Range(1, 100))


class ConversationOut(Schema):
    id = fields.UUID()
    branch_id = fields.UUID(allow_none=True)
    customer_id = fields.UUID(allow_none=True)
    number = fields.String(metadata={"description": "E.164"})
    state = fields.String()
    unread = fields.Integer()
    assigned = fields.String()
    last_at = fields.AwareDateTime()


class EntryOut(Schema):
    id = fields.UUID()
    kind = fields.String(metadata={"description": "in, out, or done for what was done by itself"})
    at = fields.AwareDateTime()
    words = fields.String()
    author = fields.String()
    done = fields.String(allow_none=True)
    booking_id = fields.UUID(allow_none=True)


class InboxOut(Schema):
    items = fields.List(fields.Nested(ConversationOut))
    unread = fields.Integer()
    next = fields.UUID(allow_none=True)


class OneConversationOut(ConversationOut):
    entries = fields.List(fields.Nested(EntryOut))


class AnswerIn(Schema):
    words = fields.String(required=True, validate=validate.Length(1, 500))


class StateIn(Schema):
    state = fields.String(required=True, validate=validate.OneOf(STATES))
