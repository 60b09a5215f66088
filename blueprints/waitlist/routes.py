"""The waitlist's API: for programs, and for the branch console's desk."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from flask.views import MethodView

from blueprints.booking import api as booking
from blueprints.booking.api import UnknownBooking
from blueprints.brand import api as brand
from blueprints.catalog.api import UnknownBranch
from blueprints.crm import api as crm
from blueprints.waitlist import service
from blueprints.waitlist.access import require_seen
from blueprints.waitlist.models import Wish
from blueprints.waitlist.queries import desk, views
from blueprints.waitlist.queries.desk import Filter
from blueprints.waitlist.schemas import ListQuery, WaitlistIn, WaitlistOut, WaitlistPageOut, WaitlistRemovalIn
from blueprints.waitlist.values import JoinRequest, WishView
from shopbell.http import (
    current_principal,
    current_session,
    idempotent,
    if_match,
    permit,
    permitted_at,
    permitted_branches,
    shows_people,
)
from shopbell.http.bodies import Blueprint

blp = Blueprint("waitlist_api", __name__, description="Who waits for a time to become free")


@blp.route("/waitlist")
class Waitlist(MethodView):
    @permit("waitlist.read")
    @shows_people
    @blp.arguments(ListQuery, location="query")
    @blp.response(200, WaitlistPageOut)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Who waits, in the order of joining, with what was offered to them"""
        wanted = Filter(query["state"], query["service"], within(query["branch"]))
        found = desk.page(current_session(), wanted, after=query["after"], limit=query["limit"])
        return {"wishes": shown(found), "after": found[-1].id if len(found) == query["limit"] else None}

    @permit("waitlist.write")
    @idempotent
    @blp.arguments(WaitlistIn)
    @blp.response(201, WaitlistOut)
    def post(self, wanted: JoinRequest) -> dict[str, Any]:
        """Put a customer on the waitlist; send an Idempotency-Key to make repeating safe"""
        session, person = current_session(), current_principal()
        if not all(permitted_at(branch_id) for branch_id in wanted.branch_ids[:1]):
            raise UnknownBranch
        if wanted.booking_id is not None and not permitted_at(branch_of(wanted.booking_id)):
            raise UnknownBooking
        source = "desk" if person.kind == "staff" else "api"
        agreed = brand.agreed_elsewhere(session, wanted.agreed, wanted.customer.locale, person.name)
        made = service.join(session, replace(wanted, source=source))
        agreed.keep(session, "wish", made.id, made.customer_id)
        if person.kind == "staff":
            brand.tell(session, "wish", made.id, made.customer_id, wanted.told, person.name)
        return shown([made])[0]


def one(wish_id: UUID) -> dict[str, Any]:
    """Raises UnknownWish."""
    return shown([seen(wish_id)])[0]


@blp.route("/waitlist/<uuid:wish_id>")
class OneWish(MethodView):
    @permit("waitlist.read")
    @shows_people
    @blp.response(200, WaitlistOut)
    def get(self, wish_id: UUID) -> dict[str, Any]:
        """One wish"""
        return one(wish_id)


@blp.route("/waitlist/<uuid:wish_id>/removal")
class Removal(MethodView):
    @permit("waitlist.write")
    @if_match(Wish, one, WaitlistOut)
    @blp.arguments(WaitlistRemovalIn)
    @blp.response(200, WaitlistOut)
    def post(self, removal: dict[str, Any], wish_id: UUID) -> dict[str, Any]:
        """Take a wish off the list, with a reason; harmless to repeat"""
        seen(wish_id)
        service.remove(current_session(), wish_id, removal["reason"])
        return shown([views.wish(current_session(), wish_id)])[0]


def seen(wish_id: UUID) -> WishView:
    """Raises UnknownWish, also for one at branches that are not one's own."""
    found = views.wish(current_session(), wish_id)
    require_seen(found)
    return found


def within(branch_id: UUID | None) -> frozenset[UUID] | None:
    """The branches to look at. Raises UnknownBranch for one that this person may not see."""
    if branch_id is None:
        return permitted_branches()
    if not permitted_at(branch_id):
        raise UnknownBranch
    return frozenset({branch_id})


def branch_of(booking_id: UUID) -> UUID:
    """Raises UnknownBooking."""
    return booking.details(current_session(), booking_id).branch_id


def shown(wishes: list[WishView]) -> list[dict[str, Any]]:
    session = current_session()
    offers = views.offers_of(session, [wish.id for wish in wishes])
    names = crm.contacts(session, {wish.customer_id for wish in wishes})
    return [
        {**asdict(wish), "customer_name": names[wish.customer_id].name, "offers": offers.get(wish.id, [])}
        for wish in wishes
    ]
