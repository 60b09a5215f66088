"""What an uploaded picture really is, read from its bytes alone: a name or a claimed type says nothing."""

from __future__ import annotations

import struct
from dataclasses import dataclass

_SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True)
class Picture:
    """A PNG, JPEG or WebP; width and height in pixels."""

    media_type: str
    width: int
    height: int


def picture_in(content: bytes) -> Picture | None:
    """The picture these bytes are, None for anything else: a cut-off file, a page, a script with a picture's name."""
    try:
        found = _png(content) or _jpeg(content) or _webp(content)
        # What cannot be walked through to its end is cut off somewhere behind its size.
        without_metadata(content)
    except (struct.error, IndexError):
        return None
    return found if found and found.width > 0 and found.height > 0 else None


def _png(content: bytes) -> Picture | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or content[12:16] != b"IHDR" or content[-8:-4] != b"IEND":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return Picture("image/png", width, height)


def _jpeg(content: bytes) -> Picture | None:
    """Walk the segments up to the one that tells the size."""
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[-64:]:
        return None
    place = 2
    while content[place] == 0xFF:
        marker = content[place + 1]
        if marker in _SIZES:
            height, width = struct.unpack(">HH", content[place + 5 : place + 9])
            return Picture("image/jpeg", width, height)
        place += 2 if marker in _ALONE else 1 if marker == 0xFF else 2 + _length(content, place)
    return None


def _length(content: bytes, place: int) -> int:
    (length,) = struct.unpack(">H", content[place + 2 : place + 4])
    return max(int(length), 2)


def _webp(content: bytes) -> Picture | None:
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or int.from_bytes(content[4:8], "little") + 8 > len(content):
        return None
    kind, data = content[12:16], content[20:]
    if kind == b"VP8X":
        width, height = int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1
    elif kind == b"VP8L" and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        width, height = (size & 0x3FFF for size in struct.unpack("<HH", data[6:10]))
    else:
        return None
    return Picture("image/webp", width, height)


def without_metadata(content: bytes) -> bytes:
    """The same picture without what cameras and editors write into it: place, time, owner, comments.

    For pictures that `picture_in` recognises; anything else comes back as it is.
    """
    if content.startswith(b"\xff\xd8\xff"):
        return _bare_jpeg(content)
    if content.startswith(b"\x89PNG"):
        return _bare_png(content)
    return _bare_webp(content) if content[:4] == b"RIFF" else content


def _bare_jpeg(content: bytes) -> bytes:
    """Without application segments but JFIF (0) and Adobe's colours (14), and without comments."""
    kept, place = [content[:2]], 2
    while content[place] == 0xFF and content[place + 1] != 0xDA:
        marker = content[place + 1]
        length = 2 if marker in _ALONE else 1 if marker == 0xFF else 2 + _length(content, place)
        if marker not in {*range(0xE1, 0xEE), 0xEF, 0xFE}:
            kept.append(content[place : place + length])
        place += length
    return b"".join((*kept, content[place:]))


def _bare_png(content: bytes) -> bytes:
    kept, place = [content[:8]], 8
    while place + 8 <= len(content):
        end = place + 12 + int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] not in {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME"}:
            kept.append(content[place:end])
        place = end
    return b"".join(kept)


def _bare_webp(content: bytes) -> bytes:
    kept, place = [], 12
    while place + 8 <= len(content):
        size = int.from_bytes(content[place + 4 : place + 8], "little")
        end = place + 8 + size + size % 2
        kind, chunk = content[place : place + 4], content[place:end]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x0C]) + chunk[9:]
        if kind not in {b"EXIF", b"XMP "}:
            kept.append(chunk)
        place = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body
