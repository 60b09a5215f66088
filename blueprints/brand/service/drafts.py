"""The draft of the chain's look: changed by head office, published, discarded, or begun from an earlier version."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.brand.errors import DraftChanged, NothingDrafted
from blueprints.brand.models import Brand, BrandVersion
from blueprints.brand.queries.versions import desk, published_look, version
from blueprints.brand.rules import Look
from blueprints.brand.service.look import LookInput, checked, remember_first, show
from shopbell import clock, ids


def save_draft(session: Session, typed: LookInput, by: str, seen: str) -> UUID:
    """Keep what was typed where only head office sees it. Returns the draft's id, the same while it is one.

    `seen` is the seal of the look that was changed. Raises BadBrand naming fields, or DraftChanged.
    """
    before = _looked_at(session, seen)
    return _write(session, checked(session, typed, before), by)


def publish(session: Session, typed: LookInput, by: str, seen: str) -> None:
    """Show customers what was typed; the draft is gone. Raises BadBrand naming fields, or DraftChanged."""
    look = checked(session, typed, _looked_at(session, seen))
    remember_first(session)
    _forget(session)
    if look != published_look(session):
        show(session, look, by)


def discard(session: Session, draft_id: UUID) -> None:
    """Forget the draft. Raises NothingDrafted."""
    found = delete(BrandVersion).where(BrandVersion.id == draft_id, BrandVersion.published_at.is_(None))
    if not session.execute(found.returning(BrandVersion.id)).first():
        raise NothingDrafted


def bring_back(session: Session, version_id: UUID, by: str) -> UUID:
    """Make an earlier version the draft, to be looked at and published. May be repeated. Raises UnknownVersion."""
    _lock(session)
    return _write(session, version(session, version_id).look, by)


def _looked_at(session: Session, seen: str) -> Look:
    """What is being changed, held until the transaction ends. Raises DraftChanged."""
    _lock(session)
    look = desk(session).look
    if look.seal != seen:
        raise DraftChanged
    return look


def _lock(session: Session) -> None:
    session.execute(select(Brand.id).with_for_update())


def _write(session: Session, look: Look, by: str) -> UUID:
    row = session.scalars(select(BrandVersion).where(BrandVersion.published_at.is_(None))).first()
    if row is None:
        row = BrandVersion(id=ids.uuid7())
        session.add(row)
    row.look, row.logo_id, row.author, row.changed_at = look.json, look.logo_id, by, clock.now()
    session.flush()
    return row.id


def _forget(session: Session) -> None:
    session.execute(delete(BrandVersion).where(BrandVersion.published_at.is_(None)))
