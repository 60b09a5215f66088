"""What the API says about people."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shopbell.i18n import localized
from shopbell.tenancy import current_tenant

MOST = 100
TEXT = {"type": "string", "description": "In the language asked for by ?lang= or Accept-Language, else the chain's own"}
TEXTS = {"description": "By language: zh-CN, vi, en; languages without a text are left out"}


def said(texts: dict[str, str]) -> str:
    return localized(texts, current_tenant().locale)


class ProfilesIn(Schema):
    branch = fields.UUID(load_default=None, metadata={"description": "Only those who work at this branch"})
    limit = fields.Integer(load_default=MOST, validate=validate.Range(1, MOST))
    after = fields.UUID(load_default=None, metadata={"description": "`next` of the page before"})
    lang = fields.String(metadata={"description": "zh-CN, vi or en"})


class QualificationOut(Schema):
    name = fields.Function(lambda found: said(found["name"]), metadata=TEXT)
    names = fields.Dict(keys=fields.String(), values=fields.String(), attribute="name", metadata=TEXTS)
    issuer = fields.String()
    year = fields.Integer(allow_none=True)


class ProfileOut(Schema):
    id = fields.UUID()
    name = fields.String()
    title = fields.Function(lambda person: said(person.title), metadata=TEXT)
    titles = fields.Dict(keys=fields.String(), values=fields.String(), attribute="title", metadata=TEXTS)
    about = fields.Function(lambda person: said(person.bio), metadata=TEXT)
    abouts = fields.Dict(keys=fields.String(), values=fields.String(), attribute="bio", metadata=TEXTS)
    languages = fields.List(fields.String(), metadata={"description": "zh-CN, vi, en"})
    home_branch_id = fields.UUID(allow_none=True)
    active = fields.Boolean()
    qualifications = fields.List(fields.Nested(QualificationOut), metadata={"description": "Newest first"})
    skills = fields.Function(
        lambda person: [{"skill_id": str(skill), "level": level} for skill, level in sorted(person.levels.items())],
        metadata={"type": "array", "items": {"type": "object"}, "description": "{skill_id, level 1 to 3}"},
    )
    photo = fields.Function(
        lambda person: f"/people/{person.id}/photo?v={person.photo}" if person.photo else None,
        metadata={"type": "string", "nullable": True, "description": "Address of the photo at this host"},
    )


class ProfilePage(Schema):
    items = fields.List(fields.Nested(ProfileOut))
    next = fields.UUID(
        allow_none=True, metadata={"description": "Send it as `after` for the next page; null at the end"}
    )
