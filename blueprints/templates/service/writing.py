"""Writing texts: drafts, publishing, going back to an earlier version, and taking over what is above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from blueprints.templates.defaults import default_digest, digest_of
from blueprints.templates.errors import BadText, TextChanged, UnknownTextVersion
from blueprints.templates.keys import TEXT
from blueprints.templates.models import TemplateVersion
from blueprints.templates.queries.texts import Spot, Version, at, desk, today, version
from blueprints.templates.rules.checking import complaints
from blueprints.templates.rules.wordings import PIECES
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.config_version import ConfigVersion
from tenants.settings import store
from tenants.settings.keys import BRANCH, REGION
from tenants.settings.rules import Path, Place
from tenants.settings.store import Author, Change


@dataclass(frozen=True)
class TextInput:
    """A text as typed, by piece; `plain`: a text message that leaves without accents."""

    parts: Mapping[str, str]
    plain: bool = False
    locked: bool = False
    """Whether places below keep to it."""


def save_draft(session: Session, path: Path, spot: Spot, typed: TextInput, by: Author, seen: str) -> UUID:
    """Keep what was typed where only its authors see it. Returns the draft's id.

    `seen` is the seal of the desk at which it was typed. Raises BadText naming pieces, TextChanged or SettingLocked.
    """
    _looked_at(session, path, spot, seen)
    return _write(session, path[-1], spot, _checked(spot, typed), by).id


def publish(session: Session, path: Path, spot: Spot, typed: TextInput, by: Author, seen: str) -> UUID:
    """Have it said from now on, here and wherever nobody below says something else. Returns the version's id.

    Raises BadText naming pieces, TextChanged or SettingLocked.
    """
    _looked_at(session, path, spot, seen)
    made = _write(session, path[-1], spot, _checked(spot, typed), by)
    made.published_at = clock.now()
    session.flush()
    _say(session, path, spot, str(made.id), by, locked=typed.locked)
    return made.id


def restore(session: Session, path: Path, version_id: UUID, by: Author) -> Version:
    """Have an earlier version of the place said again, with what providers said of it. May be repeated.

    Raises UnknownTextVersion, also for another place's or a draft, or SettingLocked.
    """
    found = version(session, version_id)
    own = session.scalar(
        select(TemplateVersion.id).where(
            *at(path[-1], found.spot), TemplateVersion.id == version_id, TemplateVersion.published_at.is_not(None)
        )
    )
    if own is None:
        raise UnknownTextVersion
    _say(session, path, found.spot, str(version_id), by)
    return found


def take_over(session: Session, path: Path, spot: Spot, by: Author) -> None:
    """Say what is said above again, and at the chain what the product says. May be repeated. Raises SettingLocked."""
    store.say(session, [Change(TEXT, path, today(), subject=spot.subject, own=False)], by)


def discard(session: Session, path: Path, spot: Spot) -> None:
    """Forget the draft. May be repeated."""
    session.execute(delete(TemplateVersion).where(*at(path[-1], spot), TemplateVersion.published_at.is_(None)))


def _looked_at(session: Session, path: Path, spot: Spot, seen: str) -> None:
    """Hold the place's text until the transaction ends. Raises TextChanged or SettingLocked."""
    session.execute(select(ConfigVersion.version).with_for_update())
    found = desk(session, path, spot)
    store.check(store.said(session), Change(TEXT, path, today(), "", spot.subject))
    if found.seal != seen:
        raise TextChanged


def _checked(spot: Spot, typed: TextInput) -> TextInput:
    parts = {piece: _clean(typed.parts.get(piece, "")) for piece in PIECES[spot.channel]}
    checks = Checks()
    for piece, sentence in complaints(spot.name, spot.channel, spot.locale, parts).items():
        checks.refuse(piece, sentence)
    checks.settle(BadText)
    return TextInput(parts, typed.plain and spot.channel == "sms", typed.locked)


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "\ufffd").encode("utf-8", "replace").decode().strip()


def _write(session: Session, place: Place, spot: Spot, typed: TextInput, by: Author) -> TemplateVersion:
    row = session.scalars(
        select(TemplateVersion).where(*at(place, spot), TemplateVersion.published_at.is_(None))
    ).first()
    if row is None:
        row = TemplateVersion(id=ids.uuid7(), name=spot.name, channel=spot.channel, locale=spot.locale)
        row.region_id = place.id if place.level == REGION else None
        row.branch_id = place.id if place.level == BRANCH else None
        session.add(row)
    row.parts, row.plain = dict(typed.parts), typed.plain
    row.digest = digest_of(typed.parts, plain=typed.plain)
    row.default_digest = default_digest(spot.name, spot.channel, spot.locale)
    row.author, row.changed_at = by.name, clock.now()
    session.flush()
    return row


def _say(session: Session, path: Path, spot: Spot, version_id: str, by: Author, *, locked: bool = False) -> None:
    store.say(session, [Change(TEXT, path, today(), version_id, spot.subject, locked=locked)], by)
