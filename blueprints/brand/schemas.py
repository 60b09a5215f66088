"""What the API says about legal texts, and hears of who agreed to them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from blueprints.brand.rules import LEGAL
from shopbell import runtime
from shopbell.i18n import gettext
from shopbell.tenancy import current_tenant

AGREED = fields.List(
    fields.UUID(),
    load_default=None,
    allow_none=True,
    validate=validate.Length(max=10),
    metadata={
        "description": "the legal texts that the customer has agreed to, by their ids in /legal-texts: all that ask, "
        "in the versions of today; without it nothing is written down"
    },
)


class LegalTextOut(Schema):
    id = fields.UUID(metadata={"description": "Of this version; what is put into `agreed`"})
    kind = fields.String(metadata={"description": ", ".join(LEGAL)})
    name = fields.Function(lambda text: gettext(text.name), metadata={"type": "string", "description": "For people"})
    version = fields.Integer()
    asks = fields.Boolean(metadata={"description": "Customers agree to it before they book, wait or come"})
    url = fields.Function(
        lambda text: f"{runtime.settings().tenant_url(current_tenant().host)}/legal/{text.kind}?version={text.version}",
        metadata={"type": "string", "format": "uri", "description": "The page of this version, for good"},
    )


class LegalTextsOut(Schema):
    items = fields.List(fields.Nested(LegalTextOut), metadata={"description": "One of a kind at most"})
