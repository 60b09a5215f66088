"""How the chain looks, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.brand.errors import NoLogo
from blueprints.brand.models import Brand
from blueprints.brand.rules import DEFAULT_COLOUR
from shopbell.tenancy import current_tenant
from shopbell.theme import css, theme


@dataclass(frozen=True)
class BrandView:
    """The chain's name on its pages, its colour "#rrggbb", the custom properties computed from it, and the logo.

    `embed_origins` are the web sites that may show the booking pages in a frame: https://www.example.com
    """

    display_name: str
    colour: str
    css: str
    has_logo: bool
    embed_origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Logo:
    content: bytes
    media_type: str


def brand(session: Session) -> BrandView:
    """The chain's look; one that has not chosen yet has its own name and a blue."""
    row = session.execute(
        select(
            Brand.display_name,
            Brand.colour,
            Brand.css,
            Brand.logo_type.is_not(None).label("has_logo"),
            Brand.embed_origins,
        )
    ).first()
    if row is None:
        return BrandView(current_tenant().name, DEFAULT_COLOUR, default_css(), has_logo=False)
    return BrandView(row.display_name, row.colour, row.css, row.has_logo, tuple(row.embed_origins))


def logo(session: Session) -> Logo:
    """Raises NoLogo."""
    row = session.execute(select(Brand.logo, Brand.logo_type)).first()
    if row is None or row.logo is None or row.logo_type is None:
        raise NoLogo
    return Logo(bytes(row.logo), row.logo_type)


@cache
def default_css() -> str:
    return css(theme(DEFAULT_COLOUR))
