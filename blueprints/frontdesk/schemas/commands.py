"""What was done at the desk, by the type of the operation; read strictly: nothing of it may get lost unnoticed."""

from __future__ import annotations

from typing import Any, ClassVar

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates_schema

from blueprints.frontdesk import values
from blueprints.frontdesk.schemas.parts import local_day, maybe_id, minute
from shopbell import i18n
from shopbell.i18n import gettext as _

STATUSES = ("booked", "confirmed", "arrived", "in_service", "done", "no_show")
SETTLED = ("paid", "kept", "waived", "refunded")
CELL = 5
REASON = 200
MOST_GUESTS, MOST_ITEMS, MOST_OPTIONS, MOST_TEXTS = 8, 6, 20, 10


def given_reason() -> fields.String:
    """Why somebody sets a rule aside; None when nobody does, but never nothing at all."""
    return fields.String(load_default=None, allow_none=True, validate=[validate.Length(max=REASON), said])


def said(text: str) -> None:
    if not text.strip():
        raise ValidationError(_("Write down the reason."))


def cells(low: int, high: int) -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=[validate.Range(low, high), whole_cells])


def whole_cells(minutes: int) -> None:
    if minutes % CELL:
        raise ValidationError(_("Choose a multiple of %(step)s minutes.", step=CELL))


class Part(Schema):
    class Meta:
        unknown = RAISE

    makes: ClassVar[type]

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return self.makes(**data)


class Doing(Part):
    """What one operation says; becomes the value of the same meaning."""

    id = fields.UUID(required=True)


class CustomerIn(Part):
    makes = values.Customer

    name = fields.String(required=True, validate=validate.Length(max=480))
    phone = fields.String(required=True, validate=validate.Length(max=64))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=254))
    locale = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(i18n.LOCALES)))


def chosen_options() -> fields.List:
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_OPTIONS))


def texts_told() -> fields.List:
    """The legal texts that staff told the customer of."""
    return fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=MOST_TEXTS))


class WishedItemIn(Part):
    makes = values.Item

    service = fields.UUID(required=True)
    options = chosen_options()
    person = maybe_id()

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> values.Item:
        return values.Item(**{**data, "options": tuple(data["options"])})


class WishedGuestIn(Part):
    makes = values.Guest

    name = fields.String(load_default="", validate=validate.Length(max=480))
    items = fields.List(fields.Nested(WishedItemIn), required=True, validate=validate.Length(1, MOST_ITEMS))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> values.Guest:
        return values.Guest(name=data["name"], items=tuple(data["items"]))


class RepeatIn(Part):
    makes = values.Repeat

    weeks = fields.Integer(required=True, strict=True, validate=validate.Range(1, 52))
    visits = fields.Integer(required=True, strict=True, validate=validate.Range(2, 52))


class Wished(Part):
    """One service, or the guests of a visit."""

    service = maybe_id()
    options = chosen_options()
    person = maybe_id()
    guests = fields.List(fields.Nested(WishedGuestIn), load_default=list, validate=validate.Length(max=MOST_GUESTS))
    day = local_day(required=True)

    @validates_schema
    def one_or_several(self, data: dict[str, Any], **_more: Any) -> None:
        if bool(data.get("guests")) == bool(data.get("service")):
            raise ValidationError(_("Choose a service."), "service")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return self.makes(**{**data, "options": tuple(data["options"]), "guests": tuple(data["guests"])})


class TimesIn(Wished):
    makes = values.Wish

    without = fields.UUID(data_key="except", load_default=None, allow_none=True)


class CreateIn(Doing, Wished):
    makes = values.Create

    repeat = fields.Nested(RepeatIn, load_default=None, allow_none=True)
    start = minute(required=True)
    customer = fields.Nested(CustomerIn, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=2000))
    override = given_reason()
    told = texts_told()


class MoveIn(Doing):
    makes = values.Move

    person = maybe_id()
    day = local_day(required=True)
    start = minute(required=True)
    alone = fields.Boolean(load_default=False)
    override = given_reason()


class ExtendIn(Doing):
    makes = values.Extend

    extra = cells(-720, 720)
    override = given_reason()


class ApproveIn(Doing):
    makes = values.Approve


class BlockIn(Doing):
    makes = values.Block

    person = fields.UUID(required=True)
    day = local_day(required=True)
    start = minute(required=True)
    minutes = cells(CELL, 1440)
    note = fields.String(load_default="", validate=validate.Length(max=REASON))


class UnblockIn(Doing):
    makes = values.Unblock


class StatusIn(Doing):
    makes = values.SetStatus

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    undo = fields.Boolean(load_default=False)


class CancelIn(Doing):
    makes = values.Cancel

    reason = fields.String(load_default="", validate=validate.Length(max=REASON))
    alone = fields.Boolean(load_default=False)
    waive = given_reason()


class NoteIn(Doing):
    makes = values.Note

    note = fields.String(required=True, validate=validate.Length(max=2000))


class ArriveIn(Doing):
    makes = values.Arrive

    name = fields.String(required=True, validate=validate.Length(max=480))
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    service = maybe_id()
    told = texts_told()


class CallIn(Doing):
    makes = values.Call

    person = maybe_id()


class CallNextIn(Doing):
    makes = values.CallNext

    person = maybe_id()


class CallBackIn(Doing):
    makes = values.CallBack


class SeatIn(Doing):
    makes = values.Seat

    booking_id = fields.UUID(required=True)
    person = maybe_id()
    service = maybe_id()


class LeaveIn(Doing):
    makes = values.Leave


class SettleIn(Doing):
    makes = values.Settle

    state = fields.String(required=True, validate=validate.OneOf(SETTLED))
    reason = fields.String(load_default="", validate=validate.Length(max=REASON))


class ResolveIn(Doing):
    makes = values.Resolve

    how = fields.String(required=True, validate=validate.OneOf(["move", "keep", "cancel", "queue"]))
    person = maybe_id()
    day = local_day(load_default=None, allow_none=True)
    start = minute(load_default=None, allow_none=True)


COMMANDS: dict[str, Schema] = {
    "booking.create": CreateIn(),
    "booking.move": MoveIn(),
    "booking.extend": ExtendIn(),
    "booking.approve": ApproveIn(),
    "booking.block": BlockIn(),
    "booking.unblock": UnblockIn(),
    "booking.status": StatusIn(),
    "booking.cancel": CancelIn(),
    "booking.note": NoteIn(),
    "walkin.add": ArriveIn(),
    "walkin.call": CallIn(),
    "walkin.back": CallBackIn(),
    "walkin.seat": SeatIn(),
    "walkin.left": LeaveIn(),
    "queue.next": CallNextIn(),
    "charge.settle": SettleIn(),
    "clash.resolve": ResolveIn(),
}
