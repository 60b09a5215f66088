"""Which addresses a calendar may be read from: the web's public ones, over http or https."""

from __future__ import annotations

from urllib.parse import urlsplit

from shopbell.web_address import is_web_address

LONGEST = 2000
SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}


class NotAnAddress(ValueError):
    """This is no address of a calendar."""


def web_address(text: str) -> str:
    """The address to ask, from one as people copy it; "webcal" means https, and what stands behind a "#" is never sent.
    Raises NotAnAddress."""
    scheme, _, rest = text.strip().partition("://")
    known = SCHEMES.get(scheme.lower())
    whole = f"{known}://{rest.partition('#')[0]}"
    if known is None or not is_web_address(whole, plain=True, longest=LONGEST):
        raise NotAnAddress(text)
    return whole


def shown_address(url: str) -> str:
    """Enough of an address to know it again; the rest of it opens somebody's calendar."""
    parts = urlsplit(url)
    tail = (parts.query or parts.path)[-6:]
    return f"{parts.hostname}/…{tail}"
