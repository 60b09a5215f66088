"""Customers over the API: found, shown, noted on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask.views import MethodView

from blueprints.booking import api as booking
from blueprints.crm import queries, service
from blueprints.crm.models import Customer
from blueprints.crm.schemas import CardOut, ChangesIn, PageOut, SearchIn
from shopbell.http import current_session, if_match, permit, shows_people
from shopbell.http.bodies import Blueprint
from shopbell.http.permissions import require
from shopbell.tenancy import current_tenant

VISITS = 20

blp = Blueprint("customers", __name__, description="The chain's customers")


@blp.route("/customers")
class Customers(MethodView):
    @permit("crm.read")
    @shows_people
    @blp.arguments(SearchIn, location="query")
    @blp.response(200, PageOut)
    def get(self, wanted: dict[str, Any]) -> queries.Page:
        """Find customers by name or phone"""
        country = current_tenant().country
        return queries.search(
            current_session(), wanted["q"], country=country, limit=wanted["limit"], after=wanted["after"]
        )


def card(customer_id: UUID) -> dict[str, Any]:
    """Raises UnknownCustomer."""
    session = current_session()
    found = asdict(queries.card(session, customer_id))
    return {**found, "visits": booking.visits_of(session, customer_id, VISITS)}


@blp.route("/customers/<uuid:customer_id>")
class CustomerCard(MethodView):
    @permit("crm.read")
    @shows_people
    @blp.response(200, CardOut)
    def get(self, customer_id: UUID) -> dict[str, Any]:
        """Show a customer with the latest visits"""
        return card(customer_id)

    @permit("crm.write")
    @if_match(Customer, card, CardOut)
    @blp.arguments(ChangesIn)
    @blp.response(200, CardOut)
    def patch(self, changes: dict[str, Any], customer_id: UUID) -> dict[str, Any]:
        """Replace the notes on a customer, or their tier"""
        session = current_session()
        if "tier" in changes:
            require("crm.tier")
            service.set_tier(session, customer_id, changes["tier"])
        if "notes" in changes:
            service.set_notes(session, customer_id, changes["notes"])
        return card(customer_id)
