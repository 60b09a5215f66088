"""Moving, lengthening and cancelling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking import frames
from blueprints.booking.errors import NotPossible
from blueprints.booking.events import BookingCancelled, BookingMoved, TimeFreed
from blueprints.booking.models import UPCOMING, Booking
from blueprints.booking.queries.rulebook import agreed_terms
from blueprints.booking.queries.views import details_of
from blueprints.booking.rules import policy
from blueprints.booking.service import charges, overrides, records
from blueprints.booking.service.again import place_again
from blueprints.booking.service.allocations import let_go
from blueprints.booking.service.contact import checked_note, plain
from blueprints.booking.service.reserve import UNANSWERED
from blueprints.booking.service.take import Visit, Who
from blueprints.booking.values import BookingDetails, Override
from blueprints.catalog import api as catalog
from blueprints.crm import api as crm
from shopbell import clock, due
from shopbell.errors import Invalid
from shopbell.events import publish
from shopbell.i18n import gettext as _

REASON_LENGTH = 200
MOST_EXTRA = 240


def move(
    session: Session,
    booking_id: UUID,
    starts_at: datetime,
    person_id: UUID | None = None,
    *,
    by: str = "customer",
    alone: bool = False,
    override: Override | None = None,
) -> BookingDetails:
    """Give an appointment another time or person and say so; moving it to where it is changes nothing.

    The other appointments of its visit move with it, unless `alone`; whoever was asked for by name is kept, with a
    `person_id` for this one. The old allocations are removed and new ones inserted in the same transaction, so a
    refused move leaves everything where it was. `by` is customer, client or staff; only staff may pass the deadline,
    and only with an `override` take what is not free. Raises UnknownBooking, NotPossible, TooLateToChange,
    TooManyMoves, and what reserve raises for the new time.
    """
    booking, rows = _to_change(session, booking_id, alone)
    by_staff = by == "staff"
    branch = catalog.branch(session, booking.branch_id)
    if booking.starts_at == starts_at and person_id in {None, booking.person_id}:
        return details_of(session, booking, branch)
    for row in rows:
        if row.status not in UPCOMING and not (by_staff and row.status == "arrived"):
            raise NotPossible(_("This appointment can no longer be moved."))
        terms = agreed_terms(session, row)
        policy.check_movable(terms, row.starts_at, row.moves, at=clock.now(), by_staff=by_staff)
        if not by_staff and terms.is_late(row.starts_at, clock.now()):
            row.terms = {**terms.as_json(), "bound": True}
    begins = min(row.starts_at for row in rows) + (starts_at - booking.starts_at)
    before = {row.id: (row.starts_at, row.ends_at) for row in rows}
    _ask_for(rows, booking.id, person_id)
    visit = place_again(session, rows, begins, _who(session, booking, by_staff, override))
    _note(session, booking_id, visit, override)
    for row in rows:
        row.clash, row.slot_version = None, row.slot_version + 1
        # What the house moves must not use up the moves that the customer was promised.
        row.moves += 0 if by_staff else 1
        records.save(session, row)
    for number, row in enumerate(rows):
        tell_moved(session, row, before[row.id], by, lead=number == 0)
    return details_of(session, booking, branch)


def _to_change(
    session: Session, booking_id: UUID, alone: bool, also: Collection[UUID] = ()
) -> tuple[Booking, list[Booking]]:
    """The appointment, and with it those of its visit that still stand (`alone`: only those named), locked. Raises
    UnknownBooking."""
    if alone and not also:
        booking = records.lock(session, booking_id)
        return booking, [booking]
    rows = records.members(session, booking_id, lock=True)
    booking = session.get_one(Booking, booking_id)
    meant = [row for row in rows if not alone or row is booking or row.id in also]
    return booking, [row for row in meant if row.status != "cancelled" or row is booking]


def _ask_for(rows: Sequence[Booking], booking_id: UUID, person_id: UUID | None) -> None:
    """Whom to look for: who was asked for by name before, whom somebody names now, else anybody."""
    for row in rows:
        asked = (row.why or {}).get("rule") == "asked"
        if row.id == booking_id and (person_id is not None or len(rows) == 1):
            row.person_id = person_id
        elif not asked:
            row.person_id = None


def _who(session: Session, booking: Booking, by_staff: bool, override: Override | None) -> Who:
    tier = crm.tier(session, booking.customer_id) if booking.customer_id else 0
    return Who(by_staff=by_staff, tier=tier, override=by_staff and override is not None)


def _note(session: Session, booking_id: UUID, visit: Visit, override: Override | None) -> None:
    if visit.forced and override:
        overrides.record(session, booking_id, visit.forced, override.reason, override.user_id)


def tell_moved(
    session: Session, booking: Booking, before: tuple[datetime, datetime], by: str, *, lead: bool = True
) -> None:
    """Say where an appointment is now, and that its old time is free."""
    publish(session, TimeFreed(booking.id, booking.branch_id, *before))
    frame = frames.at(session, booking.branch_id, booking.starts_at)
    peak = frame.rulebook.deposit_percent(booking.starts_at, frame.zone)
    charges.on_moved(session, booking, agreed_terms(session, booking), peak)
    if booking.customer_id is None:
        return
    who, where = booking.customer_id, booking.branch_id
    fact = BookingMoved(booking.id, who, where, before[0], booking.starts_at, booking.slot_version, by, lead=lead)
    publish(session, fact)
    if lead and booking.visit_id in {None, booking.id}:
        records.schedule_reminder(session, booking.id, booking.starts_at)


def extend(
    session: Session, booking_id: UUID, extra_minutes: int, *, override: Override | None = None
) -> BookingDetails:
    """Make an appointment longer or shorter by so many minutes than its service takes (0: as usual), where it stands
    and with the same people. Harmless to repeat. Raises UnknownBooking, NotPossible, Invalid, SlotTaken with
    alternatives, OutsideHours."""
    booking = records.lock(session, booking_id)
    branch = catalog.branch(session, booking.branch_id)
    if booking.extra_minutes == extra_minutes:
        return details_of(session, booking, branch)
    if booking.status not in UPCOMING | {"arrived", "in_service"}:
        raise NotPossible(_("This appointment can no longer be changed."))
    if extra_minutes % 5 or not -MOST_EXTRA <= extra_minutes <= MOST_EXTRA:
        hint = _("Choose a multiple of 5 minutes, at most %(minutes)s.", minutes=MOST_EXTRA)
        raise Invalid(hint, fields={"minutes": hint})
    why, before = booking.why, booking.ends_at
    booking.extra_minutes = extra_minutes
    visit = place_again(session, [booking], booking.starts_at, _who(session, booking, True, override))
    _note(session, booking_id, visit, override)
    booking.why = why
    records.save(session, booking)
    _stay_clear_of_the_next(session, booking)
    if booking.ends_at < before:
        publish(session, TimeFreed(booking.id, booking.branch_id, booking.ends_at, before))
    return details_of(session, booking, branch)


def _stay_clear_of_the_next(session: Session, booking: Booking) -> None:
    """Nobody is served twice at once: raises NotPossible when the guest's next service begins before this one ends."""
    if booking.visit_id is None:
        return
    for other in records.members(session, booking.id):
        same_guest = other.id != booking.id and other.guest_name == booking.guest_name and other.status != "cancelled"
        if same_guest and booking.starts_at <= other.starts_at < booking.ends_at:
            raise NotPossible(_("The customer's next service begins before that. Move it first."))


def cancel(
    session: Session,
    booking_id: UUID,
    *,
    reason: str = "",
    by: str = "customer",
    alone: bool = False,
    also: Collection[UUID] = (),
    waive: str | None = None,
    user_id: UUID | None = None,
) -> BookingDetails:
    """Free the time of the whole visit, or of this appointment `alone` (and `also` of others named of its visit), and
    say so once, however often this is called.

    After the deadline it costs what was agreed, unless staff waive that with a reason. Raises UnknownBooking,
    TooLateToChange where nothing was agreed for late (never for staff), NotPossible for one that has begun.
    """
    booking, rows = _to_change(session, booking_id, alone, also)
    branch = catalog.branch(session, booking.branch_id)
    if booking.status == "cancelled":
        return details_of(session, booking, branch)
    now, by_staff = clock.now(), by == "staff"
    for row in rows:
        if row.status not in UPCOMING and not (by_staff and row.status == "arrived"):
            raise NotPossible(_("This appointment can no longer be cancelled."))
        if row.status != "requested":
            policy.check_cancellable(agreed_terms(session, row), row.starts_at, at=now, by_staff=by_staff)
    for number, row in enumerate(rows):
        _cancel_one(session, row, plain(reason)[:REASON_LENGTH], by, waive, user_id, lead=number == 0)
    if alone and booking.visit_id:
        _remind_of_the_rest(session, booking.visit_id)
    return details_of(session, booking, branch)


def _remind_of_the_rest(session: Session, lead_id: UUID) -> None:
    """A visit's reminder hangs on the first of its appointments that stands: the next one has it from now on."""
    rest = [row for row in records.members(session, lead_id) if row.status in {"booked", "confirmed"}]
    if rest:
        records.schedule_reminder(session, rest[0].id, rest[0].starts_at)


def _cancel_one(
    session: Session, row: Booking, reason: str, by: str, waive: str | None, user_id: UUID | None, *, lead: bool
) -> None:
    requested = row.status == "requested"
    row.status, row.cancelled_at = "cancelled", clock.now()
    row.cancel_reason, row.clash = reason, None
    records.save(session, row)
    let_go(session, [row.id])
    records.forget_reminder(session, row.id)
    charges.on_cancelled(
        session,
        row,
        agreed_terms(session, row),
        at=clock.now(),
        by=by,
        waive=waive,
        user_id=user_id,
        requested=requested,
    )
    publish(session, TimeFreed(row.id, row.branch_id, row.starts_at, row.ends_at))
    if row.customer_id is not None:
        fact = BookingCancelled(row.id, row.customer_id, row.branch_id, row.starts_at, reason, by, lead=lead)
        publish(session, fact)


def set_note(session: Session, booking_id: UUID, note: str) -> None:
    """Replace the note. Raises UnknownBooking, or Invalid when it is too long."""
    booking = records.lock(session, booking_id)
    records.set_note(session, booking, checked_note(note))
    records.save(session, booking)


def let_go_unanswered(session: Session, booking_id: UUID) -> None:
    """A request that nobody answered in time keeps nothing any more, and whoever asked is told. Harmless to repeat; one
    that was moved ahead is looked at again."""
    booking = session.get(Booking, booking_id, with_for_update=True, populate_existing=True)
    if booking is None or booking.status != "requested":
        return
    if booking.starts_at - policy.ANSWER_BEFORE > clock.now():
        due.schedule(session, UNANSWERED, str(booking_id), booking.starts_at - policy.ANSWER_BEFORE)
    else:
        cancel(session, booking_id, reason="declined", by="house")
