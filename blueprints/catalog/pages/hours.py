"""Opening hours of a branch and the days that differ."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.errors import UnknownException
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread_week, weekday_names
from shopbell.pages.paging import paging


@PAGES.get("/branches/<uuid:branch_id>/hours")
@permit("catalog.edit")
def hours(branch_id: UUID) -> Response:
    return show(branch_id)


@PAGES.post("/branches/<uuid:branch_id>/hours")
@permit("catalog.edit")
def set_hours(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.set_hours(session, branch_id, form.week("hours"))):
        return show(branch_id, week=form)
    return redirect(url_for("catalog.hours", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/exceptions")
@permit("catalog.edit")
def set_exception(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()

    def work() -> None:
        spans = form.spans("spans")
        service.set_exception(session, branch_id, form.day("day"), spans, reason=form.text("reason"))

    if not form.attempt(session, work):
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


def show(branch_id: UUID, week: Form | None = None, exception: Form | None = None) -> Response:
    """Both forms; the one that failed keeps what was typed."""
    session = current_session()
    branch = queries.branch(session, branch_id)
    today, _minute = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))
    exceptions = queries.exceptions_from(session, branch_id, today)
    page = paging(len(exceptions), PAGE_SIZE)
    failed = week or exception
    return render(
        "catalog/hours.html",
        failed.status if failed else 200,
        branch=branch,
        week=week or Form(spread_week("hours", queries.weekly_hours(session, branch_id))),
        exception=exception or Form(),
        exceptions=page.cut(exceptions),
        page=page,
        weekdays=weekday_names(),
    )
