"""What went to addresses before, for caps; held still until the transaction ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, any_, literal, select, text
from sqlalchemy.orm import Session

from blueprints.messaging.gate.counting import Sent, Tally
from blueprints.messaging.gate.laws import WEEK
from blueprints.messaging.gate.values import Envelope
from blueprints.messaging.models import Message
from shopbell import ids
from shopbell.prepared import Prepared

COUNTED = ("sending", "sent", "delivered", "unknown")
LONGEST_WAIT = WEEK
"""Messages are found by when they were written; so long after that one may have left."""
# Sorted, so that two of us never wait for each other. The keys are of 64 random bits, apart from all other locks.
HOLD = Prepared(text("select pg_advisory_xact_lock(key) from unnest(cast(:keys as bigint[])) as held (key)"))


def sent(envelope: Envelope, address_key: int) -> Sent:
    return address_key, envelope.channel, envelope.purpose


def tally(session: Session, capped: Sequence[Envelope], address_keys: Collection[int], now: datetime) -> Tally:
    """Count what went to these addresses within a week, apart from the messages themselves. Nobody else lets anything
    through to them until this transaction ends: two that are decided at once count each other."""
    if not capped:
        return Tally()
    wanted: list[int] = sorted(set(address_keys))
    HOLD.run(session, {"keys": f"{{{','.join(map(str, wanted))}}}"})
    mine: set[UUID] = {one.id for one in capped}
    statement = select(Message.id, Message.recipient_key, Message.channel, Message.purpose, Message.claimed_at).where(
        Message.recipient_key == any_(literal(wanted, ARRAY(BigInteger))),
        Message.id >= ids.earliest(now - WEEK - LONGEST_WAIT),
        Message.claimed_at > now - WEEK,
        Message.state.in_(COUNTED),
        Message.purpose.in_({one.purpose for one in capped}),
    )
    return Tally.of(
        ((key, channel, purpose), at)
        for message_id, key, channel, purpose, at in session.execute(statement)
        if message_id not in mine and key is not None and at is not None
    )
