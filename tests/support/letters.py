"""Messages as tests write and read them: what they say is sealed in their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from blueprints.messaging.models import ADDRESS_KEY, LETTER, Message
from shopbell import clock, ids
from shopbell.vault.keys import at_hand
from shopbell.vault.ring import ring
from shopbell.vault.sealing import row_form

OPENED = {column.name: column for column in LETTER}


class Letter:
    """A message's row, with what is sealed in it opened."""

    def __init__(self, session: Session, row: Message) -> None:
        self.keys, self.row = ring(session), row

    def __getattr__(self, name: str) -> Any:
        value = getattr(self.row, name)
        column = OPENED.get(name)
        if column is None:
            return value
        opened = self.keys.shown(column, self.row.id, value, getattr(self.row, column.sealed_name))
        return column.empty if opened is None else opened


def letters(session: Session, **having: Any) -> list[Letter]:
    """Messages with these values, oldest first, as they are now."""
    session.flush()
    session.expire_all()
    rows = session.scalars(select(Message).filter_by(**having).order_by(Message.id))
    return [Letter(session, row) for row in rows]


def new_message(session: Session, **given: Any) -> Message:
    """A message that is written, and queued, without an occasion for it."""
    usual = {"template": "confirmation", "channel": "sms", "locale": "en", "recipient_name": "", "subject": ""}
    values: dict[str, Any] = {"html": None, "calendar": None, **usual, "created_at": clock.now(), **given}
    message_id, keys = values.setdefault("id", ids.uuid7()), at_hand(session)
    values |= row_form(keys, LETTER, message_id, values)
    made = Message(**{"dedupe_key": str(message_id), "state": "queued"} | values)
    made.recipient_key = keys.index(ADDRESS_KEY, given["recipient"])
    session.add(made)
    return made
