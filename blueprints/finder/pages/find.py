"""The page that finds the first free times over all branches. What was asked stands in the address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session

from blueprints.brand import api as brand
from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView, ServiceView, UnknownOption, UnknownService
from blueprints.finder.errors import BadSearch, PlaceNotFound
from blueprints.finder.queries import asking
from blueprints.finder.queries.answers import answers
from blueprints.finder.queries.asking import Where
from blueprints.finder.queries.places import all_places
from blueprints.finder.rules import ORDERS
from blueprints.finder.values import Answer, Search, Spot
from blueprints.storefront.api import MOST_GUESTS, known_tier, times_address
from shopbell import clock, ids
from shopbell.http import current_session, open_to_all
from shopbell.http.limits import limited
from shopbell.i18n import gettext as _
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.spans import Span
from shopbell.text import N_

WHY_OPEN = "customers look for a time without an account"
PER_MINUTE = 60
LONGEST = 100
ANSWERS = 10

PAGES = Blueprint("finder", __name__, template_folder="../templates")

PARTS: dict[str, tuple[str, Span]] = {
    "": (N_("Any time"), (0, 1440)),
    "morning": (N_("In the morning"), (0, 720)),
    "afternoon": (N_("In the afternoon"), (720, 1020)),
    "evening": (N_("In the evening"), (1020, 1440)),
}
NAMES = {
    "best": N_("Soon and near"),
    "soonest": N_("Soonest first"),
    "nearest": N_("Nearest first"),
}


@dataclass(frozen=True)
class Found:
    """What a question came to. `meant` are the spots its place may mean, the first of which counted."""

    service: ServiceView
    options: tuple[UUID, ...]
    guests: int
    meant: list[Spot]
    answers: list[Answer]

    def address(self, branch: BranchView) -> str:
        return times_address(branch.slug, self.service.slug, self.options, self.guests)


@PAGES.get("/find")
@open_to_all(WHY_OPEN)
@limited("find", per_minute=PER_MINUTE)
def find() -> Response:
    """The question and, once it has a service, its answer."""
    session, form = current_session(), Form(request.args)
    services = catalog.services(session)
    service = next((one for one in services if str(one.id) == form.text("service")), None)
    try:
        found = answered(session, form) if form.text("service") else None
    except (BadSearch, PlaceNotFound) as refusal:
        form.errors, form.status = refusal.fields, refusal.status
        found = None
    except (UnknownService, UnknownOption) as refusal:
        form.errors, form.status = {"service": _("Choose from the list.")}, refusal.status
        found = None
    return page(form, session, services=services, service=service, found=found)


def page(form: Form, session: Session, **more: Any) -> Response:
    response = render(
        "finder/find.html",
        form.status,
        brand=brand.shown(),
        form=form,
        known=[*catalog.branches(session), *all_places(session)],
        parts={key: name for key, (name, _span) in PARTS.items()},
        orders={order: NAMES[order] for order in ORDERS},
        most_guests=MOST_GUESTS,
        today=clock.now().date(),
        visit=ids.uuid7(),
        **more,
    )
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def answered(session: Session, form: Form) -> Found:
    """Raises BadSearch, PlaceNotFound, UnknownService, UnknownOption."""
    service = chosen_service(session, form)
    options = tuple(option.id for option in service.chosen(form.ids("o")))
    guests = form.number("guests") if form.text("guests") else 1
    if not 1 <= guests <= MOST_GUESTS:
        raise BadSearch(fields={"guests": _("1 to %(most)s guests", most=MOST_GUESTS)})
    meant = where(session, form)
    search = Search(
        guests=asking.need(session, service.id, options, guests),
        spot=meant[0] if meant else None,
        order=form.text("order") if form.text("order") in ORDERS else "best",
        first_day=day(form),
        hours=PARTS.get(form.text("part"), PARTS[""])[1],
        tier=known_tier()[0],
        limit=ANSWERS,
    )
    return Found(service, options, guests, meant, answers(session, search))


def chosen_service(session: Session, form: Form) -> ServiceView:
    """Raises UnknownService."""
    return asking.offered(session, form.id("service") or UUID(int=0))


def where(session: Session, form: Form) -> list[Spot]:
    """Coordinates in the address count only while nothing is typed. Raises BadSearch, PlaceNotFound."""
    typed = form.text("place")[:LONGEST]
    if not typed:
        return asking.spots(session, Where(near=form.text("near")[:LONGEST]))
    return asking.spots(session, Where(place=typed))


def day(form: Form) -> date | None:
    """Raises BadSearch."""
    if form.text("day") and form.day("day") is None:
        raise BadSearch(fields={"day": _("a date, like 2026-03-02")})
    return asking.day_within_reach(form.day("day"), "day")
