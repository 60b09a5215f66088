"""The poster for the door, with a code that leads to the branch's arrival page."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, url_for

from blueprints.arrivals.pages.blueprint import PAGES, page, seen_branch
from blueprints.catalog import api as catalog
from shopbell import runtime
from shopbell.http import current_session, permit
from shopbell.pages import see
from shopbell.qr import qr
from shopbell.tenancy import current_tenant


@PAGES.get("/door/<slug>")
@permit("arrivals.door")
def poster(slug: str) -> Response:
    """To be printed. Without a code yet, it offers to make one."""
    branch = seen_branch(slug)
    address = ""
    if branch.door_code:
        path = url_for(".arrive", slug=branch.slug)
        address = f"{runtime.settings().tenant_url(current_tenant().host)}{path}?{urlencode({'c': branch.door_code})}"
    return page("poster.html", branch=branch, address=address, drawing=qr(address) if address else "")


@PAGES.post("/door/<slug>/code")
@permit("arrivals.renew_door")
def renew(slug: str) -> Response:
    """A fresh code: the printed ones mean nothing from now on."""
    catalog.renew_door_code(current_session(), seen_branch(slug).id)
    return see(url_for(".poster", slug=slug))
