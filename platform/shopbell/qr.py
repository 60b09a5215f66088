"""QR codes, drawn into a page."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr(text: str) -> Markup:
    """Black on white whatever the page's colours, or telephones do not read it. Errors up to 15 % are made good."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - paths made here, which hold nothing of the text
