"""Busy times, and whether enough people are planned for them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking.models import PeakRule
from blueprints.booking.pages import typed
from blueprints.booking.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.booking.queries import rulebook as written
from blueprints.booking.queries.staffing import shortages
from blueprints.booking.service import rulebook as service
from blueprints.booking.service.rulebook import PeakInput
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form, spread, weekday_names
from shopbell.pages.paging import paging

DAYS = 28
NUMBERS = ("horizon_days", "deposit_percent", "staff_min")


@PAGES.get("/policies/peaks")
@permit("booking.rules")
def peaks() -> Response:
    """All busy times, and for one branch (?branch=) the coming days with too few people."""
    rows = written.all_peaks(current_session())
    page = paging(len(rows), PAGE_SIZE)
    asked, branches = Form(request.args), typed.branches()
    wanted = asked.id("branch")
    branch = catalog.branch(current_session(), wanted) if wanted else next(iter(branches.values()), None)
    return render(
        "booking/peaks.html",
        rows=page.cut(rows),
        page=page,
        places=typed.places(),
        weekdays=weekday_names(),
        asked=Form({"branch": str(branch.id)}) if branch else Form(),
        choices=typed.branch_choices(_("Choose a branch"))[1:],
        branch=branch,
        short=too_few(branch) if branch and any(row.staff_min for row in rows) else [],
        zone=clock.zone(branch.time_zone) if branch else None,
        days_ahead=DAYS,
    )


def too_few(branch: BranchView) -> list[Any]:
    today = clock.local_minutes(clock.now(), clock.zone(branch.time_zone))[0]
    return list(shortages(current_session(), branch.id, today, DAYS))


@PAGES.get("/policies/peaks/new")
@permit("booking.rules")
def new_peak() -> Response:
    return show(Form({"weekdays": ["5", "6"]}), None)


@PAGES.post("/policies/peaks/new")
@permit("booking.rules")
def add_peak() -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.save_peak(session, read(form))):
        return show(form, None)
    return redirect(url_for("booking_pages.peaks", saved="1"), 303)


@PAGES.get("/policies/peaks/<uuid:peak_id>")
@permit("booking.rules")
def peak(peak_id: UUID) -> Response:
    row = written.peak(current_session(), peak_id)
    return show(Form(fields(row)), peak_id)


@PAGES.post("/policies/peaks/<uuid:peak_id>")
@permit("booking.rules")
def change_peak(peak_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    written.peak(session, peak_id)
    if not form.attempt(session, lambda: service.save_peak(session, read(form), peak_id)):
        return show(form, peak_id)
    return redirect(url_for("booking_pages.peaks", saved="1"), 303)


@PAGES.post("/policies/peaks/<uuid:peak_id>/removal")
@permit("booking.rules")
def drop_peak(peak_id: UUID) -> Response:
    service.drop_peak(current_session(), peak_id)
    return redirect(url_for("booking_pages.peaks", saved="1"), 303)


def show(form: Form, rule_id: UUID | None) -> Response:
    return render(
        "booking/peak.html",
        form.status,
        form=form,
        rule_id=rule_id,
        places=typed.place_choices(),
        weekdays=list(enumerate(weekday_names())),
    )


def read(form: Form) -> PeakInput:
    return PeakInput(
        times=typed.read_times(form),
        name=form.texts("name"),
        lead_minutes=typed.minutes(form, "lead_minutes"),
        **{name: typed.number(form, name) for name in NUMBERS},
    )


def fields(row: PeakRule) -> dict[str, Any]:
    numbers = {name: str(getattr(row, name)) for name in NUMBERS if getattr(row, name) is not None}
    return {
        **typed.times_fields(row),
        **spread("name", row.name),
        **numbers,
        "lead_minutes": typed.hours_text(row.lead_minutes),
    }
