"""A question as it came in, made into one that can be answered, or refused by the field that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.api import STAGES, Guest, Item
from blueprints.catalog import api as catalog
from blueprints.catalog.api import ServiceView, UnknownService
from blueprints.finder.errors import BadSearch
from blueprints.finder.queries.places import named, spot_of
from blueprints.finder.rules import read_position
from blueprints.finder.values import Spot
from shopbell import clock
from shopbell.i18n import gettext as _

LOOKED_AHEAD = sum(STAGES)
"""Days from today that are searched."""


@dataclass(frozen=True)
class Where:
    """How somebody said where they are; at most one of the three."""

    near: str = ""
    place: str = ""
    branch_id: UUID | None = None


def need(session: Session, service_id: UUID, options: Sequence[UUID], guests: int) -> tuple[Guest, ...]:
    """The same service for each guest. Raises UnknownService, UnknownOption."""
    offered(session, service_id).chosen(options)
    return (Guest((Item(service_id, tuple(options)),)),) * guests


def offered(session: Session, service_id: UUID) -> ServiceView:
    """Raises UnknownService, also for one that is on offer no more."""
    for service in catalog.services(session):
        if service.id == service_id:
            return service
    raise UnknownService


def spots(session: Session, where: Where) -> list[Spot]:
    """Where that may be, the likeliest first; nothing when nothing was said.

    Raises BadSearch, UnknownBranch, PlaceNotFound.
    """
    if sum(map(bool, (where.near, where.place, where.branch_id))) > 1:
        raise BadSearch(fields={"place": _("only one of a place, coordinates and a branch")})
    if where.near:
        position = read_position(where.near)
        if position is None:
            raise BadSearch(fields={"near": _("latitude and longitude in degrees, like 31.2304,121.4737")})
        return [Spot("position", {}, position)]
    if where.branch_id:
        spot = spot_of(catalog.branch(session, where.branch_id))
        if spot is None:
            raise BadSearch(fields={"branch": _("a branch that has a position on the map")})
        return [spot]
    if not where.place.strip():
        return []
    # Coordinates copied from a map are a place too.
    position = read_position(where.place)
    return [Spot("position", {}, position)] if position else named(session, where.place)


def day_within_reach(day: date | None, field: str) -> date | None:
    """A day that can be searched. Raises BadSearch."""
    today = clock.now().date()
    if day and not today - timedelta(days=1) <= day < today + timedelta(days=LOOKED_AHEAD):
        raise BadSearch(fields={field: _("a day within the next %(count)s days", count=LOOKED_AHEAD - 1)})
    return day
