"""What devices send. The envelope is read leniently, what was done strictly: nothing of it may get lost unnoticed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError

from blueprints.frontdesk import values
from blueprints.frontdesk.schemas.commands import COMMANDS, TimesIn
from blueprints.frontdesk.schemas.envelope import (
    BoardOut,
    BoardQuery,
    CustomersQuery,
    OpIn,
    RequestsOut,
    RequestsQuery,
    SyncIn,
    SyncOut,
    TimesOut,
)
from shopbell.http.sentences import said
from shopbell.i18n import gettext as _

__all__ = [
    "BoardOut",
    "BoardQuery",
    "CustomersQuery",
    "OpIn",
    "RequestsOut",
    "RequestsQuery",
    "SyncIn",
    "SyncOut",
    "TimesIn",
    "TimesOut",
    "read_operation",
]

LAST_SLOT = 2**31 - 1
LAST_MILLISECOND = 4_102_444_800_000
"""The year 2100: a device whose clock shows a later one says nothing about when something was done."""


def read_operation(sent: dict[str, Any]) -> values.Operation:
    """An operation out of its envelope; what cannot be understood becomes a Refusal, never an error."""
    slot = sent["base"].get("slot")
    return values.Operation(
        op_id=sent["op_id"],
        type=sent["type"],
        at=instant(sent["at"]),
        known_slot=slot if type(slot) is int and 0 <= slot <= LAST_SLOT else None,
        command=read_command(sent["type"], sent["p"]),
    )


def read_command(kind: str, said: dict[str, Any]) -> values.Command:
    schema = COMMANDS.get(kind)
    if schema is None:
        detail = _("The server does not know this kind of work. Reload the page to get the present version.")
        return values.Refusal("unknown_type", detail)
    try:
        command: values.Command = schema.load(said)
    except ValidationError as error:
        wrong = flat(error.messages)
        return values.Refusal("invalid", "; ".join(f"{name}: {text}" for name, text in wrong.items()), wrong)
    return command


def flat(messages: Any, prefix: str = "") -> dict[str, str]:
    """marshmallow's nested messages as {"customer.phone": "sentence"}."""
    if not isinstance(messages, dict):
        return {prefix: " ".join(map(said, messages))}
    found: dict[str, str] = {}
    for name, inner in messages.items():
        found.update(flat(inner, f"{prefix}.{name}" if prefix else str(name)))
    return found


def instant(milliseconds: Any) -> datetime | None:
    """When a device says something was done; None for what is no time."""
    if type(milliseconds) not in {int, float} or not 0 < milliseconds < LAST_MILLISECOND:
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
