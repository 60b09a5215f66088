"""Regions of the chain, and which branches belong to each."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.errors import RegionInUse
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging


@PAGES.get("/regions")
@permit("catalog.edit")
def regions() -> Response:
    return show_all(Form())


@PAGES.post("/regions")
@permit("catalog.edit")
def add_region() -> Response:
    form, session = Form(request.form), current_session()
    added: list[UUID] = []
    if not form.attempt(session, lambda: added.append(service.add_region(session, form.texts("name")))):
        return show_all(form)
    return redirect(url_for("catalog.region", region_id=added[0], saved="new"), 303)


@PAGES.get("/regions/<uuid:region_id>")
@permit("catalog.edit")
def region(region_id: UUID) -> Response:
    """A region's name, and a page of the chain's branches to put into it or take out."""
    return show(region_id, None)


@PAGES.post("/regions/<uuid:region_id>")
@permit("catalog.edit")
def change_region(region_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.change_region(session, region_id, form.texts("name"))):
        return show(region_id, form)
    return redirect(url_for("catalog.region", region_id=region_id, saved="1"), 303)


@PAGES.post("/regions/<uuid:region_id>/branches")
@permit("catalog.edit")
def place_branches(region_id: UUID) -> Response:
    """Of the branches that were shown, those chosen belong to the region and the others do not."""
    form = Form(request.form)
    inside = set(form.ids("inside"))
    service.place_branches(current_session(), region_id, inside=inside, outside=set(form.ids("shown")) - inside)
    address = url_for("catalog.region", region_id=region_id, page=request.args.get("page"), saved="1")
    return redirect(address, 303)


@PAGES.post("/regions/<uuid:region_id>/removal")
@permit("catalog.edit")
def drop_region(region_id: UUID) -> Response:
    session = current_session()
    try:
        service.drop_region(session, region_id)
    except RegionInUse:
        return redirect(url_for("catalog.region", region_id=region_id, kept="1"), 303)
    return redirect(url_for("catalog.regions", saved="1"), 303)


def show_all(form: Form) -> Response:
    found = queries.regions(current_session())
    page = paging(len(found), PAGE_SIZE)
    return render("catalog/regions.html", form.status, form=form, regions=page.cut(found), page=page)


def show(region_id: UUID, form: Form | None) -> Response:
    session = current_session()
    found = queries.region(session, region_id)
    branches = queries.branches(session)
    page = paging(len(branches), PAGE_SIZE)
    return render(
        "catalog/region.html",
        form.status if form else 200,
        region=found,
        form=form or Form(spread("name", found.name)),
        branches=page.cut(branches),
        names={one.id: one.name for one in queries.regions(session)},
        page=page,
    )
