"""What goes into and comes out of the queue's API."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate

MOST_SKIPPED = 100


class PlaceOut(Schema):
    kind = fields.String(validate=validate.OneOf(["walk_in", "booking"]))
    id = fields.UUID()
    number = fields.Integer(allow_none=True, metadata={"description": "the ticket; null for an appointment"})
    name = fields.String()
    service = fields.UUID(allow_none=True)
    status = fields.String(validate=validate.OneOf(["waiting", "called", "arrived"]))
    since = fields.Integer(metadata={"description": "when they came, epoch milliseconds"})
    due = fields.Integer(allow_none=True, metadata={"description": "an appointment's time"})
    position = fields.Integer()
    low = fields.Integer(allow_none=True, metadata={"description": "minutes from now; null: not today any more"})
    high = fields.Integer(allow_none=True)
    serves = fields.UUID(allow_none=True, data_key="with")
    promised = fields.List(fields.Integer(), allow_none=True, metadata={"description": "[low, high] on arrival"})
    late = fields.Boolean(metadata={"description": "they have waited longer than promised"})
    called = fields.Integer(allow_none=True)


class ExpectedOut(Schema):
    id = fields.UUID()
    name = fields.String()
    service = fields.UUID(allow_none=True)
    serves = fields.UUID(allow_none=True, data_key="with")
    due = fields.Integer()
    minutes = fields.Integer(metadata={"description": "since their time"})
    gave_up = fields.Boolean(metadata={"description": "the grace is over"})


class RangeOut(Schema):
    low = fields.Integer(allow_none=True)
    high = fields.Integer(allow_none=True)


class QueueOut(Schema):
    at = fields.Integer()
    waiting = fields.List(fields.Nested(PlaceOut))
    expected = fields.List(fields.Nested(ExpectedOut))
    free = fields.List(fields.UUID(), metadata={"description": "people on shift with nothing to do"})
    newcomer = fields.Nested(RangeOut, metadata={"description": "who comes now for the quickest service"})


class CallIn(Schema):
    class Meta:
        unknown = RAISE

    person = fields.UUID(load_default=None, allow_none=True, metadata={"description": "who calls; else anyone free"})
    skip = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_SKIPPED))


class CalledOut(Schema):
    kind = fields.String(validate=validate.OneOf(["walk_in", "booking"]))
    id = fields.UUID()
    name = fields.String()
    number = fields.Integer(allow_none=True)
    person_id = fields.UUID(allow_none=True, data_key="person")
