"""What devices send. The envelope is read leniently, what was done strictly: nothing of it may get lost unnoticed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, post_load, validate

from blueprints.frontdesk import values
from shopbell import i18n
from shopbell.i18n import gettext as _

MOST_OPS = 200
STATUSES = ("booked", "confirmed", "arrived", "in_service", "done", "no_show")
LAST_SLOT = 2**31 - 1
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 1, 1)
LAST_MILLISECOND = 4_102_444_800_000
"""The year 2100: a device whose clock shows a later one says nothing about when something was done."""


def local_day(**options: Any) -> fields.Date:
    return fields.Date(validate=validate.Range(FIRST_DAY, LAST_DAY), **options)


def minute(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(0, 1439), **options)


def nobody_or_person() -> fields.UUID:
    return fields.UUID(load_default=None, allow_none=True)


class BoardQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    day = local_day(load_default=None, metadata={"description": "local day, YYYY-MM-DD; today when left out"})


class CustomersQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    q = fields.String(required=True, validate=validate.Length(1, 100))


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


class ChangeOut(Schema):
    kind = fields.String(validate=validate.OneOf(["booking", "walkin"]))
    id = fields.UUID()
    data = fields.Dict(allow_none=True)


class SyncOut(Schema):
    results = fields.List(fields.Nested(ResultOut))
    changes = fields.List(fields.Nested(ChangeOut))
    cursor = fields.String()
    today = fields.Date()
    now_minute = fields.Integer()
    ttl_h = fields.Integer(metadata={"description": "for how many hours a device may keep its copy"})


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


class Doing(Schema):
    """What one operation says; becomes the value of the same meaning."""

    class Meta:
        unknown = RAISE

    makes: ClassVar[type]

    id = fields.UUID(required=True)

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> Any:
        return self.makes(**data)


class CustomerIn(Schema):
    class Meta:
        unknown = RAISE

    name = fields.String(required=True, validate=validate.Length(max=480))
    phone = fields.String(required=True, validate=validate.Length(max=64))
    email = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=254))
    locale = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(list(i18n.LOCALES)))

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> values.Customer:
        return values.Customer(**data)


class CreateIn(Doing):
    makes = values.Create

    service = fields.UUID(required=True)
    person = nobody_or_person()
    day = local_day(required=True)
    start = minute(required=True)
    customer = fields.Nested(CustomerIn, required=True)
    note = fields.String(load_default="", validate=validate.Length(max=2000))


class MoveIn(Doing):
    makes = values.Move

    person = nobody_or_person()
    day = local_day(required=True)
    start = minute(required=True)


class StatusIn(Doing):
    makes = values.SetStatus

    status = fields.String(required=True, validate=validate.OneOf(STATUSES))
    undo = fields.Boolean(load_default=False)


class CancelIn(Doing):
    makes = values.Cancel

    reason = fields.String(load_default="", validate=validate.Length(max=200))


class NoteIn(Doing):
    makes = values.Note

    note = fields.String(required=True, validate=validate.Length(max=2000))


class ArriveIn(Doing):
    makes = values.Arrive

    name = fields.String(required=True, validate=validate.Length(max=480))
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    service = fields.UUID(load_default=None, allow_none=True)


class SeatIn(Doing):
    makes = values.Seat

    booking_id = fields.UUID(required=True)
    person = nobody_or_person()
    service = fields.UUID(load_default=None, allow_none=True)


class LeaveIn(Doing):
    makes = values.Leave


class ResolveIn(Doing):
    makes = values.Resolve

    how = fields.String(required=True, validate=validate.OneOf(["move", "keep", "cancel", "queue"]))
    person = nobody_or_person()
    day = local_day(load_default=None, allow_none=True)
    start = minute(load_default=None, allow_none=True)


COMMANDS: dict[str, Schema] = {
    "booking.create": CreateIn(),
    "booking.move": MoveIn(),
    "booking.status": StatusIn(),
    "booking.cancel": CancelIn(),
    "booking.note": NoteIn(),
    "walkin.add": ArriveIn(),
    "walkin.seat": SeatIn(),
    "walkin.left": LeaveIn(),
    "clash.resolve": ResolveIn(),
}


def read_operation(sent: dict[str, Any]) -> values.Operation:
    """An operation out of its envelope; what cannot be understood becomes a Refusal, never an error."""
    slot = sent["base"].get("slot")
    return values.Operation(
        op_id=sent["op_id"],
        type=sent["type"],
        at=instant(sent["at"]),
        known_slot=slot if type(slot) is int and 0 <= slot <= LAST_SLOT else None,
        command=read_command(sent["type"], sent["p"]),
    )


def read_command(kind: str, said: dict[str, Any]) -> values.Command:
    schema = COMMANDS.get(kind)
    if schema is None:
        detail = _("The server does not know this kind of work. Reload the page to get the present version.")
        return values.Refusal("unknown_type", detail)
    try:
        command: values.Command = schema.load(said)
    except ValidationError as error:
        wrong = flat(error.messages)
        return values.Refusal("invalid", "; ".join(f"{name}: {text}" for name, text in wrong.items()), wrong)
    return command


def flat(messages: Any, prefix: str = "") -> dict[str, str]:
    """marshmallow's nested messages as {"customer.phone": "sentence"}."""
    if not isinstance(messages, dict):
        return {prefix: " ".join(map(str, messages))}
    found: dict[str, str] = {}
    for name, inner in messages.items():
        found.update(flat(inner, f"{prefix}.{name}" if prefix else str(name)))
    return found


def instant(milliseconds: Any) -> datetime | None:
    """When a device says something was done; None for what is no time."""
    if type(milliseconds) not in {int, float} or not 0 < milliseconds < LAST_MILLISECOND:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
