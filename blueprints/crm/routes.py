"""Customers over the API: found, shown, noted on."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask.views import MethodView

from blueprints.booking import api as booking
from blueprints.crm import consents, queries, service
from blueprints.crm.consents import Choice, Evidence
from blueprints.crm.models import Customer
from blueprints.crm.schemas import CardOut, ChangesIn, ConsentIn, ConsentsOut, PageOut, SearchIn
from shopbell.http import current_principal, current_session, if_match, permit, shows_people
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


def told(customer_id: UUID) -> dict[str, Any]:
    """Raises UnknownCustomer."""
    session = current_session()
    return {"choices": consents.choices(session, customer_id), "history": consents.history(session, customer_id)}


@blp.route("/customers/<uuid:customer_id>/consents")
class Consents(MethodView):
    @permit("crm.read")
    @shows_people
    @blp.response(200, ConsentsOut)
    def get(self, customer_id: UUID) -> dict[str, Any]:
        """Show what a customer wants to be told, and what they said about it"""
        return told(customer_id)

    @permit("crm.write")
    @blp.arguments(ConsentIn)
    @blp.response(200, ConsentsOut)
    def post(self, said: dict[str, Any], customer_id: UUID) -> dict[str, Any]:
        """Write down that a customer agreed to being told something, or refused"""
        evidence = Evidence(said.pop("source"), user_id=current_principal().id)
        consents.say(current_session(), customer_id, [Choice(**said)], evidence)
        return told(customer_id)
