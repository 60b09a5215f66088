"""The poster for the door, with a code that leads to the branch's arrival page."""

from __future__ import annotations

from urllib.parse import urlencode

import segno
from flask import Response, url_for
from markupsafe import Markup

from blueprints.arrivals.pages.blueprint import PAGES, page, seen_branch
from blueprints.catalog import api as catalog
from shopbell import runtime
from shopbell.http import current_session, permit
from shopbell.pages import see
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


def qr(text: str) -> Markup:
    """Black on white whatever the page's colours, or telephones do not read it. Errors up to 15 % are made good."""
    drawn = segno.make(text, error="m", micro=False).svg_inline(omitsize=True, border=4, dark="#000", light="#fff")
    return Markup(drawn)  # noqa: S704 - made here, of a path that holds nothing of the text
