"""What browsers keep for us: out of reach of scripts, not sent with other sites' forms, and bound to this host over
TLS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response

from shopbell import clock
from shopbell.http.context import application, this_g, this_request

LONGEST_TOKEN = 200
PLAIN_NAMES_END = datetime(2027, 12, 1, tzinfo=UTC)
"""By then whatever was given without a prefix is over: those cookies lived for a year at most."""


def over_tls() -> bool:
    """Whether people reach us by https, be it through a proxy that ends TLS before us."""
    return this_request().is_secure or application().settings.public_scheme == "https"


@dataclass(frozen=True)
class Cookie:
    """What a browser keeps for us. Over TLS its prefix keeps neighbouring hosts from planting one."""

    name: str
    life: timedelta
    longest: int = LONGEST_TOKEN
    plain_path: str = ""
    """Where earlier releases gave it without the prefix: such a one is taken, and given anew in the same answer."""

    @property
    def full_name(self) -> str:
        return f"__Host-{self.name}" if over_tls() else self.name

    def read(self) -> str | None:
        token = _sent(self.full_name) or self._plain()
        return token if token and len(token) <= self.longest else None

    def give(self, response: Response, token: str) -> None:
        seconds = int(self.life.total_seconds())
        response.set_cookie(
            self.full_name, token, max_age=seconds, path="/", secure=over_tls(), httponly=True, samesite="Lax"
        )
        self._replace_plain(response)

    def take_back(self, response: Response) -> None:
        response.delete_cookie(self.full_name, path="/", secure=over_tls(), httponly=True, samesite="Lax")
        self._replace_plain(response)

    def _plain(self) -> str | None:
        """One that an earlier release gave, noted to be given anew."""
        if not self.plain_path or not over_tls() or clock.now() >= PLAIN_NAMES_END:
            return None
        token = _sent(self.name)
        if token and len(token) <= self.longest:
            _read_plain()[self] = token
        return token

    def _replace_plain(self, response: Response) -> None:
        _read_plain().pop(self, None)
        if self.plain_path and over_tls() and self.name in this_request().cookies:
            response.delete_cookie(self.name, path=self.plain_path, secure=True, httponly=True, samesite="Lax")


def give_anew(response: Response) -> Response:
    """Give what was read without its prefix, and not replaced by the view, with it. Files are kept by caches that many
    people share, so it waits for a page."""
    for cookie, token in list(_read_plain().items()) if response.mimetype == "text/html" else []:
        cookie.give(response, token)
    return response


def _sent(name: str) -> str | None:
    """The cookie's value, or None. Werkzeug raises and catches an error to `get` one that was not sent."""
    asked = this_request()
    if "HTTP_COOKIE" not in asked.environ or name not in asked.cookies:
        return None
    return asked.cookies[name]


def _read_plain() -> dict[Cookie, str]:
    found: dict[Cookie, str] = this_g().setdefault("plain_cookies", {})
    return found
