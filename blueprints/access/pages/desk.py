"""Taking over from each other at a shared device, by PIN."""

from __future__ import annotations

from uuid import UUID

from flask import Response as FlaskResponse
from werkzeug.wrappers import Response

from blueprints.access import credentials, service
from blueprints.access.errors import UnknownUser
from blueprints.access.pages.blueprint import GATE, at_the_gate, later, typed, wait_sentence
from blueprints.access.pages.sign_in import device, signed_in
from blueprints.access.service import desk
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.http.context import application
from shopbell.i18n import gettext as _

WHY_OPEN = "whoever comes to a shared device shows a PIN here"


@GATE.get("/switch")
@open_to_all(WHY_OPEN)
def switch() -> Response:
    """Whoever works at the branch of this device; at any other browser there is nobody to see."""
    here = device()
    if here is None:
        return at_the_gate("no_device.html", 404)
    people = desk.people(current_session(), here.branch_id, application().permissions)
    return at_the_gate("switch.html", device=here, branch=branch_of(here), people=people)


@GATE.get("/switch/<uuid:user_id>")
@open_to_all(WHY_OPEN)
def pin_form(user_id: UUID) -> Response:
    return show(user_id)


@GATE.post("/switch/<uuid:user_id>")
@open_to_all(WHY_OPEN)
def take_over(user_id: UUID) -> Response:
    here = device()
    if here is None:
        raise UnknownUser
    proof = service.enter(
        current_session(),
        here,
        user_id,
        typed("pin").strip(),
        known=application().permissions,
        browser=credentials.browser(here),
        factor=application().settings.rate_limit_factor,
        at=clock.now(),
    )
    match proof:
        case service.SignedIn():
            return signed_in(proof, target=f"/b/{catalog.branch(current_session(), here.branch_id).slug}/")
        case service.Wait():
            return later(show(user_id, 429, wait_sentence(proof.time)), proof.time)
    return show(user_id, 422, _("This PIN is not right."))


def branch_of(here: desk.Device) -> catalog.BranchView:
    return catalog.branch(current_session(), here.branch_id)


def show(user_id: UUID, status: int = 200, problem: str = "") -> FlaskResponse:
    here = device()
    if here is None:
        raise UnknownUser
    people = desk.people(current_session(), here.branch_id, application().permissions)
    person = next((each for each in people if each.id == user_id), None)
    if person is None:
        raise UnknownUser
    return at_the_gate("pin.html", status, device=here, branch=branch_of(here), person=person, problem=problem)
