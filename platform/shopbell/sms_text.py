"""How many parts a text message is sent, and paid, in.

GSM-7 (3GPP TS 23.038) holds 160 septets in one part and 153 in each of several; anything outside its alphabet turns
the whole text into UCS-2 with 70 and 67 units of UTF-16.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Sent as an escape and a second septet.
_EXTENDED = frozenset("\f^{}\\[~]|€")


@dataclass(frozen=True, slots=True)
class SmsLength:
    """`units` are septets for GSM-7 and 16-bit units for UCS-2; `segments` are the parts that are charged."""

    encoding: Literal["GSM-7", "UCS-2"]
    segments: int
    units: int


def count(text: str) -> SmsLength:
    """What the text takes when sent. Nothing is zero segments. What belongs together stays in one part."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        septets = [2 if character in _EXTENDED else 1 for character in text]
        return SmsLength("GSM-7", _segments(septets, 160, 153), sum(septets))
    # A character beyond the first plane is a surrogate pair.
    units = [2 if character > "\uffff" else 1 for character in text]
    return SmsLength("UCS-2", _segments(units, 70, 67), sum(units))


def _segments(sizes: Sequence[int], alone: int, part: int) -> int:
    """Parts needed for characters of these sizes, none of which may be cut in two."""
    if sum(sizes) <= alone:
        return 1 if sizes else 0
    segments, room = 0, 0
    for size in sizes:
        if size > room:
            segments, room = segments + 1, part
        room -= size
    return segments
