"""Asking an address that somebody outside gave us: only the public internet, and only what was checked is asked.

Whoever may name an address could name this machine, its neighbours or the cloud's own services (OWASP: server-side
request forgery). A name is therefore resolved once, every address it leads to is looked at, and the connection goes to
the very one that was looked at. Redirects are never followed by themselves.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.exceptions import TimeoutError as Late

# Addresses that carry another one inside, which nobody has looked at.
_TUNNELS = tuple(ipaddress.ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))


class Trouble(Exception):
    """The address did not answer as it should; `code` says why: unreachable, private_address, too_slow, certificate."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask(
    method: str, url: str, headers: Mapping[str, str], *, private: bool, seconds: float, body: bytes | None = None
) -> urllib3.BaseHTTPResponse:
    """The answer, its body not yet read and to be closed by the caller; `private` lets this network be asked too.

    `seconds` bound connecting, and each wait for more. Raises Trouble.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise Trouble("unreachable") from None
    address = resolved(host, port, private=private)
    settings: dict[str, Any] = {"timeout": urllib3.Timeout(connect=seconds, read=seconds)}
    pool: urllib3.HTTPConnectionPool
    if parts.scheme == "https":
        context = ssl.create_default_context()
        pool = urllib3.HTTPSConnectionPool(
            address, port, ssl_context=context, server_hostname=host, assert_hostname=host, **settings
        )
    else:
        pool = urllib3.HTTPConnectionPool(address, port, **settings)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return pool.urlopen(
            method,
            path,
            body,
            headers={"Host": parts.netloc, **headers},
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )
    except SSLError:
        raise Trouble("certificate") from None
    except NewConnectionError:
        # For urllib3 a refused connection is a kind of late one.
        raise Trouble("unreachable") from None
    except Late:
        raise Trouble("too_slow") from None
    except (HTTPError, OSError, ValueError):
        raise Trouble("unreachable") from None


def resolved(host: str, port: int, *, private: bool) -> str:
    """The first address of a host, when all of them may be asked. Raises Trouble."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Trouble("unreachable") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses:
        raise Trouble("unreachable")
    if not private and not all(is_public(address) for address in addresses):
        raise Trouble("private_address")
    return addresses[0]


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
