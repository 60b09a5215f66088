"""Pictures, and hands for the branding page."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TYPED = {
    "display_name": "Lumi 明眸",
    "colour": "#8a3b5e",
    "language.en": "1",
    "language.zh-CN": "2",
    "language.vi": "3",
}


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 90, height: int = 70, *more: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@dataclass
class Desk:
    """Somebody of head office with the branding page open."""

    browser: FlaskClient

    def send(self, go: str, **typed: Any) -> TestResponse:
        """Press a button of the form, with what the page has of it."""
        seen = re.search(r'id="seen" value="([0-9a-f]+)"', self.browser.get("/hq/brand").text)
        assert seen
        return self.browser.post("/hq/brand", data={**TYPED, "seen": seen[1], "go": go, **typed})

    def publish(self, **typed: Any) -> None:
        answer = self.send("publish", **typed)
        assert answer.status_code == 303, answer.text

    def draft(self, view: str = "phone.light", **typed: Any) -> str:
        """Keep a draft; the root of the preview that the page then shows."""
        answer = self.send(view, **typed)
        assert answer.status_code == 303, answer.text
        return root_in(self.browser.get(answer.location).text)


def root_in(page: str) -> str:
    found = re.search(r'<iframe src="(/preview/(?:light|dark)/[\w.-]+)/en/"', page)
    assert found, page
    return found[1]


@pytest.fixture
def desk(sign_in_as) -> Desk:
    return Desk(sign_in_as("hq"))
