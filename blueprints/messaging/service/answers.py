"""Answering people who wrote to us, through the same queue as everything else."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import api as brand_api
from blueprints.catalog import api as catalog_api
from blueprints.crm import api as crm_api
from blueprints.crm.api import Contact
from blueprints.messaging.links import home_link, logo_link
from blueprints.messaging.service.compose import compose
from blueprints.messaging.service.post import Letter, heard, post, spoken
from blueprints.templates.api import Facts
from shopbell import clock, i18n
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class Answer:
    """What is answered by SMS to a number, once for ever per `id`; in the name of a branch, or of the chain."""

    id: UUID
    number: str
    words: str
    branch_id: UUID | None
    customer_id: UUID | None


def answer(session: Session, said: Answer) -> list[UUID]:
    """Have it sent. Harmless to repeat. Returns the id of a new message. Raises UnknownBranch."""
    contact = Contact(said.id, "", said.number, None, current_tenant().locale)
    if said.customer_id is not None:
        known = heard(session, crm_api.contact(session, said.customer_id))
        contact = Contact(known.id, known.name, said.number, None, known.locale)
    with i18n.speaking(spoken(contact)):
        facts = _facts(session, said, contact.name)
    filed = said.customer_id is not None
    return post(
        session, Letter("answer", said.id, 0, None, contact, facts, None, filed=filed, branch_id=said.branch_id)
    )


def tell_too_late(session: Session, booking_id: UUID, version: int) -> list[UUID]:
    """Say that an appointment could not be cancelled by a reply. Harmless to repeat. Returns new ids."""
    return compose(session, "too_late", booking_id, version=version)


def _facts(session: Session, said: Answer, customer: str) -> Facts:
    brand, home = brand_api.brand(session), current_tenant().locale
    branch = catalog_api.branch(session, said.branch_id) if said.branch_id else None
    brand = brand_api.at(session, brand, branch) if branch else brand
    return Facts(
        chain=brand.display_name,
        colour=brand.colour,
        branch=i18n.localized(branch.name, home) if branch else brand.display_name,
        address="",
        phone=branch.phone if branch else "",
        service="",
        person=None,
        customer=customer,
        ref="",
        starts_at=None,
        ends_at=None,
        earlier=None,
        zone=clock.zone(branch.time_zone if branch else current_tenant().time_zone),
        deadline=None,
        link=home_link(),
        home=home_link(),
        said=said.words,
        logo=logo_link(brand),
    )
