"""Rules that staff set aside: written down with the reason they gave."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

from blueprints.booking.errors import ReasonMissing
from blueprints.booking.models import Override
from shopbell import clock, ids
from shopbell.i18n import gettext as _
from shopbell.text import clean_name

KINDS = ("overbook", "closed_hours", "priority", "peak", "deadline", "fee_waived")
REASON_LENGTH = 200


def record(session: Session, booking_id: UUID, kind: str, reason: str, user_id: UUID | None) -> UUID:
    """Write down that a rule (one of KINDS) was set aside for an appointment. Returns the entry's id.

    Raises ReasonMissing naming the field `reason` when there is none or it is too long.
    """
    row = Override(
        id=ids.uuid7(),
        booking_id=booking_id,
        kind=kind,
        reason=checked_reason(reason),
        user_id=user_id,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row.id


def checked_reason(reason: str) -> str:
    """The reason as one clean line. Raises ReasonMissing."""
    cleaned = clean_name(reason)
    if not cleaned or len(cleaned) > REASON_LENGTH:
        sentence = _("Give a reason of at most %(count)s characters.", count=REASON_LENGTH)
        raise ReasonMissing(sentence, fields={"reason": sentence})
    return cleaned
