"""The draft and the versions of the chain's look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from blueprints.brand.errors import UnknownVersion
from blueprints.brand.models import Brand, BrandVersion
from blueprints.brand.rules import DEFAULT_COLOUR, Look, look_from
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class Version:
    """A look that was published, or the draft."""

    id: UUID
    look: Look
    author: str
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True)
class Desk:
    """What head office works on: the draft if there is one, else what customers see."""

    look: Look
    published: Look
    draft: Version | None


_COLUMNS = (
    BrandVersion.id,
    BrandVersion.look,
    BrandVersion.logo_id,
    BrandVersion.author,
    BrandVersion.changed_at,
    BrandVersion.published_at,
)


def desk(session: Session) -> Desk:
    now = published_look(session)
    row = session.execute(select(*_COLUMNS).where(BrandVersion.published_at.is_(None))).first()
    draft = _version(*row) if row else None
    return Desk(draft.look if draft else now, now, draft)


def published_look(session: Session) -> Look:
    """What customers see, as it can be changed."""
    columns = (Brand.display_name, Brand.colour, Brand.accent, Brand.languages, Brand.texts, Brand.logo_id)
    row = session.execute(select(*columns)).first()
    if row is None:
        return Look(current_tenant().name, DEFAULT_COLOUR)
    return Look(row.display_name, row.colour, row.accent, tuple(row.languages), row.texts, row.logo_id)


def version(session: Session, version_id: UUID) -> Version:
    """Raises UnknownVersion."""
    row = session.execute(select(*_COLUMNS).where(BrandVersion.id == version_id)).first()
    if row is None:
        raise UnknownVersion
    return _version(*row)


def versions(session: Session, offset: int, count: int) -> tuple[list[Version], int]:
    """What was published, newest first, and how much there is of it."""
    published = BrandVersion.published_at.is_not(None)
    statement = select(*_COLUMNS).where(published).order_by(BrandVersion.published_at.desc(), BrandVersion.id.desc())
    total = session.scalar(select(func.count()).select_from(BrandVersion).where(published)) or 0
    return [_version(*row) for row in session.execute(statement.offset(offset).limit(count))], total


def _version(
    id_: UUID, look: dict[str, object], logo_id: UUID | None, author: str, changed_at: datetime, at: datetime | None
) -> Version:
    return Version(id_, look_from(look, logo_id), author, changed_at, at)
