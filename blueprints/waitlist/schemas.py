"""What the waitlist's API takes and gives. Days are local to the branches, hours are minutes of the local day."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, fields, post_load, validate

from blueprints.booking.api import CustomerInput, Guest, Item
from blueprints.brand import api as brand
from blueprints.waitlist import rules
from blueprints.waitlist.queries.desk import STATES
from blueprints.waitlist.values import JoinRequest
from shopbell import i18n
from shopbell.tenancy import current_tenant

MOST = 100


class WaitlistCustomerIn(Schema):
    class Meta:
        unknown = RAISE

    name = fields.String(required=True, validate=validate.Length(max=400))
    phone = fields.String(required=True, validate=validate.Length(max=64))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=254))
    locale = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(i18n.LOCALES)))


class WaitlistItem(Schema):
    class Meta:
        unknown = RAISE

    service = fields.UUID(required=True, attribute="service_id")
    options = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    staff = fields.UUID(load_default=None, allow_none=True, attribute="person_id")

    @post_load
    def item(self, found: dict[str, Any], **_more: Any) -> Item:
        return Item(found["service_id"], tuple(found["options"]), found["person_id"])


class WaitlistGuest(Schema):
    class Meta:
        unknown = RAISE

    items = fields.List(fields.Nested(WaitlistItem), required=True, validate=validate.Length(1, 8))

    @post_load
    def guest(self, found: dict[str, Any], **_more: Any) -> Guest:
        return Guest(tuple(found["items"]))


class WaitlistIn(Schema):
    """One service, or the guests of a visit with their services: a time is offered when there is room for all."""

    class Meta:
        unknown = RAISE

    service = fields.UUID(load_default=None, allow_none=True)
    guests = fields.List(fields.Nested(WaitlistGuest), load_default=list, validate=validate.Length(max=8))
    branches = fields.List(fields.UUID(), required=True, validate=validate.Length(1, rules.MOST_BRANCHES))
    first_day = fields.Date(required=True)
    last_day = fields.Date(required=True)
    customer = fields.Nested(WaitlistCustomerIn, required=True)
    weekdays = fields.List(
        fields.Integer(validate=validate.Range(0, 6)),
        load_default=lambda: list(range(7)),
        validate=validate.Length(1, 7),
        metadata={"description": "0 is Monday"},
    )
    earliest = fields.Integer(load_default=0, validate=validate.Range(0, 1439))
    latest = fields.Integer(load_default=1440, validate=validate.Range(1, 1440))
    options = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    staff = fields.UUID(load_default=None, allow_none=True)
    booking = fields.UUID(
        load_default=None, allow_none=True, metadata={"description": "an appointment to be replaced by an earlier time"}
    )
    note = fields.String(load_default="", validate=validate.Length(max=500))
    told = fields.List(
        fields.UUID(),
        load_default=list,
        validate=validate.Length(max=10),
        metadata={"description": "the legal texts that staff told the customer of; counts for staff alone"},
    )
    agreed = brand.AGREED

    @post_load
    def request(self, found: dict[str, Any], **_more: Any) -> JoinRequest:
        customer = found["customer"]
        customer["locale"] = customer["locale"] or current_tenant().locale
        return JoinRequest(
            told=tuple(found["told"]),
            agreed=None if found["agreed"] is None else tuple(found["agreed"]),
            service_id=found["service"],
            branch_ids=tuple(found["branches"]),
            first_day=found["first_day"],
            last_day=found["last_day"],
            customer=CustomerInput(**customer),
            weekdays=tuple(found["weekdays"]),
            earliest=found["earliest"],
            latest=found["latest"],
            options=tuple(found["options"]),
            person_id=found["staff"],
            guests=tuple(found["guests"]),
            booking_id=found["booking"],
            note=found["note"],
        )


class ListQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    branch = fields.UUID(load_default=None)
    service = fields.UUID(load_default=None)
    state = fields.String(load_default="open", validate=validate.OneOf(list(STATES)))
    after = fields.UUID(load_default=None)
    limit = fields.Integer(load_default=25, validate=validate.Range(1, MOST))


class WaitlistOfferOut(Schema):
    id = fields.UUID()
    branch = fields.UUID(attribute="branch_id")
    staff = fields.UUID(attribute="person_id")
    start = fields.DateTime(attribute="starts_at", format="iso")
    end = fields.DateTime(attribute="ends_at", format="iso")
    status = fields.String()
    kept_until = fields.DateTime(attribute="expires_at", format="iso")
    booking = fields.UUID(attribute="booking_id")


class WaitlistOut(Schema):
    id = fields.UUID()
    customer = fields.UUID(attribute="customer_id")
    customer_name = fields.String()
    service = fields.UUID(attribute="service_id")
    options = fields.List(fields.UUID())
    staff = fields.UUID(attribute="person_id")
    guests = fields.List(
        fields.Nested(WaitlistGuest),
        metadata={"description": "the guests of a visit, whose first service is `service`; empty for one service"},
    )
    branches = fields.List(fields.UUID(), attribute="branch_ids")
    first_day = fields.Date()
    last_day = fields.Date()
    weekdays = fields.List(fields.Integer())
    earliest = fields.Integer()
    latest = fields.Integer()
    booking = fields.UUID(attribute="booking_id")
    note = fields.String()
    status = fields.String()
    ended = fields.String()
    created_at = fields.DateTime(format="iso")
    offers = fields.List(fields.Nested(WaitlistOfferOut))


class WaitlistPageOut(Schema):
    wishes = fields.List(fields.Nested(WaitlistOut))
    after = fields.UUID(allow_none=True, metadata={"description": "leads to the next page; null on the last"})


class WaitlistRemovalIn(Schema):
    class Meta:
        unknown = RAISE

    reason = fields.String(required=True, validate=validate.Length(1, 200))
