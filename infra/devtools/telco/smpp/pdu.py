"""SMPP 3.4 on the wire: a header of sixteen octets, texts that end in a zero, parameters with a tag and a length."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

HEADER = struct.Struct(">IIII")
LONGEST = 8192

GENERIC_NACK = 0x80000000
BIND_RECEIVER, BIND_TRANSMITTER, BIND_TRANSCEIVER = 0x01, 0x02, 0x09
QUERY_SM, SUBMIT_SM, DELIVER_SM = 0x03, 0x04, 0x05
UNBIND, ENQUIRE_LINK = 0x06, 0x15
RESPONSE = 0x80000000

OK = 0x00
INVALID_MESSAGE_LENGTH, INVALID_COMMAND_LENGTH, INVALID_COMMAND = 0x01, 0x02, 0x03
INVALID_BIND_STATUS, ALREADY_BOUND, SYSTEM_ERROR = 0x04, 0x05, 0x08
INVALID_SOURCE, INVALID_DESTINATION = 0x0A, 0x0B
INVALID_PASSWORD, INVALID_SYSTEM_ID = 0x0E, 0x0F
QUEUE_FULL, SUBMIT_FAILED, THROTTLED, QUERY_FAILED = 0x14, 0x45, 0x58, 0x67

RECEIPTED_ID, MESSAGE_STATE, NETWORK_ERROR = 0x001E, 0x0427, 0x0423
SAR_REFERENCE, SAR_TOTAL, SAR_NUMBER = 0x020C, 0x020E, 0x020F
PAYLOAD, VERSION = 0x0424, 0x0210


class Malformed(Exception):
    """A PDU that cannot be read."""


@dataclass(frozen=True)
class Pdu:
    """One PDU; `body` is what follows the header."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    def packed(self) -> bytes:
        """As it goes over the wire."""
        return HEADER.pack(HEADER.size + len(self.body), self.command, self.status, self.sequence) + self.body

    def answer(self, status: int = OK, body: bytes = b"") -> Pdu:
        """The response to a request."""
        return Pdu(self.command | RESPONSE, status, self.sequence, body)


@dataclass(frozen=True)
class ShortMessage:
    """The fields of submit_sm and deliver_sm that matter here; `tags` are the optional parameters."""

    source: str
    destination: str
    text: bytes
    source_ton: int = 1
    destination_ton: int = 1
    esm_class: int = 0
    registered_delivery: int = 0
    data_coding: int = 0
    tags: dict[int, bytes] = field(default_factory=dict)


class Reader:
    """Takes fields off the front of a body. Raises Malformed at its end."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._at = 0

    def number(self) -> int:
        """One octet."""
        return self.octets(1)[0]

    def text(self, longest: int) -> str:
        """Letters up to a zero octet; `longest` counts the zero."""
        end = self._body.find(b"\0", self._at, self._at + longest)
        if end < 0:
            raise Malformed
        found, self._at = self._body[self._at : end], end + 1
        return found.decode("latin-1")

    def octets(self, amount: int) -> bytes:
        """So many octets."""
        found = self._body[self._at : self._at + amount]
        if len(found) != amount:
            raise Malformed
        self._at += amount
        return found

    def tags(self) -> dict[int, bytes]:
        """The optional parameters: everything that is left."""
        found: dict[int, bytes] = {}
        while self._at < len(self._body):
            tag, length = struct.unpack(">HH", self.octets(4))
            found[tag] = self.octets(length)
        return found


def read_short_message(body: bytes) -> ShortMessage:
    """A submit_sm's or deliver_sm's body. Raises Malformed."""
    reader = Reader(body)
    reader.text(6)  # service_type
    source_ton, _, source = reader.number(), reader.number(), reader.text(21)
    destination_ton, _, destination = reader.number(), reader.number(), reader.text(21)
    esm_class, _, _ = reader.number(), reader.number(), reader.number()
    reader.text(17)  # schedule_delivery_time
    reader.text(17)  # validity_period
    registered, _, data_coding, _ = reader.number(), reader.number(), reader.number(), reader.number()
    text = reader.octets(reader.number())
    return ShortMessage(
        source=source,
        destination=destination,
        text=text,
        source_ton=source_ton,
        destination_ton=destination_ton,
        esm_class=esm_class,
        registered_delivery=registered,
        data_coding=data_coding,
        tags=reader.tags(),
    )


def write_short_message(message: ShortMessage) -> bytes:
    """The body of a deliver_sm."""
    addresses = (
        b"\0"
        + bytes((message.source_ton, 1 if message.source_ton == 1 else 0))
        + message.source.encode("latin-1", "replace")
        + b"\0"
        + bytes((message.destination_ton, 1 if message.destination_ton == 1 else 0))
        + message.destination.encode("latin-1", "replace")
        + b"\0"
    )
    flags = bytes((message.esm_class, 0, 0)) + b"\0\0" + bytes((0, 0, message.data_coding, 0))
    tags = b"".join(struct.pack(">HH", tag, len(value)) + value for tag, value in message.tags.items())
    return addresses + flags + bytes((len(message.text),)) + message.text + tags
