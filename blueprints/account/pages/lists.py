"""What somebody has booked and waits for, as their pages list it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView
from blueprints.staff import api as staff
from blueprints.waitlist import api as waitlist
from blueprints.waitlist.api import OfferView, WishView
from shopbell import clock

LINK_LIFE = timedelta(days=1)
"""The links on a page are good for as long as somebody may leave it open."""


@dataclass(frozen=True)
class OwnVisit:
    """A visit as its owner's list shows it. `state` is requested, ahead, done, missed, cancelled or past."""

    token: str
    starts_at: datetime
    zone: ZoneInfo
    branch: BranchView
    services: list[ServiceView]
    people: list[str]
    state: str


@dataclass(frozen=True)
class OwnWish:
    """A wish with where it is looked after, and what is kept for it now."""

    wish: WishView
    address: str
    offer: OfferView | None
    offer_address: str
    branches: list[BranchView]
    zone: ZoneInfo


def visits(session: Session, customer_id: UUID, *, ahead: bool, at: datetime, start: int, limit: int) -> list[OwnVisit]:
    """As booking.own_visits has them."""
    found = booking.own_visits(session, customer_id, ahead=ahead, at=at, start=start, limit=limit)
    services = {service.id: service for service in catalog.services(session, active_only=False)}
    branches = {branch.id: branch for branch in catalog.branches(session)}
    people = staff.names(session, {row.person_id for rows in found for row in rows if row.person_id})
    return [_visit(rows, branches[rows[0].branch_id], services, people, at) for rows in found]


def _visit(
    rows: list[BookingDetails],
    branch: BranchView,
    services: dict[UUID, ServiceView],
    people: dict[UUID, str],
    at: datetime,
) -> OwnVisit:
    standing = [row for row in rows if row.status != "cancelled"] or rows
    lead, asked = rows[0].visit_id or rows[0].id, [row.person_id for row in standing if row.person_id]
    return OwnVisit(
        token=booking.manage_token(lead, at + LINK_LIFE),
        starts_at=standing[0].starts_at,
        zone=clock.zone(branch.time_zone),
        branch=branch,
        services=[services[id_] for id_ in dict.fromkeys(row.service_id for row in standing)],
        people=[people[id_] for id_ in dict.fromkeys(asked) if id_ in people],
        state=_state(standing, at),
    )


def _state(standing: Sequence[BookingDetails], at: datetime) -> str:
    states = {row.status for row in standing}
    if states == {"cancelled"}:
        return "cancelled"
    if "requested" in states:
        return "requested" if any(row.ends_at > at for row in standing) else "past"
    if "done" in states:
        return "done"
    if "no_show" in states:
        return "missed"
    return "ahead" if any(row.ends_at > at for row in standing) else "past"


def wishes(session: Session, customer_id: UUID) -> list[OwnWish]:
    """What the customer waits for, with the time that is kept for each."""
    found = waitlist.wishes_of(session, customer_id)
    offers = waitlist.offers_of(session, [wish.id for wish in found])
    branches = {branch.id: branch for branch in catalog.branches(session)} if found else {}
    return [_wish(wish, offers.get(wish.id, []), branches) for wish in found]


def _wish(wish: WishView, offers: list[OfferView], branches: dict[UUID, BranchView]) -> OwnWish:
    kept = next((offer for offer in offers if offer.status == "open" and offer.expires_at > clock.now()), None)
    place = branches[kept.branch_id if kept else wish.branch_ids[0]]
    return OwnWish(
        wish=wish,
        address=waitlist.wish_link(wish),
        offer=kept,
        offer_address=waitlist.offer_link(kept) if kept else "",
        branches=[branches[branch_id] for branch_id in wish.branch_ids],
        zone=clock.zone(place.time_zone),
    )
