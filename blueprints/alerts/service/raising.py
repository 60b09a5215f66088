"""Something happened that staff have to know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import any_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from blueprints.access import api as access
from blueprints.alerts.models import Alert, AlertChannel, AlertDelivery
from blueprints.alerts.permissions import KNOWN
from blueprints.alerts.rules import TOPICS
from blueprints.catalog import api as catalog
from shopbell import clock, due, ids
from shopbell.auth import Principal
from shopbell.tenancy import current_tenant
from tenants import quotas

SEND = "alerts.send"


def raise_alert(
    session: Session, topic: str, branch_id: UUID | None, facts: Mapping[str, Any], *, user_id: UUID | None = None
) -> UUID:
    """Have those told whom it concerns; what happens again within the topic's pause is counted on the alert there is.

    `facts` are what the topic's sentence names, and `path`, the page of ours that says more. `user_id` is whose account
    it is about, for topics of that kind. Returns the alert's id. Raises KeyError for an unknown topic.
    """
    now, pause = clock.now(), TOPICS[topic].pause
    place = f"alert:{current_tenant().id}:{topic}:{branch_id}:{user_id}"
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(place, 0))))
    recent = (
        select(Alert)
        .where(Alert.topic == topic, Alert.branch_id.is_not_distinct_from(branch_id))
        .where(Alert.user_id.is_not_distinct_from(user_id), Alert.last_at > now - pause, Alert.created_at > now - pause)
        .order_by(Alert.last_at.desc())
        .limit(1)
        .with_for_update()
    )
    known = session.scalar(recent)
    if known is not None:
        known.times, known.last_at, known.facts = known.times + 1, now, dict(facts)
        session.flush()
        return known.id
    alert = Alert(
        id=ids.uuid7(),
        topic=topic,
        branch_id=branch_id,
        user_id=user_id,
        facts=dict(facts),
        times=1,
        created_at=now,
        last_at=now,
    )
    session.add(alert)
    session.flush()
    deliver(session, alert.id, [channel.id for channel in _channels(session, alert)])
    return alert.id


def look_at_quotas(session: Session) -> None:
    """Have head office told, once a day, of what the chain has nearly used up of its plan."""
    used = [
        allowance.used * 100 // allowance.limit
        for allowance in current_tenant().allowances.values()
        if allowance.limit and allowance.is_used(quotas.WARN_AT)
    ]
    if used:
        raise_alert(session, "quota_nearly_used", None, {"percent": max(used), "path": "/hq/"})


def deliver(session: Session, alert_id: UUID, channel_ids: list[UUID]) -> None:
    """Have an alert sent through these channels. Harmless to repeat."""
    now = clock.now()
    for channel_id in channel_ids:
        row = {"id": ids.uuid7(), "alert_id": alert_id, "channel_id": channel_id, "created_at": now}
        statement = insert(AlertDelivery).values(row).on_conflict_do_nothing().returning(AlertDelivery.id)
        made = session.scalar(statement)
        if made is not None:
            due.schedule(session, SEND, str(made), now, priority=due.ALARM)


def _channels(session: Session, alert: Alert) -> list[AlertChannel]:
    """Those that carry the topic and reach the place: its own, those above it, and people's own whom it concerns."""
    levels = [AlertChannel.level == "chain"] if alert.user_id is None else []
    if alert.branch_id is not None:
        levels.append(AlertChannel.branch_id == alert.branch_id)
        region_id = catalog.region_of(session, alert.branch_id)
        levels += [AlertChannel.region_id == region_id] if region_id else []
    mine = AlertChannel.user_id.is_not(None) if alert.user_id is None else AlertChannel.user_id == alert.user_id
    wanting = (
        select(AlertChannel)
        .where(AlertChannel.active, literal(alert.topic) == any_(AlertChannel.topics), or_(mine, *levels))
        .order_by(AlertChannel.id)
    )
    return [found for found in session.scalars(wanting) if _concerned(session, found, alert)]


def _concerned(session: Session, channel: AlertChannel, alert: Alert) -> bool:
    """Whether somebody whose own channel it is may know of it today."""
    if channel.user_id is None:
        return True
    permission = TOPICS[alert.topic].permission
    owner = Principal(kind="staff", grants=access.grants_of(session, channel.user_id, KNOWN))
    if not permission:
        return bool(owner.grants)
    if alert.branch_id is None:
        return owner.may(permission) and owner.branches_for(permission) is None
    return owner.may_at(permission, alert.branch_id)
