"""Deliveries: read, handed over outside of any transaction, and written down."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.alerts import rules
from blueprints.alerts.chats.addresses import Address, NotAnAddress
from blueprints.alerts.chats.telling import NotTold, tell
from blueprints.alerts.models import Alert, AlertChannel, AlertDelivery
from blueprints.alerts.rules import CHATS, TOPICS
from blueprints.alerts.service.channels import address_of
from blueprints.alerts.service.raising import SEND
from blueprints.catalog import api as catalog
from blueprints.messaging.api import AlertNotice, tell_alert
from shopbell import clock, due, i18n, runtime
from shopbell.due import JobRun
from shopbell.i18n import gettext as _
from shopbell.tenancy import current_tenant

log = logging.getLogger(__name__)

WORTH = timedelta(hours=12)
"""How long an alert by e-mail or SMS is worth sending."""


@dataclass(frozen=True)
class Parcel:
    """What is to be told to a chat."""

    kind: str
    address: Address
    title: str
    text: str


def send(run: JobRun) -> None:
    """Send one delivery, and come back later when nobody took it. May be repeated: what was sent is not sent again,
    unless the process died between the chat's answer and writing it down."""
    delivery_id = UUID(run.key)
    with run.database.transaction(run.tenant) as session:
        parcel = _prepared(session, delivery_id)
    if parcel is None:
        return
    error = _handed_over(parcel)
    with run.database.transaction(run.tenant) as session:
        _mark(session, delivery_id, error)


def _prepared(session: Session, delivery_id: UUID) -> Parcel | None:
    """What to tell a chat; an e-mail or a text message is left to messaging here and now, and then there is nothing."""
    delivery = session.get(AlertDelivery, delivery_id, with_for_update=True)
    if delivery is None or delivery.state != "waiting":
        return None
    alert = session.get_one(Alert, delivery.alert_id)
    channel = session.get_one(AlertChannel, delivery.channel_id)
    if not channel.active:
        delivery.state, delivery.error = "failed", "off"
        return None
    address = address_of(session, channel)
    with i18n.speaking(channel.locale):
        title, said, branch = words(session, alert)
    if channel.kind in CHATS:
        place = f"{branch} · {title}" if branch else title
        return Parcel(channel.kind, address, place, f"{said}\n{link(alert)}")
    notice = AlertNotice(
        subject_id=delivery.id,
        phone=address.place if channel.kind == "sms" else "",
        email=address.place if channel.kind == "email" else "",
        locale=channel.locale,
        title=title,
        said=said,
        branch_id=alert.branch_id,
        branch=branch,
        link=link(alert),
        until=clock.now() + WORTH,
    )
    tell_alert(session, notice)
    delivery.state, delivery.sent_at, delivery.attempts = "sent", clock.now(), delivery.attempts + 1
    return None


def words(session: Session, alert: Alert) -> tuple[str, str, str]:
    """Title, sentence and the name of its branch, in the language that is being spoken."""
    topic = TOPICS[alert.topic]
    branch = catalog.branches_by_id(session, [alert.branch_id]).get(alert.branch_id) if alert.branch_id else None
    name = i18n.localized(branch.name, current_tenant().locale) if branch else ""
    return _(topic.title), _(topic.said, **alert.facts), name


def link(alert: Alert) -> str:
    """The page that says more."""
    return runtime.settings().tenant_url(current_tenant().host) + str(alert.facts.get("path") or "/alerts")


def _handed_over(parcel: Parcel) -> str:
    """Why it was not taken, or nothing."""
    try:
        tell(parcel.kind, parcel.address, parcel.title, parcel.text)
    except NotTold as trouble:
        return str(trouble)
    except NotAnAddress:
        return "address"
    return ""


def _mark(session: Session, delivery_id: UUID, error: str) -> None:
    delivery = session.get(AlertDelivery, delivery_id, with_for_update=True)
    if delivery is None:
        return
    delivery.attempts, delivery.error = delivery.attempts + 1, error
    if not error:
        delivery.state, delivery.sent_at = "sent", clock.now()
        return
    pause = rules.next_try(delivery.attempts)
    if pause is None:
        delivery.state = "failed"
        log.warning("alert delivery %s was given up: %s", delivery_id, error)
    else:
        due.schedule(session, SEND, str(delivery_id), clock.now() + pause, priority=due.ALARM)
