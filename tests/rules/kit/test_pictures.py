"""Pictures lose what cameras write into them and stay pictures."""

from __future__ import annotations

import struct
import zlib

from shopbell.pictures import picture_in, without_metadata


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(*extra: bytes) -> bytes:
    size = segment(0xC0, b"\x08" + struct.pack(">HH", 100, 80) + b"\x01\x01\x11\x00")
    head = segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
    return b"\xff\xd8" + head + b"".join(extra) + size + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"data\xff\xd9"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_photo_no_longer_says_where_it_was_taken():
    told = jpeg(segment(0xE1, b"Exif\x00\x00GPS 31.2N 121.4E"), segment(0xFE, b"by Anna"))
    assert picture_in(told) == picture_in(jpeg())
    assert without_metadata(told) == jpeg()
    assert without_metadata(jpeg()) == jpeg()


def test_a_photo_that_is_cut_off_behind_its_size_is_no_picture():
    whole = jpeg()
    cut = whole[: whole.index(b"\xff\xda")] + b"\xff\xd9"
    assert picture_in(cut) is None
    assert picture_in(cut[:-2] + b"\xff\xe1\xff\xd9") is None


def test_a_png_keeps_its_picture_and_loses_its_words():
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 90, 70, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    plain = b"\x89PNG\r\n\x1a\n" + head + body
    told = b"\x89PNG\r\n\x1a\n" + head + chunk(b"tEXt", b"Author\x00Anna") + chunk(b"eXIf", b"GPS") + body
    assert without_metadata(told) == plain
    assert picture_in(plain)


def test_a_webp_loses_its_exif_and_says_so():
    def part(kind: bytes, data: bytes) -> bytes:
        return kind + struct.pack("<I", len(data)) + data + b"\x00" * (len(data) % 2)

    frame = b"\x00\x00\x00" + (89).to_bytes(3, "little") + (69).to_bytes(3, "little")
    body = b"WEBP" + part(b"VP8X", b"\x0c" + frame) + part(b"VP8 ", b"x" * 12) + part(b"EXIF", b"GPS")
    told = b"RIFF" + struct.pack("<I", len(body)) + body
    bare = without_metadata(told)
    assert b"GPS" not in bare
    assert bare[20] == 0
    assert picture_in(bare) == picture_in(told)
