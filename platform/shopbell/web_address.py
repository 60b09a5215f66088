"""Addresses that people type: what may be asked, told, or sent back to."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_web_address(url: str, *, plain: bool, longest: int) -> bool:
    """Whether it is an address of https (`plain`: or http) with a host, of at most `longest` characters, and without a
    name, a password or a fragment in it."""
    if len(url) > longest or not url.isprintable() or "\\" in url or "#" in url or any(map(str.isspace, url)):
        return False
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return False
    schemes = {"https", "http"} if plain else {"https"}
    return parts.scheme in schemes and bool(host) and parts.username is None and parts.password is None
