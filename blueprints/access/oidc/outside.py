"""Requests to a provider: to checked addresses only, bounded in time and size, never redirected."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.auth import ClientAuth
from urllib3.exceptions import HTTPError
from urllib3.exceptions import TimeoutError as Late

from shopbell import outgoing, runtime
from shopbell.outgoing import Trouble
from shopbell.web_address import is_web_address

WAIT_SECONDS = 4.0
"""For connecting, and for each wait for more."""
ANSWER_SECONDS = 8.0
MOST_BYTES = 300_000
LONGEST_ADDRESS = 1000


class Refusal(Exception):
    """The provider, or what came from it, is not to be trusted or not to be reached; `code` says why, and `told` what
    the provider said itself."""

    def __init__(self, code: str, told: str = "") -> None:
        super().__init__(code, told)
        self.code = code
        self.told = "".join(letter if letter.isprintable() else " " for letter in told)[:200]


@dataclass(frozen=True)
class Answer:
    """A JSON object, with the status it came with; what Authlib's client reads of a response."""

    status_code: int
    document: dict[str, Any]

    def json(self) -> dict[str, Any]:
        return self.document

    def raise_for_status(self) -> None:
        """Raises Refusal for any status but success."""
        if self.status_code >= 400:
            raise Refusal("status", str(self.status_code))


class Wire:
    """What Authlib's client sends its requests through."""

    def post(self, url: str, data: Mapping[str, str], headers: Mapping[str, str], auth: ClientAuth) -> Answer:
        """Raises Refusal."""
        prepared, body = dict(headers), urlencode(data)
        url, prepared, body = auth.prepare("POST", url, prepared, body)
        return ask("POST", url, prepared, body.encode())


def ask(method: str, url: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> Answer:
    """The JSON object that the address answers with. Raises Refusal."""
    deadline = time.monotonic() + ANSWER_SECONDS
    sent = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Shopbell/1", **(headers or {})}
    private = runtime.settings().private_calendars
    try:
        response = outgoing.ask(method, web_address(url), sent, private=private, seconds=WAIT_SECONDS, body=body)
    except Trouble as trouble:
        raise Refusal(trouble.code) from None
    received = bytearray()
    try:
        while piece := response.read1(65536):
            received += piece
            if len(received) > MOST_BYTES:
                raise Refusal("too_large")
            if time.monotonic() > deadline:
                raise Refusal("too_slow")
    except Late:
        raise Refusal("too_slow") from None
    except (HTTPError, OSError):
        raise Refusal("unreachable") from None
    finally:
        response.close()
    return Answer(response.status, _object(bytes(received), response.status))


def web_address(url: object) -> str:
    """The address, if it may be asked: over TLS in production. Raises Refusal."""
    if not isinstance(url, str) or not is_provider_address(url):
        raise Refusal("bad_address", str(url))
    return url


def is_provider_address(url: str) -> bool:
    """Whether a provider may be there: in ASCII, and over TLS in production."""
    return url.isascii() and is_web_address(url, plain=not runtime.settings().is_production, longest=LONGEST_ADDRESS)


def _object(content: bytes, status: int) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if isinstance(document, dict):
        return document
    raise Refusal("status", str(status)) if status >= 400 else Refusal("not_json")
