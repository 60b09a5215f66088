"""How a person differs in services: what they do not give, how fast they are, their own prices."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.catalog import api as catalog
from blueprints.catalog.api import TermsView
from blueprints.staff.errors import BadRoster
from blueprints.staff.models import PersonService
from blueprints.staff.service.people import require_person
from shopbell.checks import Checks


def set_person_terms(session: Session, person_id: UUID, terms: Mapping[UUID, TermsView]) -> None:
    """Say of these services how the person differs; others stay as they are. May be repeated.

    Raises UnknownPerson, or BadRoster naming "terms.<service id>.percent" or "terms.<service id>.price".
    """
    checks = Checks()
    require_person(session, person_id)
    known = {service.id: service for service in catalog.services(session, active_only=False)}
    catalog.check_terms(checks, known, terms)
    checks.settle(BadRoster)
    usual = [service_id for service_id, found in terms.items() if found == catalog.USUAL]
    own = PersonService.person_id == person_id
    session.execute(delete(PersonService).where(own, PersonService.service_id.in_(usual)))
    rows = [
        {
            "person_id": person_id,
            "service_id": service_id,
            "offered": found.offered,
            "minutes_percent": found.minutes_percent,
            "price_minor": found.price_minor,
        }
        for service_id, found in sorted(terms.items())
        if found != catalog.USUAL
    ]
    if rows:
        written = insert(PersonService).values(rows)
        columns = {name: written.excluded[name] for name in ("offered", "minutes_percent", "price_minor")}
        keys = [PersonService.person_id, PersonService.service_id]
        session.execute(written.on_conflict_do_update(index_elements=keys, set_=columns))
