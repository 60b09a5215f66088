"""What the finder's API takes and gives. Hours are minutes of the branches' local day."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from blueprints.finder.rules import ORDERS, TRAVEL_WEIGHT

MOST_ANSWERS = 50


class SearchQuery(Schema):
    class Meta:
        unknown = EXCLUDE

    service = fields.UUID(required=True)
    options = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))
    guests = fields.Integer(
        load_default=1, validate=validate.Range(1, 8), metadata={"description": "who come together, for the same"}
    )
    near = fields.String(load_default="", validate=validate.Length(max=60), metadata={"description": "lat,lon"})
    place = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "a branch's name or address, or a place that head office has named"},
    )
    branch = fields.UUID(load_default=None, metadata={"description": "begin at this branch"})
    first_day = fields.Date(load_default=None, data_key="from", metadata={"description": "local to each branch"})
    earliest = fields.Integer(load_default=0, validate=validate.Range(0, 1439))
    latest = fields.Integer(load_default=1440, validate=validate.Range(1, 1440))
    order = fields.String(
        load_default="best",
        validate=validate.OneOf(ORDERS),
        metadata={"description": f"best: a minute on the way weighs like {TRAVEL_WEIGHT} minutes of waiting"},
    )
    limit = fields.Integer(load_default=10, validate=validate.Range(1, MOST_ANSWERS))
    customer = fields.UUID(
        load_default=None, metadata={"description": "whose times: those kept for the customer's tier are shown too"}
    )

    @validates_schema
    def hours_in_order(self, data: dict[str, Any], **_more: Any) -> None:
        if data["earliest"] >= data["latest"]:
            raise ValidationError("Choose a time after the earliest.", "latest")


class SpotOut(Schema):
    kind = fields.String(metadata={"description": "position, branch or place"})
    id = fields.UUID(allow_none=True)
    name = fields.Dict(keys=fields.String(), values=fields.String())
    latitude = fields.Function(lambda spot: spot.position[0])
    longitude = fields.Function(lambda spot: spot.position[1])


class FoundStaffOut(Schema):
    id = fields.UUID()
    name = fields.String()


class FoundTimeOut(Schema):
    start = fields.String(metadata={"description": "RFC 3339, in the branch's offset"})
    staff = fields.List(fields.Nested(FoundStaffOut), metadata={"description": "who could take it"})


class FoundOut(Schema):
    branch = fields.UUID()
    name = fields.Dict(keys=fields.String(), values=fields.String())
    time_zone = fields.String()
    minutes = fields.Integer(allow_none=True, metadata={"description": "on the way, estimated"})
    km = fields.Float(allow_none=True, metadata={"description": "as the crow flies"})
    times = fields.List(fields.Nested(FoundTimeOut))


class SearchOut(Schema):
    spot = fields.Nested(SpotOut, allow_none=True, metadata={"description": "where the way begins"})
    also = fields.List(fields.Nested(SpotOut), metadata={"description": "what the name may mean as well"})
    order = fields.String()
    found = fields.List(fields.Nested(FoundOut))
