"""Accounts that take messages and do not say what becomes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from blueprints.messaging.channels.sms import health
from blueprints.messaging.channels.sms.health import Tally
from blueprints.messaging.service import refs
from shopbell.tenancy import current_tenant

KNOWN_FOR = timedelta(minutes=1)

_read: dict[str, tuple[datetime, dict[str, Tally]]] = {}


def tallies(session: Session, now: datetime) -> Mapping[str, Tally]:
    """By account: `due` and `unheard`. Counted once a minute by each process, as a flood has many to count.

    An account that has never told what became of a message is not waited for: there are networks without receipts.
    """
    server = current_tenant().server
    known = _read.get(server)
    if known is None or abs(now - known[0]) >= KNOWN_FOR:
        until = now - health.HEARD_WITHIN
        counted = {
            key: Tally(due=due, unheard=unheard)
            for key, (due, unheard) in refs.heard(session, until - health.WINDOW, until).items()
        }
        spoken = {key: tally for key, tally in counted.items() if not tally.silent or refs.tells(session, key)}
        known = _read[server] = (now, spoken)
    return known[1]


def forget() -> None:
    """Know nothing of it, as a new process."""
    _read.clear()
