"""How a branch differs in services: what it does not offer, how long it takes, its own prices."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.catalog.errors import BadCatalogue
from blueprints.catalog.models import BranchService
from blueprints.catalog.queries import USUAL, ServiceView, TermsView, services
from blueprints.catalog.service.branches import require_branch
from blueprints.catalog.service.services import LARGEST_PRICE
from shopbell import money
from shopbell.checks import Checks
from shopbell.i18n import gettext as _

FASTEST, SLOWEST = 25, 400
"""Percent of the usual minutes."""


def set_branch_terms(session: Session, branch_id: UUID, terms: Mapping[UUID, TermsView]) -> None:
    """Say of these services how the branch differs; others stay as they are. May be repeated.

    Raises UnknownBranch, or BadCatalogue naming "terms.<service id>.percent" or "terms.<service id>.price".
    """
    checks = Checks()
    require_branch(session, branch_id)
    check_terms(checks, {view.id: view for view in services(session, active_only=False)}, terms)
    checks.settle(BadCatalogue)
    usual = [service_id for service_id, found in terms.items() if found == USUAL]
    here = BranchService.branch_id == branch_id
    session.execute(delete(BranchService).where(here, BranchService.service_id.in_(usual)))
    rows = [
        {
            "branch_id": branch_id,
            "service_id": service_id,
            "offered": found.offered,
            "minutes_percent": found.minutes_percent,
            "price_minor": found.price_minor,
        }
        for service_id, found in sorted(terms.items())
        if found != USUAL
    ]
    if rows:
        written = insert(BranchService).values(rows)
        columns = {name: written.excluded[name] for name in ("offered", "minutes_percent", "price_minor")}
        keys = [BranchService.branch_id, BranchService.service_id]
        session.execute(written.on_conflict_do_update(index_elements=keys, set_=columns))


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
