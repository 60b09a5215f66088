"""Which addresses a calendar may be read from: the web's public ones, over http or https."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

LONGEST = 2000
SCHEMES = {"http": "http", "https": "https", "webcal": "https", "webcals": "https"}
# Addresses that carry another one inside, which nobody has looked at.
_TUNNELS = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


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


def is_public(text: str) -> bool:
    """Whether an IP address belongs to the public internet and not to this machine, its network or a tunnel."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return is_public(str(address.ipv4_mapped))
        if any(address in tunnel for tunnel in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def shown_address(url: str) -> str:
    """Enough of an address to know it again; the rest of it opens somebody's calendar."""
    parts = urlsplit(url)
    tail = (parts.query or parts.path)[-6:]
    return f"{parts.hostname}/…{tail}"
