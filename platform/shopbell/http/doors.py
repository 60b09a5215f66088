"""Who is let in at which host name: a chain's visitors are, others are told where to go or why not."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Request, request
from werkzeug.routing import RequestRedirect

from shopbell.errors import NotFound, Unavailable
from shopbell.http.context import host_name, own_host, this_request
from shopbell.http.wellknown import SECURITY
from shopbell.i18n import gettext as _
from shopbell.settings import Settings
from shopbell.tenancy import Door
from shopbell.text import N_

TENANTLESS = ("/healthz", "/readyz", "/static/", SECURITY)
SAFE = {"GET", "HEAD", "OPTIONS"}
MOVING_STATE = "SBMOV"
"""The SQLSTATE by which a database refuses to change a chain that it is passing on to another."""
LOOK = ("/theme.css", "/logo")
"""What the page that turns visitors away needs of the chain itself."""


class UnknownHost(NotFound):
    code = "unknown_host"
    title = N_("There is no shop at this address")


class Moving(Unavailable):
    code = "moving"
    title = N_("Nothing can be changed here for a moment")
    retry_after = 15


class Suspended(Unavailable):
    code = "suspended"
    title = N_("These pages are switched off at the moment")


def is_tenantless() -> bool:
    """Whether the request concerns no chain."""
    return this_request().path.startswith(TENANTLESS) or bool(own_host())


def area(settings: Settings, asked: Request) -> str:
    """Whose routes a request may match: those of one of the installation's own hosts, or, without a name, those that
    every chain's host has."""
    return "" if asked.path.startswith(TENANTLESS) else settings.own_host(host_name(asked))


def find(resolve: Callable[[str], Door | None]) -> tuple[Door | None, Exception | None]:
    """What the request's host leads to, or the error that kept us from finding out, for `let_in` to raise."""
    if is_tenantless():
        return None, None
    try:
        return resolve(host_name(this_request())), None
    except Exception as error:
        return None, error


def let_in(door: Door | None, trouble: Exception | None, settings: Settings) -> None:
    """Raises the trouble, UnknownHost, Suspended, or a redirect when the host is an earlier name of the chain."""
    if trouble:
        raise trouble
    if door is None:
        if is_tenantless():
            return
        raise UnknownHost(_("No chain uses this address. Please check it, or ask the shop for its booking link."))
    if door.moved:
        raise RequestRedirect(_elsewhere(settings.tenant_url(door.tenant.host)))
    if door.moving and request.method not in SAFE:
        raise moving()
    if door.suspended and request.path not in LOOK:
        raise Suspended(
            _(
                "%(name)s cannot be booked online for now. Appointments that were made still stand: please call the "
                "shop about them. If you run this chain, ask the operator of this service to switch it on again.",
                name=door.tenant.name,
            )
        )


def moving() -> Moving:
    return Moving(_("This shop is being moved to another computer. Nothing was changed. Please try again in a minute."))


def _elsewhere(root: str) -> str:
    """The requested address at another root."""
    new = urlsplit(root)
    return urlsplit(request.url)._replace(scheme=new.scheme, netloc=new.netloc).geturl()
