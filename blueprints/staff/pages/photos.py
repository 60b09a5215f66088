"""The photo of a person at HQ."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.staff import queries, service
from blueprints.staff.pages.blueprint import PAGES
from blueprints.staff.pages.people import fields, show
from shopbell.http import current_session, permit
from shopbell.http.sizes import takes_file
from shopbell.pages.forms import Form

MAX_UPLOAD = 12 * 1024 * 1024
"""A photo straight from a camera may be sent and is then refused with a sentence; more than this is cut off."""


@PAGES.post("/people/<uuid:person_id>/photo")
@permit("staff.edit")
@takes_file(MAX_UPLOAD)
def set_photo(person_id: UUID) -> Response:
    session = current_session()
    person = queries.person(session, person_id)
    upload = request.files.get("photo")
    # One byte more than allowed is enough to be refused.
    content = upload.read(service.MAX_PHOTO + 1) if upload else b""
    form = Form(fields(person))
    if not form.attempt(session, lambda: service.set_photo(session, person_id, content)):
        return show(form, person)
    return redirect(url_for("staff.person", person_id=person_id, saved="1"), 303)


@PAGES.post("/people/<uuid:person_id>/photo/removal")
@permit("staff.edit")
def drop_photo(person_id: UUID) -> Response:
    service.drop_photo(current_session(), person_id)
    return redirect(url_for("staff.person", person_id=person_id, saved="1"), 303)
