"""Real identity providers (tests/support/oidc_provider), and a browser that signs people in there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPErrorProcessor, OpenerDirector, Request, build_opener

HOME = Path(__file__).parent / "oidc_provider"
CLIENT_ID = "shopbell"
SECRET = "a secret & more: +%"
MOST_STEPS = 10


@dataclass(frozen=True)
class IdentityProvider:
    """One that runs; its people and its tokens are what a test says."""

    issuer: str

    def person(self, subject: str, **claims: Any) -> str:
        """Let there be somebody; returns the subject."""
        self._control("person", {"sub": subject, **claims})
        return subject

    def forge(self, how: str) -> None:
        """Spoil the next token."""
        self._control("forge", {"how": how})

    def new_keys(self, kid: str) -> None:
        """Sign with a key of this name from now on, and forget the one before."""
        self._control("keys", {"kid": kid})

    def goodbye(self, subject: str, sid: str) -> str:
        """End somebody's session there; returns the token that it then sends to where it is told to."""
        return str(self._control("goodbye", {"sub": subject, "sid": sid})["logout_token"])

    def signed(self, claims: dict[str, Any], kind: str = "logout+jwt") -> str:
        """A token with these claims, signed with its key."""
        return str(self._control("sign", {"claims": claims, "type": kind})["token"])

    def asked(self, path: str) -> int:
        """How often it has been asked for the path."""
        return int(self._control("asked", {}).get(path, 0))

    def _control(self, what: str, document: dict[str, Any]) -> dict[str, Any]:
        request = Request(f"{self.issuer}/control/{what}", json.dumps(document).encode())
        with build_opener().open(request) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def sign_in(self, address: str, person: str) -> str:
        """Go where we are sent, say who we are, and follow until we are sent back; returns that path with its query.

        Nobody in particular says no to being signed in.
        """
        browser = Walker()
        page = browser.open(address)
        while page.startswith(f"{self.issuer}/login/"):
            page = browser.open(page, {"person": person})
        return page.removeprefix(f"{urlsplit(page).scheme}://{urlsplit(page).netloc}")

    def sees(self, address: str) -> tuple[int, str]:
        """What it answers a browser that is sent to the address."""
        with build_opener(_Still()).open(address) as answer:
            return answer.status, answer.read().decode()


class Walker:
    """A browser at a provider: it keeps cookies, and stops at forms and at the door of another server."""

    def __init__(self) -> None:
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(), _Still())

    def open(self, address: str, form: dict[str, str] | None = None) -> str:
        """The last address it was led to."""
        home, body = urlsplit(address).netloc, urlencode(form).encode() if form is not None else None
        for _step in range(MOST_STEPS):
            answer: HTTPResponse
            with self.opener.open(Request(address, body)) as answer:
                target, body = answer.headers.get("Location"), None
                if answer.status >= 400:
                    raise AssertionError(f"{address} answered {answer.status}: {answer.read().decode()}")
            if target is None:
                return address
            address = urljoin(address, target)
            if urlsplit(address).netloc != home:
                return address
        raise AssertionError(f"sent round and round, last to {address}")


class _Still(HTTPErrorProcessor):
    """Hands over every answer as it is, redirects too."""

    def http_response(self, _request: Request, answer: HTTPResponse) -> HTTPResponse:
        return answer


def query(address: str) -> dict[str, str]:
    """The parameters of an address, each once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def running(*redirects: str) -> Iterator[tuple[IdentityProvider, IdentityProvider]]:
    """Two providers at which we are registered: the first tells of people when asked, the second in its tokens."""
    command = ["node", str(HOME / "server.mjs"), *redirects]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, "the identity provider did not start: run infra/bin/setup"
            first, second = json.loads(line)
            yield IdentityProvider(first), IdentityProvider(second)
        finally:
            process.kill()
