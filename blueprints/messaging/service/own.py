"""Mails of the installation itself, to people who are in no chain yet."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from blueprints.messaging.channels.mime import Mail, build
from blueprints.messaging.channels.outcomes import Refused
from blueprints.messaging.channels.providers import providers
from blueprints.templates.api import Facts, draw_default
from shopbell import clock, dkim, i18n, runtime

log = logging.getLogger(__name__)

NAME = "Shopbell"
COLOUR = "#1f5fd0"


@dataclass(frozen=True)
class OwnNotice:
    """Something to tell whoever has an e-mail address: `link` leads to one page of ours and works until `until`, which
    is written as a time in `zone`. All mails about one `subject_id` are the same mail to a mailbox."""

    template: str
    subject_id: UUID
    email: str
    locale: str
    link: str
    until: datetime
    zone: ZoneInfo


def send_own(notice: OwnNotice) -> None:
    """Hand the mail over; outside of any transaction, as it may take its time. May be repeated.

    What was not taken for now, or perhaps, is raised as a channels' Trouble. An address that is refused is only logged:
    asking again would not help.
    """
    settings = runtime.settings()
    sender = settings.mail_from
    try:
        raw = dkim.signed(build(_mail(notice, sender)), settings.own_mail.signers, clock.now())
        providers().mail.send(sender, notice.email, raw)
    except (ValueError, Refused) as trouble:
        log.warning("a mail about %s was refused: %s", notice.subject_id, trouble)


def _mail(notice: OwnNotice, sender: str) -> Mail:
    with i18n.speaking(notice.locale):
        texts = draw_default(notice.template, notice.locale, _facts(notice))
    return Mail(
        message_id=f"{notice.subject_id}@{sender.rpartition('@')[2]}",
        sender=sender,
        sender_name=NAME,
        recipient=notice.email,
        recipient_name="",
        subject=texts.subject,
        text=texts.text,
        html=texts.html,
        calendar=None,
        language=notice.locale,
        written_at=clock.now(),
    )


def _facts(notice: OwnNotice) -> Facts:
    return Facts(
        chain=NAME,
        colour=COLOUR,
        branch="",
        address="",
        phone="",
        service="",
        person=None,
        customer="",
        ref="",
        starts_at=None,
        ends_at=None,
        earlier=None,
        zone=notice.zone,
        deadline=notice.until,
        link=notice.link,
        home=notice.link,
    )
