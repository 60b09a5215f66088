"""Reading what is said, remembered while the configuration is the same, and saying something else."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, insert, select
from sqlalchemy.orm import Session

from shopbell import clock, ids
from shopbell.config_version import ConfigVersion, config_version
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant
from tenants.settings.errors import BadSetting, SettingLocked
from tenants.settings.keys import BRANCH, REGION, Key, Unfit
from tenants.settings.models import SettingValue
from tenants.settings.rules import THE_CHAIN, Entry, Path, Place, Said, Statement, said_of

REMEMBERED = 256
"""Chains; a small one's settings take a few KB, those of 200 branches about 2 MB."""

VERSION = select(ConfigVersion.version).scalar_subquery()
"""For a query that reads configuration anyway: its answer then says which version of the settings belongs to it."""

_memory: OrderedDict[UUID, tuple[UUID, Said]] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Author:
    """Who says something; nobody in particular has no name."""

    id: UUID | None = None
    name: str = ""


NOBODY = Author()


@dataclass(frozen=True)
class Change:
    """Something to be said at the last place of `path` from `starts_on` on; not `own`: take over what is above."""

    key: Key
    path: Path
    starts_on: date
    value: object = None
    subject: str = ""
    own: bool = True
    locked: bool = False
    field: str = ""
    """The field of the form that says so, for errors; else the key's name."""

    @property
    def place(self) -> Place:
        return self.path[-1]

    @property
    def statement(self) -> Statement:
        return self.key.name, self.subject

    def entry(self, author: Author = NOBODY) -> Entry:
        return Entry(self.place, self.value, self.starts_on, self.own, self.locked, author.name, clock.now())


def said(session: Session, version: UUID | None = None) -> Said:
    """Everything the chain says. With the `version` that the caller has just read, a known one costs no query."""
    tenant_id = current_tenant().id
    version = version or config_version(session)
    with _lock:
        known = _memory.get(tenant_id)
    if known and known[0] == version:
        return known[1]
    found = _read(session)
    with _lock:
        _memory[tenant_id] = (version, found)
        _memory.move_to_end(tenant_id)
        while len(_memory) > REMEMBERED:
            _memory.popitem(last=False)
    return found


def say(session: Session, changes: Sequence[Change], author: Author = NOBODY) -> None:
    """Write the changes down. May be repeated. Raises BadSetting or SettingLocked, naming each change's field."""
    if not changes:
        return
    known = said(session)
    checked = [check(known, change) for change in changes]
    for change in checked:
        session.execute(delete(SettingValue).where(*_same(change)))
    rows = [
        {
            "id": ids.uuid7(),
            "key": change.key.name,
            "subject": change.subject,
            **_ids(change.place),
            "starts_on": change.starts_on,
            "own": change.own,
            "value": change.value if change.own else None,
            "locked": change.locked and change.own,
            "author_id": author.id,
            "author": author.name,
            "said_at": clock.now(),
        }
        for change in checked
    ]
    session.execute(insert(SettingValue), rows)


def check(known: Said, change: Change) -> Change:
    """The change with its value as it is kept. Raises BadSetting, or SettingLocked when a place above forbids it."""
    key, name = change.key, change.field or change.key.name
    if change.place.level not in key.levels:
        raise BadSetting(fields={name: _("This cannot be set here.")})
    lock = known.lock_above(key, change.path, change.starts_on, change.subject)
    if lock:
        sentence = locked_by(lock)
        raise SettingLocked(sentence, fields={name: sentence})
    if not change.own:
        return change
    try:
        value = key.kind.checked(change.value)
    except Unfit as error:
        raise BadSetting(fields={name: str(error)}) from None
    return replace(change, value=value)


def differing(
    known: Said, key: Key, path: Path, today: date, value: object, *, subject: str = "", field: str = ""
) -> list[Change]:
    """What has to be said at once so that the value holds at the place: nothing when it does, and to take over what is
    above when that is the value."""
    if known.value(key, path, today, subject) == value:
        return []
    inherited = known.value(key, path[:-1], today, subject) == value if len(path) > 1 else False
    return [Change(key, path, today, None if inherited else value, subject, not inherited, field=field)]


def locked_by(lock: Entry) -> str:
    """Who has locked something, as a sentence."""
    if lock.place.level == REGION:
        return _("Locked by the region (%(name)s).", name=lock.author) if lock.author else _("Locked by the region.")
    return _("Locked by head office (%(name)s).", name=lock.author) if lock.author else _("Locked by head office.")


def _same(change: Change) -> list[ColumnElement[bool]]:
    place = _ids(change.place)
    return [
        SettingValue.key == change.key.name,
        SettingValue.subject == change.subject,
        SettingValue.region_id.is_not_distinct_from(place["region_id"]),
        SettingValue.branch_id.is_not_distinct_from(place["branch_id"]),
        SettingValue.starts_on == change.starts_on,
    ]


def _ids(place: Place) -> dict[str, UUID | None]:
    return {
        "region_id": place.id if place.level == REGION else None,
        "branch_id": place.id if place.level == BRANCH else None,
    }


def _read(session: Session) -> Said:
    columns = (
        SettingValue.key,
        SettingValue.subject,
        SettingValue.region_id,
        SettingValue.branch_id,
        SettingValue.value,
        SettingValue.starts_on,
        SettingValue.own,
        SettingValue.locked,
        SettingValue.author,
        SettingValue.said_at,
        SettingValue.id,
    )
    return said_of(
        ((key, subject), Entry(_place(region_id, branch_id), *rest))
        for key, subject, region_id, branch_id, *rest in session.execute(select(*columns))
    )


def _place(region_id: UUID | None, branch_id: UUID | None) -> Place:
    if branch_id:
        return Place(BRANCH, branch_id)
    return Place(REGION, region_id) if region_id else THE_CHAIN
