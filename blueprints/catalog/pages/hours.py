"""Opening hours of a branch, the official holidays it follows, and the days that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking import api as booking
from blueprints.catalog import queries, service
from blueprints.catalog.errors import UnknownException
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.catalog.pages.origins import author, origins_of
from blueprints.catalog.queries import BranchView
from blueprints.catalog.rules import HolidayRule, OfficialDay, Understood, official_days, official_year
from blueprints.catalog.settings import HOLIDAYS, HOURS
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import PAGE, Form, spread_week, weekday_names
from shopbell.pages.paging import paging
from shopbell.spans import Span

AFFECTED = 10
YEARS_SHOWN = 3
DAYS_SHOWN = 366
USUAL = (HOURS, *HOLIDAYS)
PREVIEW_DAYS = 20


@dataclass(frozen=True)
class OfficialDays:
    """Official days that follow one another and mean the same for the branch: closed when there are no spans."""

    first: date
    last: date
    what: OfficialDay
    spans: list[Span]


@PAGES.get("/branches/<uuid:branch_id>/hours")
@permit("catalog.edit")
def hours(branch_id: UUID) -> Response:
    return show(branch_id)


@PAGES.post("/branches/<uuid:branch_id>/hours")
@permit("catalog.edit")
def set_hours(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    if not attempt(form, branch_id, lambda: service.set_hours(session, branch_id, form.week("hours"), author())):
        return show(branch_id, week=form)
    return redirect(url_for("catalog.hours", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/exceptions")
@permit("catalog.edit")
def set_exception(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()

    def work() -> None:
        spans = form.spans("spans")
        service.set_exception(session, branch_id, form.day("day"), spans, reason=form.text("reason"))

    if not attempt(form, branch_id, work):
        return show(branch_id, exception=form)
    return redirect(url_for("catalog.hours", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/exceptions/<day>/removal")
@permit("catalog.edit")
def drop_exception(branch_id: UUID, day: str) -> Response:
    session = current_session()
    queries.branch(session, branch_id)
    try:
        service.drop_exception(session, branch_id, date.fromisoformat(day))
    except ValueError:
        raise UnknownException from None
    return redirect(url_for("catalog.hours", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/holidays")
@permit("catalog.edit")
def set_holidays(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    rule = HolidayRule(form.text("calendar"), form.text("on_holidays"), form.text("on_makeup_days"))
    if not attempt(form, branch_id, lambda: service.set_holidays(session, branch_id, rule, author())):
        return show(branch_id, holidays=form)
    return redirect(url_for("catalog.hours", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/written-hours")
@permit("catalog.edit")
def set_written_hours(branch_id: UUID) -> Response:
    """Show first what a text means; save it when that same text is sent once more."""
    form, session = Form(request.form), current_session()
    text, found = form.text("text"), []
    if not form.attempt(session, lambda: found.append(service.read_written_hours(session, branch_id, text))):
        return show(branch_id, written=form)
    if form.text("shown") != text:
        return show(branch_id, written=form, understood=found[0])
    if not attempt(form, branch_id, lambda: service.set_written_hours(session, branch_id, text, author())):
        return show(branch_id, written=form, understood=found[0])
    return redirect(url_for("catalog.hours", branch_id=branch_id, saved="1"), 303)


def attempt(form: Form, branch_id: UUID, work: Callable[[], None]) -> bool:
    """Do the work, unless something typed is wrong or appointments stood outside the hours after it."""
    session = current_session()
    return form.attempt(session, work, lambda: booking.outside_hours(session, branch_id))


def show(
    branch_id: UUID,
    week: Form | None = None,
    exception: Form | None = None,
    holidays: Form | None = None,
    written: Form | None = None,
    understood: Understood | None = None,
) -> Response:
    """All forms; the one that failed keeps what was typed."""
    session = current_session()
    branch = queries.branch(session, branch_id)
    today, _minute = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))
    exceptions = queries.exceptions_from(session, branch_id, today)
    page = paging(len(exceptions), PAGE_SIZE)
    failed = week or exception or holidays or written
    lost = booking.outside_hours(session, branch_id)
    lost_page = paging(len(lost), AFFECTED, PAGE)
    broken = failed.broken if failed else []
    broken_page = paging(len(broken), AFFECTED, PAGE, failed.values if failed else {})
    text = queries.written_hours(session, branch_id).text
    calendar = branch.holiday_calendar
    return render(
        "catalog/hours.html",
        failed.status if failed else 200,
        branch=branch,
        origins=origins_of(session, branch, USUAL),
        origin_keys=USUAL,
        week=week or Form(spread_week("hours", queries.weekly_hours(session, branch_id))),
        exception=exception or Form(),
        exceptions=page.cut(exceptions),
        page=page,
        lost=lost,
        lost_page=lost_page,
        lost_shown=booking.affected(session, lost_page.cut(lost)),
        broken_page=broken_page,
        broken_shown=booking.affected(session, broken_page.cut(broken)),
        weekdays=weekday_names(),
        holidays=holidays or Form(vars(branch.holidays)),
        written=written or Form({"text": text}),
        saved_text=text,
        understood=understood,
        preview=dict(list(understood.exceptions.items())[:PREVIEW_DAYS]) if understood else {},
        choices=dict(zip(vars(branch.holidays), [key.choices for key in HOLIDAYS], strict=True)),
        official=official(branch, today) if calendar else [],
        years=[official_year(calendar, today.year + more) for more in range(YEARS_SHOWN)] if calendar else [],
    )


def official(branch: BranchView, today: date) -> list[OfficialDays]:
    """The official days of the coming year with the hours that hold on them, days in a row together."""
    found = official_days(branch.holiday_calendar, today, today + timedelta(days=DAYS_SHOWN))
    hours = queries.opening_spans(current_session(), branch.id, today, DAYS_SHOWN + 1)
    return in_rows(found, hours)


def in_rows(found: Iterable[OfficialDay], hours: dict[date, list[Span]]) -> list[OfficialDays]:
    rows: list[OfficialDays] = []
    for one in found:
        before = rows[-1] if rows else None
        spans = hours[one.day]
        if before and goes_on(before, one, spans):
            rows[-1] = OfficialDays(before.first, one.day, before.what, spans)
        else:
            rows.append(OfficialDays(one.day, one.day, one, spans))
    return rows


def goes_on(row: OfficialDays, one: OfficialDay, spans: list[Span]) -> bool:
    alike = (row.what.kind, row.what.name, row.what.sure, row.spans) == (one.kind, one.name, one.sure, spans)
    return alike and one.day - row.last == timedelta(days=1)
