"""Somebody's weekly rosters, leave and extra work."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking import api as booking
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.staff import queries, service
from blueprints.staff.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.staff.queries import PeriodView, PersonView, Rush
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.environment import dated, localized
from shopbell.pages.forms import NOBODY, PAGE, Form, spread_week, weekday_names
from shopbell.pages.paging import paging
from shopbell.spans import NOT_A_SPAN, Span, clock_text
from shopbell.tenancy import current_tenant

AFFECTED = 10
LOOKED_AT = 28
"""Days in which work at two branches is compared."""


@PAGES.get("/people/<uuid:person_id>/roster")
@permit("staff.edit")
def roster(person_id: UUID) -> Response:
    """The week at ?branch=, else at the person's home."""
    return show(person_id)


@PAGES.post("/people/<uuid:person_id>/roster")
@permit("staff.edit")
def set_roster(person_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    branch_id = form.id("branch") or NOBODY

    def work() -> None:
        valid_from = form.day("valid_from") or today()
        service.set_weekly_roster(session, person_id, branch_id, form.week("hours"), valid_from=valid_from)

    if not form.attempt(session, work, lambda: booking.outside_roster(session, person_id)):
        return show(person_id, week=form)
    return redirect(url_for("staff.roster", person_id=person_id, branch=branch_id, saved="1"), 303)


@PAGES.post("/people/<uuid:person_id>/leave")
@permit("staff.edit")
def add_leave(person_id: UUID) -> Response:
    form, session = Form(request.form), current_session()

    def work() -> None:
        span, reason = one_span(form), form.text("reason")
        first_day, last_day = form.day("first_day"), form.day("last_day")
        service.add_leave(session, person_id, first_day, last_day, span=span, reason=reason)

    if not form.attempt(session, work, lambda: booking.outside_roster(session, person_id)):
        return show(person_id, leave=form)
    return redirect(url_for("staff.roster", person_id=person_id, saved="1"), 303)


@PAGES.post("/people/<uuid:person_id>/extra")
@permit("staff.edit")
def add_extra(person_id: UUID) -> Response:
    form, session = Form(request.form), current_session()

    def work() -> None:
        span, reason = one_span(form, "extra_span") or NOT_A_SPAN, form.text("extra_reason")
        branch_id = form.id("extra_branch") or NOBODY
        service.add_extra(session, person_id, branch_id, form.day("extra_day"), span, reason=reason)

    if not form.attempt(session, work):
        form.errors = {EXTRA.get(field, field): sentence for field, sentence in form.errors.items()}
        return show(person_id, extra=form)
    return redirect(url_for("staff.roster", person_id=person_id, saved="1"), 303)


EXTRA = {"first_day": "extra_day", "span": "extra_span", "reason": "extra_reason"}


@PAGES.post("/people/<uuid:person_id>/exceptions/<uuid:exception_id>/removal")
@permit("staff.edit")
def drop_exception(person_id: UUID, exception_id: UUID) -> Response:
    service.drop_exception(current_session(), person_id, exception_id)
    return redirect(url_for("staff.roster", person_id=person_id, saved="1"), 303)


def one_span(form: Form, name: str = "span") -> Span | None:
    """The one span in the field; None when it is empty, NOT_A_SPAN when it holds several."""
    spans = form.spans(name)
    return None if not spans else spans[0] if len(spans) == 1 else NOT_A_SPAN


def show(person_id: UUID, week: Form | None = None, leave: Form | None = None, extra: Form | None = None) -> Response:
    """All three forms; the one that failed keeps what was typed."""
    session = current_session()
    person = queries.person(session, person_id)
    branches = catalog.branches(session)
    periods = queries.periods_of(session, person_id, today())
    exceptions = queries.exceptions_of(session, person_id, today())
    chosen = chosen_branch(week or Form(request.args), person, branches, periods)
    page = paging(len(exceptions), PAGE_SIZE)
    places = {branch.id: branch for branch in branches}
    failed = week or leave or extra
    lost = booking.outside_roster(session, person_id)
    lost_page = paging(len(lost), AFFECTED, PAGE)
    broken = failed.broken if failed else []
    broken_page = paging(len(broken), AFFECTED, PAGE, failed.values if failed else {})
    return render(
        "staff/roster.html",
        failed.status if failed else 200,
        person=person,
        branches=branches,
        places=places,
        chosen=chosen,
        rushes=[rush_text(rush, places) for rush in queries.rushes(session, person_id, today(), LOOKED_AT)],
        lost=lost,
        lost_page=lost_page,
        lost_shown=booking.affected(session, lost_page.cut(lost)),
        broken_page=broken_page,
        broken_shown=booking.affected(session, broken_page.cut(broken)),
        periods=periods,
        week=week or Form(week_fields(chosen, periods)),
        leave=leave or Form(),
        extra=extra or Form({"extra_branch": str(chosen or "")}),
        exceptions=page.cut(exceptions),
        page=page,
        weekdays=weekday_names(),
    )


def rush_text(rush: Rush, places: dict[UUID, BranchView]) -> str:
    """A sentence about too little time between two branches."""
    facts = {
        "day": dated("full", rush.day),
        "first": localized(places[rush.leaves].name),
        "until": clock_text(rush.until),
        "second": localized(places[rush.arrives].name),
        "planned": clock_text(rush.planned),
        "minutes": rush.minutes,
    }
    way = _("%(day)s: from %(first)s (until %(until)s) to %(second)s (from %(planned)s) takes %(minutes)s minutes.")
    if rush.bookable is None:
        return way % facts + " " + _("Nothing is left to book there.")
    return way % facts + " " + _("There they can be booked from %(time)s.", time=clock_text(rush.bookable))


def chosen_branch(form: Form, person: PersonView, branches: list[BranchView], periods: list[PeriodView]) -> UUID | None:
    """The branch asked for, else where the person is at home, else where they work, else the first."""
    wanted = [form.id("branch"), person.home_branch_id, *(period.branch_id for period in periods)]
    known = [branch.id for branch in branches]
    return next((branch_id for branch_id in wanted if branch_id in known), known[0] if known else None)


def week_fields(branch_id: UUID | None, periods: list[PeriodView]) -> dict[str, str]:
    """The form starts with the branch's last period: a change usually goes on from there."""
    here = [period for period in periods if period.branch_id == branch_id]
    weekly = here[-1].weekly if here else {}
    return {"valid_from": today().isoformat(), "branch": str(branch_id or ""), **spread_week("hours", weekly)}


def today() -> date:
    """The date where the chain is at home."""
    day, _minute = clock.local_minutes(clock.now(), clock.zone(current_tenant().time_zone))
    return day
