"""What customers asked for and the branch has yet to answer, on whatever day."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.crm import api as crm
from blueprints.frontdesk.queries.frame import Frame, frame_of
from shopbell import clock, i18n
from shopbell.tenancy import current_tenant

PAGE = 20


def requests(session: Session, branch_id: UUID, page: int) -> dict[str, Any]:
    """A page of them from 1 on, the longest unanswered first; the nearest when it does not exist. Five queries at most.

    Raises UnknownBranch.
    """
    frame = frame_of(session, branch_id, None)
    total = booking.count_requests(session, branch_id)
    pages = max(1, -(-total // PAGE))
    shown = min(page, pages)
    found = booking.requests(session, branch_id, PAGE, (shown - 1) * PAGE) if total else []
    contacts = crm.contacts(session, {one.first.customer_id for one in found if one.first.customer_id})
    items = [_item(session, frame, one, contacts) for one in found]
    return {"items": items, "total": total, "page": shown, "pages": pages}


def _item(session: Session, frame: Frame, one: booking.Asked, contacts: dict[UUID, Any]) -> dict[str, Any]:
    first = one.first
    day, start = clock.local_minutes(first.starts_at, frame.zone)
    contact = contacts.get(first.customer_id) if first.customer_id else None
    service = frame.services.get(str(first.service_id)) if first.service_id else None
    return {
        "id": str(first.id),
        "day": day.isoformat(),
        "start": start,
        "service": i18n.localized(service.name, current_tenant().locale) if service else "",
        "person": frame.person(session, str(first.person_id)).name if first.person_id else "",
        "customer": contact.name if contact else first.guest_name,
        "note": first.note,
        "appointments": one.appointments,
        "asked": _epoch(one.asked_at),
        "answer_by": _epoch(one.answer_by),
    }


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)
