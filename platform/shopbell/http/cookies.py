"""Secrets that browsers keep for us: out of reach of scripts, not sent with other sites' forms, and bound to this host
over TLS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Response, request

from shopbell.http.context import application

LONGEST_TOKEN = 200


def over_tls() -> bool:
    """Whether people reach us by https, be it through a proxy that ends TLS before us."""
    return request.is_secure or application().settings.public_scheme == "https"


@dataclass(frozen=True)
class Cookie:
    """A secret that a browser keeps for us. Over TLS its prefix keeps neighbouring hosts from planting one."""

    name: str
    life: timedelta

    @property
    def full_name(self) -> str:
        return f"__Host-{self.name}" if over_tls() else self.name

    def read(self) -> str | None:
        token = request.cookies.get(self.full_name)
        return token if token and len(token) <= LONGEST_TOKEN else None

    def give(self, response: Response, token: str) -> None:
        seconds = int(self.life.total_seconds())
        response.set_cookie(
            self.full_name, token, max_age=seconds, path="/", secure=over_tls(), httponly=True, samesite="Lax"
        )

    def take_back(self, response: Response) -> None:
        response.delete_cookie(self.full_name, path="/", secure=over_tls(), httponly=True, samesite="Lax")
