"""Head office's pages of programs: API clients, apps of partners, and their secrets."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from blueprints.access import rules
from blueprints.access.pages.blueprint import OFFICE
from blueprints.access.service import clients as service
from blueprints.catalog import api as catalog
from shopbell import clock
from shopbell.http import current_session, permit
from shopbell.http.context import application
from shopbell.i18n import gettext as _
from shopbell.pages import private, render
from shopbell.pages.forms import NOBODY, Form


@OFFICE.get("/clients")
@permit("access.clients")
def clients() -> Response:
    found = service.clients(current_session(), at=clock.now())
    return render("access/clients.html", clients=found, labels=labels(), names=branch_names())


@OFFICE.get("/clients/new")
@permit("access.clients")
def new_client() -> Response:
    return show_form(Form())


@OFFICE.post("/clients/new")
@permit("access.clients")
def add_client() -> Response:
    """Register a program; the answer is the one page that shows its secret."""
    form, session = Form(request.form), current_session()
    made: list[tuple[str, str]] = []

    def work() -> None:
        known = application().scopes
        made.append(service.add_client(session, read(form), known=known, branch_ids=frozenset(branch_names())))

    if not form.attempt(session, work):
        return show_form(form)
    return private(render("access/client_secret.html", 201, client_id=made[0][0], secret=made[0][1], hours=0))


@OFFICE.post("/clients/<uuid:client_pk>/secret")
@permit("access.clients")
def rotate_secret(client_pk: UUID) -> Response:
    """A new secret, shown this once; the old one is taken for a day more."""
    session = current_session()
    found, secret = service.by_pk(session, client_pk), service.rotate_secret(session, client_pk, at=clock.now())
    hours = int(rules.BOTH_SECRETS.total_seconds()) // 3600
    return private(render("access/client_secret.html", client_id=found.client_id, secret=secret, hours=hours))


@OFFICE.post("/clients/<uuid:client_pk>/secret/removal")
@permit("access.clients")
def end_old_secret(client_pk: UUID) -> BaseResponse:
    service.end_old_secret(current_session(), client_pk)
    return redirect(url_for("access_hq.clients", saved="1"), 303)


@OFFICE.post("/clients/<uuid:client_pk>/removal")
@permit("access.clients")
def revoke_client(client_pk: UUID) -> BaseResponse:
    session = current_session()
    service.revoke_client(session, service.by_pk(session, client_pk).client_id)
    return redirect(url_for("access_hq.clients", saved="1"), 303)


def labels() -> dict[str, str]:
    return {name: _(label) for name, label in application().scopes.items()}


def branch_names() -> dict[UUID, dict[str, str]]:
    return {branch.id: branch.name for branch in catalog.branches(current_session())}


def read(form: Form) -> service.ClientInput:
    ids = {str(known): known for known in branch_names()}
    ticked = frozenset(ids.get(text, NOBODY) for text in form.values.getlist("branches"))
    redirects = tuple(dict.fromkeys(form.text("redirect_uris").split()))
    scopes = frozenset(form.values.getlist("scopes"))
    return service.ClientInput(form.text("name"), scopes, redirects, ticked if form.text("reach") == "some" else None)


def show_form(form: Form) -> Response:
    return render(
        "access/client.html",
        form.status,
        form=form,
        scopes=list(labels().items()),
        branches=list(branch_names().items()),
    )
