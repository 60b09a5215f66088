"""Writing to people about signing in, and to staff about what they have to know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.brand import api as brand_api
from blueprints.crm.api import Contact
from blueprints.messaging.links import home_link, logo_link
from blueprints.messaging.service.post import Letter, heard, post, spoken
from blueprints.templates.api import Facts
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


@dataclass(frozen=True)
class CodeNotice:
    """A code by which whoever has an address signs in, once for ever per `subject_id`.

    It goes by SMS to a contact with a phone, else by e-mail. Where several people share the address it is in nobody's
    file, and greets nobody by name. Its text is forgotten as soon as it is sent; it is worth nothing after `until`.
    """

    subject_id: UUID
    contact: Contact
    shared: bool
    code: str
    link: str
    until: datetime


@dataclass(frozen=True)
class AlertNotice:
    """Something that staff have to know, once for ever per `subject_id`: by SMS where there is a `phone`, else by
    e-mail. `title` and `said` are in `locale` already, `branch` is the name of its branch, if it has one."""

    subject_id: UUID
    phone: str
    email: str
    locale: str
    title: str
    said: str
    branch_id: UUID | None
    branch: str
    link: str
    until: datetime


def tell_alert(session: Session, notice: AlertNotice) -> list[UUID]:
    """Write the message and have it sent. Harmless to repeat. Returns the id of a new one."""
    contact = Contact(notice.subject_id, "", notice.phone, notice.email, notice.locale)
    facts = _facts(session, contact, link=notice.link, until=notice.until)
    facts = replace(facts, branch=notice.branch, title=notice.title, said=notice.said)
    letter = Letter("staff_alert", notice.subject_id, 0, None, contact, facts, notice.until, filed=False)
    return post(session, replace(letter, branch_id=notice.branch_id))


def tell_staff(session: Session, notice: StaffNotice) -> list[UUID]:
    """Write the message and have it sent. Harmless to repeat. Returns the id of a new one."""
    contact = Contact(notice.subject_id, notice.name, "", notice.email, notice.locale or current_tenant().locale)
    facts = _facts(session, contact, link=notice.link, until=notice.until)
    letter = Letter(notice.template, notice.subject_id, 0, None, contact, facts, notice.until, filed=False)
    return post(session, letter)


def tell_code(session: Session, notice: CodeNotice) -> list[UUID]:
    """Write the message and have it sent before all others. Harmless to repeat. Returns the id of a new one."""
    contact = heard(session, replace(notice.contact, name="") if notice.shared else notice.contact)
    facts = _facts(session, contact, link=notice.link, until=notice.until, code=notice.code)
    filed = not notice.shared
    return post(session, Letter("sign_in_code", notice.subject_id, 0, None, contact, facts, notice.until, filed=filed))


def _facts(session: Session, contact: Contact, *, link: str, until: datetime, code: str = "") -> Facts:
    """What there is to say where no appointment is meant."""
    brand = brand_api.brand(session)
    with i18n.speaking(spoken(contact)):
        return Facts(
            chain=brand.display_name,
            colour=brand.colour,
            branch="",
            address="",
            phone="",
            service="",
            person=None,
            customer=contact.name,
            ref="",
            starts_at=None,
            ends_at=None,
            earlier=None,
            zone=clock.zone(current_tenant().time_zone),
            deadline=until,
            link=link,
            home=home_link(),
            code=code,
            logo=logo_link(brand),
        )
