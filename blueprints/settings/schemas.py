"""Settings in JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

LEVELS = ("chain", "region", "branch")


class At(Schema):
    region = fields.UUID(load_default=None, metadata={"description": "Of this region; the chain without one"})
    branch = fields.UUID(load_default=None, metadata={"description": "Of this branch"})
    subject = fields.UUID(
        load_default=None, metadata={"description": "The service or option, for keys that are about one"}
    )
    day = fields.Date(load_default=None, metadata={"description": "The day, for keys that are about one"})

    @validates_schema
    def one_place(self, data: dict[str, Any], **_others: Any) -> None:
        if data.get("region") and data.get("branch"):
            raise ValidationError({"branch": ["A region or a branch, not both."]})
        if data.get("subject") and data.get("day"):
            raise ValidationError({"day": ["A subject or a day, not both."]})


class PlaceIn(At):
    key = fields.String(load_default="", metadata={"description": "Only this one"})
    on = fields.Date(load_default=None, metadata={"description": "What holds on this day; today when left out"})


class SettingIn(At):
    """Either a value of the place's own, or `inherited`."""

    key = fields.String(required=True)
    value = fields.Raw(load_default=None, metadata={"description": "Of the key's kind"})
    inherited = fields.Boolean(load_default=False, metadata={"description": "Take over what holds above"})
    starts_on = fields.Date(load_default=None, metadata={"description": "From this day on; today when left out"})
    locked = fields.Boolean(load_default=False, metadata={"description": "Leave nothing to the places below"})


class SourceOut(Schema):
    level = fields.String(validate=validate.OneOf(LEVELS))
    id = fields.UUID(allow_none=True, metadata={"description": "Of the region or the branch"})
    since = fields.Date(allow_none=True)
    author = fields.String()


class NextOut(Schema):
    starts_on = fields.Date()
    value = fields.Raw(allow_none=True)


class SettingOut(Schema):
    key = fields.String()
    kind = fields.String()
    value = fields.Raw(allow_none=True)
    source = fields.Nested(SourceOut, allow_none=True, metadata={"description": "Null: the product's own default"})
    locked_by = fields.Nested(SourceOut, allow_none=True, metadata={"description": "A place above that forbids others"})
    next = fields.Nested(NextOut, allow_none=True)


class SettingsOut(Schema):
    items = fields.List(fields.Nested(SettingOut))
