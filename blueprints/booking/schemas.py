"""What the API takes and gives. Times are RFC 3339 with an offset, ids UUIDs, money integer minor units."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate, validates_schema

from blueprints.booking.rules.fees import KINDS, STATES
from blueprints.booking.rules.terms import NAMES
from blueprints.booking.service.contact import NAME_LENGTH, NOTE_LENGTH
from blueprints.booking.values import BookingDetails
from blueprints.brand import api as brand
from shopbell import clock, i18n

MOST_RULES = 100
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
    options = fields.List(
        fields.UUID(), load_default=list, validate=validate.Length(max=20), metadata={"description": "chosen options"}
    )
    customer = fields.UUID(
        load_default=None, metadata={"description": "whose times: those kept for the customer's tier are shown too"}
    )


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


class ItemIn(Strict):
    service = fields.UUID(required=True)
    options = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    staff = fields.UUID(load_default=None, allow_none=True)


class GuestIn(Strict):
    name = fields.String(
        load_default="", validate=validate.Length(max=4 * NAME_LENGTH), metadata={"description": "empty: who books"}
    )
    items = fields.List(fields.Nested(ItemIn), required=True, validate=validate.Length(1, 8))


class WishIn(Strict):
    """One service, or the guests of a visit with their services: everybody begins together, everybody or nobody."""

    branch = fields.UUID(required=True)
    service = fields.UUID(load_default=None, allow_none=True)
    options = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    staff = fields.UUID(load_default=None, allow_none=True)
    guests = fields.List(fields.Nested(GuestIn), load_default=list, validate=validate.Length(max=8))

    @validates_schema
    def names_a_service(self, data: dict[str, Any], **_: Any) -> None:
        if data.get("service") is None and not data.get("guests"):
            raise ValidationError("Name a service, or guests with their services.", "service")


class QuoteIn(WishIn):
    start = Instant(load_default=None, allow_none=True, metadata={"type": "string", "format": "date-time"})


class BookingIn(WishIn):
    start = Instant(required=True, metadata={"type": "string", "format": "date-time"})
    customer = fields.Nested(CustomerIn, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=NOTE_LENGTH))
    agreed = brand.AGREED


class SeriesIn(BookingIn):
    every_weeks = fields.Integer(required=True, validate=validate.Range(1, 52))
    visits = fields.Integer(required=True, validate=validate.Range(2, 52))


class LengthIn(Strict):
    extra_minutes = fields.Integer(required=True, validate=validate.Range(-240, 240))


class MoveIn(Strict):
    start = Instant(required=True, metadata={"type": "string", "format": "date-time"})
    staff = fields.UUID(load_default=None, allow_none=True)


class CancellationIn(Strict):
    reason = fields.String(load_default="", validate=validate.Length(max=200))


class TermsOut(Schema):
    cancel_minutes = fields.Integer()
    move_minutes = fields.Integer()
    max_moves = fields.Integer(allow_none=True)
    late_cancel_percent = fields.Integer(allow_none=True)
    no_show_percent = fields.Integer()
    deposit_percent = fields.Integer()
    no_shows_for_deposit = fields.Integer(allow_none=True)
    late_grace_minutes = fields.Integer()
    no_show_after_minutes = fields.Integer(allow_none=True)


class BookingOut(Schema):
    """Its answers are put together at once: asking field after field costs ten times as much."""

    id = fields.UUID()
    ref = fields.String()
    status = fields.String()
    branch = fields.UUID(attribute="branch_id")
    service = fields.UUID(attribute="service_id")
    staff = fields.UUID(attribute="person_id", allow_none=True)
    customer = fields.UUID(attribute="customer_id", allow_none=True)
    start = fields.DateTime(attribute="starts_at", format="iso")
    end = fields.DateTime(attribute="ends_at", format="iso")
    note = fields.String()
    source = fields.String()
    moves = fields.Integer()
    price_minor = fields.Integer()
    currency = fields.String()
    cancel_deadline = fields.DateTime(format="iso")
    created_at = fields.DateTime(format="iso")
    visit = fields.UUID(
        attribute="visit_id", allow_none=True, metadata={"description": "the visit's first appointment"}
    )
    series = fields.UUID(attribute="series_id", allow_none=True)
    options = fields.List(fields.UUID())
    guest_name = fields.String()
    why = fields.Dict(metadata={"description": "how the person was found: {rule, facts}"})
    terms = fields.Nested(TermsOut)

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        return [document(made) for made in obj] if (self.many if many is None else many) else document(obj)


class QuoteOut(Schema):
    minutes = fields.Integer()
    price_minor = fields.Integer()
    currency = fields.String()
    deposit_minor = fields.Integer()
    terms = fields.Nested(TermsOut)


class UnplacedOut(Schema):
    day = fields.Date()
    code = fields.String()
    detail = fields.String()
    opens = fields.Date(
        allow_none=True, metadata={"description": "the day from which it can be booked, when it only is too early"}
    )


class SeriesOut(Schema):
    series = fields.UUID(attribute="series_id")
    placed = fields.List(fields.Nested(BookingOut))
    unplaced = fields.List(fields.Nested(UnplacedOut))


class TermsQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    branch = fields.UUID(required=True)
    service = fields.UUID(load_default=None)


class TermsInWords(Schema):
    terms = fields.Nested(TermsOut)
    text = fields.List(fields.String(), metadata={"description": "the same in sentences, in the language asked for"})


class ChargesQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    branch = fields.UUID(load_default=None)
    state = fields.String(load_default=None, validate=validate.OneOf(STATES))
    kind = fields.String(load_default=None, validate=validate.OneOf(KINDS))
    after = fields.UUID(load_default=None, metadata={"description": "`after` of the page before"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 100))


class ChargeOut(Schema):
    id = fields.UUID(attribute="charge.id")
    booking = fields.UUID(attribute="charge.booking_id")
    branch = fields.UUID(attribute="branch_id")
    customer = fields.UUID(attribute="customer_id", allow_none=True)
    kind = fields.String(attribute="charge.kind")
    amount_minor = fields.Integer(attribute="charge.amount_minor")
    currency = fields.String(attribute="charge.currency")
    state = fields.String(attribute="charge.state")
    reason = fields.String(attribute="charge.reason")
    created_at = fields.DateTime(attribute="charge.created_at", format="iso")
    decided_at = fields.DateTime(attribute="charge.decided_at", format="iso", allow_none=True)


class ChargesOut(Schema):
    charges = fields.List(fields.Nested(ChargeOut), metadata={"description": "the oldest first"})
    after = fields.UUID(allow_none=True, metadata={"description": "leads to the next page; null on the last"})


def document(made: BookingDetails) -> dict[str, Any]:
    """An appointment as the API answers it, and as whoever else tells programs of it does."""
    return {
        "id": str(made.id),
        "ref": made.ref,
        "status": made.status,
        "branch": str(made.branch_id),
        "service": _text(made.service_id),
        "staff": _text(made.person_id),
        "customer": _text(made.customer_id),
        "start": made.starts_at.isoformat(),
        "end": made.ends_at.isoformat(),
        "note": made.note,
        "source": made.source,
        "moves": made.moves,
        "price_minor": made.price_minor,
        "currency": made.currency,
        "cancel_deadline": made.cancel_deadline.isoformat(),
        "created_at": made.created_at.isoformat(),
        "visit": _text(made.visit_id),
        "series": _text(made.series_id),
        "options": [str(option) for option in made.options],
        "guest_name": made.guest_name,
        "why": made.why,
        "terms": {name: getattr(made.terms, name) for name in NAMES},
    }


def _text(id_: UUID | None) -> str | None:
    return None if id_ is None else str(id_)


class RulesQuery(Schema):
    limit = fields.Integer(load_default=MOST_RULES, validate=validate.Range(1, MOST_RULES))
    after = fields.UUID(load_default=None, metadata={"description": "`next` of the page before"})


def _some(low: int, high: int) -> fields.Integer:
    """A number that may be left out: nothing is different then."""
    return fields.Integer(load_default=None, allow_none=True, validate=validate.Range(low, high))


class TimesFields(Strict):
    """When and where a rule holds; without region and branch everywhere in the chain."""

    id = fields.UUID(dump_only=True)
    branch = fields.UUID(load_default=None, allow_none=True)
    region = fields.UUID(load_default=None, allow_none=True)
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(0, 6)),
        required=True,
        validate=validate.Length(1, 7),
        metadata={"description": "0 is Monday"},
    )
    hours = fields.List(
        fields.Integer(validate=validate.Range(0, 1440)),
        required=True,
        validate=validate.Length(equal=2),
        metadata={"description": "From and to, in minutes of the branch's day and steps of five: [1020, 1200]"},
    )
    first_day = fields.Date(load_default=None, allow_none=True)
    last_day = fields.Date(load_default=None, allow_none=True)


class PeakFields(TimesFields):
    name = fields.Dict(
        keys=fields.String(validate=validate.OneOf(list(i18n.LOCALES))),
        values=fields.String(validate=validate.Length(max=4 * NAME_LENGTH)),
        required=True,
        metadata={"description": "By language"},
    )
    lead_minutes = _some(0, 43200)
    horizon_days = _some(0, 365)
    deposit_percent = _some(0, 100)
    staff_min = _some(0, 99)


class WindowFields(TimesFields):
    tier = fields.Integer(required=True, validate=validate.Range(1, 9))
    until_hours = fields.Integer(required=True, validate=validate.Range(0, 2160))


class PeaksOut(Schema):
    items = fields.List(fields.Nested(PeakFields))
    next = fields.UUID(allow_none=True)


class WindowsOut(Schema):
    items = fields.List(fields.Nested(WindowFields))
    next = fields.UUID(allow_none=True)
