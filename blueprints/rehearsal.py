"""What the web does before it is forked into processes that serve: a few pages of the busiest chain are asked for once.

Until a statement is compiled, a template read and a chain's book put together, the same answer takes ten times as long,
and right after a start everybody asks at once. What one process has ready, those that are forked from it have too.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import urlencode

from werkzeug.test import Client

from blueprints.catalog import api as catalog
from shopbell.http.app import ShopbellApp
from shopbell.i18n import LOCALES
from shopbell.tenancy import TenantContext
from tenants.resolve import busiest

log = logging.getLogger(__name__)


def rehearse(app: ShopbellApp) -> None:
    """Ask for the pages as a customer would. Without a chain or a database there is nothing to ask, and that stops
    nobody from starting: /readyz tells. No connection is left open, for forked processes must not share one."""
    try:
        with app.database.transaction(None) as session:
            tenant = busiest(session)
        if tenant:
            _ask(app, tenant)
    except Exception:
        log.warning("The first pages could not be asked for before the start.", exc_info=True)
    finally:
        app.database.dispose()


def _ask(app: ShopbellApp, tenant: TenantContext) -> None:
    for path in _paths(app, tenant):
        for locale in LOCALES:
            Client(app).get(path, base_url=f"http://{tenant.host}", headers={"Accept-Language": locale})


def _paths(app: ShopbellApp, tenant: TenantContext) -> Iterator[str]:
    yield "/"
    with app.database.transaction(tenant) as session:
        branch = next((one for one in catalog.branches(session) if one.is_open), None)
        service = min(catalog.services(session), key=lambda one: len(one.options), default=None)
    if branch and service:
        yield f"/book/{branch.slug}"
        yield f"/book/{branch.slug}/{service.slug}?o="
        yield f"/find?{urlencode({'service': service.id})}"
