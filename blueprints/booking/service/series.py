"""An appointment that recurs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import update
from sqlalchemy.orm import Session

from blueprints.booking.models import Booking, Series
from blueprints.booking.service.contact import checked
from blueprints.booking.service.records import TOUCH
from blueprints.booking.service.reserve import remember, reserve
from blueprints.booking.values import BookingDetails, BookingRequest, SeriesMade, Unplaced
from blueprints.catalog import api as catalog
from shopbell import clock, ids
from shopbell.errors import DomainError, Invalid
from shopbell.i18n import gettext as _

MOST_WEEKS = 52
MOST_VISITS = 52


def reserve_series(session: Session, request: BookingRequest, *, every_weeks: int, visits: int) -> SeriesMade:
    """Make the visit and the same again every so many weeks, at the same local time, `visits` times in all.

    A day that is closed, taken, or too far ahead is skipped and listed with the reason, and with the day from which it
    can be booked; the others stand. The first
    visit must be possible. Each is reserved by the same path as any other. Raises Invalid for sizes out of range, and
    what reserve raises for the first visit.
    """
    check_size(every_weeks, visits)
    zone = clock.zone(catalog.branch(session, request.branch_id).time_zone)
    customer_id = remember(session, checked(request.customer), request.source)
    series = Series(
        id=ids.uuid7(),
        branch_id=request.branch_id,
        customer_id=customer_id,
        first_starts_at=request.starts_at,
        every_weeks=every_weeks,
        visits=visits,
        unplaced=[],
        created_at=clock.now(),
    )
    session.add(series)
    session.flush()
    placed = [reserve(session, request, series_id=series.id)]
    own = placed[0].visit_id or placed[0].id
    first = update(Booking).where((Booking.id == own) | (Booking.visit_id == own))
    session.execute(first.values(series_id=series.id, changed_xid=TOUCH))
    unplaced: list[Unplaced] = []
    for number in range(1, visits):
        found = _once_more(session, request, series.id, zone, number * every_weeks)
        if isinstance(found, Unplaced):
            unplaced.append(found)
        else:
            placed.append(found)
    series.unplaced = [one.as_json() for one in unplaced]
    session.flush()
    return SeriesMade(series.id, tuple(placed), tuple(unplaced))


def check_size(every_weeks: int, visits: int) -> None:
    fields = {}
    if not 1 <= every_weeks <= MOST_WEEKS:
        fields["every_weeks"] = _("a number of weeks from 1 to %(most)s", most=MOST_WEEKS)
    if not 2 <= visits <= MOST_VISITS:
        fields["visits"] = _("a number of visits from 2 to %(most)s", most=MOST_VISITS)
    if fields:
        raise Invalid(fields=fields)


def _once_more(
    session: Session, request: BookingRequest, series_id: UUID, zone: ZoneInfo, weeks: int
) -> BookingDetails | Unplaced:
    day, minute = clock.local_minutes(request.starts_at, zone)
    later = day + timedelta(weeks=weeks)
    try:
        starts_at: datetime = clock.at_local(later, minute, zone)
        again = replace(request, starts_at=starts_at, hold_id=None, booking_id=None)
        with session.begin_nested():
            return reserve(session, again, series_id=series_id, told=False)
    except clock.SkippedLocalTime:
        return Unplaced(later, "skipped_time", _("On this day the clocks skip this time. Choose another one."))
    except DomainError as error:
        opens = error.extra.get("opens")
        return Unplaced(later, error.code, error.detail or _(error.title), date.fromisoformat(opens) if opens else None)
