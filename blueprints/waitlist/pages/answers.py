"""Behind the links in our messages: an offer to say yes or no to, and a wish to look at or leave."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Response, request, url_for

from blueprints.booking import api as booking
from blueprints.booking.api import BookingDetails
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.storefront.api import agreed_of, lines_of_rows
from blueprints.waitlist import service
from blueprints.waitlist.errors import OfferOver, UnknownOffer, UnknownWish
from blueprints.waitlist.links import LINK_LIFE, offer_token, read_offer_token, read_wish_token, wish_token
from blueprints.waitlist.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, bad_link, free_times, page
from blueprints.waitlist.queries import views
from blueprints.waitlist.queries.places import names_of, services_of
from blueprints.waitlist.service.join import upcoming
from blueprints.waitlist.values import OfferView, WishView
from shopbell import clock
from shopbell.crypto import BadToken
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.pages import see
from shopbell.pages.forms import weekday_names

UNKNOWN = (BadToken, UnknownOffer)
"""A link that is not ours, or too old."""


@dataclass(frozen=True)
class Asked:
    """An offer with everything its page says about it."""

    offer: OfferView
    wish: WishView
    branch: BranchView
    replaced: BookingDetails | None

    @property
    def state(self) -> str:
        """The offer's status; over as soon as its time is, whether or not anybody has noted it."""
        if self.offer.status == "open" and self.offer.expires_at <= clock.now():
            return "expired"
        return self.offer.status


@PAGES.get("/offer/<token>")
@open_to_all(WHY_OPEN)
def offer(token: str) -> Response:
    """What is offered, and until when it is kept. Looking changes nothing: messengers open links too."""
    try:
        return offer_page(asked_by(read_offer_token(token, clock.now())))
    except UNKNOWN:
        return bad_link()


@PAGES.post("/offer/<token>")
@open_to_all(WHY_OPEN)
@limited("waitlist", per_minute=PER_MINUTE)
def answer(token: str) -> Response:
    """Take the time, let it go, or leave the list. Answering again changes nothing more."""
    session, said = current_session(), request.form.get("answer", "")
    try:
        offer_id = read_offer_token(token, clock.now())
        if said == "yes":
            return accepted(offer_id)
        found = views.offer(session, offer_id)
    except UNKNOWN:
        return bad_link()
    if said == "no":
        service.decline(session, found.id)
    elif said == "leave":
        service.leave(session, found.wish_id)
    return see(url_for(".offer", token=token))


def accepted(offer_id: UUID) -> Response:
    """The appointment's own page; or what stands in the way, and the place on the list is kept. Raises UnknownOffer."""
    session = current_session()
    try:
        with session.begin_nested():
            made = service.accept(session, offer_id)
    except OfferOver as refusal:
        return offer_page(asked_by(offer_id), refusal)
    except DomainError as refusal:
        asked = asked_by(offer_id)
        service.give_up(session, offer_id)
        return offer_page(asked, refusal)
    return see(appointment_address(made))


def appointment_address(made: BookingDetails) -> str:
    """The page on which it is confirmed, and can be moved or cancelled later."""
    return url_for("storefront.done", token=booking.manage_token(made.id, made.ends_at + LINK_LIFE))


def offer_page(asked: Asked, refusal: DomainError | None = None) -> Response:
    session, wish = current_session(), asked.wish
    made = views.offer(session, asked.offer.id).booking_id
    rows = booking.visit(session, made) if made else booking.held_visit(session, asked.offer.hold_id)
    standing = [row for row in rows if row.status != "cancelled"]
    return page(
        "offer.html",
        refusal.status if refusal else 200,
        it=asked,
        branch=asked.branch,
        state="expired" if refusal else asked.state,
        refusal=refusal,
        lines=lines_of_rows(session, standing),
        total=sum(row.price_minor for row in standing),
        agreed=agreed_of(standing, clock.zone(asked.branch.time_zone)) if standing else None,
        guests=wish.asked,
        services=services_of(session, wish.asked),
        names=names_of(session, wish.asked),
        appointment=appointment_address(booking.details(session, made)) if made else None,
        free_times=free_times(session, asked.branch, wish.asked),
        wish_token=wish_token(wish),
    )


def asked_by(offer_id: UUID) -> Asked:
    """Raises UnknownOffer."""
    session = current_session()
    found = views.offer(session, offer_id)
    wish = views.wish(session, found.wish_id)
    return Asked(
        offer=found,
        wish=wish,
        branch=catalog.branch(session, found.branch_id),
        replaced=upcoming(session, wish.booking_id) if found.status == "open" else None,
    )


@PAGES.get("/w/<token>")
@open_to_all(WHY_OPEN)
def wish(token: str) -> Response:
    """The wish, what was offered, and the way to leave."""
    found = wish_of(token)
    return wish_page(token, found) if found else bad_link()


@PAGES.post("/w/<token>")
@open_to_all(WHY_OPEN)
@limited("waitlist", per_minute=PER_MINUTE)
def leave(token: str) -> Response:
    """Leave the list; harmless to repeat."""
    found = wish_of(token)
    if found is None:
        return bad_link()
    service.leave(current_session(), found.id)
    return see(url_for(".wish", token=token))


def wish_of(token: str) -> WishView | None:
    try:
        return views.wish(current_session(), read_wish_token(token, clock.now()))
    except (BadToken, UnknownWish):
        return None


def wish_page(token: str, found: WishView) -> Response:
    session = current_session()
    offers = views.offers_of(session, [found.id]).get(found.id, [])
    branches = [catalog.branch(session, branch_id) for branch_id in found.branch_ids]
    return page(
        "wish.html",
        it=found,
        token=token,
        weekdays=weekday_names(),
        joined=request.args.get("joined") == "1",
        branches=branches,
        branch=branches[0],
        services=services_of(session, found.asked),
        names=names_of(session, found.asked),
        free_times=free_times(session, branches[0], found.asked),
        open_offer=next((offer_token(offer) for offer in offers if offer.status == "open"), None),
    )
