"""What a request carries: its database, its transaction, its principal."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from flask import Request, current_app, g, request
from sqlalchemy.orm import Session

from shopbell.auth import ANYONE, Principal
from shopbell.tenancy import current_tenant

if TYPE_CHECKING:
    from shopbell.http.app import ShopbellApp


def application() -> ShopbellApp:
    return cast("ShopbellApp", current_app)


def own_host() -> str:
    """Which of the installation's own hosts the request is for, or nothing: then it is for a tenant's."""
    return application().settings.own_host(host_name(request))


def host_name(asked: Request) -> str:
    """The host that was asked, in lower case and without its port."""
    return asked.host.partition(":")[0].lower()


def current_session() -> Session:
    """The session of this request's transaction, opened by the first call: in the tenant's schema, or, at a host of
    the installation's own, one of the directory."""
    if "session" not in g:
        stack: ExitStack = g.resources
        tenant = None if own_host() else current_tenant()
        g.session = stack.enter_context(application().database.transaction(tenant))
    return cast(Session, g.session)


def current_principal() -> Principal:
    """Who is asking; looked up once, by the features' authenticators in their order."""
    if "principal" not in g:
        found = (authenticate() for authenticate in application().authenticators)
        g.principal = next((principal for principal in found if principal), ANYONE)
    return cast(Principal, g.principal)


def client_address() -> str:
    return request.remote_addr or "unknown"
