"""What other features may ask of the booking pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import url_for
from sqlalchemy.orm import Session

from blueprints.booking.api import Guest, Item
from blueprints.catalog import api as catalog
from blueprints.catalog.api import UnknownService
from blueprints.storefront.agreement import agreed_of
from blueprints.storefront.errors import BadChoice
from blueprints.storefront.forms import country_of
from blueprints.storefront.queries import lines_of_rows
from blueprints.storefront.service import guests_of
from blueprints.storefront.tier import known_tier
from blueprints.storefront.visits import MOST_GUESTS, Part, Plan, read_plan, short
from shopbell.i18n import gettext as _

__all__ = [
    "MOST_GUESTS",
    "agreed_of",
    "country_of",
    "guests_asked",
    "guests_of",
    "known_tier",
    "lines_of_rows",
    "times_address",
    "visit_address",
    "visit_times_address",
]


def times_address(branch_slug: str, service_slug: str, options: Sequence[UUID], guests: int = 1) -> str:
    """The page with a branch's free times of a service, for one guest or for several who all get it.

    A form that sends `start` there, an instant as the filter `stamp` writes it, has that time kept.
    """
    if guests > 1:
        plan = Plan(((Part(service_slug, tuple(options)),),) * guests)
        address: dict[str, Any] = plan.address
        return url_for("storefront.visit_times", branch_slug=branch_slug, **address)
    chosen = [short(option) for option in options] or None
    return url_for("storefront.times", branch_slug=branch_slug, service_slug=service_slug, o=chosen)


def guests_asked(session: Session, arguments: Mapping[str, str]) -> tuple[Guest, ...]:
    """The visit that an address spells as visit_address does; nobody when it spells none.

    Raises BadChoice or UnknownService.
    """
    try:
        plan = read_plan(arguments)
    except ValueError:
        raise BadChoice(_("Choose from the list.")) from None
    ids = {service.slug: service.id for service in catalog.services(session)} if plan.size else {}
    if not all(part.service in ids for guest in plan.guests for part in guest):
        raise UnknownService
    return tuple(
        Guest(tuple(Item(ids[part.service], part.options, part.person_id) for part in guest)) for guest in plan.guests
    )


def visit_address(session: Session, guests: Sequence[Guest]) -> dict[str, str]:
    """The arguments of an address that spell a visit."""
    slugs = {service.id: service.slug for service in catalog.services(session, active_only=False)}
    parts = (
        tuple(Part(slugs[item.service_id], item.options, item.person_id) for item in guest.items) for guest in guests
    )
    return Plan(tuple(parts)).address


def visit_times_address(session: Session, branch_slug: str, guests: Sequence[Guest]) -> str:
    """The page with a branch's free times for these guests and what each of them is to get."""
    address: dict[str, Any] = visit_address(session, guests)
    return url_for("storefront.visit_times", branch_slug=branch_slug, **address)
