"""What the pages of texts share: the place that is looked at, and who may write there."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, request

from blueprints.catalog import api as catalog
from shopbell.errors import Forbidden, NotFound
from shopbell.http import current_principal, current_session, permitted_at, permitted_branches
from shopbell.i18n import gettext as _
from shopbell.i18n import localized
from tenants.settings.keys import BRANCH, CHAIN, REGION
from tenants.settings.rules import THE_CHAIN, Path, Place, path_to
from tenants.settings.store import Author

PAGES = Blueprint("templates", "blueprints.templates", template_folder="templates", url_prefix="/hq")
PAGE_SIZE = 20


@dataclass(frozen=True)
class Where:
    """The place whose texts are looked at, as addresses write it, and the way down to it."""

    text: str
    title: str
    path: Path
    branch_id: UUID | None

    @property
    def place(self) -> Place:
        return self.path[-1]


def asked_for() -> Where:
    """The place in the address. Raises NotFound for one that is none, or not for this person."""
    text = request.args.get("place", CHAIN)
    level, _sep, id_ = text.partition(":")
    if level == CHAIN and not id_:
        return Where(CHAIN, _("The whole chain"), (THE_CHAIN,), None)
    return _region(text, _id(id_)) if level == REGION else _branch(text, level, _id(id_))


def to_write() -> Where:
    """The same. Raises Forbidden where the person may only read."""
    where = asked_for()
    if not may_write(where.place):
        raise Forbidden
    return where


def may_write(place: Place) -> bool:
    """At a branch, for a region with all its branches, or for the chain as a whole."""
    mine = permitted_branches()
    if mine is None or place.id is None:
        return mine is None
    if place.level == BRANCH:
        return place.id in mine
    branches = catalog.branches_of_region(current_session(), place.id)
    return bool(branches) and mine >= set(branches)


def places() -> list[tuple[str, str]]:
    """Every place that the person may look at, for a field."""
    session = current_session()
    regions = [
        (f"{REGION}:{one.id}", _("Region %(name)s", name=localized(one.name))) for one in catalog.regions(session)
    ]
    branches = [
        (f"{BRANCH}:{one.id}", localized(one.name)) for one in catalog.branches(session) if permitted_at(one.id)
    ]
    return [(CHAIN, _("The whole chain")), *regions, *branches]


def author() -> Author:
    """Whoever makes the request."""
    person = current_principal()
    return Author(person.id, person.name)


def _region(text: str, region_id: UUID) -> Where:
    found = catalog.region(current_session(), region_id)
    branches = catalog.branches_of_region(current_session(), region_id)
    first = next((id_ for id_ in branches if permitted_at(id_)), None)
    return Where(text, _("Region %(name)s", name=localized(found.name)), path_to(region_id), first)


def _branch(text: str, level: str, branch_id: UUID) -> Where:
    if level != BRANCH or not permitted_at(branch_id):
        raise NotFound
    found = catalog.branch(current_session(), branch_id)
    return Where(text, localized(found.name), catalog.path_of(found), branch_id)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None
