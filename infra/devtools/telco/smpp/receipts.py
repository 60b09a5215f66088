"""Delivery receipts: the text that carriers agree on more or less, and the parameters that say the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from infra.devtools.journal import Entry
from infra.devtools.telco.plans import Step
from infra.devtools.telco.smpp import pdu
from infra.devtools.telco.smpp.pdu import ShortMessage

RECEIPT = 0x04
Style = Literal["both", "text", "tags"]
#: State number, its word and the network's error, by what became of a text.
STATES = {
    "queued": (1, "ENROUTE", 0),
    "sent": (1, "ENROUTE", 0),
    "delivered": (2, "DELIVRD", 0),
    "absent": (5, "UNDELIV", 27),
    "lost": (3, "EXPIRED", 255),
    "stopped": (8, "REJECTD", 99),
}


def state_of(entry: Entry) -> tuple[int, str, int]:
    """The state of a text as query_sm tells it."""
    return STATES[str(entry["reason"]) or str(entry["status"])]


def receipt(entry: Entry, step: Step, style: Style) -> ShortMessage:
    """The deliver_sm that reports on a text, from its recipient to its sender."""
    number, word, error = STATES[step.reason or step.status]
    spelled = spelling(str(entry["extra"]["message_id"]), str(entry["plan"]))
    arrived = 1 if step.status == "delivered" else 0
    text = (
        f"id:{spelled} sub:001 dlvrd:{arrived:03d} submit date:{_minute(str(entry['date_created']))} "
        f"done date:{_minute(str(entry['date_updated']))} stat:{word} err:{error:03d} text:"
    )
    tags = {
        pdu.RECEIPTED_ID: spelled.encode() + b"\0",
        pdu.MESSAGE_STATE: bytes((number,)),
        pdu.NETWORK_ERROR: bytes((3, 0, error)),
    }
    return ShortMessage(
        source=str(entry["to"]).removeprefix("+"),
        destination=str(entry["from"]).removeprefix("+"),
        destination_ton=int(entry["extra"]["source_ton"]),
        text=b"" if style == "tags" else text.encode() + _beginning(entry),
        esm_class=RECEIPT,
        tags={} if style == "text" else tags,
    )


def spelling(message_id: str, plan: str) -> str:
    """A message id as the receipt spells it."""
    if plan == "wrong_case":
        return message_id.swapcase()
    if plan == "decimal_id":
        return str(int(message_id, 16))
    if plan == "padded_id":
        return message_id.lstrip("0")
    return message_id


def final_date(entry: Entry) -> str:
    """When a text came to its end, in SMPP's own form; nothing while it is under way."""
    if state_of(entry)[0] == 1:
        return ""
    return datetime.fromisoformat(str(entry["date_updated"])).astimezone(UTC).strftime("%y%m%d%H%M%S000+")


def _minute(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%y%m%d%H%M")


def _beginning(entry: Entry) -> bytes:
    return str(entry["body"])[:20].encode("ascii", "replace")
