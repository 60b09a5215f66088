"""How a wish ends without an offer being accepted."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.catalog import api as catalog
from blueprints.waitlist.errors import BadWish
from blueprints.waitlist.events import OfferGone
from blueprints.waitlist.models import Wish
from blueprints.waitlist.queries.views import wish_view
from blueprints.waitlist.service.records import answer, end, lock_wish, open_offer
from shopbell import clock
from shopbell.events import publish
from shopbell.i18n import gettext as _
from shopbell.text import clean_name

OPEN = ("waiting", "offered")
LONGEST_REASON = 200


def leave(session: Session, wish_id: UUID) -> None:
    """The customer leaves the list; a time that is held for them goes to the next. Raises UnknownWish."""
    close(session, lock_wish(session, wish_id), "left", "left", "declined")


def remove(session: Session, wish_id: UUID, reason: str) -> None:
    """Staff take a wish off the list, and say why. Raises UnknownWish or BadWish."""
    said = clean_name(reason)
    if not 1 <= len(said) <= LONGEST_REASON:
        hint = _("Say why, in at most %(n)s characters.", n=LONGEST_REASON)
        raise BadWish(hint, fields={"reason": hint})
    wish = lock_wish(session, wish_id)
    if wish.status in OPEN:
        wish.reason = said
    close(session, wish, "over", "removed", "withdrawn")


def over(session: Session, wish_id: UUID) -> None:
    """The last day of a wish has passed. Raises UnknownWish."""
    close(session, lock_wish(session, wish_id), "over", "past", "withdrawn")


def booked_otherwise(session: Session, booking_id: UUID) -> None:
    """Close the wishes that a customer's own visit fulfils: made after them, for all they name, in their days."""
    try:
        made = booking.details(session, booking_id)
    except UnknownBooking:
        return
    zone = clock.zone(catalog.branch(session, made.branch_id).time_zone)
    day, _minute = clock.local_minutes(made.starts_at, zone)
    rows = [row for row in booking.visit(session, booking_id) if row.status != "cancelled"]
    given = Counter(row.service_id for row in rows)
    found = session.scalars(
        select(Wish).where(
            Wish.customer_id == made.customer_id,
            Wish.service_id.in_(given),
            Wish.status.in_(OPEN),
            Wish.created_at <= made.created_at,
            or_(Wish.booking_id.is_(None), Wish.booking_id.not_in([row.id for row in rows])),
            Wish.first_day <= day,
            Wish.last_day >= day,
        )
    ).all()
    for wish_id in sorted(wish.id for wish in found if Counter(wish_view(session, wish).service_ids) <= given):
        close(session, lock_wish(session, wish_id), "over", "booked", "withdrawn")


def replaced_gone(session: Session, booking_id: UUID) -> None:
    """Close the wishes that were to replace an appointment which has been cancelled."""
    found = session.scalars(select(Wish.id).where(Wish.booking_id == booking_id, Wish.status.in_(OPEN))).all()
    for wish_id in sorted(found):
        close(session, lock_wish(session, wish_id), "over", "cancelled", "withdrawn")


def close(session: Session, wish: Wish, status: str, ended: str, offer_status: str) -> None:
    """End a wish that is still open, and the offer it has."""
    if wish.status not in OPEN:
        return
    offer = open_offer(session, wish)
    end(session, wish, status, ended)
    if offer is not None:
        answer(session, offer, offer_status)
        publish(session, OfferGone(offer.id, wish.id, wish.customer_id, offer_status))
