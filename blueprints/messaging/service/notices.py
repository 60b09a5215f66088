"""Writing about something that is not the state of an appointment: an offer, a wish, a question after a visit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import api as brand_api
from blueprints.catalog import api as catalog_api
from blueprints.crm import api as crm_api
from blueprints.messaging.links import home_link, imprint_link, logo_link
from blueprints.messaging.service.post import Letter, heard, post, spoken
from blueprints.staff import api as staff_api
from blueprints.templates.api import Facts, spell
from shopbell import clock, i18n
from shopbell.tenancy import current_tenant

SEPARATORS = {"zh-CN": "、"}


@dataclass(frozen=True)
class Possible:
    """When somebody could come; minutes are of the local day."""

    first_day: date
    last_day: date
    weekdays: Sequence[int]
    earliest: int
    latest: int


@dataclass(frozen=True)
class Notice:
    """Something to tell a customer.

    A `subject_id` (an offer, a wish, an appointment), template and `version` are told once for ever. The first of the
    branches is whose telephone number is given. `until` is until when it can be answered, `expires_at` until when it
    is worth sending. `link` is where the button leads.
    """

    template: str
    subject_id: UUID
    customer_id: UUID
    branch_ids: Sequence[UUID]
    service_ids: Sequence[UUID]
    link: str
    guests: int = 1
    person_id: UUID | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    until: datetime | None = None
    possible: Possible | None = None
    booking_id: UUID | None = None
    expires_at: datetime | None = None
    version: int = 0
    ref: str = ""


def tell(session: Session, notice: Notice) -> list[UUID]:
    """Write the messages of a notice, one per channel the customer has. Harmless to repeat. Returns new ids.

    Raises UnknownCustomer, UnknownBranch, UnknownService or UnknownPerson.
    """
    contact = heard(session, crm_api.contact(session, notice.customer_id))
    with i18n.speaking(spoken(contact)):
        facts = _facts(session, notice, contact.name)
    return post(
        session,
        Letter(
            template=notice.template,
            subject_id=notice.subject_id,
            version=notice.version,
            booking_id=notice.booking_id,
            branch_id=notice.branch_ids[0] if len(notice.branch_ids) == 1 else None,
            contact=contact,
            facts=facts,
            expires_at=notice.expires_at,
        ),
    )


def _facts(session: Session, notice: Notice, customer: str) -> Facts:
    """What the notice speaks of, in the language now spoken."""
    home, locale = current_tenant().locale, i18n.current_locale()
    branches = [catalog_api.branch(session, branch_id) for branch_id in notice.branch_ids]
    brand = brand_api.brand(session)
    if len(branches) == 1:
        brand = brand_api.at(session, brand, branches[0])
    alone = len(notice.service_ids) == 1
    names = [i18n.localized(branch.name, home) for branch in branches]
    return Facts(
        chain=brand.display_name,
        colour=brand.colour,
        branch=SEPARATORS.get(locale, ", ").join(names),
        address=i18n.localized(branches[0].address, home) if len(branches) == 1 else "",
        phone=branches[0].phone,
        service=_services(session, notice),
        person=staff_api.person(session, notice.person_id).name if notice.person_id and alone else None,
        customer=customer,
        ref=notice.ref,
        starts_at=notice.starts_at,
        ends_at=notice.ends_at,
        earlier=None,
        zone=clock.zone(branches[0].time_zone),
        deadline=notice.until,
        link=notice.link,
        home=home_link(),
        days=_days(notice.possible, locale),
        logo=logo_link(brand),
        imprint=imprint_link(brand),
        foot=i18n.localized(brand.text("footer"), home),
    )


def _services(session: Session, notice: Notice) -> str:
    """What a notice is about: every service once, and for how many people."""
    home = current_tenant().locale
    found = [catalog_api.service(session, service_id) for service_id in dict.fromkeys(notice.service_ids)]
    names = " + ".join(i18n.localized(service.name, home) for service in found)
    if notice.guests == 1:
        return names
    return f"{names} · " + i18n.ngettext("%(n)s person", "%(n)s people", notice.guests)


def _days(possible: Possible | None, locale: str) -> str:
    if possible is None:
        return ""
    first, last, weekdays = possible.first_day, possible.last_day, possible.weekdays
    return spell(first, last, weekdays, possible.earliest, possible.latest, locale)
