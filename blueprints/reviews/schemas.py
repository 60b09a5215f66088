"""What the API says about reviews."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

MOST = 50


class ReviewsIn(Schema):
    limit = fields.Integer(load_default=20, validate=validate.Range(1, MOST))
    before = fields.UUID(load_default=None, metadata={"description": "`next` of the page before"})


class ReviewOut(Schema):
    id = fields.UUID()
    stars = fields.Integer(metadata={"description": "1 to 5"})
    stages = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "Stars for booking, reception, consultation, service and after, where they were given"
        },
    )
    words = fields.String(metadata={"description": "Empty for stars only"})
    locale = fields.String(metadata={"description": "The language it was written in"})
    who = fields.String(metadata={"description": "The customer's public name: 王** or L. T."})
    service = fields.UUID(attribute="service_id")
    staff = fields.UUID(attribute="person_id", allow_none=True)
    branch = fields.UUID(attribute="branch_id")
    created_at = fields.AwareDateTime()
    answer = fields.String(metadata={"description": "The branch's public answer; empty without one"})
    answered_at = fields.AwareDateTime(allow_none=True)


class ReviewsOut(Schema):
    mean = fields.Float(allow_none=True, metadata={"description": "Mean of the stars; null without reviews"})
    count = fields.Integer()
    items = fields.List(fields.Nested(ReviewOut))
    next = fields.UUID(allow_none=True)
