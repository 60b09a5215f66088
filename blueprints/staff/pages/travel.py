"""How long people are on their way from a branch to the others."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.staff import queries, service
from blueprints.staff.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.staff.travel import distance_km
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


@PAGES.get("/branches/<uuid:branch_id>/travel")
@permit("staff.edit")
def travel(branch_id: UUID) -> Response:
    """The other branches by distance, with the minutes said and those estimated."""
    return show(branch_id, None)


@PAGES.post("/branches/<uuid:branch_id>/travel")
@permit("staff.edit")
def set_travel(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    typed = {
        other_id: form.number(f"travel.{other_id}") if form.text(f"travel.{other_id}") else None
        for other_id in form.ids("other")
    }
    if not form.attempt(session, lambda: service.set_travel(session, branch_id, typed)):
        return show(branch_id, form)
    address = url_for("staff.travel", branch_id=branch_id, page=request.args.get("page"), saved="1")
    return redirect(address, 303)


def show(branch_id: UUID, form: Form | None) -> Response:
    session = current_session()
    branch = catalog.branch(session, branch_id)
    branches = catalog.branches(session)
    ways = queries.ways(session, branches)
    here = queries.position(branch)
    km = {
        other.id: distance_km(here, there)
        for other in branches
        if here and (there := queries.position(other)) and other.id != branch_id
    }
    others = sorted((other for other in branches if other.id != branch_id), key=lambda other: km.get(other.id, 1e9))
    page = paging(len(others), PAGE_SIZE)
    said = queries.said_from(session, branch_id)
    form = form or Form({f"travel.{other_id}": str(minutes) for other_id, minutes in said.items()})
    return render(
        "staff/travel.html", form.status, branch=branch, others=page.cut(others), km=km, ways=ways, page=page, form=form
    )
