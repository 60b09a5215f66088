"""What happens on the day: arrived, in service, done, or nobody came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from blueprints.booking.errors import NotPossible
from blueprints.booking.events import BookingStatusChanged, TimeFreed
from blueprints.booking.models import UPCOMING, Allocation, Booking
from blueprints.booking.queries.rulebook import agreed_terms
from blueprints.booking.rules.timeline import cell_of, instant_of
from blueprints.booking.service import allocations, charges, late, records
from blueprints.booking.service.again import retake
from shopbell import clock
from shopbell.events import publish
from shopbell.i18n import gettext as _

ORDER = ("booked", "confirmed", "arrived", "in_service", "done")
SETTABLE = frozenset({*ORDER, "no_show"})
STAMPS = {"arrived": "arrived_at", "in_service": "started_at", "done": "finished_at"}
EXPECTED = frozenset({"booked", "confirmed"})


def set_status(
    session: Session, booking_id: UUID, status: str, *, undo: bool = False, at: datetime | None = None
) -> str:
    """Note how far the visit is, and since when (`at`, now unless a device says otherwise). Returns what now holds.

    The later step wins: setting an earlier one does nothing unless `undo` says it is a correction, which also forgets
    the times of the later steps. A no-show frees the time and costs what was agreed; whoever comes after all owes
    nothing, and needs the time to be free still (SlotTaken), as does a visit that was not over yet. Raises
    UnknownBooking or NotPossible.
    """
    booking = records.lock(session, booking_id)
    before = booking.status
    if status not in SETTABLE or before not in SETTABLE:
        raise NotPossible(not_now(before))
    if status == before or (not undo and earlier(status, before)):
        return before
    if status == "no_show":
        if before in {"in_service", "done"}:
            raise NotPossible(_("This customer was here: the visit has begun."))
        let_go(session, booking)
    elif before == "no_show":
        come_back(session, booking)
    elif before == "done":
        go_on(session, booking)
    booking.status = status
    stamp(booking, at or clock.now())
    if status == "done":
        give_back_the_rest(session, booking)
    records.save(session, booking)
    tell(session, booking, before)
    return status


def not_now(status: str) -> str:
    if status == "cancelled":
        return _("This appointment was cancelled.")
    if status == "requested":
        return _("This appointment waits for approval.")
    return _("This is no appointment.")


def let_go(session: Session, booking: Booking) -> None:
    """Nobody came: the time is free, the fee is due."""
    allocations.let_go(session, [booking.id])
    records.forget_reminder(session, booking.id)
    charges.no_show(session, booking, agreed_terms(session, booking))
    if booking.ends_at > clock.now():
        publish(session, TimeFreed(booking.id, booking.branch_id, booking.starts_at, booking.ends_at))


def give_back_the_rest(session: Session, booking: Booking) -> None:
    """A visit that is over before its time keeps nothing from the current cell on."""
    now = instant_of(cell_of(clock.now()))
    if booking.ends_at <= now:
        return
    own = Allocation.booking_id == booking.id
    session.execute(delete(Allocation).where(own, Allocation.starts_at >= now))
    cut = update(Allocation).where(own, Allocation.ends_at > now).values(ends_at=now)
    session.execute(cut.execution_options(synchronize_session=False))
    publish(session, TimeFreed(booking.id, booking.branch_id, max(now, booking.starts_at), booking.ends_at))


def come_back(session: Session, booking: Booking) -> None:
    """Somebody came after all: take the time again, if it is still free."""
    take_again(session, booking)
    charges.came_after_all(session, booking)


def go_on(session: Session, booking: Booking) -> None:
    """It was not over yet: take again what the end gave back, if that is still free. One that runs beside another
    without time of its own goes on so."""
    own = select(Allocation.booking_id).where(Allocation.booking_id == booking.id).limit(1)
    if booking.ends_at > clock.now() and session.scalar(own):
        take_again(session, booking)


def take_again(session: Session, booking: Booking) -> None:
    """The person is looked for by name, which must not look as if the customer had asked for them."""
    why = booking.why
    retake(session, booking)
    booking.why = why


def stamp(booking: Booking, at: datetime) -> None:
    """The time of the step that now holds, unless it is known; those of later steps are forgotten."""
    reached = ORDER.index(booking.status) if booking.status in ORDER else -1
    for status, column in STAMPS.items():
        if ORDER.index(status) > reached:
            setattr(booking, column, None)
        elif status == booking.status and getattr(booking, column) is None:
            setattr(booking, column, at)


def nobody_came(session: Session, booking_id: UUID) -> None:
    """When it is time, mark an appointment whose customer is still expected as a no-show; harmless to repeat.

    One with a clash is left to whoever decides it. Should the desk have seen the customer while it had no network, its
    word comes later and wins.
    """
    booking = session.get(Booking, booking_id, with_for_update=True, populate_existing=True)
    if booking is None or booking.status not in EXPECTED or booking.clash is not None:
        return
    terms = agreed_terms(session, booking)
    at = terms.no_show_at(booking.starts_at)
    if at is not None and at <= clock.now():
        set_status(session, booking_id, "no_show")
    else:
        late.look(session, booking_id, booking.starts_at, terms)


def earlier(status: str, before: str) -> bool:
    """Whether the step lies before the one that holds. Somebody who came is later than "nobody came"."""
    if before == "no_show":
        return status in UPCOMING
    return status in ORDER and ORDER.index(status) < ORDER.index(before)


def tell(session: Session, booking: Booking, before: str) -> None:
    if booking.customer_id is None:
        return
    publish(session, BookingStatusChanged(booking.id, booking.customer_id, booking.branch_id, before, booking.status))
