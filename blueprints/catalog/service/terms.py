"""How a branch differs in services: what it does not offer, how long it takes, its own prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.catalog import queries
from blueprints.catalog.errors import BadCatalogue
from blueprints.catalog.queries import USUAL, BranchView, ServiceView, TermsView, services
from blueprints.catalog.service.services import LARGEST_PRICE
from blueprints.catalog.settings import FASTEST, OFFERED, PERCENT, PRICE, SLOWEST
from shopbell import money
from shopbell.checks import Checks
from shopbell.i18n import gettext as _
from tenants.settings import store
from tenants.settings.rules import Path, Said
from tenants.settings.store import NOBODY, Author, Change


def set_branch_terms(session: Session, branch_id: UUID, terms: Mapping[UUID, TermsView], by: Author = NOBODY) -> None:
    """Say of these services how the branch differs from today on; others stay as they are. May be repeated.

    What holds there anyway is taken over, and so is the price of one without a price. Prices are in the branch's
    currency. Raises UnknownBranch, SettingLocked, or BadCatalogue naming "terms.<service id>.percent" or
    "terms.<service id>.price".
    """
    checks = Checks()
    branch = queries.branch(session, branch_id)
    known = {view.id: view for view in services(session, active_only=False)}
    check_terms(checks, known, terms)
    checks.settle(BadCatalogue)
    said = queries.terms_said(session, branch_id)
    here = queries.branch_terms(session, branch_id)
    today = queries.today_at(branch)
    changes: list[Change] = []
    for service_id, wanted in sorted(terms.items()):
        changes += _differing(said, branch, today, service_id, wanted, here.get(service_id, USUAL))
    store.say(session, changes, by)


def _differing(
    said: Said, branch: BranchView, today: date, service_id: UUID, wanted: TermsView, now: TermsView
) -> list[Change]:
    path, subject, field = queries.path_of(branch), str(service_id), f"terms.{service_id}"
    changes: list[Change] = []
    if wanted.offered != now.offered:
        changes += store.differing(
            said, OFFERED, path, today, wanted.offered, subject=subject, field=f"{field}.offered"
        )
    changes += store.differing(
        said, PERCENT, path, today, wanted.minutes_percent, subject=subject, field=f"{field}.percent"
    )
    if wanted.price_minor != now.price_minor:
        changes.append(_priced(said, branch, path, today, subject, wanted.price_minor))
    return changes


def _priced(said: Said, branch: BranchView, path: Path, today: date, subject: str, minor: int | None) -> Change:
    """A price of its own, or from today on the one above: when none is given, or that very one."""
    above = queries.price_in(branch.currency, said.standing(PRICE, path[:-1], today, subject))
    own = minor is not None and minor != above
    value = {"minor": minor, "currency": branch.currency} if own else None
    return Change(PRICE, path, today, value, subject, own, field=f"terms.{subject}.price")


def check_terms(checks: Checks, known: Mapping[UUID, ServiceView], terms: Mapping[UUID, TermsView]) -> None:
    """Refuse at "terms.<service id>.percent" or ".price" what cannot be, for a branch or a person."""
    for service_id, found in terms.items():
        field = f"terms.{service_id}"
        if service_id not in known:
            checks.refuse(field, _("There is no such service"))
            continue
        checks.number(f"{field}.percent", found.minutes_percent, FASTEST, SLOWEST)
        if found.price_minor is not None and not 0 <= found.price_minor <= LARGEST_PRICE:
            currency = known[service_id].currency
            error = money.BadAmount(currency)
            checks.refuse(f"{field}.price", _(error.message_id) % {"example": error.example})
