"""What packets mean: refusals, receipts and replies. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from blueprints.messaging.channels.outcomes import NotNow, Refused, Trouble
from blueprints.messaging.channels.sms.contract import Receipt, RefusedHere, Reply
from blueprints.messaging.channels.sms.smpp.wire import (
    MESSAGE_PAYLOAD,
    MESSAGE_STATE,
    RECEIPTED_MESSAGE_ID,
    Packet,
)
from shopbell.sms_text import decoded

OK = 0x00
TRY_AGAIN = 0x64
"""Our answer to what we could not keep: the centre sends it again."""
LATER = {
    0x58: ("too_fast", 1.0),
    0x14: ("unavailable", 60.0),
    0x08: ("provider_error", 30.0),
    0x64: ("provider_error", 30.0),
    0x04: ("account", 0.0),
    0x0D: ("account", 0.0),
    0x0E: ("account", 0.0),
    0x0F: ("account", 0.0),
}
"""Statuses after which the same may work: why, and after how many seconds."""
FINAL = {0x0B: "bad_number", 0x48: "bad_number", 0x50: "bad_number", 0x51: "bad_number"}
HERE = {0x0A: "sender_refused", 0x49: "sender_refused", 0x01: "too_long", 0x02: "refused", 0x03: "refused"}
STATES = {
    1: "sent",
    2: "delivered",
    3: "failed",
    4: "failed",
    5: "failed",
    6: "sent",
    8: "failed",
    9: "failed",
}
"""SMPP 3.4, 5.2.28, and 9 (skipped) of 5.0; 7 says that nobody knows."""
WORDS = {
    "ENROUTE": 1,
    "DELIVRD": 2,
    "EXPIRED": 3,
    "DELETED": 4,
    "UNDELIV": 5,
    "ACCEPTD": 6,
    "UNKNOWN": 7,
    "REJECTD": 8,
    "SKIPPED": 9,
}
REASONS = {3: "unreachable", 4: "refused", 5: "unreachable", 8: "content_refused", 9: "refused"}
IS_RECEIPT = 0x04
TYPE_BITS = 0x3C
HEADER_BIT = 0x40
IN_RECEIPT = re.compile(r"(?i)\b(id|stat|err):\s*(\S+)")
REPEAT_MINUTES = 10


def trouble(status: int) -> Trouble:
    """What a status other than OK says of a message."""
    said = f"SMPP status 0x{status:02X}"
    if status in LATER:
        reason, seconds = LATER[status]
        return NotNow(said, reason=reason, retry_after=seconds)
    if status in FINAL:
        return Refused(said, reason=FINAL[status])
    return RefusedHere(said, reason=HERE.get(status, "refused"))


def is_receipt(packet: Packet) -> bool:
    return (packet.fields.get("esm_class") or 0) & TYPE_BITS == IS_RECEIPT or RECEIPTED_MESSAGE_ID in packet.tlvs


def receipt(packet: Packet) -> Receipt | None:
    """What a deliver_sm says of a message: in optional fields, or in words; None when it says nothing of any."""
    told = _told(_content(packet).decode("latin-1"))
    ref = packet.tlvs.get(RECEIPTED_MESSAGE_ID, b"").rstrip(b"\0").decode("latin-1") or told.get("id", "")
    state = packet.tlvs.get(MESSAGE_STATE, b"")
    number = state[0] if state else WORDS.get(told.get("stat", "")[:7].upper(), 0)
    status = STATES.get(number, "")
    if not ref or not status:
        return None
    word = next((word for word, known in WORDS.items() if known == number), "")
    detail = f"{told.get('err', '')} {word}".strip()
    reason = REASONS.get(number, "")
    return Receipt(ref, status, detail, reason, number=_e164(packet))


def reply(packet: Packet, at: datetime) -> Reply:
    """A text that somebody sent. It has no name of its own: what is the same within minutes is taken for a repeat."""
    body = _content(packet)
    if (packet.fields.get("esm_class") or 0) & HEADER_BIT and body:
        body = body[body[0] + 1 :]
    number, to = _e164(packet), packet.text("destination_addr")
    minutes = int(at.timestamp()) // (60 * REPEAT_MINUTES)
    name = hashlib.sha256(f"{number} {to} {minutes} ".encode() + _content(packet)).hexdigest()[:32]
    return Reply(name, number, to, decoded(body, packet.fields.get("data_coding") or 0))


def found_state(packet: Packet) -> str:
    """What a query_sm_resp says."""
    return STATES.get(packet.fields.get("message_state") or 0, "sent")


def _content(packet: Packet) -> bytes:
    return bytes(packet.fields.get("short_message") or b"") or packet.tlvs.get(MESSAGE_PAYLOAD, b"")


def _told(text: str) -> Mapping[str, str]:
    return {name.lower(): value for name, value in IN_RECEIPT.findall(text)}


def _e164(packet: Packet) -> str:
    """Of both, the sender of what arrives is the recipient of what went out."""
    digits = packet.text("source_addr").removeprefix("+").removeprefix("00")
    return f"+{digits}" if digits else ""
