"""The page on which somebody asks to be told when a time becomes free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from werkzeug.datastructures import MultiDict

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails, Guest
from blueprints.brand import api as brand
from blueprints.brand.api import Boxes
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView, UnknownService
from blueprints.storefront.api import guests_asked, guests_of, visit_address
from blueprints.waitlist import service
from blueprints.waitlist.errors import BadWish
from blueprints.waitlist.links import wish_token
from blueprints.waitlist.pages.forms import LONGEST_FIELD, first_values, read_wish
from blueprints.waitlist.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, free_times, page
from blueprints.waitlist.queries.places import in_reach, names_of, people_for, services_of
from blueprints.waitlist.rules import OFFER_MINUTES, OFFERS_A_DAY
from blueprints.waitlist.service.join import upcoming
from blueprints.waitlist.values import one
from shopbell import clock, ids
from shopbell.crypto import BadToken
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.pages import see
from shopbell.pages.forms import Form, weekday_names


@PAGES.get("/waitlist/<branch>/<service>")
@open_to_all(WHY_OPEN)
def join(branch: str, service: str) -> Response:
    """The form, begun with what was looked at: ?options=&staff=&day=, or ?g1= and so on for a visit of several services
    or guests, and ?m= for an appointment to be replaced."""
    place, chosen = find(branch, service)
    return form_page(place, chosen, Form(first_values(place, chosen, request.args)))


@PAGES.post("/waitlist/<branch>/<service>")
@open_to_all(WHY_OPEN)
@limited("waitlist", per_minute=PER_MINUTE)
def take_wish(branch: str, service: str) -> Response:
    """Put them on the list. A second click leads to the same wish."""
    place, chosen = find(branch, service)
    typed: MultiDict[str, str] = MultiDict(
        (name, text.replace("\x00", "\ufffd")[:LONGEST_FIELD]) for name, text in request.form.items(multi=True)
    )
    form, boxes = Form(typed), asked_boxes(typed)
    try:
        wish = kept(form, boxes, place, chosen)
    except DomainError as refusal:
        wrong = {name.rpartition(".")[2]: sentence for name, sentence in refusal.fields.items()}
        form.errors = {**wrong, **boxes.errors}
        return form_page(place, chosen, form, refusal, boxes)
    return see(url_for(".wish", token=wish, joined=1))


def kept(form: Form, boxes: Boxes, place: BranchView, chosen: ServiceView) -> str:
    """The token of the new wish. Raises BadWish and its relatives; the transaction stays usable."""
    replaced = to_replace()
    session = current_session()
    with session.begin_nested():
        wanted = read_wish(form, place, chosen, replaced.id if replaced else None, visit_asked(replaced))
        made = service.join(session, wanted)
        if boxes.errors:
            raise BadWish(fields=boxes.errors)
        boxes.keep(session, "wish", made.id, made.customer_id)
        return wish_token(made)


def asked_boxes(typed: Mapping[str, str] | None = None) -> Boxes:
    """Whoever replaces an appointment agreed with that one, and tells us nothing new."""
    return Boxes() if to_replace() else brand.boxes(typed)


def visit_asked(replaced: BookingDetails | None) -> tuple[Guest, ...]:
    """The visit that is wished, when it is one of several services or guests: the one to be replaced, or that of the
    address. Raises BadChoice or UnknownService."""
    session = current_session()
    if replaced is None:
        guests = guests_asked(session, request.args)
    else:
        rows = booking.visit(session, replaced.id)
        guests = guests_of([row for row in rows if row.status != "cancelled"])
    return guests if sum(len(guest.items) for guest in guests) > 1 else ()


def find(branch_slug: str, service_slug: str) -> tuple[BranchView, ServiceView]:
    """Raises UnknownBranch, UnknownService."""
    session = current_session()
    place = catalog.branch_by_slug(session, branch_slug)
    for offered in catalog.services(session):
        if offered.slug == service_slug:
            return place, offered
    raise UnknownService


def to_replace() -> BookingDetails | None:
    """The appointment of ?m=, a signed link to it, while it is still ahead."""
    try:
        booking_id: UUID = booking.read_manage_token(request.args.get("m", ""), clock.now())
    except BadToken:
        return None
    return upcoming(current_session(), booking_id)


def form_page(
    place: BranchView,
    chosen: ServiceView,
    form: Form,
    refusal: DomainError | None = None,
    boxes: Boxes | None = None,
) -> Response:
    session, replaced = current_session(), to_replace()
    guests = visit_asked(replaced)
    asked = guests or one(chosen.id, (), None)
    services = services_of(session, asked)
    carried: dict[str, Any] = dict(visit_address(session, guests)) if guests and not replaced else {}
    return page(
        "join.html",
        refusal.status if refusal else 200,
        branch=place,
        service=chosen,
        guests=guests,
        services=services,
        names=names_of(session, asked),
        form=form,
        boxes=boxes or asked_boxes(),
        refusal=None if isinstance(refusal, BadWish) or form.errors else refusal,
        replaced=replaced,
        near=in_reach(session, place, list(services.values())),
        people=() if guests else people_for(session, place, chosen),
        weekdays=weekday_names(),
        minutes=OFFER_MINUTES,
        offers_a_day=OFFERS_A_DAY,
        action=url_for(
            ".take_wish", branch=place.slug, service=chosen.slug, m=request.args.get("m") or None, **carried
        ),
        back=free_times(session, place, asked),
        wish=form.text("wish") or str(ids.uuid7()),
        today=clock.local_minutes(clock.now(), clock.zone(place.time_zone))[0],
    )
