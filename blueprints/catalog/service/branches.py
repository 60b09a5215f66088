"""Branches and what is said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from blueprints.catalog.errors import AddressTaken, BadCatalogue, UnknownBranch
from blueprints.catalog.models import Branch
from shopbell import clock, ids, phone
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant

MAX_LEAD = 7 * 24 * 60
MAX_CANCEL_DEADLINE = 14 * 24 * 60


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


def add_branch(session: Session, slug: str, branch: BranchInput) -> UUID:
    """A new branch, last in the chain's order, without hours yet. Raises BadCatalogue or AddressTaken."""
    checks = Checks()
    checks.slug("slug", slug)
    values = _checked(checks, branch)
    checks.settle(BadCatalogue)
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
    return branch_id


def change_branch(session: Session, branch_id: UUID, branch: BranchInput) -> None:
    """Replace what is said of a branch; its slug stays, as links hold it. Raises UnknownBranch or BadCatalogue."""
    checks = Checks()
    values = _checked(checks, branch)
    require_branch(session, branch_id)
    checks.settle(BadCatalogue)
    session.execute(update(Branch).where(Branch.id == branch_id).values(**values))


def require_branch(session: Session, branch_id: UUID) -> None:
    """Raises UnknownBranch."""
    if session.scalar(select(Branch.id).where(Branch.id == branch_id)) is None:
        raise UnknownBranch


def _checked(checks: Checks, branch: BranchInput) -> dict[str, Any]:
    return {
        "name": checks.texts("name", branch.name),
        "address": checks.texts("address", branch.address, longest=200),
        "phone": _phone(checks, branch.phone),
        "time_zone": _zone(checks, branch.time_zone),
        "latitude": _degrees(checks, "latitude", branch.latitude, 90),
        "longitude": _degrees(checks, "longitude", branch.longitude, 180),
        "is_open": branch.is_open,
        "slot_minutes": _slot(checks, branch.slot_minutes),
        "lead_minutes": checks.number("lead_minutes", branch.lead_minutes, 0, MAX_LEAD),
        "horizon_days": checks.number("horizon_days", branch.horizon_days, 1, 365),
        "cancel_deadline_minutes": checks.number(
            "cancel_deadline_minutes", branch.cancel_deadline_minutes, 0, MAX_CANCEL_DEADLINE
        ),
    }


def _slot(checks: Checks, minutes: int) -> int:
    """Start times are every so many minutes from midnight, the same on every day, in cells of five minutes."""
    if not 5 <= minutes <= 120 or minutes % 5 or clock.MINUTES_IN_A_DAY % minutes:
        sentence = _("Choose 5, 10, 15, 20, 30, 40, 45, 60, 80, 90 or 120 minutes: they have to fit into a day.")
        checks.refuse("slot_minutes", sentence)
    return minutes


def _phone(checks: Checks, text: str) -> str:
    try:
        return phone.normalise(text, current_tenant().country)
    except phone.BadPhone as error:
        checks.refuse("phone", _(error.message_id) % {"example": error.example})
        return text


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
