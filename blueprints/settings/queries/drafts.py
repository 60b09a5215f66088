"""Drafts, and what others have done about the same things."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.settings.errors import UnknownDraft
from blueprints.settings.keys import key_named
from tenants.settings.keys import BRANCH, REGION
from tenants.settings.models import SettingDraft
from tenants.settings.rules import Entry, Path, Said, path_to
from tenants.settings.store import Change

SHOWN = 50


@dataclass(frozen=True)
class Drafted:
    """A change in a draft, with the id of what the place itself said when it was drafted."""

    change: Change
    base: str

    @property
    def about(self) -> tuple[str, str, UUID | None]:
        return (*self.change.statement, self.change.place.id)


@dataclass(frozen=True)
class Draft:
    id: UUID
    state: str
    author_id: UUID | None
    author: str
    changes: tuple[Drafted, ...]
    changed_at: datetime
    decided_by: str


def drafts(session: Session, state: str = "open") -> list[Draft]:
    """The latest drafts of a state, newest first."""
    statement = select(SettingDraft).where(SettingDraft.state == state).order_by(SettingDraft.changed_at.desc())
    rows = session.scalars(statement.limit(SHOWN)).all()
    regions = {branch.id: branch.region_id for branch in catalog.branches(session)} if rows else {}
    return [_draft(row, regions) for row in rows]


def draft(session: Session, draft_id: UUID) -> Draft:
    """Raises UnknownDraft."""
    row = session.get(SettingDraft, draft_id)
    if row is None:
        raise UnknownDraft
    return _draft(row, {branch.id: branch.region_id for branch in catalog.branches(session)})


def _draft(row: SettingDraft, regions: Mapping[UUID, UUID | None]) -> Draft:
    changes = tuple(_drafted(one, regions) for one in row.changes)
    return Draft(row.id, row.state, row.author_id, row.author, changes, row.changed_at, row.decided_by)


def stored(change: Change, said: Said) -> dict[str, Any]:
    """A change as a draft keeps it."""
    return {
        "key": change.key.name,
        "subject": change.subject,
        "level": change.place.level,
        "place": str(change.place.id or ""),
        "starts_on": change.starts_on.isoformat(),
        "own": change.own,
        "value": change.value,
        "locked": change.locked,
        "base": said_there(said, change),
    }


def _drafted(one: Mapping[str, Any], regions: Mapping[UUID, UUID | None]) -> Drafted:
    change = Change(
        key_named(one["key"]),
        _path(one["level"], one["place"], regions),
        date.fromisoformat(one["starts_on"]),
        one["value"],
        one["subject"],
        one["own"],
        one["locked"],
    )
    return Drafted(change, one["base"])


def _path(level: str, place: str, regions: Mapping[UUID, UUID | None]) -> Path:
    if level == BRANCH:
        return path_to(regions.get(UUID(place)), UUID(place))
    return path_to(UUID(place)) if level == REGION else path_to()


def said_there(said: Said, change: Change) -> str:
    """A text that is another one when the place itself has said something else from some day on."""
    entries = said.own(change.key, change.place, change.subject)
    return hashlib.sha256(",".join(str(entry.id) for entry in entries).encode()).hexdigest()[:16] if entries else ""


def fingerprint(said: Said, found: Draft) -> str:
    """What whoever publishes has seen: the draft, and what the places say now."""
    parts = [
        f"{one.about}{one.change.starts_on}{one.change.value}{said_there(said, one.change)}" for one in found.changes
    ]
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:16]


def changed_meanwhile(said: Said, found: Draft) -> dict[int, Entry]:
    """By a change's number: the last that the place said of it after it was drafted."""
    result = {}
    for number, one in enumerate(found.changes):
        entries: Sequence[Entry] = said.own(one.change.key, one.change.place, one.change.subject)
        if entries and said_there(said, one.change) != one.base:
            result[number] = max(entries, key=lambda entry: entry.said_at.timestamp() if entry.said_at else 0.0)
    return result


def others_at_it(found: Draft, open_drafts: Sequence[Draft]) -> dict[int, list[Draft]]:
    """By a change's number: other open drafts that change the same."""
    result = {}
    for number, one in enumerate(found.changes):
        others = [
            other for other in open_drafts if other.id != found.id and one.about in {x.about for x in other.changes}
        ]
        if others:
            result[number] = others
    return result
