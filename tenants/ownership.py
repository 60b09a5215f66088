"""Looking for the proof that a host name belongs to a tenant: in its DNS, or at a fixed address of its web site.

The address is never answered by this product itself: a name that merely points here proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from urllib3.exceptions import HTTPError

from shopbell import name_server, outgoing
from shopbell.name_server import NotReached
from shopbell.settings import Settings

RECORD = "_shopbell"
PATH = "/.well-known/shopbell-domain.txt"
PREFIX = "shopbell-domain="
SECONDS = 5.0
LONGEST_FILE = 1000
WEB = ("https://{host}", "http://{host}")


@dataclass(frozen=True)
class Outside:
    """Where to look: `dns_server` is "address:port", or empty; `private` lets this network be asked for files too."""

    dns_server: str = ""
    web: Sequence[str] = WEB
    private: bool = False

    @staticmethod
    def from_settings(settings: Settings) -> Outside:
        return Outside(settings.dns_server, private=settings.private_calendars)


def proof(token: str) -> str:
    """What the record or the file has to hold."""
    return PREFIX + token


def problem_of(host: str, token: str, outside: Outside) -> str:
    """Why there is no proof, or nothing when there is one.

    One of no_proof (nobody put any), other_proof (one that is not this), dns_unreachable (and no web site has it).
    """
    found, reached = _records(host, outside)
    if proof(token) in found:
        return ""
    files = [text for root in outside.web if (text := _file(root.format(host=host), outside))]
    if proof(token) in files:
        return ""
    if any(text.startswith(PREFIX) for text in [*found, *files]):
        return "other_proof"
    return "no_proof" if reached else "dns_unreachable"


def _records(host: str, outside: Outside) -> tuple[list[str], bool]:
    """The texts of the record, and whether the DNS answered at all."""
    try:
        return name_server.texts(f"{RECORD}.{host}", outside.dns_server), True
    except NotReached:
        return [], False


def _file(root: str, outside: Outside) -> str:
    """The first line of the file, or nothing."""
    try:
        answer = outgoing.ask("GET", root + PATH, {}, private=outside.private, seconds=SECONDS)
        try:
            if answer.status != 200:
                return ""
            return (answer.read(LONGEST_FILE).decode("ascii", "replace").splitlines() or [""])[0].strip()
        finally:
            answer.close()
    except (outgoing.Trouble, HTTPError, OSError):
        return ""
