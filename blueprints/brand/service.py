"""Setting how the chain looks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.brand.errors import BadBrand
from blueprints.brand.models import Brand
from blueprints.brand.queries import brand
from blueprints.brand.rules import DEFAULT_COLOUR, MAX_LOGO, MOST_ORIGINS, image_type, origin_of
from shopbell import clock
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.theme import BadColour, css, theme


def set_brand(
    session: Session, *, display_name: str, colour: str, logo: bytes | None = None, drop_logo: bool = False
) -> None:
    """Replace name and colour; the pages' colours are computed here. Without `logo` the old one stays. May be repeated.

    `colour` is "#rrggbb", `logo` a PNG, JPEG or WebP of at most 200 KB. Raises BadBrand naming the field.
    """
    checks = Checks()
    values: dict[str, Any] = {
        "display_name": checks.line("display_name", display_name, longest=60),
        "colour": colour.lower(),
        "css": _css(checks, colour),
        "updated_at": clock.now(),
    }
    if logo:
        values |= {"logo": logo, "logo_type": _logo_type(checks, logo)}
    elif drop_logo:
        values |= {"logo": None, "logo_type": None}
    checks.settle(BadBrand)
    statement = insert(Brand).values(id=1, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[Brand.id], set_=values))


def set_embed_origins(session: Session, lines: Iterable[str]) -> None:
    """Name the web sites that may show the booking pages in a frame. May be repeated. Raises BadBrand.

    An address of a page will do for its site; empty lines are left out.
    """
    checks, found = Checks(), []
    for line in filter(None, (line.strip() for line in lines)):
        origin = origin_of(line)
        if origin is None:
            checks.refuse(
                "origins", _("Write each site like https://www.example.com. This is none: %(line)s", line=line[:80])
            )
        elif origin not in found:
            found.append(origin)
    if len(found) > MOST_ORIGINS:
        checks.refuse("origins", _("At most %(count)s sites.", count=MOST_ORIGINS))
    checks.settle(BadBrand)
    look = brand(session)
    values = {"embed_origins": found, "updated_at": clock.now()}
    new = {"id": 1, "display_name": look.display_name, "colour": look.colour, "css": look.css}
    statement = insert(Brand).values(**new, **values)
    session.execute(statement.on_conflict_do_update(index_elements=[Brand.id], set_=values))


def _css(checks: Checks, colour: str) -> str:
    try:
        return css(theme(colour))
    except BadColour:
        checks.refuse("colour", _("Write the colour like %(example)s.", example=DEFAULT_COLOUR))
        return ""


def _logo_type(checks: Checks, logo: bytes) -> str | None:
    if len(logo) > MAX_LOGO:
        checks.refuse("logo", _("The picture may have at most %(size)s KB.", size=MAX_LOGO // 1024))
    found = image_type(logo)
    if found is None:
        checks.refuse("logo", _("Choose a PNG, JPEG or WebP picture."))
    return found
