"""Who works at a branch, and what is to be known of one of them before choosing: skills, languages, reviews, times."""

from __future__ import annotations

from uuid import UUID

from flask import Response, url_for

from blueprints.catalog import api as catalog
from blueprints.reviews import api as reviews
from blueprints.staff.api import PersonView, UnknownPerson
from blueprints.storefront import queries
from blueprints.storefront.pages.frame import PAGES, WHY_OPEN, asked, page, problem
from blueprints.storefront.pages.paths import times_address
from blueprints.storefront.queries import Offer
from blueprints.storefront.tier import known_tier
from shopbell import clock
from shopbell.http import current_session, open_to_all
from shopbell.i18n import gettext as _

REVIEWS_SHOWN = 10


@PAGES.get("/book/<branch_slug>/team")
@open_to_all(WHY_OPEN)
def team(branch_slug: str) -> Response:
    """Everybody at the branch, with what customers say of them."""
    session = current_session()
    offer = queries.offer_of(session, catalog.branch_by_slug(session, branch_slug))
    return page(
        "team.html",
        branch=offer.branch,
        people=offer.people,
        ratings=reviews.ratings(session, [person.id for person in offer.people]),
        rating=reviews.branch_ratings(session, [offer.branch.id]).get(offer.branch.id),
    )


@PAGES.get("/book/<branch_slug>/team/<uuid:person_id>")
@open_to_all(WHY_OPEN)
def profile(branch_slug: str, person_id: UUID) -> Response:
    """Somebody's own page; ?before= leads to older reviews."""
    session = current_session()
    offer = queries.offer_of(session, catalog.branch_by_slug(session, branch_slug))
    try:
        person = at_work(offer, person_id)
    except UnknownPerson as error:
        return problem(error, url_for(".team", branch_slug=branch_slug), _("See the whole team"), branch=offer.branch)
    found = reviews.reviews_of(session, person.id, REVIEWS_SHOWN + 1, earlier_than(asked("before")))
    return page(
        "profile.html",
        branch=offer.branch,
        offer=offer,
        person=person,
        services=offer.given(person),
        skills={skill.id: skill.name for skill in catalog.skills(session)},
        rating=reviews.ratings(session, [person.id]).get(person.id),
        reviews=found[:REVIEWS_SHOWN],
        older=found[REVIEWS_SHOWN - 1].id if len(found) > REVIEWS_SHOWN else None,
        soon=queries.soon_free(session, offer, person, tier=known_tier()[0]) if offer.branch.is_open else [],
        times_address=times_address,
        zone=clock.zone(offer.branch.time_zone),
    )


def at_work(offer: Offer, person_id: UUID) -> PersonView:
    """Raises UnknownPerson for one who does not work at the branch."""
    for person in offer.people:
        if person.id == person_id:
            return person
    raise UnknownPerson(_("Perhaps they work at another branch now."))


def earlier_than(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
