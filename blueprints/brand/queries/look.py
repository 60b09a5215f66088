"""The look that customers see, the chain's and a branch's, and looks that they do not see yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.brand.errors import NoLogo, UnknownVersion
from blueprints.brand.keys import LOGO, NAME, OF_TEXTS
from blueprints.brand.models import Brand, BrandLogo, BrandVersion
from blueprints.brand.queries.legal import IN_FORCE, LegalRef, today
from blueprints.brand.rules import DEFAULT_COLOUR, Look, Words, look_from, spoken
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from shopbell.i18n import LOCALES
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant
from shopbell.theme import css, theme
from tenants.settings import store

LOGO_ADDRESS = "/logo"


@dataclass(frozen=True)
class BrandView:
    """The chain's name on its pages, or a branch's own, its colour "#rrggbb", the custom properties computed from it,
    where the logo is ("" without one), the chain's own sentences by language, and the legal pages there are.

    `embed_origins` are the web sites that may show the booking pages in a frame: https://www.example.com
    """

    display_name: str
    colour: str
    css: str
    logo: str = ""
    embed_origins: tuple[str, ...] = ()
    texts: Mapping[str, Words] = field(default_factory=dict)
    spoken: tuple[str, ...] = tuple(LOCALES)
    legal: tuple[LegalRef, ...] = ()
    settings_version: UUID | None = field(default=None, compare=False)

    @property
    def has_logo(self) -> bool:
        return bool(self.logo)

    @property
    def languages(self) -> dict[str, str]:
        """The languages that customers choose from, in the chain's order, by their own names."""
        return {code: LOCALES[code] for code in self.spoken}

    def text(self, name: str) -> Words:
        """One of rules.TEXTS."""
        return self.texts.get(name, {})

    def nearest(self, locale: str) -> str:
        """The language to write in to somebody who would like this one."""
        home = current_tenant().locale
        return next((one for one in (locale, home) if one in self.spoken), self.spoken[0])


@dataclass(frozen=True)
class Logo:
    content: bytes
    media_type: str


LOOK = Prepared(
    select(
        Brand.display_name,
        Brand.colour,
        Brand.css,
        Brand.logo_id,
        Brand.logo_type.is_not(None),
        Brand.embed_origins,
        Brand.texts,
        Brand.languages,
        IN_FORCE,
        store.VERSION,
    )
)


def brand(session: Session) -> BrandView:
    """The chain's look; one that has not chosen yet has its own name and a blue."""
    rows = LOOK.run(session, {"today": today()})
    if not rows:
        return BrandView(current_tenant().name, DEFAULT_COLOUR, default_css())
    name, colour, styles, logo_id, has_logo, origins, texts, languages, legal, version = rows[0]
    # A logo that the release before this one stored has no id.
    address = _address(logo_id) or (LOGO_ADDRESS if has_logo else "")
    refs = tuple(LegalRef(*one) for one in legal or ())
    return BrandView(name, colour, styles, address, tuple(origins), texts, spoken(languages), refs, version)


def look_of_version(session: Session, version_id: UUID) -> BrandView:
    """The chain as it would look in the draft, or did in an earlier version. Raises UnknownVersion."""
    row = session.execute(select(BrandVersion.look, BrandVersion.logo_id).where(BrandVersion.id == version_id)).first()
    if row is None:
        raise UnknownVersion
    return dressed(brand(session), look_from(row.look, row.logo_id))


def dressed(view: BrandView, look: Look) -> BrandView:
    return replace(
        view,
        display_name=look.display_name,
        colour=look.colour,
        css=css(theme(look.colour, look.accent)),
        logo=_address(look.logo_id),
        texts=look.texts,
        spoken=spoken(look.languages),
    )


def at(session: Session, view: BrandView, branch: BranchView) -> BrandView:
    """The look at a branch: what it or its region has of its own, else the chain's."""
    said, path, day = store.said(session, view.settings_version), catalog.path_of(branch), catalog.today_at(branch)
    logo = said.value(LOGO, path, day)
    own = {name: said.value(key, path, day) for name, key in OF_TEXTS.items()}
    return replace(
        view,
        display_name=said.value(NAME, path, day) or view.display_name,
        logo=_address(UUID(logo)) if logo else view.logo,
        texts={**view.texts, **{name: words for name, words in own.items() if words}},
    )


def logo(session: Session) -> Logo:
    """The chain's logo. Raises NoLogo."""
    row = session.execute(select(Brand.logo, Brand.logo_type)).first()
    if row is None or row.logo is None or row.logo_type is None:
        raise NoLogo
    return Logo(bytes(row.logo), row.logo_type)


def picture(session: Session, logo_id: UUID) -> Logo:
    """A logo that was ever uploaded. Raises NoLogo."""
    row = session.get(BrandLogo, logo_id)
    if row is None:
        raise NoLogo
    return Logo(row.content, row.media_type)


def _address(logo_id: UUID | None) -> str:
    return f"{LOGO_ADDRESS}/{logo_id}" if logo_id else ""


@cache
def default_css() -> str:
    return css(theme(DEFAULT_COLOUR))
