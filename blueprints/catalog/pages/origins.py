"""Where the values on a branch's pages come from, in the words of the settings' pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.catalog import queries
from blueprints.catalog.queries import BranchView
from shopbell.http import current_principal
from shopbell.i18n import localized
from tenants.settings import store
from tenants.settings.keys import Key
from tenants.settings.rules import Place, Resolved
from tenants.settings.store import Author


@dataclass(frozen=True)
class Origins:
    """What holds at the branch, by the key's name and the subject; `region` names a region."""

    place: Place
    found: dict[tuple[str, str], Resolved]
    regions: dict[UUID, str]

    def of(self, name: str, subject: object = "") -> Resolved:
        return self.found[name, str(subject)]

    def region(self, region_id: UUID | None) -> str:
        return self.regions.get(region_id, "") if region_id else ""


def origins_of(session: Session, branch: BranchView, keys: Iterable[Key], subjects: Iterable[str] = ("",)) -> Origins:
    said = queries.said_of_branch(session, branch, store.said(session))
    path, today, about = queries.path_of(branch), queries.today_at(branch), list(subjects)
    found = {(key.name, one): said.resolve(key, path, today, one) for key in keys for one in about}
    return Origins(path[-1], found, {region.id: localized(region.name) for region in queries.regions(session)})


def author() -> Author:
    """Whoever makes the request."""
    person = current_principal()
    return Author(person.id, person.name)
