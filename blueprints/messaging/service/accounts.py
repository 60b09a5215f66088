"""Writing to members of staff about their account."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import api as brand_api
from blueprints.crm.api import Contact
from blueprints.messaging.links import home_link
from blueprints.messaging.service.post import Letter, post, spoken
from blueprints.messaging.texts import Facts
from shopbell import clock, i18n
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class StaffNotice:
    """Something to tell a member of staff by e-mail, once for ever per `subject_id` and template.

    `link` leads to one page of ours and works until `until`; its text is forgotten as soon as it is sent.
    """

    template: str
    subject_id: UUID
    name: str
    email: str
    locale: str | None
    link: str
    until: datetime


def tell_staff(session: Session, notice: StaffNotice) -> list[UUID]:
    """Write the message and have it sent. Harmless to repeat. Returns the id of a new one."""
    tenant, brand = current_tenant(), brand_api.brand(session)
    contact = Contact(notice.subject_id, notice.name, "", notice.email, notice.locale or tenant.locale)
    with i18n.speaking(spoken(contact)):
        facts = Facts(
            chain=brand.display_name,
            colour=brand.colour,
            branch="",
            address="",
            phone="",
            service="",
            person=None,
            customer=notice.name,
            ref="",
            starts_at=None,
            ends_at=None,
            earlier=None,
            zone=clock.zone(tenant.time_zone),
            deadline=notice.until,
            link=notice.link,
            home=home_link(),
        )
    return post(
        session,
        Letter(
            template=notice.template,
            subject_id=notice.subject_id,
            version=0,
            booking_id=None,
            contact=contact,
            facts=facts,
            expires_at=notice.until,
            to_staff=True,
        ),
    )
