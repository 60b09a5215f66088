"""One person's place in the queue, for their own phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.arrivals.errors import UnknownTicket
from blueprints.arrivals.queries.queue import Place, places, present, reckoned
from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff

STAGES = {
    "waiting": "waiting",
    "called": "called",
    "serving": "served",
    "in_service": "served",
    "arrived": "waiting",
    "left": "left",
    "no_show": "left",
    "cancelled": "left",
    "done": "over",
    "booked": "coming",
    "confirmed": "coming",
}


@dataclass(frozen=True)
class Ticket:
    """What a ticket shows. `stage` is coming, waiting, called, served, left or over; `place` only while waiting or
    called. `ahead` counts those before them, by ticket or by appointment. `person` is who serves or calls them."""

    id: UUID
    kind: str
    branch: BranchView
    number: int | None
    stage: str
    service: ServiceView | None
    due: datetime | None
    place: Place | None
    person: str

    @property
    def ahead(self) -> int:
        return self.place.position - 1 if self.place else 0


def ticket(session: Session, id_: UUID) -> Ticket:
    """Of a walk-in, or of an appointment. Raises UnknownTicket."""
    walk_in = booking.walk_in(session, id_)
    if walk_in is not None:
        stage, branch_id, service_id = STAGES[walk_in.status], walk_in.branch_id, walk_in.service_id
        person_id, number, due = walk_in.person_id, walk_in.number, None
    else:
        try:
            details = booking.details(session, id_)
        except UnknownBooking:
            raise UnknownTicket from None
        stage, branch_id, service_id = STAGES.get(details.status, "over"), details.branch_id, details.service_id
        person_id, number, due = details.person_id, None, details.starts_at
    place = place_of(session, branch_id, id_) if stage in {"waiting", "called"} else None
    person_id = person_id or (place.person_id if place else None)
    return Ticket(
        id=id_,
        kind="walk_in" if walk_in else "booking",
        branch=catalog.branch(session, branch_id),
        number=number,
        stage=stage,
        service=catalog.service(session, service_id) if service_id else None,
        due=due,
        place=place,
        person=staff.names(session, [person_id]).get(person_id, "") if person_id else "",
    )


def place_of(session: Session, branch_id: UUID, id_: UUID) -> Place | None:
    """None for somebody of another day."""
    now = present(session, branch_id)
    return next((place for place in places(session, now, reckoned(now)) if place.id == id_), None)
