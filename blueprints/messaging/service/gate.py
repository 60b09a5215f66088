"""The gate before every message: whether it goes now, later or never."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.messaging.gate.checks import before_counting
from blueprints.messaging.gate.values import Check, Decision, Envelope, decided
from blueprints.messaging.service.budgets import open_budgets, reserve
from blueprints.messaging.service.sent_before import sent, tally
from blueprints.messaging.service.standing import Ground, ground

__all__ = ["Decision", "Envelope", "decide"]


def decide(session: Session, messages: Sequence[Envelope], now: datetime) -> dict[UUID, Decision]:
    """Decide about each of the messages, by id. What may go is reserved from caps and budgets until they are settled.

    To be called once in a transaction: it locks the addresses, then the budgets that it counts for, each in one order.
    A constant number of queries, however many messages there are.
    """
    if not messages:
        return {}
    known = ground(session, messages, now)
    checks = {one.id: before_counting(one, known.standing(one), now) for one in messages}
    clear = [one for one in messages if all(check.passed for check in checks[one.id])]
    for message_id, counted in _counted(session, known, clear).items():
        checks[message_id] += counted
    return {one.id: decided(one, checks[one.id]) for one in messages}


def _counted(session: Session, known: Ground, messages: Sequence[Envelope]) -> dict[UUID, list[Check]]:
    """Caps and budgets: one message after another, as each takes from what the next one finds."""
    caps = {one.id: known.caps(one) for one in messages}
    capped = [one for one in messages if caps[one.id]]
    tallied = tally(session, capped, [known.address_keys[one.recipient] for one in capped], known.now)
    budgets = open_budgets(session, known, messages)
    found = {}
    for one in messages:
        key = sent(one, known.address_keys[one.recipient])
        found[one.id] = [tallied.check(one, key, caps[one.id], known.now), budgets.check(one)]
        if all(check.passed for check in found[one.id]):
            tallied.add(key, known.now)
            budgets.take(one)
    reserve(session, budgets, known.now)
    return found
