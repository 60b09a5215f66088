"""Putting a visit together: several services one after the other, and guests who come along. Links only."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from blueprints.booking.api import NobodyCan
from blueprints.catalog import api as catalog
from blueprints.catalog.api import ServiceView, UnknownOption, UnknownService
from blueprints.staff.api import UnknownPerson
from blueprints.storefront import queries, visits
from blueprints.storefront.errors import BadChoice, BadDay
from blueprints.storefront.pages import details
from blueprints.storefront.pages import times as choosing
from blueprints.storefront.pages.book import all_services, grouped, options_asked
from blueprints.storefront.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, asked, page
from blueprints.storefront.pages.paths import build_address, times_address
from blueprints.storefront.queries import Offer, Visit, visit_of
from blueprints.storefront.visits import Part, Plan
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import see

UNREADABLE = (BadChoice, UnknownService, UnknownOption, UnknownPerson)


@PAGES.get("/book/<branch_slug>/visit")
@open_to_all(WHY_OPEN)
def visit(branch_slug: str) -> Response:
    """Who comes, and for what; an empty visit begins with its first service."""
    offer = offer_at(branch_slug)
    try:
        plan = plan_asked()
        chosen = visit_of(offer, plan)
    except UNREADABLE as error:
        return all_services(error, branch_slug)
    if not plan.size:
        return services_page(offer, plan, 0)
    times = times_address(chosen)
    return page("visit.html", branch=offer.branch, visit=chosen, plan=plan, address=build_address, times=times)


@PAGES.get("/book/<branch_slug>/visit/add")
@open_to_all(WHY_OPEN)
def add_service(branch_slug: str) -> Response:
    """One more service for the guest of ?to=: first which one, then its options, then back to the visit."""
    offer = offer_at(branch_slug)
    try:
        plan, guest = plan_asked(), number_asked("to")
        visit_of(offer, plan)
        if not 0 <= guest <= len(plan.guests) or not plan.has_room(guest):
            raise BadChoice(_("A visit has room for at most %(most)s services.", most=visits.MOST_SERVICES))
        if asked("same"):
            return see(build_address(branch_slug, alike(plan)))
        if not asked("service"):
            return services_page(offer, plan, guest)
        service = offer.service(asked("service"))
        if service.options and "o" not in request.args:
            return options_page(offer, plan, guest, service)
        return see(build_address(branch_slug, plan.added(guest, new_part(offer, plan, guest, service))))
    except UNREADABLE as error:
        return all_services(error, branch_slug)


@PAGES.get("/book/<branch_slug>/visit/with")
@open_to_all(WHY_OPEN)
def choose_person(branch_slug: str) -> Response:
    """Who gives the service ?part= of the guest ?of=."""
    offer = offer_at(branch_slug)
    try:
        plan, guest, number = plan_asked(), number_asked("of"), number_asked("part")
        chosen = visit_of(offer, plan)
        part_at(plan, guest, number)
    except UNREADABLE as error:
        return all_services(error, branch_slug)
    choice = chosen.guests[guest][number]
    people = [
        (
            person,
            offer.prices(choice.service, choice.options, person),
            build_address(branch_slug, plan.with_person(guest, number, person.id)),
        )
        for person in offer.people_for(choice.service)
    ]
    return page(
        "person.html",
        branch=offer.branch,
        choice=choice,
        people=people,
        anyone=build_address(branch_slug, plan.with_person(guest, number, None)),
        back=build_address(branch_slug, plan),
    )


@PAGES.get("/book/<branch_slug>/visit/times")
@open_to_all(WHY_OPEN)
def visit_times(branch_slug: str) -> Response:
    """The times at which everybody can begin."""
    offer = offer_at(branch_slug)
    try:
        chosen = visit_asked(offer)
        if chosen.only:
            return see(times_address(chosen, day=asked("day") or None))
        return choosing.times_page(offer, chosen, asked("day"))
    except (*UNREADABLE, NobodyCan) as error:
        return all_services(error, branch_slug)
    except BadDay as error:
        return choosing.choose_again(error, offer.branch, times_address(chosen))


@PAGES.post("/book/<branch_slug>/visit/times")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def choose_for_visit(branch_slug: str) -> Response:
    """Keep the chosen time for everybody, or for nobody."""
    offer = offer_at(branch_slug)
    try:
        return choosing.keep(offer, visit_asked(offer))
    except UNREADABLE as error:
        return all_services(error, branch_slug)


@PAGES.get("/book/<branch_slug>/visit/details")
@open_to_all(WHY_OPEN)
def visit_details(branch_slug: str) -> Response:
    return details.show(offer_at(branch_slug), None)


@PAGES.post("/book/<branch_slug>/visit/details")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def visit_confirm(branch_slug: str) -> Response:
    """Make the appointments of everybody. A second click leads to the same ones."""
    return details.make(offer_at(branch_slug), None)


def offer_at(branch_slug: str) -> Offer:
    """Raises UnknownBranch."""
    session = current_session()
    return queries.offer_of(session, catalog.branch_by_slug(session, branch_slug))


def plan_asked() -> Plan:
    """The visit of the address. Raises BadChoice."""
    try:
        return visits.read_plan(request.args)
    except ValueError:
        raise BadChoice(_("Choose from the list.")) from None


def visit_asked(offer: Offer) -> Visit:
    """A visit with something in it. Raises UNREADABLE."""
    plan = plan_asked()
    if not plan.size:
        raise BadChoice(_("Choose a service first."))
    return visit_of(offer, plan)


def number_asked(name: str) -> int:
    """A place in the visit, counted from 0; addresses count from 1. Raises BadChoice."""
    text = asked(name)
    if text not in {str(number) for number in range(1, visits.MOST_SERVICES + 1)}:
        raise BadChoice(_("Choose from the list."))
    return int(text) - 1


def part_at(plan: Plan, guest: int, number: int) -> Part:
    """Raises BadChoice."""
    try:
        return plan.part(guest, number)
    except ValueError:
        raise BadChoice(_("Choose from the list.")) from None


def new_part(offer: Offer, plan: Plan, guest: int, service: ServiceView) -> Part:
    """With whoever the guest has asked for already, if they give this service too. Raises BadChoice, UnknownOption."""
    options = tuple(option.id for option in service.chosen(options_asked()))
    before = plan.guests[guest][-1].person_id if guest < len(plan.guests) else None
    gives = {person.id for person in offer.people_for(service)}
    return Part(service.slug, options, before if before in gives else None)


def alike(plan: Plan) -> Plan:
    """With one more guest who has the same as the first, by whoever is free: nobody serves two at once."""
    if not plan.guests:
        raise BadChoice(_("Choose a service first."))
    same = tuple(replace(part, person_id=None) for part in plan.guests[0])
    return Plan((*plan.guests, same[: visits.MOST_SERVICES - plan.size]))


def services_page(offer: Offer, plan: Plan, guest: int) -> Response:
    slug, groups = offer.branch.slug, grouped(offer.given())
    place: dict[str, Any] = {"branch_slug": slug, **plan.address, "to": guest + 1}
    comes_along = bool(plan.guests) and guest == len(plan.guests)
    return page(
        "add.html",
        branch=offer.branch,
        groups=groups,
        offer=offer,
        plan=plan,
        number=guest + 1,
        place=place,
        same=url_for(".add_service", same=1, **place) if comes_along else None,
        back=build_address(slug, plan) if plan.size else url_for(".services", branch_slug=slug),
    )


def options_page(offer: Offer, plan: Plan, guest: int, service: ServiceView) -> Response:
    return page(
        "options.html",
        branch=offer.branch,
        service=service,
        offer=offer,
        person=None,
        chosen=service.chosen(()),
        carried={**plan.address, "to": str(guest + 1), "service": service.slug},
        action=url_for(".add_service", branch_slug=offer.branch.slug),
        back=build_address(offer.branch.slug, plan, "storefront.add_service", to=guest + 1),
        at=guest + 1,
    )
