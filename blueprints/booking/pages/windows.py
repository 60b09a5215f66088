"""Time kept for members until some hours before it begins."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.booking.models import PriorityWindow
from blueprints.booking.pages import typed
from blueprints.booking.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.booking.queries import rulebook as written
from blueprints.booking.service import rulebook as service
from blueprints.booking.service.rulebook import HIGHEST_TIER, WindowInput
from shopbell.http import current_session, permit
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form, weekday_names
from shopbell.pages.paging import paging


@PAGES.get("/policies/priority")
@permit("booking.rules")
def windows() -> Response:
    rows = written.all_windows(current_session())
    page = paging(len(rows), PAGE_SIZE)
    return render(
        "booking/windows.html",
        rows=page.cut(rows),
        page=page,
        places=typed.places(),
        weekdays=weekday_names(),
    )


@PAGES.get("/policies/priority/new")
@permit("booking.rules")
def new_window() -> Response:
    return show(Form({"weekdays": ["4"], "tier": "1", "until_hours": "48"}), None)


@PAGES.post("/policies/priority/new")
@permit("booking.rules")
def add_window() -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.save_window(session, read(form))):
        return show(form, None)
    return redirect(url_for("booking_pages.windows", saved="1"), 303)


@PAGES.get("/policies/priority/<uuid:window_id>")
@permit("booking.rules")
def window(window_id: UUID) -> Response:
    row = written.window(current_session(), window_id)
    return show(Form(fields(row)), window_id)


@PAGES.post("/policies/priority/<uuid:window_id>")
@permit("booking.rules")
def change_window(window_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    written.window(session, window_id)
    if not form.attempt(session, lambda: service.save_window(session, read(form), window_id)):
        return show(form, window_id)
    return redirect(url_for("booking_pages.windows", saved="1"), 303)


@PAGES.post("/policies/priority/<uuid:window_id>/removal")
@permit("booking.rules")
def drop_window(window_id: UUID) -> Response:
    service.drop_window(current_session(), window_id)
    return redirect(url_for("booking_pages.windows", saved="1"), 303)


def show(form: Form, rule_id: UUID | None) -> Response:
    return render(
        "booking/window.html",
        form.status,
        form=form,
        rule_id=rule_id,
        places=typed.place_choices(),
        weekdays=list(enumerate(weekday_names())),
        tiers=[(str(tier), _("Tier %(number)s", number=tier)) for tier in range(1, HIGHEST_TIER + 1)],
    )


def read(form: Form) -> WindowInput:
    return WindowInput(typed.read_times(form), form.number("tier"), form.number("until_hours"))


def fields(row: PriorityWindow) -> dict[str, Any]:
    return {**typed.times_fields(row), "tier": str(row.tier), "until_hours": str(row.until_hours)}
