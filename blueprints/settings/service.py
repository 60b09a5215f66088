"""Saying something else at a place: at once, or as a draft that is looked at before it is published."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.settings.errors import DraftClosed, DraftOutdated, UnknownDraft
from blueprints.settings.queries.drafts import draft, fingerprint, stored
from shopbell import clock, ids
from tenants.settings import store
from tenants.settings.models import SettingDraft
from tenants.settings.store import Author, Change


def put_into_draft(session: Session, change: Change, by: Author) -> UUID:
    """Add a change to the person's open draft, or begin one; it takes the place of one about the same from the same
    day. Raises BadSetting or SettingLocked."""
    said = store.said(session)
    entry = stored(store.check(said, change), said)
    row = session.scalars(
        select(SettingDraft)
        .where(SettingDraft.state == "open", SettingDraft.author_id == by.id)
        .order_by(SettingDraft.changed_at.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if row is None:
        row = SettingDraft(id=ids.uuid7(), author_id=by.id, author=by.name, changes=[], state="open", decided_by="")
        row.created_at = clock.now()
        session.add(row)
    same = ("key", "subject", "level", "place", "starts_on")
    row.changes = [*(one for one in row.changes if any(one[name] != entry[name] for name in same)), entry]
    row.changed_at = clock.now()
    session.flush()
    return row.id


def take_out_of_draft(session: Session, draft_id: UUID, number: int) -> None:
    """Forget one change; a number that is none changes nothing. Raises UnknownDraft or DraftClosed."""
    row = _open(session, draft_id)
    row.changes = [one for place, one in enumerate(row.changes) if place != number]
    row.changed_at = clock.now()
    session.flush()


def publish(session: Session, draft_id: UUID, seen: str, by: Author) -> Sequence[Change]:
    """Say everything that the draft holds. Returns its changes.

    Raises UnknownDraft, DraftClosed, DraftOutdated when `seen` is not what there is now, or SettingLocked.
    """
    row = _open(session, draft_id)
    found = draft(session, draft_id)
    if fingerprint(store.said(session), found) != seen:
        raise DraftOutdated
    changes = [one.change for one in found.changes]
    store.say(session, changes, by)
    _close(row, "published", by)
    session.flush()
    return changes


def discard(session: Session, draft_id: UUID, by: Author) -> None:
    """Raises UnknownDraft or DraftClosed."""
    _close(_open(session, draft_id), "discarded", by)
    session.flush()


def _close(row: SettingDraft, state: str, by: Author) -> None:
    row.state, row.decided_by, row.changed_at = state, by.name, clock.now()


def _open(session: Session, draft_id: UUID) -> SettingDraft:
    row = session.get(SettingDraft, draft_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownDraft
    if row.state != "open":
        raise DraftClosed
    return row
