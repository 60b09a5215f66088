"""An appointment that recurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from blueprints.booking.errors import ReasonMissing
from blueprints.booking.models import Booking, Series
from blueprints.booking.service.contact import checked, checked_note
from blueprints.booking.service.records import TOUCH
from blueprints.booking.service.reserve import OfSeries, begun, make, recognise
from blueprints.booking.values import BookingDetails, BookingRequest, SeriesMade, Unplaced
from blueprints.catalog import api as catalog
from shopbell import clock, ids
from shopbell.db import table
from shopbell.errors import DomainError, Invalid
from shopbell.i18n import gettext as _
from shopbell.prepared import Prepared

INSERT = Prepared(insert(table(Series)))
MOST_WEEKS = 52
MOST_VISITS = 52


def reserve_series(session: Session, request: BookingRequest, *, every_weeks: int, visits: int) -> SeriesMade:
    """Make the visit and the same again every so many weeks, at the same local time, `visits` times in all.

    A day that is closed, taken, or too far ahead is skipped and listed with the reason, and with the day from which it
    can be booked; the others stand. The first visit must be possible. Each is reserved by the same path as any other.
    Raises Invalid for sizes out of range, what reserve raises for the first visit, and ReasonMissing.
    """
    check_size(every_weeks, visits)
    zone = clock.zone(catalog.branch(session, request.branch_id).time_zone)
    customer, note = checked(request.customer), checked_note(request.note)
    series = OfSeries(ids.uuid7(), recognise(session, customer, request.source))
    values = {
        "id": series.id,
        "branch_id": request.branch_id,
        "customer_id": series.customer.id,
        "first_starts_at": request.starts_at,
        "every_weeks": every_weeks,
        "visits": visits,
        "unplaced": [],
        "created_at": clock.now(),
    }
    INSERT.run(session, values)
    first = begun(session, request, customer, note) or make(session, request, customer, note, series=series)
    if first.series_id != series.id:
        _join(session, first.visit_id or first.id, series.id)
    again = partial(make, session, customer=customer, note=note, series=series, told=False)
    later = [_once_more(request, zone, number * every_weeks, again) for number in range(1, visits)]
    unplaced = tuple(one for one in later if isinstance(one, Unplaced))
    if unplaced:
        stored = [one.as_json() for one in unplaced]
        session.execute(update(Series).where(Series.id == series.id).values(unplaced=stored))
    return SeriesMade(series.id, (first, *(one for one in later if isinstance(one, BookingDetails))), unplaced)


def _join(session: Session, lead_id: UUID, series_id: UUID) -> None:
    """Make a visit that there was already the first of the series."""
    of_visit = update(Booking).where((Booking.id == lead_id) | (Booking.visit_id == lead_id))
    session.execute(of_visit.values(series_id=series_id, changed_xid=TOUCH))


def check_size(every_weeks: int, visits: int) -> None:
    fields = {}
    if not 1 <= every_weeks <= MOST_WEEKS:
        fields["every_weeks"] = _("a number of weeks from 1 to %(most)s", most=MOST_WEEKS)
    if not 2 <= visits <= MOST_VISITS:
        fields["visits"] = _("a number of visits from 2 to %(most)s", most=MOST_VISITS)
    if fields:
        raise Invalid(fields=fields)


def _once_more(
    request: BookingRequest, zone: ZoneInfo, weeks: int, again: Callable[[BookingRequest], BookingDetails]
) -> BookingDetails | Unplaced:
    day, minute = clock.local_minutes(request.starts_at, zone)
    later = day + timedelta(weeks=weeks)
    try:
        starts_at: datetime = clock.at_local(later, minute, zone)
        return again(replace(request, starts_at=starts_at, hold_id=None, booking_id=None))
    except clock.SkippedLocalTime:
        return Unplaced(later, "skipped_time", _("On this day the clocks skip this time. Choose another one."))
    except ReasonMissing:
        # Of all refusals the only one after something was written: nothing of the series may stand.
        raise
    except DomainError as error:
        opens = error.extra.get("opens")
        return Unplaced(later, error.code, error.detail or _(error.title), date.fromisoformat(opens) if opens else None)
