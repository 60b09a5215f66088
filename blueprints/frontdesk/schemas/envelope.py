"""The envelope of what goes to and comes from devices; read leniently."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from blueprints.frontdesk.schemas.parts import local_day

MOST_OPS = 200


class BoardQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    day = local_day(load_default=None, metadata={"description": "local day, YYYY-MM-DD; today when left out"})


class CustomersQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    q = fields.String(required=True, validate=validate.Length(1, 100))


class RequestsQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    page = fields.Integer(load_default=1, validate=validate.Range(1, 10_000))


class RequestOut(Schema):
    id = fields.UUID(metadata={"description": "of the first appointment: approving or cancelling it answers all"})
    day = fields.Date()
    start = fields.Integer(metadata={"description": "minute of the local day"})
    service = fields.String()
    person = fields.String()
    customer = fields.String()
    note = fields.String()
    appointments = fields.Integer(metadata={"description": "how many the visit has"})
    asked = fields.Integer(metadata={"description": "since when it waits, epoch milliseconds"})
    answer_by = fields.Integer(metadata={"description": "when it goes unanswered, epoch milliseconds"})


class RequestsOut(Schema):
    items = fields.List(fields.Nested(RequestOut))
    total = fields.Integer()
    page = fields.Integer()
    pages = fields.Integer()


class PersonOut(Schema):
    id = fields.UUID()
    name = fields.String()
    title = fields.String()
    initials = fields.String()
    shifts = fields.List(fields.List(fields.Integer()), metadata={"description": "[start, end] in minutes of the day"})
    can = fields.List(fields.UUID(), metadata={"description": "the services they have the skills for"})


class BoardOut(Schema):
    day = fields.Date()
    today = fields.Date()
    now_minute = fields.Integer(metadata={"description": "what the branch's clock shows"})
    opens = fields.Integer(allow_none=True, metadata={"description": "minute of the day, null on a closed one"})
    closes = fields.Integer(allow_none=True)
    people = fields.List(fields.Nested(PersonOut))
    bookings = fields.List(fields.Dict())
    walkins = fields.List(fields.Dict())
    cursor = fields.String()


class ResultOut(Schema):
    op_id = fields.UUID()
    status = fields.String(validate=validate.OneOf(["applied", "clash", "rejected", "error"]))
    id = fields.UUID()
    code = fields.String()
    detail = fields.String()
    wrong = fields.Dict(data_key="fields")
    duplicate = fields.Boolean()
    name = fields.String(metadata={"description": "who was called"})
    unplaced = fields.List(fields.Dict(), metadata={"description": "days of a series that found no place"})


class ChangeOut(Schema):
    kind = fields.String(validate=validate.OneOf(["booking", "walkin"]))
    id = fields.UUID()
    data = fields.Dict(allow_none=True)


class SyncOut(Schema):
    results = fields.List(fields.Nested(ResultOut))
    changes = fields.List(fields.Nested(ChangeOut))
    cursor = fields.String()
    requests = fields.Integer(metadata={"description": "how many wait for an answer, on whatever day"})
    today = fields.Date()
    now_minute = fields.Integer()
    ttl_h = fields.Integer(metadata={"description": "for how many hours a device may keep its copy"})


class TimeOut(Schema):
    start = fields.Integer(metadata={"description": "minute of the local day"})
    people = fields.List(fields.UUID(), metadata={"description": "who could take it"})
    fits = fields.Boolean(metadata={"description": "false when it leaves a gap too short for anything"})


class TimesOut(Schema):
    times = fields.List(fields.Nested(TimeOut))
    minutes = fields.Integer()
    price = fields.String()
    deposit = fields.String()


class OpIn(Schema):
    class Meta:
        unknown = EXCLUDE

    op_id = fields.UUID(required=True, metadata={"description": "made by the device; repeating it is harmless"})
    type = fields.String(required=True, validate=validate.Length(max=40))
    p = fields.Dict(load_default=dict, metadata={"description": "what was done; its fields depend on the type"})
    base = fields.Dict(load_default=dict, metadata={"description": "{slot}: the slot_version the device had seen"})
    at = fields.Raw(load_default=None, metadata={"description": "when it was done, epoch milliseconds"})


class SyncIn(Schema):
    class Meta:
        unknown = EXCLUDE

    device = fields.String(required=True, validate=validate.Length(1, 64))
    day = local_day(load_default=None, metadata={"description": "the day on the screen; today when left out"})
    cursor = fields.Raw(load_default=None, metadata={"description": "from the board or the last answer, or null"})
    ops = fields.List(fields.Nested(OpIn), load_default=list, validate=validate.Length(max=MOST_OPS))
