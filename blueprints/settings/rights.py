"""Who may say something at a place: whoever may at every branch for which it speaks."""

from __future__ import annotations

from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from shopbell.auth import Principal
from shopbell.errors import Forbidden
from tenants.settings.keys import BRANCH, CHAIN
from tenants.settings.rules import Place
from tenants.settings.store import Author

EDIT = "settings.edit"


def may_say(session: Session, person: Principal, place: Place) -> bool:
    """At a branch, for a region with all its branches, or for the chain as a whole."""
    where = person.branches_for(EDIT)
    if where is None:
        return True
    if place.level == CHAIN or place.id is None:
        return False
    if place.level == BRANCH:
        return place.id in where
    branches = catalog.branches_of_region(session, place.id)
    return bool(branches) and where >= set(branches)


def require_to_say(session: Session, person: Principal, place: Place) -> None:
    """Raises Forbidden."""
    if not may_say(session, person, place):
        raise Forbidden


def may_look(person: Principal, place: Place, permission: str) -> bool:
    """What the chain and the regions say holds for everybody below; a branch is for those who may look there."""
    return place.level != BRANCH or place.id is None or person.may_at(permission, place.id)


def author(person: Principal) -> Author:
    return Author(person.id, person.name)
