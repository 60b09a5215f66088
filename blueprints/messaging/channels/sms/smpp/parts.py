"""A text as what is put into packets: one part, or several that a phone puts together again. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from shopbell.sms_text import encoded, split

DEFAULT_ALPHABET, UCS2 = 0, 8
WITH_HEADER = 0x40
"""In esm_class: the text begins with a header (UDHI)."""

_references = count(1)


@dataclass(frozen=True)
class Part:
    """What of a packet depends on the text."""

    data_coding: int
    short_message: bytes
    esm_class: int = 0
    options: tuple[tuple[str, int], ...] = ()

    @property
    def fields(self) -> dict[str, Any]:
        common = {"data_coding": self.data_coding, "short_message": self.short_message, "esm_class": self.esm_class}
        return {**common, **dict(self.options)}


def parts(text: str, *, sar: bool) -> list[Part]:
    """The packets of a text. Of a long one each says which part it is: in a header of six bytes (3GPP TS 23.040), or,
    with `sar`, in optional fields, for centres that write the header themselves."""
    pieces = split(text)
    coding = DEFAULT_ALPHABET if pieces.encoding == "GSM-7" else UCS2
    texts = [encoded(piece, pieces.encoding) for piece in pieces.parts]
    if len(texts) <= 1:
        return [Part(coding, body) for body in texts]
    reference = next(_references) % 0xFFFF + 1
    found = []
    for number, body in enumerate(texts, start=1):
        if sar:
            names = ("sar_msg_ref_num", "sar_total_segments", "sar_segment_seqnum")
            options = tuple(zip(names, (reference, len(texts), number), strict=True))
            found.append(Part(coding, body, options=options))
        else:
            header = bytes((5, 0, 3, reference % 256, len(texts), number))
            found.append(Part(coding, header + body, esm_class=WITH_HEADER))
    return found
