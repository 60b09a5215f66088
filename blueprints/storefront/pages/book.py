"""Choosing branch and service. Links and addresses until a time is chosen; a form then keeps it."""

from __future__ import annotations

from uuid import UUID

from flask import Response, request, url_for

from blueprints.arrivals import api as arrivals
from blueprints.booking.api import NobodyCan
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView, UnknownOption, UnknownService
from blueprints.staff.api import PersonView, UnknownPerson
from blueprints.storefront import queries, visits
from blueprints.storefront.errors import BadChoice, BadDay
from blueprints.storefront.pages import times as choosing
from blueprints.storefront.pages.frame import PAGES, PER_MINUTE, WHY_OPEN, asked, page, problem
from blueprints.storefront.pages.paths import build_address
from blueprints.storefront.queries import Offer, Visit, choice_of
from shopbell import clock
from shopbell.errors import DomainError
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import see

LONGEST_WAIT = 120
"""Minutes. Who would wait longer does better to book a time."""


@PAGES.get("/")
@open_to_all(WHY_OPEN)
def start() -> Response:
    """The branches of the chain; a chain with one begins with its services."""
    session = current_session()
    branches = catalog.branches(session)
    if len(branches) == 1:
        return services_page(branches[0], alone=True)
    states = catalog.states(session, branches, clock.now())
    waits = waits_told([branch for branch in branches if states[branch.id].kind == "open"])
    return page("start.html", branches=branches, states=states, waits=waits)


def waits_told(branches: list[BranchView]) -> dict[UUID, arrivals.Wait]:
    """The waits at those of these branches where coming without an appointment makes sense."""
    found = arrivals.wait_now(current_session(), [branch.id for branch in branches])
    return {id_: wait for id_, wait in found.items() if wait.high is not None and wait.high <= LONGEST_WAIT}


@PAGES.get("/book/<branch_slug>")
@open_to_all(WHY_OPEN)
def services(branch_slug: str) -> Response:
    """What the branch offers, or what ?staff= gives there."""
    session = current_session()
    branch = catalog.branch_by_slug(session, branch_slug)
    try:
        return services_page(branch, alone=len(catalog.branches(session)) == 1)
    except UnknownPerson as error:
        return problem(error, url_for(".services", branch_slug=branch_slug), _("See all services"))


def services_page(branch: BranchView, *, alone: bool) -> Response:
    """Raises UnknownPerson."""
    session = current_session()
    offer = queries.offer_of(session, branch)
    person = person_at(offer, asked("staff"))
    state = catalog.states(session, [branch], clock.now())[branch.id]
    wait = waits_told([branch] if state.kind == "open" else []).get(branch.id)
    return page(
        "services.html",
        branch=branch,
        groups=grouped(offer.given(person)),
        offer=offer,
        person=person,
        state=state,
        wait=wait,
        alone=alone,
    )


def person_at(offer: Offer, text: str) -> PersonView | None:
    """Raises UnknownPerson for one who does not work there."""
    found = next((person for person in offer.people if str(person.id) == text), None)
    if text and found is None:
        raise UnknownPerson
    return found


def grouped(services: list[ServiceView]) -> list[list[ServiceView]]:
    """The services of one category after the other, in the chain's order."""
    groups: dict[str, list[ServiceView]] = {}
    for service in services:
        groups.setdefault(service.category, []).append(service)
    return list(groups.values())


@PAGES.get("/book/<branch_slug>/<service_slug>")
@open_to_all(WHY_OPEN)
def times(branch_slug: str, service_slug: str) -> Response:
    """The options of a service that has any and, once they are chosen, the times."""
    try:
        offer, service = place(branch_slug, service_slug)
    except UnknownService as error:
        return all_services(error, branch_slug)
    try:
        if service.options and "o" not in request.args and offer.branch.is_open:
            return options_page(offer, service)
        visit = visit_asked(offer, service)
        if asked("go") == "more":
            return see(build_address(branch_slug, visit.plan))
        return choosing.times_page(offer, visit, asked("day"))
    except NobodyCan as error:
        return all_services(error, branch_slug)
    except (BadChoice, BadDay, UnknownOption, UnknownPerson) as error:
        return choosing.choose_again(error, offer.branch, url_for(".times", **request.view_args or {}))


@PAGES.post("/book/<branch_slug>/<service_slug>")
@open_to_all(WHY_OPEN)
@limited("storefront", per_minute=PER_MINUTE)
def choose(branch_slug: str, service_slug: str) -> Response:
    """Keep the chosen time and go on to the details."""
    try:
        offer, service = place(branch_slug, service_slug)
        visit = visit_asked(offer, service)
    except UnknownService as error:
        return all_services(error, branch_slug)
    except (BadChoice, UnknownOption, UnknownPerson) as error:
        return choosing.choose_again(error, offer.branch, url_for(".times", **request.view_args or {}))
    return choosing.keep(offer, visit)


def place(branch_slug: str, service_slug: str) -> tuple[Offer, ServiceView]:
    """Raises UnknownBranch, UnknownService."""
    session = current_session()
    offer = queries.offer_of(session, catalog.branch_by_slug(session, branch_slug))
    return offer, offer.service(service_slug)


def visit_asked(offer: Offer, service: ServiceView) -> Visit:
    """The single service of the address, with ?staff= or whoever is free.

    Raises BadChoice, UnknownOption, UnknownPerson.
    """
    person_id = queries.read_person(asked("staff"))
    return Visit(offer.branch, ((choice_of(offer, service, options_asked(), person_id),),))


def options_asked() -> list[UUID]:
    """The options of ?o=. Raises BadChoice."""
    try:
        return [visits.read_id(text) for text in request.args.getlist("o") if text]
    except ValueError:
        raise BadChoice(_("Choose from the list.")) from None


def options_page(offer: Offer, service: ServiceView) -> Response:
    """The variants and the add-ons of a service. Raises UnknownPerson."""
    person = person_at(offer, asked("staff"))
    return page(
        "options.html",
        branch=offer.branch,
        service=service,
        offer=offer,
        person=person,
        chosen=service.chosen(()),
        carried={name: asked(name) for name in ("day", "staff") if asked(name)},
        action=url_for(".times", branch_slug=offer.branch.slug, service_slug=service.slug),
        back=url_for(".services", branch_slug=offer.branch.slug, staff=person.id if person else None),
        at=None,
    )


def all_services(error: DomainError, branch_slug: str) -> Response:
    return problem(error, url_for(".services", branch_slug=branch_slug), _("See all services"))
