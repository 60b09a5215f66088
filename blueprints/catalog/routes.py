"""The catalogue for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from types import SimpleNamespace
from typing import Any, TypedDict
from uuid import UUID

from flask.views import MethodView

from blueprints.catalog import queries
from blueprints.catalog.process import phases
from blueprints.catalog.queries import USUAL, ServiceView, TermsView
from blueprints.catalog.schemas import BranchPage, PageIn, ServicePage, ServicesIn
from shopbell.errors import Invalid
from shopbell.http import current_session, permit
from shopbell.http.bodies import Blueprint
from shopbell.money import Money

API = Blueprint("catalog_api", __name__, description="Branches and services")


class Page(TypedDict):
    items: Sequence[Any]
    next: UUID | None


@API.route("/branches")
class Branches(MethodView):
    @permit("catalog.read")
    @API.arguments(PageIn, location="query")
    @API.response(200, BranchPage)
    def get(self, page: dict[str, Any]) -> Page:
        """List the branches, closed ones too, in the chain's order"""
        return paged(queries.branches(current_session()), page)


@API.route("/services")
class Services(MethodView):
    @permit("catalog.read")
    @API.arguments(ServicesIn, location="query")
    @API.response(200, ServicePage)
    def get(self, page: dict[str, Any]) -> Page:
        """List the services on offer with their steps, variants and add-ons, in the chain's order"""
        session, branch_id = current_session(), page["branch"]
        terms: dict[UUID, TermsView] = {}
        if branch_id:
            here = queries.services_at(session, queries.branch(session, branch_id))
            terms = queries.branch_terms(session, branch_id)
        else:
            here = queries.services(session)
        found = [view for view in here if terms.get(view.id, USUAL).offered]
        told = paged(found, page)
        items = [offered(view, terms.get(view.id, USUAL)) for view in told["items"]]
        return {"items": items, "next": told["next"]}


def offered(view: ServiceView, terms: TermsView) -> SimpleNamespace:
    """A service as a branch gives it."""
    price = view.price_minor if terms.price_minor is None else terms.price_minor
    return SimpleNamespace(
        **{name: getattr(view, name) for name in TOLD},
        price=Money(price, view.currency),
        minutes_percent=terms.minutes_percent,
        steps=[
            SimpleNamespace(**asdict(step), phase=phase)
            for step, phase in zip(view.steps, phases(view.steps), strict=True)
        ],
        options=[*view.variants, *view.addons],
    )


TOLD = (
    "id",
    "slug",
    "name",
    "description",
    "category_name",
    "minutes",
    "buffer_before_minutes",
    "buffer_after_minutes",
    "needs_approval",
)


def paged(found: Sequence[Any], page: dict[str, Any]) -> Page:
    """The part after `after`; a chain's catalogue is small, so it is cut here and not in SQL.

    Raises Invalid when `after` is not in the list.
    """
    start = 0
    if page["after"]:
        places = [number for number, item in enumerate(found) if item.id == page["after"]]
        if not places:
            raise Invalid("There is no such entry to go on after.", fields={"after": "The id given as `next`."})
        start = places[0] + 1
    items = found[start : start + page["limit"]]
    more = start + page["limit"] < len(found)
    return {"items": items, "next": items[-1].id if more else None}
