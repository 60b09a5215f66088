"""The versions of the chain's look: seen again, and brought back."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries, service
from blueprints.brand.pages.blueprint import PAGE_SIZE, PAGES, author
from blueprints.brand.shown import preview_root
from shopbell.http import current_session, permit
from shopbell.i18n import LOCALES
from shopbell.pages import render
from shopbell.pages.paging import paging
from shopbell.tenancy import current_tenant


@PAGES.get("/brand/versions")
@permit("brand.edit")
def versions() -> BaseResponse:
    """What was published, newest first."""
    session = current_session()
    _none, total = queries.versions(session, 0, 0)
    page = paging(total, PAGE_SIZE)
    found, _total = queries.versions(session, page.start, PAGE_SIZE)
    return render("brand/versions.html", versions=found, page=page, names=LOCALES, zone=current_tenant().time_zone)


@PAGES.get("/brand/versions/<uuid:version_id>")
@permit("brand.edit")
def version(version_id: UUID) -> BaseResponse:
    """The pages as they looked then, to ourselves alone. Raises UnknownVersion."""
    found = queries.version(current_session(), version_id)
    return redirect(preview_root(found.id, "light") + "/", 303)


@PAGES.post("/brand/versions/<uuid:version_id>/draft")
@permit("brand.edit")
def bring_back(version_id: UUID) -> BaseResponse:
    """Make it the draft. Raises UnknownVersion."""
    service.bring_back(current_session(), version_id, author().name)
    return redirect(url_for("brand.brand", saved="back", _anchor="preview"), 303)
