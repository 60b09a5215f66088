"""A customer as the desk sees one: names instead of ids, days of the branch instead of instants."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.crm import api as crm
from blueprints.frontdesk.queries.frame import Frame, frame_of
from blueprints.frontdesk.queries.offered import money
from blueprints.frontdesk.queries.rows import written
from blueprints.staff import api as staff
from shopbell import clock, i18n
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant

FOUND = 8
VISITS = 20


def find(session: Session, q: str) -> dict[str, Any]:
    """The first few customers whose name begins like this, or whose phone ends so. Raises BadSearch."""
    found = crm.search(session, q, country=current_tenant().country, limit=FOUND).customers
    counts = booking.visit_counts(session, [customer.id for customer in found])
    return {
        "items": [
            {
                "id": str(customer.id),
                "name": customer.name,
                "phone": customer.phone,
                "phone_text": written(customer.phone),
                "email": customer.email,
                "visits": counts.get(customer.id, 0),
            }
            for customer in found
        ]
    }


def card(session: Session, branch_id: UUID, customer_id: UUID) -> dict[str, Any]:
    """A customer with the latest visits at any branch, those that lie ahead left out.

    Raises UnknownBranch, UnknownCustomer.
    """
    frame, customer = frame_of(session, branch_id, None), crm.card(session, customer_id)
    known = booking.visits_of(session, customer_id, VISITS)
    charges = booking.charges_of(session, [visit["booking"] for visit in known])
    tier = crm.tier(session, customer_id)
    visits = [visit for visit in known if visit["starts_at"] <= clock.now()]
    names = staff.names(session, {visit["person"] for visit in visits if visit["person"]})
    return {
        "id": str(customer.id),
        "name": customer.name,
        "phone": customer.phone,
        "email": customer.email,
        "notes": customer.notes,
        "tier": _("Tier %(number)s", number=tier) if tier else "",
        "charges": [
            _charge(frame, visit, charge)
            for visit in known
            for charge in charges.get(visit["booking"], ())
            if charge.state == "due"
        ],
        "visits": [_visit(frame, visit, names) for visit in visits],
    }


def _charge(frame: Frame, visit: dict[str, Any], charge: booking.ChargeView) -> dict[str, Any]:
    """What is owed for a visit, ahead or over."""
    return {
        "id": str(charge.id),
        "kind": charge.kind,
        "amount": money(charge.amount_minor, charge.currency),
        **{name: value for name, value in _visit(frame, visit, {}).items() if name in {"booking", "day", "service"}},
    }


def _visit(frame: Frame, visit: dict[str, Any], names: dict[UUID, str]) -> dict[str, Any]:
    day: date = clock.local_minutes(visit["starts_at"], frame.zone)[0]
    service = frame.services.get(str(visit["service"]))
    return {
        "booking": str(visit["booking"]),
        "day": day.isoformat(),
        "service": i18n.localized(service.name, current_tenant().locale) if service else "",
        "person": names.get(visit["person"], ""),
        "status": visit["status"],
    }
