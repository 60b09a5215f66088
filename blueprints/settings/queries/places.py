"""A place with everything that is said of it, by whom and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.tenancy import current_tenant
from tenants.settings import store
from tenants.settings.errors import UnknownSetting
from tenants.settings.keys import BRANCH, CHAIN, REGION, Key
from tenants.settings.rules import Path, Place, Resolved, Said, path_to


@dataclass(frozen=True)
class Where:
    """A place with its name by language ({} for the chain), its today, and what is said."""

    path: Path
    name: dict[str, str]
    region_name: dict[str, str]
    today: date
    said: Said

    @property
    def place(self) -> Place:
        return self.path[-1]

    @property
    def text(self) -> str:
        """As it stands in addresses: "chain", "region:<id>", "branch:<id>"."""
        return self.place.level if self.place.id is None else f"{self.place.level}:{self.place.id}"


@dataclass(frozen=True)
class Line:
    """A key, and a subject of it, with what holds at a place."""

    key: Key
    subject: str
    found: Resolved


def place_of(text: str) -> Place:
    """Raises UnknownSetting for what is no place."""
    level, _colon, id_ = text.partition(":")
    try:
        if level in {REGION, BRANCH}:
            return Place(level, UUID(id_))
    except ValueError:
        raise UnknownSetting from None
    if text not in {"", CHAIN}:
        raise UnknownSetting
    return Place()


def look(session: Session, place: Place) -> Where:
    """Everything about a place, in a fixed number of queries. Raises UnknownRegion or UnknownBranch."""
    known = store.said(session)
    if place.level == BRANCH and place.id:
        branch = catalog.branch(session, place.id)
        region = catalog.region(session, branch.region_id).name if branch.region_id else {}
        said = booking.terms_said(session, [branch.id], catalog.said_of_branch(session, branch, known))
        return Where(catalog.path_of(branch), branch.name, region, catalog.today_at(branch), said)
    said, today = booking.terms_said(session, [], known), _chains_today()
    if place.id:
        region = catalog.region(session, place.id).name
        return Where(path_to(place.id), region, region, today, said)
    return Where(path_to(), {}, {}, today, said)


def lines(where: Where, keys: Iterable[Key], subjects: Collection[str] = ("",)) -> list[Line]:
    """What holds at the place today, of every subject the keys one after the other."""
    return [
        Line(key, subject, where.said.resolve(key, where.path, where.today, subject))
        for subject in subjects
        for key in keys
        if where.place.level in key.levels
    ]


def days(where: Where) -> list[Line]:
    """The days from today on that have hours of their own at the place, in order, with what holds on each."""
    found = []
    for day in catalog.days_of(where.said, where.today):
        told = where.said.resolve(catalog.DAY_HOURS, where.path, day, day.isoformat())
        if told.source:
            found.append(Line(catalog.DAY_HOURS, day.isoformat(), told))
    return found


def check_subject(session: Session, key: Key, subject: str) -> None:
    """Raises UnknownSetting for a key without what it is about, or about something that is not there."""
    if not subject:
        if key.about and not key.falls_back:
            raise UnknownSetting
        return
    if key.about == catalog.DAY and _is_a_day(subject):
        return
    services = catalog.services(session, active_only=False)
    known = {
        "": set[str](),
        "service": {str(service.id) for service in services},
        "option": {str(option.id) for service in services for option in service.options},
    }
    if subject not in known.get(key.about, ()):
        raise UnknownSetting


def _is_a_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def branches_below(session: Session, place: Place) -> list[catalog.BranchView]:
    """The branches for which a place speaks."""
    found = catalog.branches(session)
    if place.level == BRANCH:
        return [branch for branch in found if branch.id == place.id]
    return [branch for branch in found if place.level == CHAIN or branch.region_id == place.id]


def _chains_today() -> date:
    return clock.local_minutes(clock.now(), clock.zone(current_tenant().time_zone))[0]
