"""A person's own calendars: added, read every quarter of an hour, taken into the booking book, removed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from blueprints.booking import api as booking
from blueprints.booking.api import Engagement, SlotTaken
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.feeds import queries
from blueprints.feeds.errors import BadAddress, UnknownCalendar
from blueprints.feeds.models import BusyCalendar, BusyTime
from blueprints.feeds.queries import BusyView, CalendarView
from blueprints.feeds.rules.addresses import NotAnAddress, web_address
from blueprints.feeds.rules.keeping import Times, Wanted, wanted
from blueprints.feeds.service.feeds import IMPORTED
from blueprints.feeds.service.reading import Answer, BusyTimes, Question, window_text
from blueprints.staff import api as staff
from shopbell import clock, due, ids, runtime
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant

READ = "feeds.read_calendar"
EVERY = timedelta(minutes=15)
MOST_CALENDARS = 5
MOST_DAYS = 366
AT_A_TIME = 100
"""Changes of the booking book in one transaction."""


def add_calendar(session: Session, person_id: UUID, url: str) -> UUID:
    """Read this calendar from now on. Raises UnknownPerson, or BadAddress naming "url"."""
    person = staff.person(session, person_id)
    known = queries.calendars_of(session, person_id)
    try:
        address = web_address(url)
    except NotAnAddress:
        raise _bad(_("Paste the calendar's address. It begins with https:// or webcal://.")) from None
    if any(calendar.url == address for calendar in known):
        raise _bad(_("This calendar is read already."))
    if len(known) >= MOST_CALENDARS:
        raise _bad(_("At most %(count)s calendars for one person: remove one first.", count=MOST_CALENDARS))
    if person.home_branch_id is None:
        raise _bad(_("Give this person a home branch first: busy times need a place."))
    calendar_id = ids.uuid7()
    session.add(BusyCalendar(id=calendar_id, person_id=person_id, url=address, created_at=clock.now()))
    session.flush()
    due.schedule(session, READ, str(calendar_id), clock.now())
    return calendar_id


def remove_calendar(session: Session, person_id: UUID, calendar_id: UUID) -> None:
    """Read it no more, and give its times back. Raises UnknownCalendar."""
    _own(session, person_id, calendar_id)
    for busy in queries.busy_times(session, calendar_id):
        if busy.booking_id and busy.ends_at > clock.now():
            booking.unblock(session, busy.booking_id)
    due.drop(session, READ, str(calendar_id))
    session.execute(delete(BusyCalendar).where(BusyCalendar.id == calendar_id))


def read_soon(session: Session, person_id: UUID, calendar_id: UUID) -> None:
    """Read it now instead of within a quarter of an hour. Raises UnknownCalendar."""
    _own(session, person_id, calendar_id)
    due.schedule(session, READ, str(calendar_id), clock.now())


def question(session: Session, calendar_id: UUID) -> Question | None:
    """What to ask of the calendar's server; None when the calendar, its person or the branch is gone."""
    found = _reading(session, calendar_id)
    if found is None:
        return None
    calendar, branch = found
    window = _window(branch)
    # Unchanged is not enough when a new day has come into reach, or a clash may be over.
    current = calendar.changed_at is not None and calendar.changed_at >= window[0] and not calendar.clashes
    first, last = window_text(window)
    return Question(
        url=calendar.url,
        etag=calendar.etag if current else "",
        modified=calendar.modified if current else "",
        first=first,
        last=last,
        zone=branch.time_zone,
        own_host=current_tenant().host,
        private=runtime.settings().private_calendars,
    )


def take_in(session: Session, calendar_id: UUID, answer: Answer) -> bool:
    """Bring the booking book nearer to what was read: some changes at a time. True when there are more.

    What could not be read leaves everything as it was, and says so. May be repeated at any point.
    """
    locked = session.execute(select(BusyCalendar.id).where(BusyCalendar.id == calendar_id).with_for_update()).first()
    found = _reading(session, calendar_id) if locked else None
    if found is None:
        return False
    calendar, branch = found
    if answer.busy is not None and _change_some(session, calendar, branch, answer.busy):
        return True
    _note(session, calendar, answer)
    due.schedule(session, READ, str(calendar_id), clock.now() + EVERY)
    return False


def _reading(session: Session, calendar_id: UUID) -> tuple[CalendarView, BranchView] | None:
    try:
        calendar = queries.calendar(session, calendar_id)
    except UnknownCalendar:
        return None
    person = staff.person(session, calendar.person_id)
    if not person.active or person.home_branch_id is None:
        return None
    return calendar, catalog.branch(session, person.home_branch_id)


def _window(branch: BranchView) -> Times:
    """From the branch's midnight to the last day that can be booked."""
    zone = clock.zone(branch.time_zone)
    today, _minute = clock.local_minutes(clock.now(), zone)
    last = today + timedelta(days=min(branch.horizon_days + 1, MOST_DAYS))
    return _midnight(today, zone), _midnight(last, zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _change_some(session: Session, calendar: CalendarView, branch: BranchView, busy: BusyTimes) -> bool:
    """Whether there was more to do than is done at a time."""
    target = _target(session, calendar, branch, busy)
    standing = {(one.starts_at, one.ends_at): one for one in queries.busy_times(session, calendar.id)}
    gone = [one for times, one in standing.items() if not _still_wanted(target, times, one)]
    new = [times for times in target.kept if times not in standing or standing[times] in gone]
    for one in gone[:AT_A_TIME]:
        _let_go(session, one)
    room = max(0, AT_A_TIME - len(gone))
    for times in new[:room]:
        _keep(session, calendar, branch, times, target.kept[times])
    if len(gone) + len(new) > AT_A_TIME:
        return True
    _add(session, calendar.id, {times: uid for times, uid in target.clashes.items() if times not in standing}, None)
    return False


def _still_wanted(target: Wanted, times: Times, one: BusyView) -> bool:
    return times in (target.kept if one.booking_id else target.clashes)


def _target(session: Session, calendar: CalendarView, branch: BranchView, busy: BusyTimes) -> Wanted:
    person = staff.person(session, calendar.person_id)
    window = _window(branch)
    since, until = window[0] - timedelta(days=1), window[1]
    agenda = booking.person_agenda(session, person.id, person.resource_id, since, until, cancelled_since=until)
    elsewhere = queries.busy_elsewhere(session, calendar.person_id, calendar.id)
    return wanted(
        busy,
        [_times(one) for one in agenda if one.service_id is not None],
        [(one.starts_at, one.ends_at) for one in elsewhere]
        + [_times(one) for one in agenda if one.service_id is None and one.source != IMPORTED],
        window,
        clock.zone(branch.time_zone),
    )


def _times(one: Engagement) -> Times:
    return one.starts_at, one.ends_at


def _keep(session: Session, calendar: CalendarView, branch: BranchView, times: Times, uid: str) -> None:
    """Block the time; when somebody was faster it is a clash, and tried again with the next reading."""
    booking_id: UUID | None = None
    try:
        with session.begin_nested():
            booking_id = booking.block(
                session, branch.id, calendar.person_id, *times, _("Own calendar"), source=IMPORTED
            )
    except SlotTaken:
        booking_id = None
    _add(session, calendar.id, {times: uid}, booking_id)


def _let_go(session: Session, one: BusyView) -> None:
    if one.booking_id and one.ends_at > clock.now():
        booking.unblock(session, one.booking_id)
    session.execute(
        delete(BusyTime).where(
            BusyTime.calendar_id == one.calendar_id, BusyTime.uid == one.uid, BusyTime.starts_at == one.starts_at
        )
    )


def _add(session: Session, calendar_id: UUID, times: dict[Times, str], booking_id: UUID | None) -> None:
    rows = [
        {"calendar_id": calendar_id, "uid": uid, "starts_at": starts, "ends_at": ends, "booking_id": booking_id}
        for (starts, ends), uid in times.items()
    ]
    if rows:
        session.execute(insert(BusyTime), rows)


def _note(session: Session, calendar: CalendarView, answer: Answer) -> None:
    now = clock.now()
    values: dict[str, object] = {"read_at": now, "error": answer.error}
    if answer.busy is not None:
        clashes = sum(one.booking_id is None for one in queries.busy_times(session, calendar.id))
        values |= {
            "etag": answer.etag,
            "modified": answer.modified,
            "changed_at": now,
            "events": len(answer.busy),
            "clashes": clashes,
        }
    session.execute(update(BusyCalendar).where(BusyCalendar.id == calendar.id).values(**values))


def _own(session: Session, person_id: UUID, calendar_id: UUID) -> None:
    if queries.calendar(session, calendar_id).person_id != person_id:
        raise UnknownCalendar


def _bad(sentence: str) -> BadAddress:
    return BadAddress(sentence, fields={"url": sentence})
