"""Addresses of the booking pages. A visit of one service has a short address of its own."""

from __future__ import annotations

from typing import Any

from flask import url_for

from blueprints.storefront import visits
from blueprints.storefront.queries import Choice, Visit
from blueprints.storefront.tickets import Ticket
from blueprints.storefront.visits import Plan


def times_at(visit: Visit) -> tuple[str, dict[str, Any]]:
    """The endpoint of the time page and its arguments; a single service's person is asked for by ?staff= besides."""
    slug, only = visit.branch.slug, visit.only
    if only is None:
        return "storefront.visit_times", {"branch_slug": slug, **visit.plan.address}
    return "storefront.times", {"branch_slug": slug, "service_slug": only.service.slug, **options_in(only)}


def options_in(choice: Choice) -> dict[str, Any]:
    """?o= for each option; an empty one says that the options have been seen."""
    if not choice.service.options:
        return {}
    return {"o": [visits.short(option.id) for option in choice.options] or ""}


def times_address(visit: Visit, **more: Any) -> str:
    endpoint, route = times_at(visit)
    if visit.only and visit.only.person:
        more = {"staff": visit.only.person.id, **more}
    return url_for(endpoint, **route, **more)


def details_address(visit: Visit, ticket: Ticket | str, *, confirm: bool = False) -> str:
    hold = ticket if isinstance(ticket, str) else ticket.signed()
    name, slug, only = "confirm" if confirm else "details", visit.branch.slug, visit.only
    if only is None:
        return url_for(f"storefront.visit_{name}", branch_slug=slug, hold=hold)
    return url_for(f"storefront.{name}", branch_slug=slug, service_slug=only.service.slug, hold=hold)


def build_address(branch_slug: str, plan: Plan, endpoint: str = "storefront.visit", **more: Any) -> str:
    """A page on which a visit is put together."""
    values: dict[str, Any] = {**plan.address, **more}
    return url_for(endpoint, branch_slug=branch_slug, **values)
