"""Which text holds where, its draft, and its versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from blueprints.templates.defaults import default_digest, default_parts, digest_of
from blueprints.templates.errors import UnknownText, UnknownTextVersion
from blueprints.templates.keys import TEXT, subject
from blueprints.templates.models import TemplateVersion
from blueprints.templates.rules.wordings import LOCALES, OF_CHAINS, channels_of
from shopbell import clock
from shopbell.tenancy import current_tenant
from tenants.settings import store
from tenants.settings.keys import BRANCH, REGION
from tenants.settings.rules import Entry, Path, Place


@dataclass(frozen=True)
class Version:
    """A text that was published, or a draft."""

    id: UUID
    name: str
    channel: str
    locale: str
    region_id: UUID | None
    branch_id: UUID | None
    parts: Mapping[str, str]
    plain: bool
    digest: str
    default_digest: str
    author: str
    changed_at: datetime
    published_at: datetime | None

    @property
    def is_behind(self) -> bool:
        """Whether the product's own text has changed since this was written."""
        return self.default_digest != default_digest(self.name, self.channel, self.locale)

    @property
    def spot(self) -> Spot:
        return Spot(self.name, self.channel, self.locale)


@dataclass(frozen=True)
class Spot:
    """What a text is for: an occasion, a channel, a language."""

    name: str
    channel: str
    locale: str

    @property
    def subject(self) -> str:
        return subject(self.name, self.channel, self.locale)

    def checked(self) -> Spot:
        """Raises UnknownText."""
        known = self.name in OF_CHAINS and self.locale in LOCALES and self.channel in channels_of(self.name)
        if not known:
            raise UnknownText
        return self


@dataclass(frozen=True)
class Holding:
    """What holds at a place: the version (None: the product's own text), who says so and who has locked it."""

    version: Version | None
    source: Entry | None
    locked_by: Entry | None


@dataclass(frozen=True)
class Desk:
    """What somebody writes at: the draft of the place if there is one, else what holds."""

    spot: Spot
    path: Path
    holding: Holding
    draft: Version | None

    @property
    def base(self) -> Version | None:
        return self.draft or self.holding.version

    @property
    def parts(self) -> Mapping[str, str]:
        return self.base.parts if self.base else default_parts(self.spot.name, self.spot.channel, self.spot.locale)

    @property
    def plain(self) -> bool:
        return bool(self.base and self.base.plain)

    @property
    def seal(self) -> str:
        """Stands for what is being changed, so that nobody overwrites what they have not seen."""
        return digest_of(self.parts, plain=self.plain)


COLUMNS = tuple(getattr(TemplateVersion, name) for name in Version.__dataclass_fields__)


def version(session: Session, version_id: UUID) -> Version:
    """Raises UnknownTextVersion."""
    row = session.execute(select(*COLUMNS).where(TemplateVersion.id == version_id)).first()
    if row is None:
        raise UnknownTextVersion
    return Version(*row)


def in_force(session: Session, path: Path, name: str, locale: str, day: date) -> dict[str, Version]:
    """The chain's own texts that hold at the place, by channel; a channel without one has the product's."""
    said = store.said(session)
    ids = [said.value(TEXT, path, day, subject(name, channel, locale)) for channel in channels_of(name)]
    return {one.channel: one for one in _named(session, ids).values()}


def holding(session: Session, path: Path, spots: Iterable[Spot]) -> dict[Spot, Holding]:
    """What holds at the place, for each of the texts."""
    said, day = store.said(session), today()
    sources = {spot: said.source(TEXT, path, day, spot.subject) for spot in spots}
    known = _named(session, [str(source.value) for source in sources.values() if source])
    return {
        spot: Holding(
            known.get(str(source.value)) if source else None,
            source,
            said.lock_above(TEXT, path, day, spot.subject),
        )
        for spot, source in sources.items()
    }


def desk(session: Session, path: Path, spot: Spot) -> Desk:
    draft = session.execute(select(*COLUMNS).where(*at(path[-1], spot), TemplateVersion.published_at.is_(None))).first()
    return Desk(spot, path, holding(session, path, [spot])[spot], Version(*draft) if draft else None)


def drafts(session: Session, place: Place) -> list[Version]:
    """Every draft of the place: one per text at most."""
    statement = select(*COLUMNS).where(*_of(place), TemplateVersion.published_at.is_(None))
    return [Version(*row) for row in session.execute(statement)]


def versions(session: Session, place: Place, spot: Spot, offset: int, count: int) -> tuple[list[Version], int]:
    """What the place published, newest first, and how much there is of it."""
    conditions = (*at(place, spot), TemplateVersion.published_at.is_not(None))
    statement = (
        select(*COLUMNS).where(*conditions).order_by(TemplateVersion.published_at.desc(), TemplateVersion.id.desc())
    )
    total = session.scalar(select(func.count()).select_from(TemplateVersion).where(*conditions)) or 0
    return [Version(*row) for row in session.execute(statement.offset(offset).limit(count))], total


def at(place: Place, spot: Spot) -> tuple[ColumnElement[bool], ...]:
    """The versions of a place."""
    return (
        TemplateVersion.name == spot.name,
        TemplateVersion.channel == spot.channel,
        TemplateVersion.locale == spot.locale,
        *_of(place),
    )


def _of(place: Place) -> tuple[ColumnElement[bool], ...]:
    return (
        TemplateVersion.region_id.is_not_distinct_from(place.id if place.level == REGION else None),
        TemplateVersion.branch_id.is_not_distinct_from(place.id if place.level == BRANCH else None),
    )


def today() -> date:
    """By the chain's own calendar."""
    return clock.local_minutes(clock.now(), clock.zone(current_tenant().time_zone))[0]


def _named(session: Session, ids: Iterable[str]) -> dict[str, Version]:
    wanted = [UUID(text) for text in ids if text]
    if not wanted:
        return {}
    rows = session.execute(select(*COLUMNS).where(TemplateVersion.id.in_(wanted)))
    return {str(one.id): one for one in (Version(*row) for row in rows)}
