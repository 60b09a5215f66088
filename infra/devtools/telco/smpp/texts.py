"""What the octets of a short message say, and how a person's answer is put into octets."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from infra.devtools.telco.smpp import pdu
from infra.devtools.telco.smpp.pdu import Malformed, ShortMessage

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
ESCAPE = 0x1B
UDHI = 0x40
LATIN_1, UCS_2 = 3, 8
#: Octets that fit one radio message: septets are unpacked here, one to an octet.
MOST_OCTETS = {0: 160, 1: 160, LATIN_1: 140, UCS_2: 140}


@dataclass(frozen=True)
class Part:
    """Which part of a longer text this is: `number` of `total`, under a reference."""

    reference: int
    total: int
    number: int


@dataclass(frozen=True)
class Read:
    """A short message's text, and its part when it is one of several."""

    body: str
    part: Part | None


def read(message: ShortMessage) -> Read:
    """Decode a short message. Raises Malformed for octets that are no text in its coding, or too many of them."""
    octets = message.tags.get(pdu.PAYLOAD) or message.text
    part = _from_tags(message.tags)
    header = 0
    if message.esm_class & UDHI:
        if not octets or len(octets) < octets[0] + 1:
            raise Malformed
        header = octets[0] + 1
        part = _from_header(octets[1:header]) or part
    # Unpacked septets leave their header's room in septets: 160 - 7 and not 160 - 6.
    most = MOST_OCTETS.get(message.data_coding, 140)
    room = (most - 7 + 6 if most == 160 else most) if header else most
    if pdu.PAYLOAD not in message.tags and len(octets) > room:
        raise Malformed
    return Read(_decoded(octets[header:], message.data_coding), part)


def encoded(text: str) -> tuple[int, bytes]:
    """A text's data coding and octets: the default alphabet where it suffices."""
    if all(letter in _BASIC and letter != "\x1b" for letter in text):
        return 0, bytes(_BASIC.index(letter) for letter in text)
    return UCS_2, text.encode("utf-16-be")


def _decoded(octets: bytes, coding: int) -> str:
    if coding == UCS_2:
        try:
            return octets.decode("utf-16-be")
        except UnicodeDecodeError:
            # A pair of surrogates cut in two by the sender: exactly what a phone would show.
            return octets.decode("utf-16-be", "replace")
    if coding in (1, LATIN_1):
        return octets.decode("latin-1")
    return _from_septets(octets)


def _from_septets(octets: bytes) -> str:
    letters, escaped = [], False
    for octet in octets:
        if octet > 0x7F:
            raise Malformed
        if octet == ESCAPE and not escaped:
            escaped = True
            continue
        letters.append(_EXTENDED.get(octet, " ") if escaped else _BASIC[octet])
        escaped = False
    # An escape at the end is half of a letter: a phone shows a space.
    return "".join(letters) + (" " if escaped else "")


def _from_tags(tags: dict[int, bytes]) -> Part | None:
    try:
        reference = struct.unpack(">H", tags[pdu.SAR_REFERENCE])[0]
        return Part(reference, tags[pdu.SAR_TOTAL][0], tags[pdu.SAR_NUMBER][0])
    except (KeyError, IndexError, struct.error):
        return None


def _from_header(header: bytes) -> Part | None:
    at = 0
    while at + 2 <= len(header):
        kind, length = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + length]
        if kind == 0x00 and length == 3:
            return Part(value[0], value[1], value[2])
        if kind == 0x08 and length == 4:
            return Part(value[0] << 8 | value[1], value[2], value[3])
        at += 2 + length
    return None
