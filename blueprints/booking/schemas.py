"""What the API takes and gives. Times are RFC 3339 with an offset, ids UUIDs, money integer minor units."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from blueprints.booking.service.contact import NAME_LENGTH, NOTE_LENGTH
from shopbell import clock, i18n

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
"""Days for which a calendar is made at all."""


class Instant(fields.Field[datetime]):
    """An RFC 3339 instant."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        if not isinstance(value, str):
            raise ValidationError("Write the time as text, like 2026-03-01T09:30:00+08:00.")
        try:
            return clock.parse_instant(value)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class Strict(Schema):
    class Meta:
        unknown = RAISE


class AvailabilityQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    branch = fields.UUID(required=True)
    service = fields.UUID(required=True)
    first_day = fields.Date(
        required=True,
        data_key="from",
        validate=validate.Range(FIRST_DAY, LAST_DAY),
        metadata={"description": "local day, YYYY-MM-DD"},
    )
    days = fields.Integer(load_default=7, validate=validate.Range(1, 31))
    staff = fields.UUID(load_default=None)


class StaffOut(Schema):
    id = fields.UUID()
    name = fields.String()


class SlotOut(Schema):
    start = fields.String(metadata={"description": "RFC 3339, in the branch's offset"})
    staff = fields.List(fields.UUID(), metadata={"description": "who could take it"})


class FreeDayOut(Schema):
    date = fields.Date()
    slots = fields.List(fields.Nested(SlotOut))


class AvailabilityOut(Schema):
    time_zone = fields.String()
    staff = fields.List(fields.Nested(StaffOut), metadata={"description": "everybody named in the slots"})
    days = fields.List(fields.Nested(FreeDayOut))


class CustomerIn(Strict):
    name = fields.String(required=True, validate=validate.Length(max=4 * NAME_LENGTH))
    phone = fields.String(required=True, validate=validate.Length(max=64))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=254))
    locale = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(i18n.LOCALES)))


class BookingIn(Strict):
    branch = fields.UUID(required=True)
    service = fields.UUID(required=True)
    start = Instant(required=True, metadata={"type": "string", "format": "date-time"})
    staff = fields.UUID(load_default=None, allow_none=True)
    customer = fields.Nested(CustomerIn, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=NOTE_LENGTH))


class MoveIn(Strict):
    start = Instant(required=True, metadata={"type": "string", "format": "date-time"})
    staff = fields.UUID(load_default=None, allow_none=True)


class CancellationIn(Strict):
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class BookingOut(Schema):
    id = fields.UUID()
    ref = fields.String()
    status = fields.String()
    branch = fields.UUID(attribute="branch_id")
    service = fields.UUID(attribute="service_id")
    staff = fields.UUID(attribute="person_id")
    customer = fields.UUID(attribute="customer_id")
    start = fields.DateTime(attribute="starts_at", format="iso")
    end = fields.DateTime(attribute="ends_at", format="iso")
    note = fields.String()
    source = fields.String()
    moves = fields.Integer()
    price_minor = fields.Integer()
    currency = fields.String()
    cancel_deadline = fields.DateTime(format="iso")
    created_at = fields.DateTime(format="iso")
