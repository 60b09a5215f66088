"""How many parts a text message is sent, and paid, in; and those parts as bytes.

GSM-7 (3GPP TS 23.038) holds 160 septets in one part and 153 in each of several; anything outside its alphabet turns
the whole text into UCS-2 with 70 and 67 units of UTF-16. Nothing that belongs together is cut in two.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

#: In the order of their codes; 0x1B is the escape to the table below.
_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_BASIC = {letter: code for code, letter in enumerate(_ALPHABET) if code != _ESCAPE}
#: Sent as an escape and a second septet.
_EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_BY_CODE = {code: letter for letter, code in _BASIC.items()}
_BY_EXTENDED_CODE = {code: letter for letter, code in _EXTENDED.items()}
_ALONE = {"GSM-7": 160, "UCS-2": 70}
_TOGETHER = {"GSM-7": 153, "UCS-2": 67}
_LATIN, _UCS2, _IA5 = 3, 8, 1


@dataclass(frozen=True, slots=True)
class SmsLength:
    """`units` are septets for GSM-7 and 16-bit units for UCS-2; `segments` are the parts that are charged."""

    encoding: Encoding
    segments: int
    units: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in the parts it is sent in."""

    encoding: Encoding
    parts: tuple[str, ...]


def count(text: str) -> SmsLength:
    """What the text takes when sent. Nothing is zero segments."""
    encoding, sizes = _sizes(text)
    return SmsLength(encoding, len(_cuts(encoding, sizes)), sum(sizes))


def split(text: str) -> Pieces:
    """The parts a text is sent in; none of them ends between what belongs together."""
    encoding, sizes = _sizes(text)
    starts = _cuts(encoding, sizes)
    ends = [*starts[1:], len(text)][: len(starts)]
    return Pieces(encoding, tuple(text[start:end] for start, end in zip(starts, ends, strict=True)))


def encoded(text: str, encoding: Encoding) -> bytes:
    """A part as bytes: septets in a byte each, or UTF-16, the higher byte first."""
    if encoding == "UCS-2":
        return text.encode("utf-16-be")
    septets = bytearray()
    for letter in text:
        if letter in _EXTENDED:
            septets += bytes((_ESCAPE, _EXTENDED[letter]))
        else:
            septets.append(_BASIC[letter])
    return bytes(septets)


def decoded(data: bytes, data_coding: int) -> str:
    """What somebody wrote, by the coding that SMPP names; letters nobody knows become a mark."""
    if data_coding == _UCS2:
        return data.decode("utf-16-be", "replace")
    if data_coding in (_LATIN, _IA5):
        return data.decode("latin-1")
    letters, codes = [], iter(data)
    for code in codes:
        if code == _ESCAPE:
            second = next(codes, 0x20)
            letters.append(_BY_EXTENDED_CODE.get(second) or _BY_CODE.get(second, "\ufffd"))
        else:
            letters.append(_BY_CODE.get(code, "\ufffd"))
    return "".join(letters)


def without_accents(text: str) -> str:
    """Vietnamese as it is written where accents cost: Hẹn gặp bạn → Hen gap ban. Other scripts stay as they are.

    The letter đ has no accent that could be taken off it: it is another letter.
    """
    return "".join(map(_bare, unicodedata.normalize("NFC", text)))


def _bare(letter: str) -> str:
    base = {"đ": "d", "Đ": "D"}.get(letter) or unicodedata.normalize("NFD", letter)[0]
    return base if base.isascii() else letter


def _sizes(text: str) -> tuple[Encoding, list[int]]:
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        return "GSM-7", [2 if letter in _EXTENDED else 1 for letter in text]
    # A character beyond the first plane is a surrogate pair.
    return "UCS-2", [2 if letter > "\uffff" else 1 for letter in text]


def _cuts(encoding: Encoding, sizes: list[int]) -> list[int]:
    """Where each part begins."""
    if sum(sizes) <= _ALONE[encoding]:
        return [0] if sizes else []
    starts, room = [], 0
    for place, size in enumerate(sizes):
        if size > room:
            starts.append(place)
            room = _TOGETHER[encoding]
        room -= size
    return starts
