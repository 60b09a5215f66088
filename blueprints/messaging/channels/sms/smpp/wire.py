"""Packets as bytes. `smpplib` knows their fields; the optional ones of what arrives are read here.

Its own reading of them fails on tags that it knows from other packets, takes lengths for granted, and cuts the last
letter off a text without the zero at its end: a receipt would be lost, or be about another message.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

from smpplib import command
from smpplib.exceptions import UnknownCommandError
from smpplib.pdu import extract_command

HEADER = struct.Struct(">LLLL")
TLV = struct.Struct(">HH")
LONGEST = 64 * 1024
RECEIPTED_MESSAGE_ID, MESSAGE_STATE, MESSAGE_PAYLOAD = 0x001E, 0x0427, 0x0424


class BadPacket(ValueError):
    """Bytes that are no packet of SMPP; the connection is of no use any more."""


@dataclass(frozen=True)
class Packet:
    """A packet that has arrived. `name` is empty for a command that we do not know."""

    name: str
    status: int
    sequence: int
    fields: dict[str, Any] = field(default_factory=dict)
    tlvs: dict[int, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A field of text."""
        value = self.fields.get(name) or b""
        return bytes(value).decode("latin-1")

    @property
    def is_answer(self) -> bool:
        return self.name.endswith("_resp") or self.name == "generic_nack"


class _Sequence:
    """smpplib asks somebody for the numbers of packets; ours are given by the connection."""

    sequence = 0

    def next_sequence(self) -> int:
        return 0


class _Lenient:
    """Optional fields of any kind and length, as they are."""

    def parse_optional_params(self, data: bytes) -> None:
        self.tlvs: dict[int, bytes] = {}
        at = 0
        while at + TLV.size <= len(data):
            tag, length = TLV.unpack_from(data, at)
            at += TLV.size
            self.tlvs[tag] = data[at : at + length]
            at += length


ARRIVING: dict[str, type[Any]] = {
    name: type(parent.__name__, (_Lenient, parent), {})
    for name, parent in {
        "bind_transceiver_resp": command.BindTransceiverResp,
        "submit_sm_resp": command.SubmitSMResp,
        "query_sm_resp": command.QuerySMResp,
        "deliver_sm": command.DeliverSM,
        "enquire_link": command.EnquireLink,
        "enquire_link_resp": command.EnquireLinkResp,
        "unbind": command.Unbind,
        "unbind_resp": command.UnbindResp,
        "generic_nack": command.GenericNAck,
    }.items()
}


def encoded(name: str, sequence: int, *, status: int = 0, **fields: Any) -> bytes:
    """A packet to send."""
    packet = command.factory(name, client=_Sequence())
    for field_name, value in fields.items():
        setattr(packet, field_name, value)
    packet.status, packet.sequence = status, sequence
    return bytes(packet.generate())


def decoded(data: bytes) -> Packet:
    """A whole packet. Raises BadPacket."""
    length, _command, status, sequence = HEADER.unpack_from(data)
    if length != len(data):
        raise BadPacket(f"{len(data)} bytes of a packet of {length}")
    try:
        name = extract_command(data)
    except UnknownCommandError:
        return Packet("", status, sequence)
    kind = ARRIVING.get(name)
    if kind is None:
        return Packet("", status, sequence)
    packet = kind(name, client=_Sequence())
    try:
        packet.parse(data)
    except (struct.error, ValueError, TypeError, IndexError) as error:
        raise BadPacket(f"a {name} that cannot be read: {error}") from error
    fields = {name: getattr(packet, name, None) for name in packet.params}
    return Packet(name, status, sequence, fields, getattr(packet, "tlvs", {}))


def length_of(head: bytes) -> int:
    """How many bytes the packet has of which these four are the first. Raises BadPacket."""
    length = int.from_bytes(head, "big")
    if not HEADER.size <= length <= LONGEST:
        raise BadPacket(f"a packet of {length} bytes")
    return length
