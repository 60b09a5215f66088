"""How a person differs in the services of the chain."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import api as catalog
from blueprints.staff import queries, service
from blueprints.staff.pages.blueprint import PAGE_SIZE, PAGES
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


@PAGES.get("/people/<uuid:person_id>/services")
@permit("staff.edit")
def person_terms(person_id: UUID) -> Response:
    """The services the person's skills allow, with their own minutes and price."""
    return show(person_id, None)


@PAGES.post("/people/<uuid:person_id>/services")
@permit("staff.edit")
def set_person_terms(person_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    typed = catalog.read_terms(form, catalog.services(session, active_only=False))
    if not form.attempt(session, lambda: service.set_person_terms(session, person_id, typed)):
        return show(person_id, form)
    address = url_for("staff.person_terms", person_id=person_id, page=request.args.get("page"), saved="1")
    return redirect(address, 303)


def show(person_id: UUID, form: Form | None) -> Response:
    session = current_session()
    person = queries.person(session, person_id)
    known = queries.person_terms(session, [person_id]).get(person_id, {})
    found = [view for view in catalog.services(session) if view.fits(person.levels) or view.id in known]
    page = paging(len(found), PAGE_SIZE)
    shown = page.cut(found)
    form = form or Form(catalog.terms_fields(shown, known))
    return render("staff/person_terms.html", form.status, person=person, services=shown, page=page, form=form)
