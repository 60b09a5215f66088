"""What a request carries: its database, its transaction, its principal."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, cast

from flask import current_app, g, request
from sqlalchemy.orm import Session

from shopbell.auth import ANYONE, Principal
from shopbell.tenancy import current_tenant

if TYPE_CHECKING:
    from shopbell.http.app import ShopbellApp


def application() -> ShopbellApp:
    return cast("ShopbellApp", current_app)


def current_session() -> Session:
    """The session of this request's transaction, in the tenant's schema; opened by the first call."""
    if "session" not in g:
        stack: ExitStack = g.resources
        g.session = stack.enter_context(application().database.transaction(current_tenant()))
    return cast(Session, g.session)


def current_principal() -> Principal:
    """Who is asking; looked up once, by the features' authenticators in their order."""
    if "principal" not in g:
        found = (authenticate() for authenticate in application().authenticators)
        g.principal = next((principal for principal in found if principal), ANYONE)
    return cast(Principal, g.principal)


def client_address() -> str:
    return request.remote_addr or "unknown"
