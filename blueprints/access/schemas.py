"""What the API says about its callers."""

from __future__ import annotations

from marshmallow import Schema, fields


class MeOut(Schema):
    kind = fields.String(metadata={"description": "staff or client"})
    id = fields.UUID()
    name = fields.String()
    role = fields.String()
    behalf = fields.String(metadata={"description": "whom a client acts for; empty when it acts by itself"})
    permissions = fields.Function(lambda principal: sorted(principal.permissions))
    branch_ids = fields.List(
        fields.UUID(), allow_none=True, metadata={"description": "Branches the account is limited to; null means all"}
    )
