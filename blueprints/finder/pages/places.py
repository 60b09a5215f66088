"""Head office's list of the places that customers can name."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.finder import service
from blueprints.finder.queries import places as known
from blueprints.finder.service import PlaceInput
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging

PAGE_SIZE = 25
HQ = Blueprint("finder_hq", "blueprints.finder", template_folder="templates", url_prefix="/hq/places")


@HQ.get("")
@permit("finder.places")
def places() -> Response:
    rows = known.all_places(current_session())
    page = paging(len(rows), PAGE_SIZE)
    return render("finder/places.html", rows=page.cut(rows), page=page)


@HQ.get("/new")
@permit("finder.places")
def new_place() -> Response:
    return show(Form(), None)


@HQ.post("/new")
@permit("finder.places")
def add_place() -> Response:
    form, session = Form(request.form), current_session()
    if not form.attempt(session, lambda: service.save_place(session, read(form))):
        return show(form, None)
    return redirect(url_for(".places", saved="1"), 303)


@HQ.get("/<uuid:place_id>")
@permit("finder.places")
def place(place_id: UUID) -> Response:
    row = known.place(current_session(), place_id)
    values = {**spread("name", row.name), "latitude": f"{row.latitude:g}", "longitude": f"{row.longitude:g}"}
    return show(Form(values), place_id)


@HQ.post("/<uuid:place_id>")
@permit("finder.places")
def change_place(place_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    known.place(session, place_id)
    if not form.attempt(session, lambda: service.save_place(session, read(form), place_id)):
        return show(form, place_id)
    return redirect(url_for(".places", saved="1"), 303)


@HQ.post("/<uuid:place_id>/removal")
@permit("finder.places")
def drop_place(place_id: UUID) -> Response:
    service.drop_place(current_session(), place_id)
    return redirect(url_for(".places", saved="1"), 303)


def show(form: Form, place_id: UUID | None) -> Response:
    return render("finder/place.html", form.status, form=form, place_id=place_id)


def read(form: Form) -> PlaceInput:
    return PlaceInput(form.texts("name"), form.decimal("latitude"), form.decimal("longitude"))
