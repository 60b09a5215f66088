"""What a request carries: its database, its transaction, its principal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, cast

from flask import Request, current_app, g, request
from sqlalchemy.orm import Session

from shopbell.auth import ANYONE, Principal
from shopbell.tenancy import current_tenant

if TYPE_CHECKING:
    from shopbell.http.app import ShopbellApp


def _itself(stand_in: Any) -> Callable[[], Any]:
    """What tells what one of Flask's stand-ins stands for at the moment. Each question to a stand-in takes longer than
    most of what is done with the answer: what every request passes asks the thing itself."""
    return cast("Callable[[], Any]", stand_in._get_current_object)


application: Callable[[], ShopbellApp] = _itself(current_app)
this_request: Callable[[], Request] = _itself(request)
this_g: Callable[[], Any] = _itself(g)
"""What the request carries along."""


def own_host() -> str:
    """Which of the installation's own hosts the request is for, or nothing: then it is for a tenant's."""
    return application().settings.own_host(host_name(this_request()))


def host_name(asked: Request) -> str:
    """The host that was asked, in lower case and without its port."""
    return asked.host.partition(":")[0].lower()


def current_session() -> Session:
    """The session of this request's transaction, opened by the first call: in the tenant's schema, or, at a host of
    the installation's own, one of the directory."""
    carried = this_g()
    if "session" not in carried:
        stack: ExitStack = carried.resources
        tenant = None if own_host() else current_tenant()
        carried.session = stack.enter_context(application().database.transaction(tenant))
    return cast(Session, carried.session)


def current_principal() -> Principal:
    """Who is asking; looked up once, by the features' authenticators in their order."""
    carried = this_g()
    if "principal" not in carried:
        found = (authenticate() for authenticate in application().authenticators)
        carried.principal = next((principal for principal in found if principal), ANYONE)
    return cast(Principal, carried.principal)


def client_address() -> str:
    return this_request().remote_addr or "unknown"
