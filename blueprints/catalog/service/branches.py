"""Branches and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from blueprints.catalog import queries
from blueprints.catalog.errors import AddressTaken, BadCatalogue, BranchesUsedUp, UnknownBranch
from blueprints.catalog.models import Branch
from blueprints.catalog.settings import OF_BRANCH
from shopbell import clock, ids
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.i18n import ngettext
from shopbell.tenancy import current_tenant
from tenants import quotas
from tenants.settings import store
from tenants.settings.keys import Unfit
from tenants.settings.store import NOBODY, Author, Change


@dataclass(frozen=True)
class BranchInput:
    """What is said of a branch. Texts map a locale to a text; minutes as named; `phone` as people write it."""

    name: Mapping[str, str]
    address: Mapping[str, str]
    phone: str
    time_zone: str
    latitude: float | None = None
    longitude: float | None = None
    is_open: bool = True
    slot_minutes: int = 15
    lead_minutes: int = 30
    horizon_days: int = 60
    cancel_deadline_minutes: int = 120


def add_branch(session: Session, slug: str, branch: BranchInput, by: Author = NOBODY) -> UUID:
    """A new branch, last in the chain's order, without hours of its own yet; what it says as the chain does, it takes
    over. Raises BadCatalogue, AddressTaken, BranchesUsedUp or SettingLocked."""
    checks = Checks()
    checks.slug("slug", slug)
    values = _checked(checks, branch)
    checks.settle(BadCatalogue)
    values["phone"] = ""
    branch_id = ids.uuid7()
    position = select(func.coalesce(func.max(Branch.position) + 1, 0)).scalar_subquery()
    added = session.execute(
        insert_once(Branch)
        .values(id=branch_id, slug=slug, position=position, **values)
        .on_conflict_do_nothing(index_elements=[Branch.slug])
        .returning(Branch.id)
    )
    if added.first() is None:
        raise AddressTaken(fields={"slug": _("Another branch uses this short name.")})
    _refuse_beyond_quota(session)
    _say(session, branch_id, branch, by)
    return branch_id


def _refuse_beyond_quota(session: Session) -> None:
    """Counted with the new one. Two at once see each other: the second waits for the first's config_version."""
    limit = current_tenant().allowance(quotas.BRANCHES).limit
    if limit is not None and (session.scalar(select(func.count()).select_from(Branch)) or 0) > limit:
        sentence = ngettext(
            "Your chain may have %(n)s branch. Ask whoever runs this service for more.",
            "Your chain may have %(n)s branches. Ask whoever runs this service for more.",
            limit,
        )
        raise BranchesUsedUp(sentence, fields={"slug": sentence})


def change_branch(session: Session, branch_id: UUID, branch: BranchInput, by: Author = NOBODY) -> None:
    """Replace what is said of a branch; its slug stays, as links hold it. Where it says what holds there anyway it goes
    on taking that over. Raises UnknownBranch, BadCatalogue or SettingLocked."""
    checks = Checks()
    values = _checked(checks, branch)
    require_branch(session, branch_id)
    checks.settle(BadCatalogue)
    session.execute(update(Branch).where(Branch.id == branch_id).values(**values))
    _say(session, branch_id, branch, by)


def _say(session: Session, branch_id: UUID, branch: BranchInput, by: Author) -> None:
    """What differs from what holds at the branch today is its own from today on."""
    view = queries.branch(session, branch_id)
    known, path, today = queries.said_at(view, store.said(session)), queries.path_of(view), queries.today_at(view)
    found: list[Change] = []
    for key in OF_BRANCH:
        value = key.kind.checked(getattr(branch, key.name))
        found += store.differing(known, key, path, today, value)
    store.say(session, found, by)


def require_branch(session: Session, branch_id: UUID) -> None:
    """Raises UnknownBranch."""
    if session.scalar(select(Branch.id).where(Branch.id == branch_id)) is None:
        raise UnknownBranch


def _checked(checks: Checks, branch: BranchInput) -> dict[str, Any]:
    _check_settings(checks, branch)
    return {
        "name": checks.texts("name", branch.name),
        "address": checks.texts("address", branch.address, longest=200),
        "time_zone": _zone(checks, branch.time_zone),
        "latitude": _degrees(checks, "latitude", branch.latitude, 90),
        "longitude": _degrees(checks, "longitude", branch.longitude, 180),
        "is_open": branch.is_open,
    }


def _check_settings(checks: Checks, branch: BranchInput) -> None:
    for key in OF_BRANCH:
        try:
            key.kind.checked(getattr(branch, key.name))
        except Unfit as error:
            checks.refuse(key.name, str(error))


def _zone(checks: Checks, name: str) -> str:
    try:
        clock.zone(name)
    except clock.UnknownZone:
        checks.refuse("time_zone", _("Choose a time zone such as Asia/Shanghai."))
    return name


def _degrees(checks: Checks, field: str, value: float | None, limit: int) -> float | None:
    if value is not None and not -limit <= value <= limit:
        checks.refuse(field, _("Degrees from -%(limit)s to %(limit)s.", limit=limit))
    return value
