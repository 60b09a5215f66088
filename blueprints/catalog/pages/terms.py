"""How a branch differs in the services of the chain."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from blueprints.catalog import queries, service
from blueprints.catalog.pages.blueprint import PAGE_SIZE, PAGES
from blueprints.catalog.pages.origins import author, origins_of
from blueprints.catalog.settings import PERCENT, PRICE
from blueprints.catalog.typed import read_terms, terms_fields
from shopbell.http import current_session, permit
from shopbell.pages import render
from shopbell.pages.forms import Form
from shopbell.pages.paging import paging


@PAGES.get("/branches/<uuid:branch_id>/services")
@permit("catalog.edit")
def branch_terms(branch_id: UUID) -> Response:
    """A page of the services, each offered here or not, with the branch's own minutes and price."""
    return show(branch_id, None)


@PAGES.post("/branches/<uuid:branch_id>/services")
@permit("catalog.edit")
def set_branch_terms(branch_id: UUID) -> Response:
    form, session = Form(request.form), current_session()
    branch = queries.branch(session, branch_id)
    typed = read_terms(form, queries.services_at(session, branch, active_only=False))
    if not form.attempt(session, lambda: service.set_branch_terms(session, branch_id, typed, author())):
        return show(branch_id, form)
    address = url_for("catalog.branch_terms", branch_id=branch_id, page=request.args.get("page"), saved="1")
    return redirect(address, 303)


def show(branch_id: UUID, form: Form | None) -> Response:
    session = current_session()
    branch = queries.branch(session, branch_id)
    found = queries.services_at(session, branch)
    page = paging(len(found), PAGE_SIZE)
    shown = page.cut(found)
    form = form or Form(terms_fields(shown, queries.branch_terms(session, branch_id)))
    origins = origins_of(session, branch, [PERCENT, PRICE], [str(one.id) for one in shown])
    return render(
        "catalog/branch_terms.html",
        form.status,
        branch=branch,
        services=shown,
        page=page,
        form=form,
        origins=origins,
    )
