"""The page behind the code on the door: check in, or take a ticket. Both forms go to the address with the code."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from uuid import UUID

from flask import Response, request, url_for

from blueprints.arrivals import queries, service, tickets
from blueprints.arrivals.errors import CannotCheckIn, UnknownDoor
from blueprints.arrivals.pages.blueprint import PAGES, WHY_OPEN, page, sent
from blueprints.arrivals.service import Promise
from blueprints.booking import api as booking
from blueprints.booking.api import Arrival
from blueprints.brand import api as brand
from blueprints.brand.api import Boxes
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, UnknownBranch
from shopbell import ids
from shopbell.errors import DomainError, Invalid
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import see

PER_MINUTE = 12
"""A full shop on one network stays below it; whoever tries all four-digit endings needs half a day."""


@dataclass(frozen=True)
class Typed:
    """What goes back into the forms, and what is wrong with it, by field."""

    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    refusal: DomainError | None = None
    boxes: Boxes = field(default_factory=Boxes)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")


@PAGES.get("/arrive/<slug>")
@open_to_all(WHY_OPEN)
def arrive(slug: str) -> Response:
    try:
        return door_page(at_the_door(slug, sent(request.args, "c")), Typed(boxes=brand.boxes()))
    except UnknownDoor as error:
        return page("no_door.html", error.status, error=error, branches=catalog.branches(current_session()))


@PAGES.post("/arrive/<slug>")
@open_to_all(WHY_OPEN)
@limited("arrive", per_minute=PER_MINUTE)
def come_in(slug: str) -> Response:
    """Check in, or take a ticket: the button says which."""
    branch = at_the_door(slug, sent(request.args, "c"))
    return check_in(branch) if "who" in request.form else take_ticket(branch)


def check_in(branch: BranchView) -> Response:
    who = sent(request.form, "who")
    try:
        booking_id = service.check_in(current_session(), branch, who)
    except CannotCheckIn as refusal:
        return door_page(branch, Typed({"who": who}, refusal.fields, refusal, brand.boxes()))
    return see(url_for(".ticket", token=tickets.token(booking_id)))


def take_ticket(branch: BranchView) -> Response:
    """Sent again, the form leads to the same ticket."""
    typed = {name: sent(request.form, name) for name in ("name", "phone", "service", "new")}
    new_id, boxes = tickets.read_new(typed["new"]) or ids.uuid7(), brand.boxes(request.form)
    if booking.walk_in(current_session(), new_id):
        return see(url_for(".ticket", token=tickets.token(new_id)))
    try:
        arrival = Arrival(
            id=new_id,
            branch_id=branch.id,
            name=typed["name"],
            phone=typed["phone"] or None,
            service_id=service_asked(branch, typed["service"]),
            source="door",
        )
        promise = received(arrival, boxes)
    except Invalid as refusal:
        # The book names a customer's fields "customer.phone"; here there is only one of them.
        wrong = {name.rpartition(".")[2]: sentence for name, sentence in refusal.fields.items()}
        return door_page(branch, Typed(typed, {**wrong, **boxes.errors}, refusal, boxes))
    return see(url_for(".ticket", token=tickets.token(promise.walk_in_id)))


def received(arrival: Arrival, boxes: Boxes) -> Promise:
    """Raises Invalid, also where something was not agreed to; then nobody waits."""
    session = current_session()
    with session.begin_nested():
        promise = service.receive(session, arrival)
        if boxes.errors:
            raise Invalid(fields=boxes.errors)
        boxes.keep(session, "walk_in", promise.walk_in_id, None)
        return promise


def at_the_door(slug: str, code: str) -> BranchView:
    """The branch whose door has this code. Raises UnknownBranch, UnknownDoor."""
    branch = catalog.branch_by_slug(current_session(), slug)
    if not branch.door_code or not secrets.compare_digest(branch.door_code.encode(), code.encode()):
        raise UnknownDoor(_("Please scan the code on the door again, or ask at the desk."))
    if not branch.is_open:
        raise UnknownBranch(_("This branch is closed at the moment."))
    return branch


def service_asked(branch: BranchView, text: str) -> UUID:
    """Raises Invalid for what nobody here can do today any more."""
    hint = _("Choose what you come for.")
    try:
        wanted = UUID(text)
    except ValueError:
        raise Invalid(hint, fields={"service": hint}) from None
    if wanted not in {one.service.id for one in queries.door(current_session(), branch.id).offered}:
        sorry = _("Nobody here can do this today any more. Choose something else, or book a time.")
        raise Invalid(sorry, fields={"service": sorry})
    return wanted


def door_page(branch: BranchView, typed: Typed) -> Response:
    return page(
        "door.html",
        typed.refusal.status if typed.refusal else 200,
        branch=branch,
        door=queries.door(current_session(), branch.id),
        code=branch.door_code,
        new=typed["new"] or tickets.new(ids.uuid7()),
        typed=typed,
    )
