"""Rooms and devices of a branch."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.errors import UnknownResource
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.catalog.place_types import type_name, types_of_the_trade
from blueprints.catalog.queries import ResourceView
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


@PAGES.get("/branches/<uuid:branch_id>/places")
@permit("catalog.edit")
def places(branch_id: UUID) -> Response:
    return show(branch_id, Form({"kind": "room"}))


@PAGES.post("/branches/<uuid:branch_id>/places")
@permit("catalog.edit")
def add_place(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()

    def work() -> None:
        kind, type_, name = form.text("kind"), form.text("type"), form.text("name")
        service.add_resource(session, branch_id, kind=kind, type=type_, name=name)

    if not form.attempt(session, work):
        return show(branch_id, form)
    return redirect(url_for("catalog.places", branch_id=branch_id, saved="1"), 303)


@PAGES.get("/branches/<uuid:branch_id>/places/<uuid:place_id>")
@permit("catalog.edit")
def place(branch_id: UUID, place_id: UUID) -> Response:
    found = one_place(branch_id, place_id)
    return show_one(branch_id, found, Form({"type": type_name(found.type), "name": found.name}))


@PAGES.post("/branches/<uuid:branch_id>/places/<uuid:place_id>")
@permit("catalog.edit")
def change_place(branch_id: UUID, place_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    found = one_place(branch_id, place_id)

    def work() -> None:
        service.change_resource(session, branch_id, place_id, type=form.text("type"), name=form.text("name"))

    if not form.attempt(session, work):
        return show_one(branch_id, found, form)
    return redirect(url_for("catalog.places", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/places/<uuid:place_id>/retirement")
@permit("catalog.edit")
def retire_place(branch_id: UUID, place_id: UUID) -> Response:
    service.retire_resource(current_session(), branch_id, place_id)
    return redirect(url_for("catalog.places", branch_id=branch_id, saved="1"), 303)


@PAGES.post("/branches/<uuid:branch_id>/places/<uuid:place_id>/return")
@permit("catalog.edit")
def restore_place(branch_id: UUID, place_id: UUID) -> Response:
    service.restore_resource(current_session(), branch_id, place_id)
    return redirect(url_for("catalog.places", branch_id=branch_id, saved="1"), 303)


def one_place(branch_id: UUID, place_id: UUID) -> ResourceView:
    """Raises UnknownResource when the branch has no such one."""
    for found in queries.resources_at(current_session(), branch_id, active_only=False):
        if found.id == place_id:
            return found
    raise UnknownResource


def suggested(session: Session) -> dict[str, list[str]]:
    """Types that the branches have, and those that the services of the trade need."""
    had = queries.resource_types(session)
    return {kind: list(dict.fromkeys([*types, *types_of_the_trade(kind)])) for kind, types in had.items()}


def show(branch_id: UUID, form: Form) -> Response:
    session = current_session()
    branch = queries.branch(session, branch_id)
    found = queries.resources_at(session, branch_id, active_only=False)
    page = paging(len(found), PAGE_SIZE)
    return render(
        "catalog/places.html",
        form.status,
        branch=branch,
        places=page.cut(found),
        page=page,
        form=form,
        types=suggested(session),
        type_name=type_name,
    )


def show_one(branch_id: UUID, found: ResourceView, form: Form) -> Response:
    session = current_session()
    return render(
        "catalog/place.html",
        form.status,
        branch=queries.branch(session, branch_id),
        place=found,
        form=form,
        types=suggested(session),
        type_name=type_name,
    )
