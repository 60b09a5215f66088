"""Checking a look, keeping its logo, and showing it to customers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.brand.errors import BadBrand
from blueprints.brand.models import Brand, BrandLogo, BrandVersion
from blueprints.brand.queries.versions import published_look
from blueprints.brand.rules import (
    DEFAULT_COLOUR,
    LARGEST_LOGO,
    MAX_LOGO,
    SMALLEST_LOGO,
    TEXTS,
    Look,
    Words,
    logo_fits,
    spoken,
)
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.i18n import LOCALES
from shopbell.i18n import gettext as _
from shopbell.pictures import picture_in, without_metadata
from shopbell.theme import BadColour, css, theme


@dataclass(frozen=True)
class LookInput:
    """A look as typed. `logo` is a PNG, JPEG or WebP of at most 200 KB; without one the old stays, unless `drop_logo`.

    `languages` are those that are spoken, in their order. `accent` may be empty.
    """

    display_name: str
    colour: str
    accent: str = ""
    languages: tuple[str, ...] = tuple(LOCALES)
    texts: Mapping[str, Words] = field(default_factory=dict)
    logo: bytes = b""
    drop_logo: bool = False


def checked(session: Session, typed: LookInput, before: Look) -> Look:
    """The look that was typed, its logo kept. Raises BadBrand naming every field that is wrong."""
    checks = Checks()
    look = Look(
        display_name=checks.line("display_name", typed.display_name, longest=60),
        colour=_colour(checks, "colour", typed.colour),
        accent=_colour(checks, "accent", typed.accent) if typed.accent else "",
        languages=_languages(checks, typed.languages),
        texts=words(checks, typed.texts),
        logo_id=None if typed.drop_logo else before.logo_id,
    )
    picture = _picture(checks, typed.logo) if typed.logo else None
    checks.settle(BadBrand)
    return replace(look, logo_id=_keep(session, *picture)) if picture else look


def kept_logo(session: Session, checks: Checks, content: bytes) -> UUID | None:
    """The id under which an uploaded picture is kept; None when it is refused."""
    picture = _picture(checks, content)
    return _keep(session, *picture) if picture else None


def words(checks: Checks, texts: Mapping[str, Words]) -> dict[str, dict[str, str]]:
    """The chain's own sentences by name and language, empty ones left out."""
    found = {
        name: checks.texts(name, texts.get(name, {}), longest=longest, required=False)
        for name, longest in TEXTS.items()
    }
    return {name: by_language for name, by_language in found.items() if by_language}


def show(session: Session, look: Look, by: str) -> None:
    """Let customers see this look, and keep it among the versions."""
    now = clock.now()
    content, kind = (
        select(column).where(BrandLogo.id == look.logo_id).scalar_subquery()
        for column in (BrandLogo.content, BrandLogo.media_type)
    )
    values: dict[str, Any] = {
        "display_name": look.display_name,
        "colour": look.colour,
        "accent": look.accent,
        "css": css(theme(look.colour, look.accent)),
        "languages": list(look.languages),
        "texts": look.texts,
        "logo_id": look.logo_id,
        # The release before this one reads the picture from here.
        "logo": content if look.logo_id else None,
        "logo_type": kind if look.logo_id else None,
        "updated_at": now,
    }
    row = insert(Brand).values(id=1, **values)
    session.execute(row.on_conflict_do_update(index_elements=[Brand.id], set_=values))
    version = {"id": ids.uuid7(), "look": look.json, "logo_id": look.logo_id, "author": by, "changed_at": now}
    session.execute(insert(BrandVersion).values(**version, published_at=now))


def remember_first(session: Session) -> None:
    """Before the first version is published, keep what customers have seen so far: it may be wanted back."""
    if session.scalar(select(BrandVersion.id).where(BrandVersion.published_at.is_not(None)).limit(1)):
        return
    row = session.execute(select(Brand.logo, Brand.logo_type, Brand.logo_id, Brand.updated_at)).first()
    if row is None:
        return
    look = published_look(session)
    if row.logo and row.logo_type and row.logo_id is None:
        look = replace(look, logo_id=_keep(session, bytes(row.logo), row.logo_type))
    version = {"id": ids.uuid7(), "look": look.json, "logo_id": look.logo_id}
    session.execute(insert(BrandVersion).values(**version, changed_at=row.updated_at, published_at=row.updated_at))


def set_brand(
    session: Session, *, display_name: str, colour: str, logo: bytes | None = None, drop_logo: bool = False
) -> None:
    """Replace name and colour at once, without a draft. Without `logo` the old one stays. May be repeated.

    `colour` is "#rrggbb". Raises BadBrand naming the field.
    """
    before = published_look(session)
    typed = LookInput(
        display_name, colour, before.accent, spoken(before.languages), before.texts, logo or b"", drop_logo
    )
    show(session, checked(session, typed, before), "")


def _colour(checks: Checks, field_name: str, colour: str) -> str:
    try:
        theme(colour)
    except BadColour:
        checks.refuse(field_name, _("Write the colour like %(example)s.", example=DEFAULT_COLOUR))
    return colour.lower()


def _languages(checks: Checks, languages: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(one for one in languages if one in LOCALES))
    if not found:
        checks.refuse("languages", _("Choose at least one language."))
    return found


def _picture(checks: Checks, content: bytes) -> tuple[bytes, str] | None:
    """The picture without what cameras wrote into it, and its type."""
    if len(content) > MAX_LOGO:
        checks.refuse("logo", _("The picture may have at most %(size)s KB.", size=MAX_LOGO // 1024))
    found = picture_in(content)
    if found is None:
        checks.refuse("logo", _("Choose a PNG, JPEG or WebP picture."))
        return None
    if not logo_fits(found):
        checks.refuse(
            "logo",
            _("The picture may have %(low)s to %(high)s pixels on each side.", low=SMALLEST_LOGO, high=LARGEST_LOGO),
        )
    return without_metadata(content), found.media_type


def _keep(session: Session, content: bytes, media_type: str) -> UUID:
    """The same picture is kept once."""
    same = select(BrandLogo.id).where(BrandLogo.content == literal(content), BrandLogo.media_type == media_type)
    known = session.scalar(same.limit(1))
    if known:
        return known
    row = BrandLogo(id=ids.uuid7(), content=content, media_type=media_type, created_at=clock.now())
    session.add(row)
    session.flush()
    return row.id
