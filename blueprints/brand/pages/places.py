"""What a region or a branch has of its own."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.brand import queries, service
from blueprints.brand.pages.blueprint import MAX_UPLOAD, PAGES, author, uploaded
from blueprints.brand.queries import Own
from blueprints.brand.rules import TEXTS
from blueprints.brand.service import OwnInput
from blueprints.catalog import api as catalog
from shopbell.errors import NotFound
from shopbell.http import current_session, permit, permitted_at, permitted_branches
from shopbell.http.sizes import takes_file
from shopbell.i18n import localized
from shopbell.pages import render
from shopbell.pages.forms import Form, spread
from shopbell.pages.paging import paging
from tenants.settings.rules import Path, path_to

PLACES_PER_PAGE = 50


@PAGES.get("/brand/places")
@permit("brand.place")
def places() -> BaseResponse:
    """The regions and branches, with what they have of their own."""
    session, where = current_session(), permitted_branches()
    regions = [one for one in catalog.regions(session) if may_for_region(one.id)]
    branches = [one for one in catalog.branches(session) if where is None or one.id in where]
    page = paging(len(branches), PLACES_PER_PAGE)
    rows = [(one, "region", queries.own_at(session, path_to(one.id))) for one in regions]
    rows += [(one, "branch", queries.own_at(session, catalog.path_of(one))) for one in page.cut(branches)]  # type: ignore[misc]
    return render("brand/places.html", rows=rows, page=page)


@PAGES.get("/brand/regions/<uuid:region_id>")
@permit("brand.place")
def region(region_id: UUID) -> BaseResponse:
    return form_of(*region_at(region_id))


@PAGES.post("/brand/regions/<uuid:region_id>")
@permit("brand.place")
@takes_file(MAX_UPLOAD)
def set_region(region_id: UUID) -> BaseResponse:
    return keep(*region_at(region_id))


@PAGES.get("/brand/branches/<uuid:branch_id>")
@permit("brand.place")
def branch(branch_id: UUID) -> BaseResponse:
    return form_of(*branch_at(branch_id))


@PAGES.post("/brand/branches/<uuid:branch_id>")
@permit("brand.place")
@takes_file(MAX_UPLOAD)
def set_branch(branch_id: UUID) -> BaseResponse:
    return keep(*branch_at(branch_id))


def region_at(region_id: UUID) -> tuple[str, Path]:
    """Raises UnknownRegion, also for one with branches that are others' business."""
    found = catalog.region(current_session(), region_id)
    if not may_for_region(region_id):
        raise NotFound
    return localized(found.name), path_to(region_id)


def branch_at(branch_id: UUID) -> tuple[str, Path]:
    """Raises UnknownBranch, or NotFound for another's."""
    found = catalog.branch(current_session(), branch_id)
    if not permitted_at(branch_id):
        raise NotFound
    return localized(found.name), catalog.path_of(found)


def may_for_region(region_id: UUID) -> bool:
    """Whoever may at all of its branches."""
    where = permitted_branches()
    branches = catalog.branches_of_region(current_session(), region_id)
    return where is None or (bool(branches) and where >= set(branches))


def form_of(name: str, path: Path) -> BaseResponse:
    own = queries.own_at(current_session(), path)
    typed = {
        "display_name": own.name,
        **{field: text for of in TEXTS for field, text in spread(of, own.texts[of]).items()},
    }
    return show(Form(typed), name, path, own)


def keep(name: str, path: Path) -> BaseResponse:
    form, session = Form(request.form), current_session()
    before = queries.own_at(session, path)
    if not form.attempt(session, lambda: service.set_own(session, path, read(form, before), author())):
        return show(form, name, path, before)
    return redirect(url_for("brand.places", saved="1"), 303)


def read(form: Form, before: Own) -> OwnInput:
    """What is locked has no field and stays as it is."""
    locked = before.locks
    return OwnInput(
        name=before.name if "name" in locked else form.text("display_name"),
        texts=before.texts if "texts" in locked else {of: form.texts(of) for of in TEXTS},
        logo=b"" if "logo" in locked else uploaded(),
        drop_logo="logo" not in locked and form.flag("drop_logo"),
    )


def show(form: Form, name: str, path: Path, own: Own) -> BaseResponse:
    session = current_session()
    chain = queries.brand(session)
    return render("brand/place.html", form.status, form=form, name=name, own=own, chain=chain)
