"""A message that somebody who writes texts sends to themselves."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.crm.api import Contact
from blueprints.messaging.rules import address_fits
from blueprints.messaging.service.post import Letter, post
from blueprints.templates.api import Drawn, Facts
from shopbell import ids, phone
from shopbell.checks import Checks
from shopbell.errors import Invalid
from shopbell.i18n import gettext as _
from shopbell.phone import BadPhone
from shopbell.tenancy import current_tenant


@dataclass(frozen=True)
class Trial:
    """Words of an occasion, drawn in a language with these facts, for one channel."""

    name: str
    channel: str
    locale: str
    facts: Facts
    drawn: Drawn


def send_trial(session: Session, trial: Trial, to: str) -> UUID:
    """Have drawn words sent to a number or a mailbox, each time anew and in nobody's file. Returns the message's id.

    Raises Invalid naming "to".
    """
    subject, checks = ids.uuid7(), Checks()
    contact = Contact(subject, "", "", None, trial.locale)
    if trial.channel == "sms":
        contact = Contact(subject, "", _number(checks, to), None, trial.locale)
    elif address_fits(to):
        contact = Contact(subject, "", "", to, trial.locale)
    else:
        checks.refuse("to", _("This is not an e-mail address."))
    checks.settle(Invalid)
    letter = Letter(trial.name, subject, 0, None, contact, trial.facts, None, filed=False, drawn=trial.drawn)
    return post(session, letter)[0]


def _number(checks: Checks, typed: str) -> str:
    try:
        return phone.normalise(typed, current_tenant().country)
    except BadPhone as error:
        checks.refuse("to", _(error.message_id, example=error.example))
        return ""
