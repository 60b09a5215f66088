"""What the desk is told of customers."""

from __future__ import annotations

from marshmallow import Schema, fields


class DeskCustomerOut(Schema):
    id = fields.UUID()
    name = fields.String()
    phone = fields.String(allow_none=True)
    phone_text = fields.String(metadata={"description": "the number as people of the chain's country write it"})
    email = fields.String(allow_none=True)
    visits = fields.Integer(metadata={"description": "appointments there were and are"})


class DeskCustomersOut(Schema):
    items = fields.List(fields.Nested(DeskCustomerOut))


class DeskChargeOut(Schema):
    id = fields.UUID()
    kind = fields.String()
    amount = fields.String(metadata={"description": "as it is written for people"})
    booking = fields.UUID()
    day = fields.Date()
    service = fields.String()


class DeskVisitOut(Schema):
    booking = fields.UUID()
    day = fields.Date()
    service = fields.String()
    person = fields.String()
    status = fields.String()


class DeskCardOut(Schema):
    id = fields.UUID()
    name = fields.String()
    phone = fields.String(allow_none=True)
    email = fields.String(allow_none=True)
    notes = fields.String()
    tier = fields.String()
    charges = fields.List(fields.Nested(DeskChargeOut))
    visits = fields.List(fields.Nested(DeskVisitOut))
