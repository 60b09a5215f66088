"""Asking the DNS for texts, addresses of mail servers and aliases, which Python itself cannot."""

from __future__ import annotations

from typing import Any, Literal

import dns.exception
import dns.resolver

SECONDS = 5.0


class NotReached(Exception):
    """The DNS did not answer; nothing is known."""


def texts(name: str, server: str = "") -> list[str]:
    """The TXT records of a name, each in one piece; `server` is "address:port", or empty. Raises NotReached."""
    return [b"".join(record.strings).decode("ascii", "replace").strip() for record in _ask(name, "TXT", server)]


def mail_servers(name: str, server: str = "") -> list[str]:
    """The hosts that take mail for a domain, best first. Raises NotReached."""
    return [str(record.exchange).rstrip(".").lower() for record in sorted(_ask(name, "MX", server), key=_preference)]


def _preference(record: Any) -> int:
    return int(record.preference)


def _ask(name: str, kind: Literal["TXT", "MX"], server: str) -> list[Any]:
    try:
        return list(_resolver(server).resolve(f"{name}.", kind, lifetime=SECONDS))
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError):
        raise NotReached from None


def _resolver(server: str) -> dns.resolver.Resolver:
    if not server:
        return dns.resolver.Resolver()
    address, _, port = server.rpartition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = [address], int(port)
    return resolver
