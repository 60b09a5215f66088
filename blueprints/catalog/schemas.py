"""What the API says about branches and services."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from blueprints.catalog.process import ROLES
from shopbell.i18n import localized
from shopbell.tenancy import current_tenant

MOST = 100
TEXTS = {"description": "By language: zh-CN, vi, en; languages without a text are left out"}
TEXT = {"description": "In the language asked for by ?lang= or Accept-Language, else in the chain's own"}


def said(texts: dict[str, str]) -> str:
    return localized(texts, current_tenant().locale)


class PageIn(Schema):
    limit = fields.Integer(load_default=MOST, validate=validate.Range(1, MOST))
    after = fields.UUID(load_default=None, metadata={"description": "`next` of the page before"})
    lang = fields.String(metadata={"description": "zh-CN, vi or en"})


class BranchOut(Schema):
    id = fields.UUID()
    slug = fields.String()
    name = fields.Function(lambda branch: said(branch.name), metadata={"type": "string", **TEXT})
    names = fields.Dict(keys=fields.String(), values=fields.String(), attribute="name", metadata=TEXTS)
    address = fields.Function(lambda branch: said(branch.address), metadata={"type": "string", **TEXT})
    addresses = fields.Dict(keys=fields.String(), values=fields.String(), attribute="address", metadata=TEXTS)
    phone = fields.String(metadata={"description": "E.164"})
    time_zone = fields.String(metadata={"description": "IANA name; days and opening hours are of this zone"})
    latitude = fields.Float(allow_none=True)
    longitude = fields.Float(allow_none=True)
    open = fields.Boolean(attribute="is_open", metadata={"description": "Whether the branch takes bookings"})
    slot_minutes = fields.Integer()
    lead_minutes = fields.Integer(metadata={"description": "A booking is made at least so long before its start"})
    horizon_days = fields.Integer(metadata={"description": "A booking is made at most so many days ahead"})
    cancel_deadline_minutes = fields.Integer()


class ServicesIn(PageIn):
    branch = fields.UUID(
        load_default=None, metadata={"description": "Only what this branch offers, at its prices and minutes_percent"}
    )


class StepOut(Schema):
    position = fields.Integer(metadata={"description": "From 0; options name it in step_minutes"})
    name = fields.Function(lambda step: said(step.name), metadata={"type": "string", **TEXT})
    names = fields.Dict(keys=fields.String(), values=fields.String(), attribute="name", metadata=TEXTS)
    minutes = fields.Integer()
    needs_person = fields.Function(lambda step: step.skill_id is not None, metadata={"type": "boolean"})
    phase = fields.String(metadata={"description": "active, processing (nobody is busy) or finishing"})
    role = fields.String(metadata={"description": "Steps of one role are done by one person: " + ", ".join(ROLES)})
    skill_id = fields.UUID(allow_none=True)
    level = fields.Integer(metadata={"description": "How well the skill is needed: 1 basic, 2 experienced, 3 expert"})
    room_type = fields.String(allow_none=True)
    room_count = fields.Integer()
    device_type = fields.String(allow_none=True)
    device_count = fields.Integer()
    wait_minutes = fields.Integer(metadata={"description": "The customer waits at most so long before the step"})
    option_id = fields.UUID(allow_none=True, metadata={"description": "Takes part only when this option is chosen"})


class OptionOut(Schema):
    id = fields.UUID()
    kind = fields.String(metadata={"description": "variant: one is chosen, else the first; addon: any number"})
    name = fields.Function(lambda option: said(option.name), metadata={"type": "string", **TEXT})
    names = fields.Dict(keys=fields.String(), values=fields.String(), attribute="name", metadata=TEXTS)
    price_minor = fields.Integer(metadata={"description": "Added to the price; may be negative"})
    step_minutes = fields.Dict(
        keys=fields.String(), values=fields.Integer(), metadata={"description": "Minutes added, by a step's position"}
    )


class PriceOut(Schema):
    minor = fields.Integer(metadata={"description": "In the currency's smallest unit: fen, dong, cents"})
    currency = fields.String()


class ServiceOut(Schema):
    id = fields.UUID()
    slug = fields.String()
    name = fields.Function(lambda service: said(service.name), metadata={"type": "string", **TEXT})
    names = fields.Dict(keys=fields.String(), values=fields.String(), attribute="name", metadata=TEXTS)
    description = fields.Function(lambda service: said(service.description), metadata={"type": "string", **TEXT})
    descriptions = fields.Dict(keys=fields.String(), values=fields.String(), attribute="description", metadata=TEXTS)
    category = fields.Function(lambda service: said(service.category_name), metadata={"type": "string", **TEXT})
    categories = fields.Dict(keys=fields.String(), values=fields.String(), attribute="category_name", metadata=TEXTS)
    minutes = fields.Integer(metadata={"description": "With the first variant and no add-on"})
    minutes_percent = fields.Integer(metadata={"description": "How long the branch asked for takes; 100 is as usual"})
    price = fields.Nested(PriceOut)
    buffer_before_minutes = fields.Integer()
    buffer_after_minutes = fields.Integer()
    needs_approval = fields.Boolean(metadata={"description": "A booking is a request until the branch approves it"})
    steps = fields.List(fields.Nested(StepOut), metadata={"description": "Steps of options, too"})
    options = fields.List(fields.Nested(OptionOut), metadata={"description": "Variants and add-ons on offer"})


class BranchPage(Schema):
    items = fields.List(fields.Nested(BranchOut))
    next = fields.UUID(
        allow_none=True, metadata={"description": "Send it as `after` for the next page; null at the end"}
    )


class ServicePage(Schema):
    items = fields.List(fields.Nested(ServiceOut))
    next = fields.UUID(
        allow_none=True, metadata={"description": "Send it as `after` for the next page; null at the end"}
    )
