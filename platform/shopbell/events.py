"""Facts. A feature publishes what happened; whoever cares listens, in a transaction of its own, after the commit.

An event is a frozen dataclass of ids and plain values, without personal data. Publishing writes one outbox row in the
caller's transaction, so a fact and its cause are stored together or not at all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, TypeVar, get_type_hints
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from shopbell import clock, ids
from shopbell.db import table
from shopbell.outbox import OutboxRow
from shopbell.prepared import Prepared
from shopbell.tenancy import current_tenant

Reaction = Callable[..., None]
R = TypeVar("R", bound=Reaction)


PUBLISH = Prepared(insert(table(OutboxRow)))


class Event:
    """Base of all facts. `name` is stored, so it is stable once released."""

    name: ClassVar[str]

    def to_payload(self) -> dict[str, Any]:
        """JSON values: ids and instants as text, everything else as it is."""
        return {name: _plain(value) for name, value in vars(self).items()}

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> Event:
        hints = get_type_hints(cls)
        known = {field.name for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        return cls(**{key: _typed(value, hints[key]) for key, value in payload.items() if key in known})


def publish(session: Session, event: Event) -> UUID:
    """Write the fact into the outbox, in the caller's transaction. Returns the event's id."""
    event_id = ids.uuid7()
    values = {
        "id": event_id,
        "tenant_id": current_tenant().id,
        "name": event.name,
        "payload": event.to_payload(),
        "created_at": clock.now(),
    }
    PUBLISH.run(session, values)
    return event_id


def on(event: type[Event]) -> Callable[[R], R]:
    """Mark a function `(session, event)` as a reaction. A feature lists it; nothing is registered by importing."""

    def mark(function: R) -> R:
        function.reacts_to = event  # type: ignore[attr-defined]
        return function

    return mark


def reaction_name(function: Reaction) -> str:
    """The stable name of a reaction: its feature's package and its own name."""
    package = function.__module__.removeprefix("blueprints.").split(".")[0]
    return f"{package}.{function.__name__}"


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def _typed(value: Any, hint: Any) -> Any:
    text = str(hint)
    if value is None:
        return None
    if "UUID" in text:
        return UUID(value)
    if "datetime" in text:
        return datetime.fromisoformat(value)
    return value
