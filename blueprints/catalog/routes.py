"""The catalogue for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypedDict
from uuid import UUID

from flask.views import MethodView

from blueprints.catalog import queries
from blueprints.catalog.schemas import BranchPage, PageIn, ServicePage
from shopbell.errors import Invalid
from shopbell.http import current_session, permit
from shopbell.http.bodies import Blueprint

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
    @API.arguments(PageIn, location="query")
    @API.response(200, ServicePage)
    def get(self, page: dict[str, Any]) -> Page:
        """List the services on offer with their steps, in the chain's order"""
        return paged(queries.services(current_session()), page)


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
