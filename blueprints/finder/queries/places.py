"""Which place was meant: a branch by its name or address, or a place of head office's list."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import BranchView
from blueprints.finder.errors import PlaceNotFound, UnknownPlace
from blueprints.finder.models import Place
from blueprints.finder.rules import all_texts, how_well
from blueprints.finder.values import Spot
from shopbell.i18n import gettext as _

ALIKE = 5
"""At most so many places are offered when a name fits several."""


def all_places(session: Session) -> list[Place]:
    """In the order they were put down; a chain names some dozens."""
    return list(session.scalars(select(Place).order_by(Place.id)))


def place(session: Session, place_id: UUID) -> Place:
    """Raises UnknownPlace."""
    found = session.get(Place, place_id)
    if found is None:
        raise UnknownPlace
    return found


def named(session: Session, typed: str) -> list[Spot]:
    """The spots that what was typed may mean, the likeliest first; several only when they fit equally well.

    Raises PlaceNotFound, with places that are known.
    """
    branches = [branch for branch in catalog.branches(session) if spot_of(branch)]
    places = all_places(session)
    rated: list[tuple[int, Spot]] = []
    for branch in branches:
        fits = how_well(typed, [*all_texts(branch.name), branch.slug], all_texts(branch.address))
        if fits is not None and (spot := spot_of(branch)):
            rated.append((fits, spot))
    for row in places:
        fits = how_well(typed, all_texts(row.name))
        if fits is not None:
            rated.append((fits, spot_at(row)))
    if not rated:
        raise PlaceNotFound(
            _("Enter a district, a street or a branch of ours, or choose a branch from the list."),
            fields={"place": _("Enter a branch, a district or a street that we know.")},
        )
    best = min(fits for fits, _spot in rated)
    return [spot for fits, spot in rated if fits == best][:ALIKE]


def spot_of(branch: BranchView) -> Spot | None:
    """Where a branch is; None when head office has not said."""
    if branch.latitude is None or branch.longitude is None:
        return None
    return Spot("branch", branch.name, (branch.latitude, branch.longitude), branch.id)


def spot_at(row: Place) -> Spot:
    return Spot("place", row.name, (row.latitude, row.longitude), row.id)
