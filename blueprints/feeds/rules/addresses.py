"""Which addresses a calendar may be read from: the web's public ones, over http or https."""

from __future__ import annotations

from urllib.parse import urlsplit

LONGEST = 2000
SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}


class NotAnAddress(ValueError):
    """This is no address of a calendar."""


def web_address(text: str) -> str:
    """The address to ask, from one as people copy it; "webcal" means https. Raises NotAnAddress."""
    address = text.strip()
    if len(address) > LONGEST or any(character.isspace() or not character.isprintable() for character in address):
        raise NotAnAddress(text)
    scheme, _, rest = address.partition("://")
    known = SCHEMES.get(scheme.lower())
    if known is None or not rest:
        raise NotAnAddress(text)
    whole = f"{known}://{rest}"
    try:
        parts = urlsplit(whole)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise NotAnAddress(text) from None
    if not host or parts.username is not None or parts.password is not None:
        raise NotAnAddress(text)
    return whole


def shown_address(url: str) -> str:
    """Enough of an address to know it again; the rest of it opens somebody's calendar."""
    parts = urlsplit(url)
    tail = (parts.query or parts.path)[-6:]
    return f"{parts.hostname}/…{tail}"
